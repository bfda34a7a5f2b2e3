using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.CalTrack;

/// <summary>Puts intervals of a period in order and applies the rules for days and bills (CalTRACK 2.0, 2.2, 2.3 and 3.5.5).</summary>
internal sealed class IntervalCleaning(CalTrackOptions options, List<Reason> reasons, List<Reason> warnings)
{
    /// <summary>Most intervals in one period: 54 years of days.</summary>
    public const int MaximumIntervals = 20_000;

    /// <summary>A bill shorter than this is an off-cycle reading (2.2.3.4).</summary>
    private const int ShortestBillDays = 25;

    /// <summary>Longest one-month bill, and the median above which bills count as two-month ones (2.2.3.5).</summary>
    private const int LongestMonthlyBillDays = 35;

    /// <summary>Longest two-month bill, and the most that a combined one may span (2.2.3.1, 2.2.3.5).</summary>
    private const int LongestBillDays = 70;

    private const double ShortestDay = 22.5 / 24;
    private const double LongestDay = 25.5 / 24;
    private const double ExtremeSpreads = 3;
    private const int RowsForQuartiles = 8;

    /// <summary>Days of combined bills that rest on estimated readings; they count as missing (2.2.3.1).</summary>
    public double EstimatedDays { get; private set; }

    /// <summary>The days of a period that can be used, ascending.</summary>
    public List<MeteredInterval> Days(IReadOnlyList<MeteredInterval> given, Period period, string name)
    {
        List<MeteredInterval> rows = Order(given, period, name);
        int odd = rows.RemoveAll(row => row.Days is < ShortestDay or > LongestDay);
        if (odd > 0)
        {
            warnings.Add(Say(ReasonKind.LowCoverage, $"{odd} rows of the {name} period are not one day long and are not used."));
        }

        rows = Combine(rows, shortToo: false);
        return Usable(rows, name);
    }

    /// <summary>The bills of a period that can be used, ascending.</summary>
    public List<MeteredInterval> Bills(IReadOnlyList<MeteredInterval> given, Period period, string name, bool isBaseline)
    {
        List<MeteredInterval> rows = Order(given, period, name);
        int longest = LongestBill(rows);
        int combined = rows.Count;
        rows = Combine(rows, shortToo: !isBaseline);
        combined -= rows.Count;
        if (combined > 0)
        {
            warnings.Add(Say(ReasonKind.LowCoverage,
                $"{combined} bills of the {name} period were combined with the bill after them, or left out where that would pass {LongestBillDays} days (CalTRACK 2.0, 2.2.3.1 and 3.5.5)."));
        }

        int longer = rows.Count(row => row.WholeDays > longest);
        int dropped = isBaseline ? rows.RemoveAll(row => row.WholeDays < ShortestBillDays || row.WholeDays > longest) : 0;
        if (dropped > 0)
        {
            warnings.Add(Say(ReasonKind.LowCoverage,
                $"{dropped} bills of the {name} period are shorter than {ShortestBillDays} or longer than {longest} days and are not used (CalTRACK 2.0, 2.2.3.4 and 2.2.3.5)."));
        }
        else if (!isBaseline && longer > 0)
        {
            warnings.Add(Say(ReasonKind.LowCoverage,
                $"{longer} bills of the {name} period are longer than {longest} days; look at them (CalTRACK 2.0, 3.5.5.4)."));
        }

        return Usable(rows, name);
    }

    private static Reason Say(ReasonKind kind, FormattableString text) => new(kind, text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Rows wholly inside the period, in order of time, each once.</summary>
    private List<MeteredInterval> Order(IReadOnlyList<MeteredInterval> given, Period period, string name)
    {
        List<MeteredInterval> rows = [];
        bool sorted = true;
        foreach (MeteredInterval row in given)
        {
            MeteredInterval.CheckInstant(row.StartUtcMilliseconds, nameof(given));
            MeteredInterval.CheckInstant(row.EndUtcMilliseconds, nameof(given));
            if (row.EndUtcMilliseconds <= row.StartUtcMilliseconds)
            {
                throw new ArgumentException("An interval ends before it begins.", nameof(given));
            }

            if (row.StartUtcMilliseconds >= period.StartUtcMilliseconds && row.EndUtcMilliseconds <= period.EndUtcMilliseconds)
            {
                sorted &= rows.Count == 0 || row.StartUtcMilliseconds >= rows[^1].StartUtcMilliseconds;
                rows.Add(row);
            }
        }

        if (rows.Count > MaximumIntervals)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The {name} period has {rows.Count} intervals; the limit is {MaximumIntervals}."), nameof(given));
        }

        if (!sorted)
        {
            rows.Sort((left, right) => left.StartUtcMilliseconds.CompareTo(right.StartUtcMilliseconds));
            warnings.Add(Say(ReasonKind.RowsPutInOrder, $"Rows of the {name} period were out of order and were sorted."));
        }

        return DropRepeats(rows, name);
    }

    private List<MeteredInterval> DropRepeats(List<MeteredInterval> rows, string name)
    {
        List<MeteredInterval> kept = new(rows.Count);
        int conflicts = 0;
        foreach (MeteredInterval row in rows)
        {
            if (kept.Count > 0 && row.Equals(kept[^1]))
            {
                continue;
            }

            conflicts += kept.Count > 0 && row.StartUtcMilliseconds < kept[^1].EndUtcMilliseconds ? 1 : 0;
            kept.Add(row);
        }

        if (conflicts > 0)
        {
            reasons.Add(Say(ReasonKind.ConflictingRows,
                $"{conflicts} rows of the {name} period overlap the row before with other values. Keep one of each."));
        }

        return kept;
    }

    private int LongestBill(List<MeteredInterval> rows)
    {
        if (options.BillLength != BillLength.FromData)
        {
            return options.BillLength == BillLength.Monthly ? LongestMonthlyBillDays : LongestBillDays;
        }

        int[] lengths = [.. rows.Select(row => row.WholeDays)];
        Array.Sort(lengths);
        return lengths.Length > 0 && lengths[lengths.Length / 2] > LongestMonthlyBillDays ? LongestBillDays : LongestMonthlyBillDays;
    }

    /// <summary>Joins estimated rows, and short ones when asked, with the row after them; leaves out what cannot be joined.</summary>
    private List<MeteredInterval> Combine(List<MeteredInterval> rows, bool shortToo)
    {
        List<MeteredInterval> combined = new(rows.Count);
        MeteredInterval? carried = null;
        double carriedDays = 0;
        foreach (MeteredInterval row in rows)
        {
            MeteredInterval joined = row;
            if (carried is MeteredInterval before && before.EndUtcMilliseconds == row.StartUtcMilliseconds
                && before.WholeDays + row.WholeDays <= LongestBillDays)
            {
                joined = row with { StartUtcMilliseconds = before.StartUtcMilliseconds, Use = before.Use + row.Use };
            }
            else
            {
                carriedDays = 0;
            }

            if (row.IsEstimated || (shortToo && joined.WholeDays < ShortestBillDays))
            {
                carriedDays += row.IsEstimated ? row.Days : 0;
                carried = joined;
                continue;
            }

            EstimatedDays += carriedDays;
            carriedDays = 0;
            carried = null;
            combined.Add(joined);
        }

        return combined;
    }

    /// <summary>Takes out missing use; flags what is negative, infinite or extreme (2.2.1.4, 2.3.5, 2.3.6).</summary>
    private List<MeteredInterval> Usable(List<MeteredInterval> rows, string name)
    {
        bool zeroIsMissing = options.Fuel == MeteredFuel.Electricity;
        int zeros = rows.Count(row => row.Use == 0);
        if (zeroIsMissing && zeros > 0)
        {
            warnings.Add(Say(ReasonKind.LowCoverage, $"{zeros} rows of the {name} period are zero, which counts as missing for electricity (CalTRACK 2.0, 2.2.1.4)."));
        }

        rows.RemoveAll(row => double.IsNaN(row.Use) || (zeroIsMissing && row.Use == 0));
        int infinite = rows.Count(row => double.IsInfinity(row.Use));
        int negative = rows.Count(row => row.Use < 0);
        if (infinite > 0)
        {
            reasons.Add(Say(ReasonKind.NotFinite, $"Use is infinite in {infinite} rows of the {name} period. Leave missing values blank."));
        }

        if (negative > 0)
        {
            reasons.Add(Say(ReasonKind.NegativeUse,
                $"Use is below zero in {negative} rows of the {name} period: own generation, or a correction (CalTRACK 2.0, 2.3.5). Give imported and exported use apart."));
        }

        WarnOfExtremes(rows, name);
        return rows;
    }

    private void WarnOfExtremes(List<MeteredInterval> rows, string name)
    {
        if (rows.Count < RowsForQuartiles)
        {
            return;
        }

        double[] perDay = [.. rows.Select(row => row.Use / row.Days)];
        Array.Sort(perDay);
        double limit = Quantile(perDay, 0.5) + (ExtremeSpreads * (Quantile(perDay, 0.75) - Quantile(perDay, 0.25)));
        int extreme = perDay.Count(value => value > limit);
        if (extreme > 0)
        {
            warnings.Add(Say(ReasonKind.WideScatter,
                $"{extreme} rows of the {name} period use more than {limit:0.####} a day, three interquartile ranges above the median; look at them (CalTRACK 2.0, 2.3.6)."));
        }
    }

    /// <summary>Straight line between the two nearest of the sorted values.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        double next = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((place - below) * (next - sorted[below]));
    }
}
