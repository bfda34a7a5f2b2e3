using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Fieldbus;

/// <summary>Mutated and random bytes for everything that reads bytes from a line: no exception, no endless loop, nothing allocated.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 250_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    public void Any_bytes_are_sorted_by_the_matcher(int seed)
    {
        ReadRequest[] requests = [
            ReadRequest.Registers(ModbusTable.HoldingRegisters, 100, 10, Second),
            ReadRequest.Bits(ModbusTable.Coils, 7, 19, Second),
            ReadRequest.Identity(IdentityQuestion.ServerId, Second),
            ReadRequest.Identity(IdentityQuestion.Objects(IdentificationAccess.Basic, 0), Second),
        ];
        byte[][] seeds = [Frame("05031464" + new string('A', 38)), Frame("0501036B0511"), Frame("0511064D454D2D37FF"), Frame("052B0E0183000003" + "00084D65746572696E6701034D454D020456312E32"), Frame("058302"), Frame("0503006400" + "0A")];
        byte[][] sent = [.. requests.Select(Sent)];
        Run(seed, seeds, bytes =>
        {
            for (int index = 0; index < requests.Length; index++)
            {
                RtuMatch match = RtuReplyMatcher.Find(bytes, sent[index], requests[index]);
                bool isSound = match.Kind == RtuMatchKind.None || (match.Offset >= 0 && match.Length > 4 && match.Offset + match.Length <= bytes.Length && ModbusCrc.IsValid(bytes.Slice(match.Offset, match.Length)));
                if (!isSound)
                {
                    return false;
                }

                _ = RtuReplyMatcher.IsReplyUnderWay(bytes, sent[index], requests[index]);
            }

            return true;
        });
    }

    [Theory]
    [InlineData(2)]
    public void Any_bytes_have_a_frame_length_or_none(int seed)
    {
        byte[][] seeds = [Convert.FromHexString("000100000006010300000001"), Convert.FromHexString("00010000000501030401020304"), Convert.FromHexString("0001000000FE01"), Frame("0510000100020400010002"), Frame("05170000000100000001020001"), Frame("052B0E0100")];
        Run(seed, seeds, bytes =>
        {
            int tcp = MbapFrame.FindLength(bytes);
            int serial = RtuFrames.FindLength(bytes);
            _ = RtuFrames.RequestLength(bytes);
            return tcp >= MbapFrame.Malformed && tcp <= MbapFrame.MaximumLength && tcp <= bytes.Length && serial >= 0 && serial <= bytes.Length;
        });
    }

    [Theory]
    [InlineData(3)]
    public void Any_bytes_are_a_reply_of_known_length_or_none(int seed)
    {
        ReadRequest[] requests = [ReadRequest.Identity(IdentityQuestion.Objects(IdentificationAccess.Extended, 0x80), Second), ReadRequest.Identity(IdentityQuestion.ServerId, Second), ReadRequest.Bits(ModbusTable.DiscreteInputs, 0, 2000, Second)];
        byte[][] seeds = [Convert.FromHexString("2B0E0383FF82028003414243810141"), Convert.FromHexString("11064D454D2D37FF"), Convert.FromHexString("02FA00"), Convert.FromHexString("2B0E03830000FF80F5")];
        Run(seed, seeds, bytes =>
        {
            foreach (ReadRequest request in requests)
            {
                if (request.FindReplyLength(bytes) is < ReadRequest.ReplyForeign or > 253)
                {
                    return false;
                }
            }

            return true;
        });
    }

    [Theory]
    [InlineData(4)]
    public void Any_request_is_answered_within_253_bytes(int seed)
    {
        ServerPdu pdu = new(new MemoryDevice(), new ModbusServerCounters(), new Lock());
        byte[] response = new byte[ServerPdu.MaximumLength];
        byte[][] seeds = [.. new[] { "0100130013", "03006B0003", "0500ACFF00", "0600010003", "0F0013000A02CD01", "100001000204000A0102", "16000400F20025", "170003000300040001" + "0200FF", "080000A537", "2B0E0300", "11", "07" }.Select(Convert.FromHexString)];
        Run(seed, seeds, bytes => bytes.IsEmpty || pdu.Answer(1, bytes[..Math.Min(bytes.Length, 253)], response) is >= 0 and <= ServerPdu.MaximumLength, allocates: true);
    }

    // The whole client over a line that delivers anything at all.
    [Theory]
    [InlineData(5)]
    public void A_bus_that_delivers_anything_ends_every_request(int seed)
    {
        NoiseLine line = new(seed);
        RtuTransportOptions options = new() { FirstReopenDelay = TimeSpan.Zero };
        RtuBus bus = new(line, RtuTiming.Of(new SerialSettings(), options, TimeSpan.FromMilliseconds(20)), options, line);
        ushort[] values = new ushort[10];
        byte[] pdu = new byte[253];
        int accepted = 0;
        for (int round = 0; round < 3000; round++)
        {
            accepted += bus.ReadRegisters(5, ModbusTable.HoldingRegisters, 100, values, TimeSpan.FromMilliseconds(100)).IsOk ? 1 : 0;
            accepted += bus.ReadIdentity(5, IdentityQuestion.Objects(IdentificationAccess.Basic, 0), pdu, TimeSpan.FromMilliseconds(100), out _).IsOk ? 1 : 0;
        }

        Assert.True(accepted == 0, $"seed {seed}: {accepted} of 6000 replies of noise were accepted");
    }

    private delegate bool Holds(ReadOnlySpan<byte> bytes);

    private static void Run(int seed, byte[][] seeds, Holds holds, bool allocates = false)
    {
        Random random = new(seed);
        byte[] buffer = new byte[600];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int input = 0; input < Inputs; input++)
        {
            int length = Mutate(random, seeds, buffer);
            bool isRight;
            try
            {
                isRight = holds(buffer.AsSpan(0, length));
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, input {input}: {Convert.ToHexString(buffer.AsSpan(0, length))}: {e}");
                return;
            }

            Assert.True(isRight, isRight ? "" : $"seed {seed}, input {input}: {Convert.ToHexString(buffer.AsSpan(0, length))}");
        }

        long perInput = (GC.GetAllocatedBytesForCurrentThread() - before) / Inputs;
        Assert.InRange(perInput, 0, allocates ? 2000 : 0);
    }

    private static int Mutate(Random random, byte[][] seeds, byte[] buffer)
    {
        if (random.Next(8) == 0)
        {
            int any = random.Next(0, 300);
            random.NextBytes(buffer.AsSpan(0, any));
            return any;
        }

        int length = 0;
        for (int piece = random.Next(1, 3); piece > 0; piece--)
        {
            byte[] chosen = seeds[random.Next(seeds.Length)];
            chosen.CopyTo(buffer, length);
            length += chosen.Length;
        }

        for (int change = random.Next(0, 4); change > 0 && length > 1; change--)
        {
            int offset = random.Next(length);
            switch (random.Next(4))
            {
                case 0: buffer[offset] = (byte)random.Next(256); break;
                case 1: buffer[offset] ^= (byte)(1 << random.Next(8)); break;
                case 2: buffer.AsSpan(offset + 1, length - offset - 1).CopyTo(buffer.AsSpan(offset)); length--; break;
                default: length = offset + 1; break;
            }
        }

        return length;
    }

    private static byte[] Frame(string hex)
    {
        byte[] frame = [.. Convert.FromHexString(hex), 0, 0];
        ModbusCrc.Append(frame);
        return frame;
    }

    private static byte[] Sent(ReadRequest request)
    {
        byte[] pdu = new byte[ReadRequest.MaximumPduLength];
        return Frame("05" + Convert.ToHexString(pdu.AsSpan(0, request.Encode(pdu))));
    }

    // Anything at any moment; it tells its own time.
    private sealed class NoiseLine(int seed) : TimeProvider, ISerialLine
    {
        private readonly Random _random = new(seed);
        private long _now;

        public bool IsOpen { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Open() => IsOpen = true;

        public SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count)
        {
            count = 0;
            _now += Math.Max(1, timeout.Ticks / 2);
            if (_random.Next(4) == 0)
            {
                IsOpen = _random.Next(200) != 0;
                return IsOpen ? SerialStatus.Timeout : SerialStatus.Disconnected;
            }

            count = _random.Next(1, Math.Min(destination.Length, 40) + 1);
            _random.NextBytes(destination[..count]);
            destination[0] = _random.Next(3) == 0 ? (byte)5 : destination[0];
            return SerialStatus.Ok;
        }

        public SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout) => SerialStatus.Ok;
    }
}
