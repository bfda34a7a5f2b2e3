using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>The fast kernel against the plain one on random histories with every fault.</summary>
public class CounterDifferentialTests
{
    private const long Start = 1_740_787_200_000; // 2025-03-01 00:00 UTC
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("METERING_LONG") == "1";

    [Fact]
    public void The_fast_kernel_agrees_with_the_plain_one_in_every_figure()
    {
        IntervalColumns columns = new();
        int seeds = IsLong ? 20_000 : 1000;
        for (int seed = 1; seed <= seeds; seed++)
        {
            Random random = new(seed);
            (long[] time, long[] register, bool[] usable, CounterOptions options) = History(random);
            IntervalSeries plain = PlainCounter.Build(time, register, usable, options);
            AssertSame(plain, IntervalBuilder.FromCounter(time, register, usable, options), seed);
            IntervalBuilder.FromCounter(time, register, usable, options, columns);
            Assert.True(plain.Value.SequenceEqual(columns.Value.ToArray()), $"seed {seed}: columns used again");
            Assert.True(plain.Code.SequenceEqual(columns.Code.ToArray()), $"seed {seed}: columns used again");
            Assert.True(plain.KnownScaled.SequenceEqual(columns.KnownScaled.ToArray()), $"seed {seed}: columns used again");
        }
    }

    private static void AssertSame(IntervalSeries plain, IntervalSeries fast, int seed)
    {
        Assert.True(plain.TotalScaled == fast.TotalScaled, $"seed {seed}: total {plain.TotalScaled} {fast.TotalScaled}");
        Assert.True(plain.Segments.SequenceEqual(fast.Segments), $"seed {seed}: segments");
        Assert.True(plain.Findings.SequenceEqual(fast.Findings), $"seed {seed}: findings");
        Assert.True(plain.StartUtcMilliseconds.SequenceEqual(fast.StartUtcMilliseconds), $"seed {seed}: starts");
        Assert.True(plain.EndUtcMilliseconds == fast.EndUtcMilliseconds, $"seed {seed}: end");
        Assert.True(plain.KnownScaled.SequenceEqual(fast.KnownScaled), $"seed {seed}: known");
        Assert.True(plain.KnownMilliseconds.SequenceEqual(fast.KnownMilliseconds), $"seed {seed}: time");
        Assert.True(plain.Code.SequenceEqual(fast.Code), $"seed {seed}: codes");
        Assert.True(plain.Value.SequenceEqual(fast.Value), $"seed {seed}: values");
    }

    /// <summary>Clean stretches of some hundred readings with faults between, so that both ways of reading meet all the time.</summary>
    private static (long[] Time, long[] Register, bool[] Usable, CounterOptions Options) History(Random random)
    {
        int count = random.Next(1, random.Next(2) == 0 ? 200 : 4000);
        long spacing = random.Next(4) switch { 0 => 1000, 1 => 60_000, 2 => 300_000, _ => 900_000 };
        int rarity = random.Next(4) switch { 0 => 10, 1 => 100, 2 => 1000, _ => 100_000 };
        int jitter = random.Next(3) == 0 ? (int)(spacing / 3) : 0;
        int most = random.Next(2) == 0 ? 3 : 400;
        bool unordered = random.Next(2) == 0;
        long? modulus = random.Next(2) == 0 ? 65_536 : null;
        long[] time = new long[count];
        long[] register = new long[count];
        bool[] usable = new bool[count];
        Array.Fill(usable, true);
        long now = Start + random.Next(0, 900_000);
        long value = random.Next(0, 70_000);
        int stuck = 0;
        for (int i = 0; i < count; i++)
        {
            now += spacing + (jitter == 0 ? 0 : random.Next(-jitter, jitter));
            long rise = stuck-- > 0 ? 0 : random.Next(0, most);
            value += rise;
            long shown = value;
            switch (random.Next(rarity))
            {
                case 0: shown = 0; break;
                case 1: shown = value * 10; break;
                case 2: now += random.Next(1, 400) * spacing; break;
                case 3: value = random.Next(0, 70_000); break;
                case 4: stuck = random.Next(1, 40); break;
                case 5: value += most * 20; break;
                case 6 when unordered: (now, shown) = (now - (random.Next(1, 5) * spacing), -1); break;
                case 7 when unordered: now -= spacing; break;
                case 8 when unordered: usable[i] = false; break;
                case 9 when unordered: shown = random.NextInt64(long.MinValue, long.MaxValue); break;
                default: break;
            }

            value = modulus is { } at && value >= at ? value % at : value;
            time[i] = now;
            register[i] = modulus is { } limit && shown > 0 && shown < 1_000_000 ? shown % limit : shown;
        }

        CounterOptions options = new()
        {
            Step = random.Next(6) switch
            {
                0 => IntervalStep.Hour,
                1 => IntervalStep.Day,
                2 => IntervalStep.Month,
                3 => IntervalStep.Of(TimeSpan.FromMinutes(1)),
                _ => IntervalStep.QuarterHour,
            },
            Exponent = random.Next(3),
            Modulus = modulus,
            MaximumRatePerHour = random.Next(3) == 0 ? most * 3_600_000.0 / spacing : null,
        };
        return (time, register, usable, options);
    }
}
