namespace Metering.Analytics.Events;

/// <summary>One event by rows: a step from <see cref="First"/>, a temporary event before <see cref="End"/>, a drift that grows from <see cref="First"/>.</summary>
internal readonly record struct EventAtom(EventKind Kind, int First, int End)
{
    /// <summary>The event's column, not weighted: 1 inside, 0 outside; a drift grows by 1 per row of time.</summary>
    public void Fill(ReadOnlySpan<double> position, Span<double> column)
    {
        column[..First].Clear();
        column[First..End].Fill(1);
        column[End..].Clear();
        if (Kind == EventKind.Drift)
        {
            for (int i = First; i < End; i++)
            {
                column[i] = position[i] - position[First];
            }
        }
    }
}
