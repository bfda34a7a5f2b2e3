namespace Metering.Readings;

/// <summary>The limits of a signed batch, version 1. A batch outside them is refused on both sides.</summary>
public static class BatchLimits
{
    /// <summary>Readings in one batch.</summary>
    public const int MaximumReadings = 65_536;

    /// <summary>Channels in one batch.</summary>
    public const int MaximumChannels = 1_024;

    /// <summary>Sealed gap events in one batch.</summary>
    public const int MaximumGaps = 1_024;

    /// <summary>Bytes of an envelope on the wire.</summary>
    public const int MaximumEnvelopeLength = 512 * 1024;

    /// <summary>Bytes of an envelope after decompression.</summary>
    public const int MaximumExpandedLength = 8 * 1024 * 1024;
}
