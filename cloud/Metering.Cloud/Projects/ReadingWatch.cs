using System.Collections.Concurrent;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>A look at how far the store can be read.</summary>
/// <param name="Life">Number of the store's life: another one when what an earlier look saw is not there any more. 0 for no look.</param>
/// <param name="Sequence">Every batch up to this place of the journal can be read.</param>
/// <param name="At">When, by the clock's timestamps.</param>
internal readonly record struct ReadingLook(int Life, long Sequence, long At);

/// <summary>
/// Tells whether the readings of a gateway can be others than at an earlier look, without reading any: readings get into the store in batches of its journal alone, so one question
/// about the journal's end serves every project. In doubt it says that they can. Safe from any thread.
/// </summary>
/// <param name="store">The readings.</param>
/// <param name="clock">The present.</param>
internal sealed class ReadingWatch(IReadingStore store, TimeProvider clock)
{
    // A list asks once for each project.
    private static readonly TimeSpan Shared = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private volatile Seen seen = new(0);
    private ReadingLook last;
    private string head = "";
    private long pruned;

    /// <summary>How far the store can be read, as of a quarter of a second ago or later. Whoever reads after it sees at least that.</summary>
    /// <exception cref="StoreException">The store fails; the next look asks again from where this one would have.</exception>
    public ReadingLook Look()
    {
        lock (gate)
        {
            if (last.Life > 0 && clock.GetElapsedTime(last.At) < Shared)
            {
                return last;
            }

            long at = clock.GetTimestamp();
            ReadingStanding now = store.StandingAfter(last.Life > 0 ? last.Sequence : long.MaxValue);
            bool goesOn = last.Life > 0 && now.Newest is not null && now.Through >= last.Sequence && now.Earlier == head && now.PrunedDays == pruned;
            if (goesOn)
            {
                // Before anybody gets the new place: who compares with it meanwhile is told of one change too many, and never of one too few.
                foreach ((string gateway, long sequence) in now.Newest!)
                {
                    seen.Newest[gateway] = sequence;
                }
            }
            else
            {
                seen = new(last.Life + 1);
            }

            (head, pruned) = (now.Head, now.PrunedDays);
            last = new(seen.Life, now.Through, at);
            return last;
        }
    }

    /// <summary>Whether all readings of a project's channels are certainly those that could be read at an earlier look.</summary>
    /// <param name="project">The project.</param>
    /// <param name="earlier">The look before its readings were read.</param>
    /// <param name="now">The present one.</param>
    public bool IsSame(Project project, ReadingLook earlier, ReadingLook now)
    {
        Seen present = seen;
        if (earlier.Life != now.Life || present.Life != now.Life)
        {
            return false;
        }

        // A gateway that is not in it brought nothing in this life of the store.
        return earlier.Sequence == now.Sequence || project.Channels().All(name => present.Newest.GetValueOrDefault(name.Gateway) <= earlier.Sequence);
    }

    private sealed record Seen(int Life)
    {
        public ConcurrentDictionary<string, long> Newest { get; } = new(StringComparer.Ordinal);
    }
}
