using Metering.Gateway.Configuration;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Meters.Totalisers;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Inputs;

/// <summary>Puts the desk of a configuration together.</summary>
internal static class CycleDesks
{
    /// <exception cref="IOException">A file of the state directory cannot be read.</exception>
    internal static CycleDesk Open(GatewayConfiguration configuration, KeyChain keys, GatewayOutbox outbox, ILogger logger)
    {
        IReadOnlyList<Channel> channels = configuration.Channels;
        TotaliserBank bank = new(channels, configuration.LimitsOf);
        FieldDelivery delivery = new(
            configuration.StateDirectory, configuration.Gateway, epoch => epoch >= keys.FirstEpoch && epoch <= keys.KeyEpoch ? keys.KeyOf(epoch) : null, channels, bank, problem => InputEvents.EntryRefused(logger, problem));
        return new(bank, delivery, configuration.StateDirectory, (outbox.Add, outbox.Flush), one => Tell(logger, channels[one.ChannelIndex].Id, one.Event));
    }

    private static void Tell(ILogger logger, string channel, in TotaliserEvent happened)
    {
        switch (happened.Kind)
        {
            case TotaliserEventKind.None or TotaliserEventKind.First or TotaliserEventKind.GapClosed or TotaliserEventKind.Moving:
                break;
            case TotaliserEventKind.Reset:
                InputEvents.CounterBroke(logger, channel, happened.FromScaled, happened.ToScaled);
                break;
            case TotaliserEventKind.Frozen:
                InputEvents.CounterFrozen(logger, channel, happened.ToScaled);
                break;
            default:
                InputEvents.Counter(logger, channel, happened.Kind, happened.FromScaled, happened.ToScaled);
                break;
        }
    }
}
