using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.Fieldbus;

/// <summary>A hundred thousand polls of buses that misbehave: none may bring a value of another register, unit, table or moment.</summary>
public sealed class ManyFaultyPollsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(1, 0.05, 30_000)]
    [InlineData(2, 0.25, 30_000)]
    [InlineData(3, 0.6, 20_000)]
    [InlineData(4, 1.0, 10_000)]
    public void No_wrong_value_is_accepted_on_a_serial_line(int seed, double faultShare, int polls)
    {
        SimulatedBus line = new(seed, faultShare);
        RtuTransportOptions options = new() { SilenceBeforeRequest = TimeSpan.FromMilliseconds(2), FirstReopenDelay = TimeSpan.Zero };
        RtuBus bus = new(line, RtuTiming.Of(new SerialSettings { BaudRate = 115200 }, options, TimeSpan.FromMilliseconds(20)), options, line);
        Random random = new(seed + 1000);
        int right = 0;
        int failed = 0;
        List<string> wrong = [];
        for (int poll = 0; poll < polls; poll++)
        {
            byte unit = (byte)random.Next(1, 7); // 6 is not there
            ModbusTable table = (ModbusTable)random.Next(1, 5);
            int count = random.Next(4) switch { 0 => random.Next(1, 5), 1 => 10, 2 => random.Next(1, 124), _ => 20 };
            int start = random.Next(0, SimulatedBus.RegisterCount - count + 1);
            switch (Ask(bus, line, unit, table, start, count))
            {
                case null:
                    failed++;
                    break;
                case true:
                    right++;
                    break;
                default:
                    wrong.Add($"poll {poll}: unit {unit}, {table}, {count} from {start}");
                    break;
            }
        }

        output.WriteLine($"seed {seed}, {faultShare:P0} faulty: {polls} polls, {right} right, {failed} failed, {wrong.Count} wrong; {line.RequestCount} requests");
        Assert.True(wrong.Count == 0, $"seed {seed}: {string.Join("; ", wrong.Take(5))}");
        Assert.True(right > polls * (faultShare > 0.5 ? 0.2 : 0.5), $"seed {seed}: only {right} of {polls} were read");
    }

    [Theory]
    [InlineData(5, 9_000)]
    public void No_wrong_value_is_accepted_on_a_TCP_connection(int seed, int polls)
    {
        Random random = new(seed);
        string[] scenarios = TcpFaultTests.Names();
        using ScriptedTcpServer server = new((_, request) =>
        {
            byte[] reply = ScriptedTcpServer.Reply(request);
            return random.Next(5) == 0 ? TcpFaultTests.Fault(scenarios[random.Next(scenarios.Length)], request, reply) : ScriptedTcpServer.Answer.Send(reply);
        });
        using ModbusClient client = new(new TcpTransport("127.0.0.1", server.Port, new TcpTransportOptions { FirstReconnectDelay = TimeSpan.Zero }));
        Random ask = new(seed + 1000);
        int right = 0;
        int failed = 0;
        for (int poll = 0; poll < polls; poll++)
        {
            byte unit = (byte)ask.Next(0, 256);
            ushort start = (ushort)ask.Next(0, 60_000);
            ModbusTable table = ask.Next(2) == 0 ? ModbusTable.HoldingRegisters : ModbusTable.InputRegisters;
            ushort[] values = new ushort[ask.Next(8, 90)];
            ModbusReply reply = client.Read(table, unit, start, values, TimeSpan.FromMilliseconds(15));
            failed += reply.IsOk ? 0 : 1;
            right += reply.IsOk && AddressDevice.IsRight(unit, table, start, values) ? 1 : 0;
        }

        output.WriteLine($"seed {seed}: {polls} polls, {right} right, {failed} failed, {polls - right - failed} wrong");
        Assert.True(right + failed == polls, $"seed {seed}: {polls - right - failed} wrong");
        Assert.True(right > polls * 0.7, $"seed {seed}: only {right} of {polls} were read");
    }

    [Theory]
    [InlineData(6, 500, false)]
    [InlineData(7, 500, true)]
    public void Nor_on_a_real_pseudo_terminal_nor_through_a_real_socket(int seed, int polls, bool isTcp)
    {
        Random random = new(seed);
        Queue<byte[]> late = new();
        using ScriptedRtuSlave slave = new((_, request) => RtuLineTests.Misbehave(random, late, request), isTcp: isTcp);
        using IModbusTransport transport = slave.Connect(new RtuTransportOptions { SilenceBeforeRequest = TimeSpan.FromMilliseconds(2), QuietAfterFault = TimeSpan.FromMilliseconds(5) });
        Random ask = new(seed + 1000);
        int right = 0;
        int failed = 0;
        for (int poll = 0; poll < polls; poll++)
        {
            byte unit = (byte)ask.Next(1, 4);
            ushort[] values = new ushort[ask.Next(1, 5)];
            ushort start = (ushort)ask.Next(0, 96);
            ModbusReply reply = transport.Exchange(unit, ModbusTable.InputRegisters, start, values, TimeSpan.FromMilliseconds(15));
            failed += reply.IsOk ? 0 : 1;
            right += reply.IsOk && AddressDevice.IsRight(unit, ModbusTable.InputRegisters, start, values) ? 1 : 0;
        }

        output.WriteLine($"seed {seed}: {polls} polls, {right} right, {failed} failed, {polls - right - failed} wrong");
        Assert.True(right + failed == polls, $"seed {seed}: {polls - right - failed} wrong");
        Assert.True(right > polls * 0.3, $"seed {seed}: only {right} of {polls} were read");
    }

    // Null: no values. Otherwise whether they are the ones of a request that this very call sent.
    private static bool? Ask(RtuBus bus, SimulatedBus line, byte unit, ModbusTable table, int start, int count)
    {
        int first = line.RequestCount;
        if (table <= ModbusTable.DiscreteInputs)
        {
            bool[] bits = new bool[count];
            return bus.ReadBits(unit, table, (ushort)start, bits, AnswerTimeout).IsOk
                ? Any(first, line.RequestCount, request => bits.Select((bit, index) => bit == SimulatedBus.Bit(unit, (byte)table, start + index, request)).All(same => same))
                : null;
        }

        ushort[] values = new ushort[count];
        return bus.ReadRegisters(unit, table, (ushort)start, values, AnswerTimeout).IsOk
            ? Any(first, line.RequestCount, request => values.Select((value, index) => value == SimulatedBus.Value(unit, (byte)table, start + index, request)).All(same => same))
            : null;
    }

    private static bool Any(int first, int end, Func<int, bool> isRight) => Enumerable.Range(first, end - first).Any(isRight);
}
