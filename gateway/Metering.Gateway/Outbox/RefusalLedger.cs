using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>How much of what the field gives is taken.</summary>
internal enum Intake
{
    Everything,

    /// <summary>See <see cref="HourlyTotals"/>.</summary>
    Totals,

    Nothing,
}

/// <summary>
/// Chooses what is taken and counts what is refused, so that every refused reading ends in the count of exactly one sealed gap.
/// In narrow times the gap goes out with each hour's totals, so a power cut takes back one hour of the count at most.
/// </summary>
internal sealed class RefusalLedger(IReadOnlyList<Channel> channels)
{
    private HourlyTotals _totals = new(channels);
    private readonly PendingCycles _chosen = new();
    private PendingCycles _pending = new();
    private Standing _durable;
    private Standing _next;
    private long _total;

    /// <summary>Readings refused since the start.</summary>
    internal long Total => Interlocked.Read(ref _total);

    /// <summary>Readings refused whose gap is not sealed yet.</summary>
    internal long Unsealed => _durable.Refused;

    /// <summary>Goes on with other channels; what is refused and not sealed yet stays counted.</summary>
    internal void Use(IReadOnlyList<Channel> channels)
    {
        _totals = new(channels);
        if (_durable.Since is long since)
        {
            _totals.Begin(since);
        }
    }

    /// <summary>What of the pending is to be made durable, with the gaps that count the rest. Follow it with <see cref="Confirm"/>, or choose again.</summary>
    /// <param name="pending">What the field gave; must stay until then.</param>
    /// <param name="intake">How much is taken.</param>
    /// <param name="lastSlot">Last durable slot; null for none.</param>
    internal PendingCycles Choose(PendingCycles pending, Intake intake, long? lastSlot)
    {
        (_pending, _next) = (pending, _durable);
        _chosen.Clear();
        if (intake == Intake.Everything && _durable.Since is null)
        {
            return pending;
        }

        foreach (PendingCycles.Item item in pending.Items)
        {
            if (item.Gap is not null)
            {
                if (intake != Intake.Nothing)
                {
                    _chosen.Add(item.Gap);
                }

                continue;
            }

            Choose(item, intake, lastSlot);
        }

        return _chosen;
    }

    /// <summary>What was chosen last is durable.</summary>
    internal void Confirm()
    {
        if (_durable.Since is not null || _next.Since is not null)
        {
            foreach (PendingCycles.Item item in _chosen.Items)
            {
                _totals.Keep(item.Header.SlotUtcMilliseconds, item.Gap is null ? _chosen.ReadingsOf(item) : []);
            }

            long kept = _chosen.ReadingCount;
            _ = Interlocked.Add(ref _total, _pending.ReadingCount - kept);
        }

        _durable = _next;
    }

    private void Choose(in PendingCycles.Item item, Intake intake, long? lastSlot)
    {
        long slot = item.Header.SlotUtcMilliseconds;
        ReadOnlySpan<Reading> readings = _pending.ReadingsOf(item);
        if (intake != Intake.Everything && _next.Since is null)
        {
            _next = new(lastSlot ?? slot, 0);
            _totals.Begin(lastSlot ?? slot);
        }

        ReadOnlySpan<Reading> taken = intake switch
        {
            Intake.Everything => readings,
            Intake.Totals => _totals.Choose(slot, readings),
            Intake.Nothing => [],
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        _next = _next with { Refused = _next.Refused + readings.Length - taken.Length };
        if (taken.IsEmpty)
        {
            return;
        }

        if (_next.Refused > 0)
        {
            _chosen.Add(new GapEvent(_next.Since ?? slot, slot, GapReason.OutboxFull, _next.Refused));
        }

        _chosen.Add(item.Header, taken);
        _next = new(intake == Intake.Everything ? null : slot, 0);
    }

    private readonly record struct Standing(long? Since, long Refused);
}
