namespace Metering.Gateway.Polling;

/// <summary>How long one slot of an interval should take on a bus.</summary>
/// <param name="Busy">Time in which a request is under way.</param>
/// <param name="Cycle">From the slot to the last answer, with the silences that meters need and nobody else fills.</param>
/// <param name="Renewal">From the slot until the next one could begin: the silences behind the last answers are in it too.</param>
internal readonly record struct SlotForecast(TimeSpan Busy, TimeSpan Cycle, TimeSpan Renewal)
{
    /// <summary>Goes through the groups of one interval as <see cref="BusWorker"/> does when all answer: of those that may be asked, the quickest first.</summary>
    internal static SlotForecast Of(IReadOnlyList<PolledGroup> groups)
    {
        int[] next = new int[groups.Count];
        UnitRests rests = new(groups.Select(group => group.Meter));
        TimeSpan now = TimeSpan.Zero;
        TimeSpan busy = TimeSpan.Zero;
        while (true)
        {
            int best = -1;
            TimeSpan bestCost = default;
            TimeSpan? rest = null;
            for (int index = 0; index < groups.Count; index++)
            {
                PolledGroup group = groups[index];
                if (next[index] == group.Group.Requests.Count)
                {
                    continue;
                }

                TimeSpan wait = rests.Of(group.Meter.Unit, now);
                TimeSpan cost = group.Group.CostOf(next[index]);
                if (wait > TimeSpan.Zero)
                {
                    rest = rest < wait ? rest : wait;
                }
                else if (best < 0 || cost < bestCost)
                {
                    (best, bestCost) = (index, cost);
                }
            }

            if (best >= 0)
            {
                next[best]++;
                busy += bestCost;
                now += bestCost;
                rests.Asked(groups[best].Meter.Unit, now);
            }
            else if (rest is TimeSpan waited)
            {
                now += waited;
            }
            else
            {
                return new(busy, now, now + groups.Select(group => rests.Of(group.Meter.Unit, now)).Append(TimeSpan.Zero).Max());
            }
        }
    }
}
