using System.Globalization;
using Metering.Mqtt;
using Metering.Mqtt.Packets;
using Xunit;

namespace Metering.Tests.Mqtt;

public sealed class PacketFuzzTests
{
    private const int Rounds = 250_000;
    private const int MaximumPacketSize = 1024;

    /// <summary>Largest excess over the input a decoder may allocate: an exception with its message, a result, some strings.</summary>
    private const int AllowedBytes = 16 * 1024;

    private static readonly string[] ValidPackets =
    [
        "20 29 01 00 26 21 0014 22 000A 24 01 25 00 27 00010000 13 003C 11 FFFFFFFF 28 00 2A 00 1F 0001 21 26 0001 61 0001 62",
        "20 0B 00 86 08 1F 0005 77726F6E67",
        "32 0A 0003 612F62 000A 00 6869",
        "30 0F 0003 612F62 07 02 0000000A 01 01 6869",
        "3B 0A 0003 612F62 000A 00 6869",
        "40 02 000A",
        "40 0D 000A 87 09 1F 0006 64656E696564",
        "90 04 0007 00 01",
        "D0 00",
        "E0 02 8E 00",
        "E0 0D 9C 0B 1F 0003 627965 1C 0002 6272",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(20_250_701)]
    public void Mutated_packets_raise_only_MqttException_and_allocate_little(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] packet = Mutate(random, Hex.Bytes(ValidPackets[random.Next(ValidPackets.Length)]));
            string context = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, round {round}, packet {Convert.ToHexString(packet)}");
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Decode(packet, MaximumPacketSize);
            }
            catch (MqttException fault)
            {
                Assert.True(fault.Kind == MqttErrorKind.ProtocolError, context);
            }
            catch (Exception fault)
            {
                Assert.Fail($"{fault.GetType().Name} for {context}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < AllowedBytes, context);
        }
    }

    [Fact]
    public void The_packets_before_mutation_are_valid()
    {
        foreach (string packet in ValidPackets)
        {
            byte[] bytes = Hex.Bytes(packet);
            Assert.True(PacketDecoder.TryReadFrame(bytes, MaximumPacketSize, out Frame frame) && frame.TotalLength == bytes.Length, packet);
            Decode(bytes, MaximumPacketSize);
        }
    }

    [Fact]
    public void The_receive_buffer_grows_only_with_the_bytes_that_came()
    {
        global::Metering.Mqtt.Connection.ReceiveBuffer buffer = new(256 * 1024 * 1024);
        byte[] header = Hex.Bytes("30 FFFFFF7F");
        header.CopyTo(buffer.FreeSpace());
        buffer.Received(header.Length);
        Assert.False(PacketDecoder.TryReadFrame(buffer.Unread, 300 * 1024 * 1024, out _));
        Assert.True(buffer.Capacity <= 64 * 1024);
    }

    /// <summary>Decodes one packet as the client does, by its type.</summary>
    internal static void Decode(byte[] packet, int maximumPacketSize)
    {
        if (!PacketDecoder.TryReadFrame(packet, maximumPacketSize, out Frame frame))
        {
            return;
        }

        switch (frame.Type)
        {
            case PacketType.ConnAck:
                PacketDecoder.ConnAck(frame.Body);
                break;
            case PacketType.Publish:
                PacketDecoder.Publish(frame.Flags, frame.Body);
                break;
            case PacketType.PubAck:
                PacketDecoder.PubAck(frame.Body);
                break;
            case PacketType.SubAck:
                PacketDecoder.SubAck(frame.Body);
                break;
            case PacketType.Disconnect:
                PacketDecoder.Disconnect(frame.Body);
                break;
        }
    }

    private static byte[] Mutate(Random random, byte[] packet)
    {
        List<byte> bytes = [.. packet];
        for (int change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            int place = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 4), bytes.Count - place));
                    break;
                case 3:
                    bytes.Insert(place, (byte)random.Next(256));
                    break;
                default:
                    bytes.AddRange(bytes[place..]);
                    break;
            }
        }

        // Half of them get a right length again, so that the faults inside are reached.
        if (bytes.Count is >= 2 and < 128 && random.Next(2) == 0)
        {
            bytes[1] = (byte)(bytes.Count - 2);
        }

        return [.. bytes];
    }
}
