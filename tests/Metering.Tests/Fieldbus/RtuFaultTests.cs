using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Xunit;

namespace Metering.Tests.Fieldbus;

/// <summary>
/// On a serial line and through a converter on TCP: the first request meets a fault; seven more follow, all for the same number of registers. No value may ever stand under
/// a wrong address, and the next request must be right again.
/// </summary>
public sealed class RtuFaultTests
{
    private const int Reads = 8;
    private const int Count = 10;
    private const byte Unit = 5;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);
    private static readonly byte[] None = [];
    private static readonly RtuTransportOptions Timing = new() { SilenceBeforeRequest = TimeSpan.FromMilliseconds(10), QuietAfterFault = TimeSpan.FromMilliseconds(10) };

    public static TheoryData<string, ModbusOutcome> Scenarios => new()
    {
        { "late, right before the next reply", ModbusOutcome.Timeout },
        { "late, between two requests", ModbusOutcome.Timeout },
        { "doubled reply", ModbusOutcome.Ok },
        { "tripled reply", ModbusOutcome.Ok },
        { "wrong unit", ModbusOutcome.Timeout },
        { "wrong function", ModbusOutcome.UnexpectedReply },
        { "more registers than asked", ModbusOutcome.UnexpectedReply },
        { "fewer registers than asked", ModbusOutcome.UnexpectedReply },
        { "cut off", ModbusOutcome.CrcError },
        { "noise before", ModbusOutcome.Ok },
        { "zero byte before", ModbusOutcome.Ok },
        { "beginning of the reply before", ModbusOutcome.Ok },
        { "noise after", ModbusOutcome.Ok },
        { "noise alone", ModbusOutcome.CrcError },
        { "echo, then the reply", ModbusOutcome.Ok },
        { "echo alone", ModbusOutcome.Timeout },
        { "damaged echo, then the reply", ModbusOutcome.Ok },
        { "damaged echo alone", ModbusOutcome.Timeout },
        { "other unit first", ModbusOutcome.Ok },
        { "other unit first, with a frame like ours inside", ModbusOutcome.Ok },
        { "exception 2", ModbusOutcome.Exception },
        { "exception 6", ModbusOutcome.Exception },
        { "exception 5, then the reply", ModbusOutcome.Ok },
        { "exception 5 alone", ModbusOutcome.Exception },
        { "wrong CRC", ModbusOutcome.CrcError },
        { "wrong CRC, then the reply", ModbusOutcome.Ok },
        { "silence", ModbusOutcome.Timeout },
        { "byte by byte", ModbusOutcome.Ok },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_fault_never_brings_a_wrong_value_and_is_over_with_the_next_request(string scenario, ModbusOutcome expected) =>
        Play(scenario, expected, isTcp: false);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Nor_does_it_through_a_converter_on_TCP(string scenario, ModbusOutcome expected) => Play(scenario, expected, isTcp: true);

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_converter_that_closes_in_the_middle_of_a_frame_is_found_again(int bytesBefore)
    {
        ScriptedRtuSlave? slave = null;
        slave = new((index, request) =>
        {
            byte[] reply = ScriptedRtuSlave.Reply(request);
            if (index % 2 == 1)
            {
                return [reply];
            }

            if (bytesBefore > 0)
            {
                slave!.Send(reply[..bytesBefore]);
            }

            return null;
        }, isTcp: true);
        using ScriptedRtuSlave owned = slave;
        using IModbusTransport transport = slave.Connect(Timing);
        ushort[] values = new ushort[Count];
        for (int read = 0; read < 10; read++)
        {
            ushort start = (ushort)(100 * read);
            ModbusReply reply = transport.Exchange(Unit, ModbusTable.HoldingRegisters, start, values, Generous);
            Assert.Equal(read % 2 == 0 ? ModbusOutcome.Disconnected : ModbusOutcome.Ok, reply.Outcome);
            Assert.True(!reply.IsOk || AddressDevice.IsRight(Unit, ModbusTable.HoldingRegisters, start, values));
        }
    }

    private static void Play(string scenario, ModbusOutcome expected, bool isTcp)
    {
        byte[] withheld = None;
        using ScriptedRtuSlave slave = new((index, request) =>
        {
            byte[] reply = ScriptedRtuSlave.Reply(request);
            if (index == 0)
            {
                withheld = reply;
                return Fault(scenario, request, reply);
            }

            return index == 1 && scenario is "late, right before the next reply" ? [withheld, reply] : [reply];
        }, isTcp: isTcp);
        using IModbusTransport transport = slave.Connect(Timing);
        ushort[] values = new ushort[Count];
        for (int read = 0; read < Reads; read++)
        {
            TimeSpan timeout = (read, expected) switch
            {
                (0, ModbusOutcome.Timeout) => Short,
                (0, not ModbusOutcome.Ok) => TimeSpan.FromSeconds(1),
                _ => Generous,
            };
            ushort start = (ushort)(1000 + (100 * read));
            Array.Fill(values, (ushort)0xDEAD);
            ModbusReply reply = transport.Exchange(Unit, ModbusTable.HoldingRegisters, start, values, timeout);
            Assert.Equal(read == 0 ? expected : ModbusOutcome.Ok, reply.Outcome);
            AssertRightOrUntouched(scenario, reply, start, values);
            if (read == 0 && scenario is "late, between two requests")
            {
                slave.Send(withheld);
            }
        }
    }

    [Theory]
    [InlineData("doubled reply")]
    [InlineData("echo, then the reply")]
    [InlineData("zero byte before")]
    [InlineData("noise before")]
    [InlineData("other unit first")]
    [InlineData("other unit first, with a frame like ours inside")]
    [InlineData("exception 5, then the reply")]
    public void A_line_with_a_lasting_flaw_is_still_read_right(string scenario)
    {
        using ScriptedRtuSlave slave = new((_, request) => Fault(scenario, request, ScriptedRtuSlave.Reply(request)));
        using RtuTransport transport = Open(slave);
        ushort[] values = new ushort[Count];
        for (int read = 0; read < 20; read++)
        {
            ushort start = (ushort)(100 * read);
            Assert.True(transport.Exchange(Unit, ModbusTable.HoldingRegisters, start, values, Generous).IsOk, scenario);
            Assert.True(AddressDevice.IsRight(Unit, ModbusTable.HoldingRegisters, start, values), scenario);
        }
    }

    // 100 registers in all: one register more than asked is refused, and a late reply must still not fit.
    [Theory]
    [InlineData(90, 10)]
    [InlineData(99, 1)]
    [InlineData(0, 100)]
    [InlineData(98, 2)]
    public void Registers_at_the_end_of_the_table_are_read_right_after_a_late_reply(int start, int count)
    {
        byte[] withheld = None;
        using ScriptedRtuSlave slave = new((index, request) =>
        {
            if (index == 0)
            {
                withheld = ScriptedRtuSlave.Reply(request);
                return [];
            }

            bool isRefused = ScriptedRtuSlave.Start(request) + ScriptedRtuSlave.Count(request) > 100;
            byte[] reply = isRefused ? ScriptedRtuSlave.Exception(request, 2) : ScriptedRtuSlave.Reply(request);
            return index == 1 ? [withheld, reply] : [reply];
        });
        using RtuTransport transport = Open(slave);
        ushort[] values = new ushort[count];
        Assert.Equal(ModbusOutcome.Timeout, transport.Exchange(Unit, ModbusTable.HoldingRegisters, 0, values, Short).Outcome);
        Assert.Equal(ModbusOutcome.Ok, transport.Exchange(Unit, ModbusTable.HoldingRegisters, (ushort)start, values, Generous).Outcome);
        Assert.True(AddressDevice.IsRight(Unit, ModbusTable.HoldingRegisters, start, values));
    }

    [Fact]
    public void The_longest_read_is_right_after_a_late_reply()
    {
        byte[] withheld = None;
        using ScriptedRtuSlave slave = new((index, request) =>
        {
            byte[] reply = ScriptedRtuSlave.Reply(request);
            if (index == 0)
            {
                withheld = reply;
                return [];
            }

            return index == 1 ? [withheld, reply] : [reply];
        });
        using RtuTransport transport = Open(slave);
        ushort[] values = new ushort[125];
        Assert.Equal(ModbusOutcome.Timeout, transport.Exchange(Unit, ModbusTable.HoldingRegisters, 0, values, Short).Outcome);
        Assert.Equal(ModbusOutcome.Ok, transport.Exchange(Unit, ModbusTable.HoldingRegisters, 500, values, Generous).Outcome);
        Assert.True(AddressDevice.IsRight(Unit, ModbusTable.HoldingRegisters, 500, values));
    }

    [Fact]
    public void A_late_exception_is_not_taken_for_the_answer_to_the_next_request()
    {
        byte[] withheld = None;
        using ScriptedRtuSlave slave = new((index, request) =>
        {
            if (index == 0)
            {
                withheld = ScriptedRtuSlave.Exception(request, 2);
                return [];
            }

            byte[] reply = ScriptedRtuSlave.Reply(request);
            return index == 1 ? [withheld, reply] : [reply];
        });
        using RtuTransport transport = Open(slave);
        ushort[] values = new ushort[Count];
        Assert.Equal(ModbusOutcome.Timeout, transport.Exchange(Unit, ModbusTable.HoldingRegisters, 0, values, Short).Outcome);
        Assert.Equal(ModbusOutcome.Ok, transport.Exchange(Unit, ModbusTable.HoldingRegisters, 500, values, Generous).Outcome);
        Assert.True(AddressDevice.IsRight(Unit, ModbusTable.HoldingRegisters, 500, values));
    }

    [Fact]
    public void A_slave_that_stays_one_reply_behind_never_passes_a_wrong_value()
    {
        byte[] behind = None;
        using ScriptedRtuSlave slave = new((_, request) =>
        {
            byte[] previous = behind;
            behind = ScriptedRtuSlave.Reply(request);
            return previous.Length == 0 ? [] : [previous];
        });
        using RtuTransport transport = Open(slave);
        ushort[] values = new ushort[Count];
        for (int read = 0; read < 12; read++)
        {
            ushort start = (ushort)(100 * read);
            ModbusReply reply = transport.Exchange(Unit, ModbusTable.HoldingRegisters, start, values, TimeSpan.FromMilliseconds(20));
            Assert.True(!reply.IsOk || AddressDevice.IsRight(Unit, ModbusTable.HoldingRegisters, start, values), $"read {read}");
        }
    }

    // With one register asked, seven bytes of an echo can have the CRC of a reply: such requests are looked up here.
    [Fact]
    public void An_echo_that_looks_like_a_reply_is_known_as_an_echo()
    {
        (byte unit, ushort start) = FindEchoLikeReply();
        using ScriptedRtuSlave slave = new((_, request) => [request[..7], request[7..], ScriptedRtuSlave.Reply(request)]);
        using RtuTransport transport = Open(slave);
        ushort[] values = new ushort[1];
        for (int read = 0; read < 20; read++)
        {
            Assert.Equal(ModbusOutcome.Ok, transport.Exchange(unit, ModbusTable.HoldingRegisters, start, values, Generous).Outcome);
            Assert.True(AddressDevice.IsRight(unit, ModbusTable.HoldingRegisters, start, values));
        }
    }

    [Fact]
    public void Unit_0_is_never_asked()
    {
        using RtuTransport transport = new(new SerialPort("/dev/none", new SerialSettings()), new RtuTransportOptions());
        Assert.Throws<ArgumentOutOfRangeException>(() => transport.Exchange(0, ModbusTable.HoldingRegisters, 0, new ushort[1], Generous));
    }

    internal static RtuTransport Open(ScriptedRtuSlave slave) =>
        new(SerialPort.Open(slave.Path, new SerialSettings { BaudRate = 115200 }), Timing);

    private static void AssertRightOrUntouched(string scenario, ModbusReply reply, int start, ushort[] values)
    {
        if (reply.IsOk)
        {
            Assert.True(AddressDevice.IsRight(Unit, ModbusTable.HoldingRegisters, start, values), $"{scenario}: wrong values at {start}");
        }
        else
        {
            Assert.All(values, value => Assert.Equal(0xDEAD, value));
        }
    }

    private static byte[][] Fault(string scenario, byte[] request, byte[] reply) => scenario switch
    {
        "late, right before the next reply" or "late, between two requests" or "silence" => [],
        "doubled reply" => [[.. reply, .. reply]],
        "tripled reply" => [[.. reply, .. reply, .. reply]],
        "wrong unit" => [ScriptedRtuSlave.Reply(request, unitOffset: 1)],
        "wrong function" => [ScriptedRtuSlave.Reply(request, functionOffset: 1)],
        "more registers than asked" => [ScriptedRtuSlave.Reply(request, extraRegisters: 3)],
        "fewer registers than asked" => [ScriptedRtuSlave.Reply(request, extraRegisters: -1)],
        "cut off" => [reply[..12]],
        "noise before" => [[0xFF, 0x81, 0x00, 0x5A], reply],
        "zero byte before" => [[0x00], reply],
        "beginning of the reply before" => [reply[..3], reply],
        "noise after" => [[.. reply, 0xFF, 0x00]],
        "noise alone" => [[0xFF, 0x81, 0x00, 0x5A]],
        "echo, then the reply" => [request, reply],
        "echo alone" => [request],
        "damaged echo, then the reply" => [[.. request[..3], 0, .. request[4..]], reply],
        "damaged echo alone" => [[.. request[..3], 0, .. request[4..]]],
        "other unit first" => [ScriptedRtuSlave.Reply(request, unitOffset: 1), reply],
        "other unit first, with a frame like ours inside" => [Wrapped(request), reply],
        "exception 2" => [ScriptedRtuSlave.Exception(request, 2)],
        "exception 6" => [ScriptedRtuSlave.Exception(request, 6)],
        "exception 5, then the reply" => [ScriptedRtuSlave.Exception(request, 5), reply],
        "exception 5 alone" => [ScriptedRtuSlave.Exception(request, 5)],
        "wrong CRC" => [ScriptedRtuSlave.Damaged(reply)],
        "wrong CRC, then the reply" => [ScriptedRtuSlave.Damaged(reply), reply],
        "byte by byte" => [.. reply.Select(value => new[] { value })],
        _ => throw new ArgumentOutOfRangeException(nameof(scenario), scenario, "unknown"),
    };

    // A reply of another unit, whose registers hold a whole reply of ours for another address.
    private static byte[] Wrapped(byte[] request)
    {
        byte[] elsewhere = (byte[])request.Clone();
        elsewhere[2] ^= 0x40;
        byte[] inner = ScriptedRtuSlave.Reply(elsewhere);
        byte[] payload = inner.Length % 2 == 0 ? inner : [.. inner, 0];
        byte[] frame = [(byte)(request[0] + 1), request[1], (byte)(payload.Length + 2), 0x12, .. payload, 0x34, 0, 0];
        ModbusCrc.Append(frame);
        return frame;
    }

    private static (byte Unit, ushort Start) FindEchoLikeReply()
    {
        byte[] request = new byte[ScriptedRtuSlave.RequestLength];
        for (int unit = 1; unit < 248; unit++)
        {
            for (int start = 0x0200; start <= 0x02FF; start++)
            {
                request[0] = (byte)unit;
                _ = ReadRequest.Registers(ModbusTable.HoldingRegisters, (ushort)start, 1, Short).Encode(request.AsSpan(1));
                ModbusCrc.Append(request);
                if (ModbusCrc.IsValid(request.AsSpan(0, 7)))
                {
                    return ((byte)unit, (ushort)start);
                }
            }
        }

        // None exists for this function: then any request will do, and the scenario is an ordinary echo in two pieces.
        return (1, 0x0200);
    }
}
