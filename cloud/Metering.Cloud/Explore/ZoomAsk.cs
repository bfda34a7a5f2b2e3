using System.Globalization;

namespace Metering.Cloud.Explore;

/// <summary>Length of the parts that a stretch of time is shown in.</summary>
internal enum ZoomStep
{
    /// <summary>15 minutes, of a stretch of at most <see cref="ZoomAsk.MostQuarterDays"/> days.</summary>
    QuarterHour = 0,

    /// <summary>A day of the plant.</summary>
    Day = 1,

    /// <summary>From Monday to Sunday, cut at the ends of the stretch.</summary>
    Week = 2,
}

/// <summary>A stretch of days that a reader asks to see: ?from=2026-03-01&amp;to=2026-03-14, both days included, and if wished step=15m, 1d or 1w.</summary>
/// <param name="Range">The days shown.</param>
/// <param name="Step">Length of the parts shown.</param>
/// <param name="Notice">Why something else is shown than was asked for; null when it is what was asked for.</param>
internal sealed record ZoomAsk(DayRange Range, ZoomStep Step, Text? Notice)
{
    /// <summary>Longest stretch in quarters of an hour: 1,344 of them, about as many as a screen has columns.</summary>
    public const int MostQuarterDays = 14;

    /// <summary>Longest stretch in days unless days are asked for.</summary>
    public const int MostDays = 120;

    /// <summary>Longest stretch in days.</summary>
    public const int MostDaysAsked = 400;

    /// <summary>What a request asks for; null when it asks for no stretch.</summary>
    /// <param name="query">The query of the request.</param>
    /// <param name="whole">The days there are; what lies outside is left away.</param>
    public static ZoomAsk? Of(IQueryCollection query, DayRange whole)
    {
        (string from, string to, string step) = (query["from"].ToString(), query["to"].ToString(), query["step"].ToString());
        return from.Length + to.Length + step.Length == 0 ? null : Of(from, to, step, whole);
    }

    /// <summary>The words of a request; a day that is empty is that end of the whole.</summary>
    public static ZoomAsk Of(string from, string to, string step, DayRange whole)
    {
        (DateOnly? first, DateOnly? last) = (Day(from, whole.First), Day(to, whole.Last));
        if (first is not { } begin || last is not { } end || begin > end || begin > whole.Last || end < whole.First)
        {
            return new(whole, Coarsest(whole), ZoomWords.DaysWrong);
        }

        DayRange range = new(begin < whole.First ? whole.First : begin, end > whole.Last ? whole.Last : end);
        return step switch
        {
            "15m" => range.Count <= MostQuarterDays ? new(range, ZoomStep.QuarterHour, null) : new(range, Coarsest(range), ZoomWords.QuarterTooLong),
            "1d" => range.Count <= MostDaysAsked ? new(range, ZoomStep.Day, null) : new(range, ZoomStep.Week, ZoomWords.DaysTooLong),
            "1w" => new(range, ZoomStep.Week, null),
            "" => new(range, range.Count <= MostQuarterDays ? ZoomStep.QuarterHour : Coarsest(range), null),
            _ => new(range, Coarsest(range), ZoomWords.StepWrong),
        };
    }

    /// <summary>Word of a step in addresses.</summary>
    public static string WordOf(ZoomStep step) => step switch
    {
        ZoomStep.QuarterHour => "15m",
        ZoomStep.Day => "1d",
        _ => "1w",
    };

    private static ZoomStep Coarsest(DayRange range) => range.Count <= MostDays ? ZoomStep.Day : ZoomStep.Week;

    private static DateOnly? Day(string text, DateOnly byDefault) => text.Length == 0
        ? byDefault
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;
}
