using System.Globalization;
using System.Text;
using Metering.Meters.Totalisers;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Totalisers;

/// <summary>The counter histories of the shared material, with their true use: what the filter counts is within one register step of it.</summary>
public sealed class CounterReferenceTests
{
    private const string Folder = "reference/mv/synthetic/counters";

    [NeedsTheory("shared:" + Folder)]
    [InlineData("ctr-00-clean", 1, null, false)]
    [InlineData("ctr-02-rollover_u32_wh", 3, 4_294_967_296L, true)]
    [InlineData("ctr-04-reset_to_zero", 1, null, true)]
    [InlineData("ctr-06-transient_zero", 1, null, true)]
    [InlineData("ctr-08-stuck_then_catchup", 1, null, false)]
    [InlineData("ctr-10-gap_3days", 1, null, false)]
    public void The_total_is_within_one_register_step_of_the_truth(string name, int decimals, long? modulus, bool defeatsPlainDifferences)
    {
        foreach (long? perHour in new long?[] { null, 30 })
        {
            TotaliserFilter filter = new(new() { Modulus = modulus, MaximumStepsPerHour = perHour * (long)Math.Pow(10, decimals) });
            (long[] times, long[] registers) = Register(name, decimals);
            (long Lost, double Plain) = Walk(filter, times, registers);
            double step = Math.Pow(10, -decimals);
            double truth = Truth(name, times[0], Lost);
            Assert.InRange(((double)filter.TotalSteps * step) - truth, -1.001 * step, 1.001 * step);
            Assert.Equal(Lost == 0 ? 0 : 1, filter.BreakCount);
            Assert.Equal(name.Contains("reset", StringComparison.Ordinal), Lost != 0);

            // The control: what a plain difference makes of the same registers.
            Assert.Equal(defeatsPlainDifferences, Math.Abs((Plain * step) - Truth(name, times[0], 0)) > 1.001 * step);
        }
    }

    /// <summary>Instant of the reading that lies behind an unknown part, 0 for none; and the sum of the rises, as plain differences have it.</summary>
    private static (long Lost, double Plain) Walk(TotaliserFilter filter, long[] times, long[] registers)
    {
        long lost = 0;
        double plain = 0;
        long[] doubtful = [0, 0];
        for (int index = 0; index < times.Length; index++)
        {
            Reading given = filter.Take(new(times[index], registers[index], 0, ReadingQuality.Good, HasValue: true), out TotaliserEvent happened);
            lost = happened.Kind == TotaliserEventKind.Reset ? doubtful[0] : lost;
            doubtful = given.Quality.IsGood ? doubtful : [doubtful[1], times[index]];
            plain += index == 0 ? 0 : Math.Max(0, registers[index] - registers[index - 1]);
        }

        return (lost, plain);
    }

    private static (long[] Times, long[] Registers) Register(string name, int decimals)
    {
        List<long> times = [];
        List<long> registers = [];
        foreach (string[] row in Rows(name + ".csv"))
        {
            times.Add(Instant(row[0]));
            Assert.True(ExactDecimal.TryParse(Encoding.ASCII.GetBytes(row[1]), out ExactDecimal value) && value.TryScale(decimals, out _));
            _ = value.TryScale(decimals, out long scaled);
            registers.Add(scaled);
        }

        return ([.. times], [.. registers]);
    }

    private static double Truth(string name, long start, long lost) =>
        Rows(name + ".truth.csv").Where(row => Instant(row[0]) > start && Instant(row[0]) != lost).Sum(row => double.Parse(row[1], CultureInfo.InvariantCulture));

    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(Path.Combine(Repository.SharedFile(Folder)!, file)).Skip(1).Select(line => line.Split(','));

    private static long Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
