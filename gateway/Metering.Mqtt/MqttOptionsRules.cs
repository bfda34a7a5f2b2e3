using Metering.Mqtt.Packets;
using Metering.Mqtt.Session;

namespace Metering.Mqtt;

/// <summary>The ranges of <see cref="MqttClientOptions"/>.</summary>
internal static class MqttOptionsRules
{
    private const int SmallestPacketSize = 128;
    private const int LargestPacketSize = VariableByteInteger.MaximumValue;
    private static readonly TimeSpan ShortestKeepAlive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestKeepAlive = TimeSpan.FromSeconds(ushort.MaxValue);

    public static void Check(MqttClientOptions options)
    {
        Require(!string.IsNullOrWhiteSpace(options.Host), "Host is missing");
        Require(options.Port is >= 1 and <= ushort.MaxValue, "Port must be 1 to 65535");
        Require(!string.IsNullOrEmpty(options.ClientId) && Fits(options.ClientId), "ClientId is missing or too long");
        Require(options.UserName is null || Fits(options.UserName), "UserName is too long");
        Require(options.Password is null || Fits(options.Password), "Password is too long");
        Require(options.KeepAlive >= ShortestKeepAlive && options.KeepAlive <= LongestKeepAlive, "KeepAlive must be 1 s to 65535 s");
        Require(options.SessionExpiry >= TimeSpan.Zero, "SessionExpiry may not be negative");
        Require(options.ReceiveMaximum > 0, "ReceiveMaximum must be 1 to 65535");
        Require(options.SendMaximum > 0, "SendMaximum must be 1 to 65535");
        Require(options.ConnectTimeout > TimeSpan.Zero, "ConnectTimeout must be positive");
        Require(options.MaximumPacketSize is >= SmallestPacketSize and <= LargestPacketSize, "MaximumPacketSize must be 128 B to 256 MiB");
        Require(options.ClientCertificateFile is null == options.ClientKeyFile is null, "ClientCertificateFile and ClientKeyFile belong together");
        Require(options.UseTls || (options.CaFile is null && options.ClientCertificateFile is null), "certificates need UseTls");
        if (options.Will is { } will)
        {
            Topics.CheckName(will.Topic);
            Require(will.Payload.Length <= ushort.MaxValue, "the Will has at most 65535 bytes");
            Require(will.QoS is MqttQoS.AtMostOnce or MqttQoS.AtLeastOnce, "the Will's QoS must be 0 or 1");
            Require(will.Delay >= TimeSpan.Zero, "the Will's delay may not be negative");
        }
    }

    private static bool Fits(string text) => SendBuffer.ByteCount(text) <= ushort.MaxValue;

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"MQTT options: {rule}.");
        }
    }
}
