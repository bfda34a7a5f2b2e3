using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>Tells inputs apart by what stands as profile in their channels.</summary>
internal static class InputKinds
{
    internal static InputKind Of(Channel channel) => channel.Profile[..Math.Max(0, channel.Profile.IndexOf('/', StringComparison.Ordinal))] switch
    {
        "pulse" => InputKind.Pulse,
        "analogue" => InputKind.Analogue,
        "ds18b20" => InputKind.OneWire,
        "manual" => InputKind.Manual,
        _ => InputKind.Unknown,
    };
}
