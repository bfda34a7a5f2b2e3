using Metering.Fieldbus.Modbus;
using Xunit;

namespace Metering.Tests.Fieldbus;

/// <summary>
/// The first request meets a fault; seven more follow. No value may ever stand under a wrong address, and after the fault the
/// client must read right again by itself.
/// </summary>
public sealed class TcpFaultTests
{
    private const int Reads = 8;
    private const int Count = 10;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);
    private static readonly byte[] None = [];

    public static TheoryData<string, ModbusOutcome> Scenarios => new()
    {
        { "late first reply", ModbusOutcome.Timeout },
        { "doubled reply", ModbusOutcome.Ok },
        { "doubled reply in one piece", ModbusOutcome.Ok },
        { "older reply first", ModbusOutcome.Ok },
        { "wrong transaction id", ModbusOutcome.UnexpectedReply },
        { "wrong unit", ModbusOutcome.UnexpectedReply },
        { "wrong function", ModbusOutcome.UnexpectedReply },
        { "more registers than asked", ModbusOutcome.UnexpectedReply },
        { "fewer registers than asked", ModbusOutcome.UnexpectedReply },
        { "byte count above the bytes", ModbusOutcome.UnexpectedReply },
        { "byte count below the bytes", ModbusOutcome.UnexpectedReply },
        { "header length 1", ModbusOutcome.UnexpectedReply },
        { "header length 255", ModbusOutcome.UnexpectedReply },
        { "header length too long by 4", ModbusOutcome.Timeout },
        { "protocol id 1", ModbusOutcome.UnexpectedReply },
        { "cut off", ModbusOutcome.Timeout },
        { "cut off and closed", ModbusOutcome.Disconnected },
        { "garbage before", ModbusOutcome.UnexpectedReply },
        { "exception 2", ModbusOutcome.Exception },
        { "exception 5, then the reply", ModbusOutcome.Ok },
        { "exception 5 alone", ModbusOutcome.Exception },
        { "exception of another function", ModbusOutcome.UnexpectedReply },
        { "silence", ModbusOutcome.Timeout },
        { "closed", ModbusOutcome.Disconnected },
        { "closed without a word", ModbusOutcome.Disconnected },
        { "another unit's reply first", ModbusOutcome.Ok },
        { "echo", ModbusOutcome.UnexpectedReply },
        { "noise after", ModbusOutcome.Ok },
        { "half a header", ModbusOutcome.Timeout },
        { "a bit of the function flipped", ModbusOutcome.UnexpectedReply },
        { "byte by byte", ModbusOutcome.Ok },
        { "flood of stray replies", ModbusOutcome.UnexpectedReply },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_fault_never_brings_a_wrong_value_and_is_over_with_the_next_request(string scenario, ModbusOutcome expected)
    {
        byte[] withheld = None;
        using ScriptedTcpServer server = new((index, request) =>
        {
            byte[] reply = ScriptedTcpServer.Reply(request);
            if (index == 0)
            {
                withheld = reply;
                return Fault(scenario, request, reply);
            }

            // The reply that came too late is sent right before the next one.
            return index == 1 && scenario is "late first reply"
                ? ScriptedTcpServer.Answer.Send(withheld, reply)
                : ScriptedTcpServer.Answer.Send(reply);
        });
        using ModbusClient client = new(new TcpTransport("127.0.0.1", server.Port, new TcpTransportOptions { FirstReconnectDelay = TimeSpan.Zero }));
        ushort[] values = new ushort[Count];
        for (int read = 0; read < Reads; read++)
        {
            ushort start = (ushort)(1000 + (100 * read));
            Array.Fill(values, (ushort)0xDEAD);
            TimeSpan timeout = (read, expected) switch
            {
                (0, ModbusOutcome.Timeout) => Short,
                (0, not ModbusOutcome.Ok) => TimeSpan.FromSeconds(1),
                _ => Generous,
            };
            ModbusReply reply = client.ReadHoldingRegisters(5, start, values, timeout);
            // What lies behind a reply spoils the framing of the next one, which costs that one.
            bool mayFail = scenario == "noise after" && read == 1;
            Assert.True(mayFail ? reply.Outcome == ModbusOutcome.UnexpectedReply : reply.Outcome == (read == 0 ? expected : ModbusOutcome.Ok), $"{scenario}, read {read}: {reply.Outcome}");
            if (reply.IsOk)
            {
                Assert.True(AddressDevice.IsRight(5, ModbusTable.HoldingRegisters, start, values), $"{scenario}: wrong values in read {read}");
            }
            else
            {
                Assert.All(values, value => Assert.Equal(0xDEAD, value));
            }
        }
    }

    [Fact]
    public void Exceptions_keep_the_connection()
    {
        using ScriptedTcpServer server = new((_, request) => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Exception(request, 11)));
        using TcpTransport transport = new("127.0.0.1", server.Port, new TcpTransportOptions());
        for (int read = 0; read < 5; read++)
        {
            Assert.Equal(new ModbusReply(ModbusOutcome.Exception, 11), transport.Exchange(5, ModbusTable.InputRegisters, 0, new ushort[1], TimeSpan.FromSeconds(5)));
        }

        Assert.Equal(1, transport.Counters.Connections);
    }

    [Fact]
    public void A_connection_that_was_closed_while_idle_costs_no_read()
    {
        using ScriptedTcpServer server = new((_, request) => new ScriptedTcpServer.Answer([ScriptedTcpServer.Reply(request)], Close: true));
        using TcpTransport transport = new("127.0.0.1", server.Port, new TcpTransportOptions());
        ushort[] values = new ushort[Count];
        for (int read = 0; read < 5; read++)
        {
            Assert.True(transport.Exchange(5, ModbusTable.InputRegisters, (ushort)read, values, TimeSpan.FromSeconds(5)).IsOk);
            Assert.True(AddressDevice.IsRight(5, ModbusTable.InputRegisters, read, values));
        }
    }

    internal static ScriptedTcpServer.Answer Fault(string scenario, byte[] request, byte[] reply) => scenario switch
    {
        "late first reply" or "silence" => ScriptedTcpServer.Answer.Send(),
        "doubled reply" => ScriptedTcpServer.Answer.Send(reply, reply),
        "doubled reply in one piece" => ScriptedTcpServer.Answer.Send([.. reply, .. reply]),
        "older reply first" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Reply(request, transactionOffset: -1), reply),
        "wrong transaction id" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Reply(request, transactionOffset: 1)),
        "wrong unit" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Reply(request, unitOffset: 1)),
        "wrong function" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Reply(request, functionOffset: 1)),
        "more registers than asked" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Reply(request, extraRegisters: 29)),
        "fewer registers than asked" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Reply(request, extraRegisters: -1)),
        "byte count above the bytes" => ScriptedTcpServer.Answer.Send(With(reply, 8, 22)),
        "byte count below the bytes" => ScriptedTcpServer.Answer.Send(With(reply, 8, 18)),
        "header length 1" => ScriptedTcpServer.Answer.Send(With(reply, 5, 1)),
        "header length 255" => ScriptedTcpServer.Answer.Send(With(reply, 5, 255)),
        "header length too long by 4" => ScriptedTcpServer.Answer.Send(With(reply, 5, (byte)(reply[5] + 4))),
        "protocol id 1" => ScriptedTcpServer.Answer.Send(With(reply, 3, 1)),
        "cut off" => ScriptedTcpServer.Answer.Send(reply[..15]),
        "cut off and closed" => new ScriptedTcpServer.Answer([reply[..15]], Close: true),
        "garbage before" => ScriptedTcpServer.Answer.Send([0x55, 0xAA, 0x55], reply),
        "exception 2" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Exception(request, 2)),
        "exception 5, then the reply" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Exception(request, 5), reply),
        "exception 5 alone" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Exception(request, 5)),
        "exception of another function" => ScriptedTcpServer.Answer.Send(With(ScriptedTcpServer.Exception(request, 2), 7, 0x84)),
        "closed" => new ScriptedTcpServer.Answer([], Close: true),
        "closed without a word" => new ScriptedTcpServer.Answer([], Close: true, Reset: true),
        "another unit's reply first" => ScriptedTcpServer.Answer.Send(ScriptedTcpServer.Reply(request, transactionOffset: 7, unitOffset: 1), reply),
        "echo" => ScriptedTcpServer.Answer.Send(request, reply),
        "noise after" => ScriptedTcpServer.Answer.Send([.. reply, 0x55, 0xAA, 0x55]),
        "half a header" => ScriptedTcpServer.Answer.Send(reply[..4]),
        "a bit of the function flipped" => ScriptedTcpServer.Answer.Send(With(reply, 7, 0x43)),
        "byte by byte" => new ScriptedTcpServer.Answer([.. reply.Select(value => new[] { value })]),
        "flood of stray replies" => new ScriptedTcpServer.Answer([.. Enumerable.Range(1, 80).Select(offset => ScriptedTcpServer.Reply(request, transactionOffset: -offset))]),
        _ => throw new ArgumentOutOfRangeException(nameof(scenario), scenario, "unknown"),
    };

    /// <summary>Scenarios in the order of the table above.</summary>
    internal static string[] Names() => [.. Scenarios.Select(row => (string)row[0])];

    private static byte[] With(byte[] frame, int offset, byte value)
    {
        byte[] changed = (byte[])frame.Clone();
        changed[offset] = value;
        return changed;
    }
}
