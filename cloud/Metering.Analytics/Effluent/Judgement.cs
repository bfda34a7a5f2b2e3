using Metering.Analytics.Indicators;

namespace Metering.Analytics.Effluent;

/// <summary>One limit about to be held against samples: which row is in force, and the sentence in the end.</summary>
internal sealed record Judgement(DischargeLimit? Limit, DateSpan Days, IReadOnlyList<LabResult> Results, ComplianceFinding? Failed)
{
    /// <summary>Finds the one row in force on all the days; <see cref="Failed"/> is set when there is none or several.</summary>
    public static Judgement Begin(List<DischargeLimit> limits, DateSpan days, IReadOnlyList<LabResult> results)
    {
        List<DischargeLimit> inForce = limits.FindAll(limit => limit.Validity.Overlaps(days));
        Judgement open = new(limits[0], days, results, null);
        if (inForce.Count == 1 && inForce[0].Validity.Contains(days))
        {
            return open with { Limit = inForce[0] };
        }

        bool several = inForce.Count > 1 && inForce.Count(limit => limit.Validity.Contains(days.Start)) > 1;
        ComplianceFinding failed = several
            ? open.Not(NotJudgedReason.SeveralLimits, FigureText.Line($"{inForce.Count} rows are in force at once: {string.Join(", ", inForce.Select(limit => limit.Note.Source))}."))
            : open.Not(NotJudgedReason.NoLimitInForce, FigureText.Line($"No row is in force on all of {days}."));
        return open with { Limit = null, Failed = failed with { Limit = null } };
    }

    /// <summary>The values a result can stand for, in the limit's unit.</summary>
    public bool TryConvert(LabResult result, out double low, out double high, out ComplianceFinding? failed)
    {
        bool isGrab = result.Sample == SampleType.Grab;
        double size = result.Unit == ConcentrationUnit.DegreeCelsius ? Math.Abs(result.Value.Figure) : result.Value.Figure;
        bool isUsable = size >= 0 && double.IsFinite(size) && isGrab == result.Taken.Length <= TimeSpan.Zero && result.Taken.Length >= TimeSpan.Zero;
        double factor = result.Unit == Limit!.Unit ? 1 : LabResult.MilligramsPerLitre(result.Unit) / LabResult.MilligramsPerLitre(Limit.Unit);
        low = result.Value.Low * factor;
        high = result.Value.High * factor;
        failed = isUsable ? null : Not(NotJudgedReason.BadResult, result.Number + " is missing, negative or infinite, or its span does not fit its type.");
        if (isUsable && (double.IsNaN(factor) || Limit.Unit == ConcentrationUnit.Unspecified))
        {
            failed = Not(NotJudgedReason.Unit, FigureText.Line($"{result.Number} is stated in {result.Unit}, the limit in {Limit.Unit}."));
        }

        return failed is null;
    }

    /// <summary>The verdict on a value known to lie between two bounds.</summary>
    public ComplianceFinding Compare(double low, double high, LabResult? single)
    {
        DischargeLimit limit = Limit!;
        if (double.IsNaN(limit.Low) && double.IsNaN(limit.High))
        {
            return Not(NotJudgedReason.NoLimitInForce, "The row states no figure.");
        }

        bool isOutside = low > limit.High || high < limit.Low;
        bool isInside = !(high > limit.High) && !(low < limit.Low);
        Verdict verdict = isOutside ? Verdict.Exceeds : isInside ? Verdict.Complies : Verdict.CannotBeJudged;
        double reach = single is null || single.Value.IsCensored ? double.NaN : 2 * high * single.StandardUncertaintyPercent / 100;
        bool? isClose = double.IsNaN(reach) ? null : Math.Abs(high - limit.High) <= reach || Math.Abs(low - limit.Low) <= reach;
        string value = low == high ? FigureText.Of(high) : FigureText.Of(low) + " to " + FigureText.Of(high);
        string word = verdict switch
        {
            Verdict.Complies => "complies with",
            Verdict.Exceeds => "is outside",
            _ => "cannot be judged against (results below their limit of detection leave it open)",
        };
        return Finding(verdict) with
        {
            Reason = verdict == Verdict.CannotBeJudged ? NotJudgedReason.NotSensitiveEnough : NotJudgedReason.None,
            Low = low,
            High = high,
            IsWithinUncertainty = isClose,
            Detail = FigureText.Line($"{limit.Parameter} {value} {limit.Unit} {word} the {limit.Kind} limit {Range(limit)} {limit.Unit} ({Source(limit)})."),
        };
    }

    /// <summary>No verdict, with the reason.</summary>
    public ComplianceFinding Not(NotJudgedReason reason, string detail) =>
        Finding(Verdict.CannotBeJudged) with { Reason = reason, Detail = detail };

    private static string Range(DischargeLimit limit) => double.IsNaN(limit.Low)
        ? FigureText.Of(limit.High)
        : double.IsNaN(limit.High) ? "at least " + FigureText.Of(limit.Low) : FigureText.Of(limit.Low) + " to " + FigureText.Of(limit.High);

    private static string Source(DischargeLimit limit) =>
        limit.Note.Mark is { } mark ? limit.Note.Source + "; " + mark : limit.Note.Source;

    private ComplianceFinding Finding(Verdict verdict) => new()
    {
        Parameter = Limit!.Parameter,
        Kind = Limit.Kind,
        Verdict = verdict,
        Limit = Limit,
        Day = Days.Start,
        ResultNumbers = [.. Results.Select(result => result.Number)],
        Detail = "",
    };
}
