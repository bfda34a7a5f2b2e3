using Metering.Analytics.Intervals;

namespace Metering.Analytics.Validation;

/// <summary>Lays edits over a series. The series itself is never changed: withdrawing every edit gives it back.</summary>
public static class EditLedger
{
    /// <summary>Most edits on one series.</summary>
    public const int MaximumEdits = 100_000;

    /// <summary>The series after all edits, in their order; its version is higher by the number of edits.</summary>
    /// <param name="series">The series before any edit.</param>
    /// <param name="edits">All edits ever made on it, those withdrawn too.</param>
    /// <exception cref="ArgumentException">An edit without person or reason, with a value that is not finite, off the borders, out of order, or one that withdraws what is not there.</exception>
    public static ValidatedSeries Apply(ValidatedSeries series, IReadOnlyList<IntervalEdit> edits)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(edits);
        if (edits.Count > MaximumEdits)
        {
            throw new ArgumentException($"{edits.Count} edits were given; the limit is {MaximumEdits}.", nameof(edits));
        }

        HashSet<int> withdrawn = CheckAll(edits);
        ValidatedSeries edited = series.Next(series.Version + edits.Count);
        foreach (IntervalEdit edit in edits)
        {
            if (edit.Kind == EditKind.Withdraw)
            {
                continue;
            }

            (int from, int to) = RangeOf(series.Source, edit);
            if (!withdrawn.Contains(edit.Number))
            {
                double value = edit.Kind == EditKind.Reject ? double.NaN : edit.ValuePerInterval;
                for (int i = from; i < to; i++)
                {
                    edited.SetEdited(i, value, edit.Number);
                }
            }
        }

        return edited;
    }

    /// <summary>Checks every edit, and gives the numbers of those withdrawn.</summary>
    private static HashSet<int> CheckAll(IReadOnlyList<IntervalEdit> edits)
    {
        HashSet<int> open = [];
        HashSet<int> withdrawn = [];
        int number = 0;
        long made = IntervalBuilder.EarliestUtcMilliseconds;
        foreach (IntervalEdit edit in edits)
        {
            ArgumentNullException.ThrowIfNull(edit);
            string? fault = FaultOf(edit, number, made);
            if (fault is null && edit.Kind == EditKind.Withdraw && !open.Remove(edit.Withdraws))
            {
                fault = $"withdraws edit {edit.Withdraws}, which is not there or is withdrawn already";
            }

            if (fault is not null)
            {
                throw new ArgumentException($"Edit {edit.Number} {fault}.", nameof(edits));
            }

            if (edit.Kind == EditKind.Withdraw)
            {
                withdrawn.Add(edit.Withdraws);
            }
            else
            {
                open.Add(edit.Number);
            }

            number = edit.Number;
            made = edit.MadeUtcMilliseconds;
        }

        return withdrawn;
    }

    private static string? FaultOf(IntervalEdit edit, int numberBefore, long madeBefore) => edit switch
    {
        _ when edit.Number <= numberBefore => "does not have a higher number than the one above it",
        _ when string.IsNullOrWhiteSpace(edit.Person) => "names no person",
        _ when string.IsNullOrWhiteSpace(edit.Reason) => "gives no reason",
        _ when edit.MadeUtcMilliseconds < madeBefore || edit.MadeUtcMilliseconds > IntervalBuilder.LatestUtcMilliseconds => "was made before the one above it, or after 2199",
        { Kind: EditKind.SetValue } when !double.IsFinite(edit.ValuePerInterval) => "sets a value that is no number",
        { Kind: EditKind.Reject or EditKind.Withdraw } when !double.IsNaN(edit.ValuePerInterval) => "has a value and sets none",
        { Kind: EditKind.SetValue or EditKind.Reject, Withdraws: not 0 } => "withdraws and changes at once",
        { Kind: EditKind.SetValue or EditKind.Reject or EditKind.Withdraw } => null,
        _ => "is of no known kind",
    };

    private static (int From, int To) RangeOf(MeasuredSeries series, IntervalEdit edit)
    {
        int from = series.IndexOfBorder(edit.FromUtcMilliseconds);
        int to = series.IndexOfBorder(edit.ToUtcMilliseconds);
        if (from < 0 || to <= from)
        {
            throw new ArgumentException($"Edit {edit.Number} does not go from one border of {series.Channel} to a later one.", nameof(edit));
        }

        return (from, to);
    }
}
