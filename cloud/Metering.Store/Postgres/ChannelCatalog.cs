using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Postgres;

/// <summary>
/// The channel definitions a writer remembers between groups. Every change is counted in the gateway's chain, so another
/// process's change is noticed under the lock. For the writer's thread only.
/// </summary>
internal sealed class ChannelCatalog
{
    private const int MaximumGateways = 10_000;

    private readonly Dictionary<string, (long Version, Dictionary<string, Channel> Channels)> _gateways = new(StringComparer.Ordinal);

    /// <summary>Forgets everything: a commit failed, so what was remembered may never have happened.</summary>
    public void Forget() => _gateways.Clear();

    /// <summary>Loads what is not known in its newest version.</summary>
    /// <param name="session">A session that holds the chains.</param>
    /// <param name="definitions">The newest version of each gateway.</param>
    public void Load(PostgresSession session, Dictionary<string, long> definitions)
    {
        string[] missing = [.. definitions.Where(item => !_gateways.TryGetValue(item.Key, out (long Version, Dictionary<string, Channel>) known) || known.Version != item.Value).Select(item => item.Key)];
        if (missing.Length == 0)
        {
            return;
        }

        if (_gateways.Count > MaximumGateways)
        {
            _gateways.Clear();
            missing = [.. definitions.Keys];
        }

        Array.ForEach(missing, gateway => _gateways[gateway] = (definitions[gateway], new(StringComparer.Ordinal)));
        ChannelTable.OfGateways(session, missing, (gateway, channel) => _gateways[gateway].Channels[channel.Id] = channel);
    }

    /// <summary>Why the batch's channels cannot stand beside the stored ones, or null when they can.</summary>
    public string? FindConflict(PendingBatch batch)
    {
        Dictionary<string, Channel> channels = _gateways[batch.Envelope.Manifest.Gateway].Channels;
        foreach (ChannelSegment segment in batch.Segments)
        {
            if (channels.TryGetValue(segment.Channel.Id, out Channel? stored) && ChannelRow.Conflict(stored, segment.Channel) is string conflict)
            {
                return conflict;
            }
        }

        return null;
    }

    /// <summary>Takes over the batch's channels and notes those that must be written.</summary>
    public void Take(PendingBatch batch, SortedDictionary<(string Gateway, string Name), Channel> changed)
    {
        string gateway = batch.Envelope.Manifest.Gateway;
        Dictionary<string, Channel> channels = _gateways[gateway].Channels;
        foreach (ChannelSegment segment in batch.Segments)
        {
            if (!channels.TryGetValue(segment.Channel.Id, out Channel? stored) || stored != segment.Channel)
            {
                channels[segment.Channel.Id] = segment.Channel;
                changed[(gateway, segment.Channel.Id)] = segment.Channel;
            }
        }
    }

    /// <summary>Notes that the change of a gateway's channels is counted.</summary>
    public void CountChange(string gateway)
    {
        (long version, Dictionary<string, Channel> channels) = _gateways[gateway];
        _gateways[gateway] = (version + 1, channels);
    }
}
