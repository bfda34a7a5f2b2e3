namespace Metering.Tests.Analytics.Intervals;

/// <summary>One fault of a counter's history.</summary>
public enum CounterFault
{
    None,
    Rollover16Bit,
    Rollover32Bit,
    RolloverOfDisplay,
    ResetToZero,
    ReplacementAboveZero,
    TransientZero,
    TenfoldSpike,
    StuckThenCatchUp,
    GapOfTwoHours,
    GapOfThreeDays,
    DuplicateOutOfOrderAndClockJump,
}

/// <summary>
/// A month of quarter hours of a plant with weekdays and nights, and what its register showed, with one fault. True use is
/// in fractions of a step; the register shows whole steps.
/// </summary>
internal sealed class CounterHistory
{
    public const long Quarter = 15 * 60 * 1000;
    public const int Readings = 31 * 96;
    public static readonly long Start = new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly Random random;
    private readonly List<(long Time, long Register)> rows = [];

    public CounterHistory(CounterFault fault, int seed)
    {
        random = new Random(seed);
        Fault = fault;
        Modulus = fault switch
        {
            CounterFault.Rollover16Bit => 65_536,
            CounterFault.Rollover32Bit => 4_294_967_296,
            CounterFault.RolloverOfDisplay => 1_000_000,
            _ => null,
        };
        double register = Modulus is { } modulus ? modulus - random.Next(2000, 20_000) : random.Next(50_000, 500_000);
        TrueSteps = new double[Readings];
        long[] shown = new long[Readings];
        for (int i = 0; i < Readings; i++)
        {
            int hour = i / 4 % 24;
            int weekday = i / 96 % 7;
            double level = (hour is >= 7 and < 19 ? 20 : 5) * (weekday is 1 or 2 ? 0.4 : 1);
            TrueSteps[i] = i == 0 ? 0 : level * (0.7 + (0.6 * random.NextDouble()));
            register += TrueSteps[i];
            shown[i] = (long)register;
        }

        // A register stands still on a workday, when there is something to count.
        EventIndex = fault == CounterFault.StuckThenCatchUp ? (10 * 96) + 28 : random.Next(600, 2000);
        for (int i = 0; i < Readings; i++)
        {
            rows.Add((Start + (i * Quarter), Modulus is { } at ? shown[i] % at : shown[i]));
        }

        Break();
        Time = [.. rows.Select(row => row.Time)];
        Register = [.. rows.Select(row => row.Register)];
    }

    public CounterFault Fault { get; }

    public long? Modulus { get; }

    public int EventIndex { get; }

    /// <summary>True use between the reading before and each reading, in register steps.</summary>
    public double[] TrueSteps { get; }

    public long[] Time { get; }

    public long[] Register { get; }

    /// <summary>True use from one reading's time to another's, both on the grid.</summary>
    public double TrueBetween(long from, long to)
    {
        double sum = 0;
        for (long i = ((from - Start) / Quarter) + 1; i <= (to - Start) / Quarter; i++)
        {
            sum += TrueSteps[i];
        }

        return sum;
    }

    private void Break()
    {
        switch (Fault)
        {
            case CounterFault.ResetToZero:
                Shift(rows[EventIndex].Register);
                break;
            case CounterFault.ReplacementAboveZero:
                Shift(rows[EventIndex].Register * random.Next(15, 90) / 100);
                break;
            case CounterFault.TransientZero:
                Set(random.Next(1, 4), _ => 0);
                break;
            case CounterFault.TenfoldSpike:
                Set(1, value => value * 10);
                break;
            case CounterFault.StuckThenCatchUp:
                long stood = rows[EventIndex].Register;
                Set(random.Next(8, 60), _ => stood);
                break;
            case CounterFault.GapOfTwoHours:
                rows.RemoveRange(EventIndex, 8);
                break;
            case CounterFault.GapOfThreeDays:
                rows.RemoveRange(EventIndex, 288);
                break;
            case CounterFault.DuplicateOutOfOrderAndClockJump:
                Disorder();
                break;
            default:
                break;
        }
    }

    private void Shift(long by)
    {
        for (int i = EventIndex; i < Readings; i++)
        {
            rows[i] = (rows[i].Time, rows[i].Register - by);
        }
    }

    private void Set(int count, Func<long, long> show)
    {
        for (int i = EventIndex; i < EventIndex + count; i++)
        {
            rows[i] = (rows[i].Time, show(rows[i].Register));
        }
    }

    /// <summary>A reading that came twice, one that came late, and a clock that was wrong for a while.</summary>
    private void Disorder()
    {
        int jump = EventIndex + 400;
        long wrongBy = (random.Next(2) == 0 ? 1 : -1) * random.Next(2, 20) * Quarter;
        int length = random.Next(3, 30);
        for (int i = jump; i < jump + length; i++)
        {
            rows[i] = (rows[i].Time + wrongBy, rows[i].Register);
        }

        (long Time, long Register) late = rows[EventIndex + 100];
        rows.RemoveAt(EventIndex + 100);
        rows.Insert(EventIndex + 103, late);
        rows.Insert(EventIndex, rows[EventIndex]);
    }
}
