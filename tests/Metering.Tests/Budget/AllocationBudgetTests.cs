using System.Text.Json;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Readings;
using Metering.Tests.Fieldbus;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Budget;

/// <summary>
/// Bytes allocated by each hot path, against tests/Metering.Benchmarks/allocation-budget.json. Bytes do not depend on the
/// machine or on what else it does, so that they can be held where times cannot.
/// </summary>
public sealed class AllocationBudgetTests
{
    private const int WarmUps = 3;
    private const int Repeats = 5;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, double> Budget = JsonSerializer.Deserialize<Dictionary<string, double>>(
        File.ReadAllText(Repository.Path("tests", "Metering.Benchmarks", "allocation-budget.json")))!;

    [Fact]
    public void A_read_over_Modbus_TCP_stays_in_its_budget()
    {
        using ModbusTcpServer server = TcpLoopbackTests.StartServer(new AddressDevice());
        using ModbusClient client = TcpLoopbackTests.Connect(server);
        ushort[] registers = new ushort[20];
        Hold("modbusTcpRead", 200, () =>
        {
            for (int read = 0; read < 200; read++)
            {
                Assert.True(client.ReadHoldingRegisters(1, 0, registers, Generous).IsOk);
            }
        });
    }

    [Fact]
    public void Decoding_the_registers_of_a_meter_stays_in_its_budget()
    {
        ushort[] registers = [0x4148, 0xF5C3, 0, 7];
        long sum = 0;
        Hold("meterDecodeReading", 2000, () =>
        {
            for (int reading = 0; reading < 1000; reading++)
            {
                _ = RegisterDecoder.Decode(registers.AsSpan(0, 2), RegisterFormat.Float32, WordOrder.Abcd, 1, out long first);
                _ = RegisterDecoder.Decode(registers.AsSpan(2), RegisterFormat.UInt32, WordOrder.Abcd, 1, out long second);
                sum += first + second;
            }
        });
        Assert.NotEqual(0, sum);
    }

    [Theory]
    [InlineData(96)]
    [InlineData(960)]
    public void Parsing_a_segment_stays_in_its_budget(int slots)
    {
        using BatchFactory factory = new(channels: 8, slotsPerBatch: slots);
        BatchEnvelope envelope = BatchEnvelope.Open(factory.Next());
        int readings = factory.ReadingsPerBatch;
        double segments = Budget["segmentParseSegment"] * factory.Channels.Count / readings;
        Hold("segmentParseReading", readings, () => Assert.Equal(8, envelope.ReadSegments().Count), segments);
    }

    [Theory]
    [InlineData(96)]
    [InlineData(960)]
    public void Opening_an_envelope_stays_in_its_budget(int slots)
    {
        using BatchFactory factory = new(channels: 8, slotsPerBatch: slots);
        byte[] bytes = factory.Next();
        double batch = Budget["envelopeOpenBatch"] / factory.ReadingsPerBatch;
        Hold("envelopeOpenReading", factory.ReadingsPerBatch, () => Assert.Equal(8, BatchEnvelope.Open(bytes).Segments.Count), batch);
    }

    [Theory]
    [InlineData(900_000, 35_040)]
    [InlineData(60_000, 100_000)]
    public void Intervals_of_a_counter_stay_in_their_budget(long spacing, int readings)
    {
        long[] time = new long[readings];
        long[] register = new long[readings];
        for (int index = 0; index < readings; index++)
        {
            time[index] = BatchFactory.StartUtcMilliseconds + (index * spacing);
            register[index] = 1_000_000 + (index * 31L) + (index % 5);
        }

        CounterOptions options = new() { Step = IntervalStep.QuarterHour, Exponent = 1, Modulus = 4_294_967_296 };
        IntervalColumns columns = new();
        IntervalBuilder.FromCounter(time, register, [], options, columns);
        int intervals = columns.Count;
        double each = Budget["intervalsColumns"] / intervals;
        Hold("intervalsInterval", intervals, () => IntervalBuilder.FromCounter(time, register, [], options, columns), each);
        double once = Budget["intervalsNewSeries"] / intervals;
        Hold("intervalsNewInterval", intervals, () => _ = IntervalBuilder.FromCounter(time, register, [], options), once);
    }

    [Theory]
    [InlineData(365, 3)]
    [InlineData(12, 1)]
    public void A_fit_stays_in_its_budget(int rows, int drivers)
    {
        const long Month = 2_629_746_000;
        Random random = new(7);
        double[][] columns = [.. Enumerable.Range(0, drivers).Select(_ => Enumerable.Range(0, rows).Select(_ => 10 + random.NextDouble()).ToArray())];
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, rows).Select(row => row * Month)],
            Use = [.. Enumerable.Range(0, rows).Select(row => 100 + columns.Sum(column => 5 * column[row]) + random.NextDouble())],
            Drivers = [.. columns.Select((column, index) => new Driver($"driver{index}", column))],
        };
        double once = Budget["leastSquaresFit"] / rows / (drivers + 1);
        Hold("leastSquaresFitElement", rows * (drivers + 1), () => Assert.NotNull(BaselineModel.Fit(table, new Period(0, rows * Month), ModelKind.Ols).Fit), once);
    }

    [Fact]
    public void Building_a_batch_stays_in_its_budget()
    {
        using BatchFactory factory = new(channels: 8, slotsPerBatch: 96);
        double batch = Budget["batchBuildBatch"] / factory.ReadingsPerBatch;
        Hold("batchBuildReading", factory.ReadingsPerBatch, () => Assert.NotEmpty(factory.Build(1, BatchManifest.NoPrevious, 0).Bytes), batch);
    }

    /// <summary>The least of some runs after warming up: what the path itself needs, without what the runtime does once.</summary>
    internal static void Hold(string path, int operations, Action action, double further = 0)
    {
        long least = long.MaxValue;
        for (int run = 0; run < WarmUps + Repeats; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = run < WarmUps ? least : Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        double each = least / (double)operations;
        double budget = Budget[path] + further;
        Assert.True(each <= budget, $"{path}: {each:0.0} bytes per operation, the budget is {budget:0.0} (allocation-budget.json)");
    }
}
