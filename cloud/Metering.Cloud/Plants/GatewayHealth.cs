using System.Globalization;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>How a gateway stands, as far as the cloud can see it.</summary>
internal sealed record GatewayHealth
{
    /// <summary>Gateway identifier.</summary>
    public required string Gateway { get; init; }

    /// <summary>Number of its newest key.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>Whether the cloud signs for it: readings that were brought in.</summary>
    public required bool IsImport { get; init; }

    /// <summary>Last batch of the chain; 0 when none came.</summary>
    public required long Through { get; init; }

    /// <summary>When that batch came, UTC milliseconds; null when it is not noted.</summary>
    public long? ReceivedUtcMilliseconds { get; init; }

    /// <summary>Newest reading of its channels, UTC milliseconds; null without any.</summary>
    public long? NewestUtcMilliseconds { get; init; }

    /// <summary>Batches that are safe but wait for one before them.</summary>
    public required int Waiting { get; init; }

    /// <summary>Messages put aside, over its whole life.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Batches stated lost.</summary>
    public required long Lost { get; init; }

    /// <summary>How its newest key ended; null while it holds.</summary>
    public KeyEnd? End { get; init; }

    /// <summary>State of its clock in the last batch; null when the batch is not there.</summary>
    public ClockState? Clock { get; init; }

    /// <summary>Its software in the last batch; empty when not known.</summary>
    public string Software { get; init; } = "";

    /// <summary>Every gateway of a plant, by identifier.</summary>
    public static IReadOnlyList<GatewayHealth> Of(IReadingStore store, Plant plant)
    {
        ILookup<string, StoredChannel> channels = store.ChannelsOfPlant(plant.Id).ToLookup(channel => channel.Gateway, StringComparer.Ordinal);
        List<GatewayHealth> found = [];
        foreach (IGrouping<string, GatewayEnrolment> enrolments in store.EnrolmentsOfPlant(plant.Id).GroupBy(enrolment => enrolment.Gateway, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            GatewayEnrolment newest = enrolments.MaxBy(enrolment => enrolment.KeyEpoch)!;
            ChainStanding standing = store.Standing(newest.Gateway, newest.KeyEpoch);
            long? last = channels[newest.Gateway].Max(channel => (long?)channel.LastUtcMilliseconds);
            JournalRecord? record = last is { } at && store.BatchesAt(newest.Gateway, at, 1) is [{ } batch, ..] ? batch : null;
            BatchManifest? manifest = record is null ? null : BatchEnvelope.Open(record.Envelope.Span).Manifest;
            found.Add(new()
            {
                Gateway = newest.Gateway,
                KeyEpoch = newest.KeyEpoch,
                IsImport = newest.Origin != ReadingOrigin.Gateway,
                Through = standing.Head.Through,
                ReceivedUtcMilliseconds = record?.ReceivedUtcMilliseconds,
                NewestUtcMilliseconds = last,
                Waiting = standing.Early.Count,
                Quarantined = store.QuarantinedOf(newest.Gateway),
                Lost = store.Losses().Where(loss => loss.Gateway == newest.Gateway).Sum(loss => loss.Last - loss.First + 1),
                End = store.FindEnd(newest.Gateway, newest.KeyEpoch),
                Clock = manifest?.Clock,
                Software = manifest?.Software ?? "",
            });
        }

        return found;
    }

    /// <summary>What is wrong with it, in words; empty when nothing is.</summary>
    public IEnumerable<Text> Faults()
    {
        if (End is { RevokedFrom: { } from })
        {
            yield return EntryDesk.Fill(HealthWords.Revoked, from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), End.Reason);
        }

        if (Through == 0)
        {
            yield return HealthWords.NothingYet;
        }

        if (Waiting > 0)
        {
            yield return EntryDesk.Fill(HealthWords.WaitingFor, Waiting, Through + 1);
        }

        if (Lost > 0)
        {
            yield return EntryDesk.Fill(HealthWords.LostBatches, Lost);
        }

        if (Quarantined > 0)
        {
            yield return EntryDesk.Fill(HealthWords.Aside, Quarantined);
        }

        if (Clock is ClockState.Unknown or ClockState.Relative)
        {
            yield return HealthWords.ClockUnsure;
        }
    }
}
