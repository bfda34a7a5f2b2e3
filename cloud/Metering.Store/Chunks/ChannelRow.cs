using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>A channel's row. Count, first and last speak of the sealed chunks only; first and last have no meaning when the count is 0.</summary>
internal sealed record ChannelRow(long Id, string Gateway, Channel Channel, long Count, long FirstUtcMilliseconds, long LastUtcMilliseconds)
{
    /// <summary>Why two definitions cannot stand for one channel, or null when they can.</summary>
    public static string? Conflict(Channel stored, Channel received) =>
        stored.Unit == received.Unit && stored.Kind == received.Kind && stored.DecimalsCode == received.DecimalsCode
            ? null
            : $"channel {received.Id} is stored as {stored.Kind} in {stored.Unit} with {stored.DecimalsText} decimals and came as "
                + $"{received.Kind} in {received.Unit} with {received.DecimalsText}: give the changed channel an identifier of its own";
}
