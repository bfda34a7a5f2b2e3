namespace Metering.Tests.Charts;

/// <summary>Days laid down by hand.</summary>
internal static class SampleDays
{
    public static readonly DateOnly First = new(2025, 1, 1);

    public static ProjectDay Day(int offset, DayPhase phase, double use, double baseline) => new()
    {
        Day = First.AddDays(offset),
        Phase = phase,
        State = double.IsNaN(use) ? DayState.Missing : DayState.Measured,
        Use = use,
        Baseline = baseline,
        HalfWidth = phase == DayPhase.Reporting && !double.IsNaN(baseline) ? 5 : double.NaN,
    };

    public static IReadOnlyList<ProjectDay> Reporting(params double[] uses) =>
        [.. uses.Select((use, index) => Day(index, DayPhase.Reporting, use, 100))];
}
