namespace Metering.Mqtt;

/// <summary>What a session is doing.</summary>
public enum MqttSessionState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Connecting and subscribing.</summary>
    Connecting,

    /// <summary>Connected and subscribed.</summary>
    Connected,

    /// <summary>Pausing before the next attempt.</summary>
    Waiting,
}

/// <summary>State of a session at one moment.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Fault">Why the latest attempt or connection ended; null when connected or never tried.</param>
/// <param name="Pause">How long it waits before the next attempt; zero unless waiting.</param>
public sealed record MqttSessionStatus(MqttSessionState State, MqttException? Fault, TimeSpan Pause)
{
    /// <summary>What the broker answered; only while connected.</summary>
    public MqttConnectResult? Connection { get; init; }
}

/// <summary>Carries the new status.</summary>
/// <param name="status">The status now.</param>
public sealed class MqttSessionStatusChangedEventArgs(MqttSessionStatus status) : EventArgs
{
    /// <summary>The status now.</summary>
    public MqttSessionStatus Status { get; } = status;
}

/// <summary>A subscription that a session keeps.</summary>
/// <param name="Filter">Topic filter; + and # are wildcards, $share/name/filter shares it among clients.</param>
/// <param name="QoS">Highest delivery promise wanted.</param>
public sealed record MqttSubscription(string Filter, MqttQoS QoS = MqttQoS.AtLeastOnce);

/// <summary>Pauses between attempts to connect: doubled each time from first to longest, each spread at random between half and all of it.</summary>
public sealed record MqttBackOff
{
    internal const int MaximumDoublings = 30;

    /// <summary>Pause after the first failure.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause after faults that pass by themselves.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Pause after a fault that a person must mend, such as a wrong password.</summary>
    public TimeSpan FatalPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A connection must last this long before the pauses start from the first again; so two clients with one name do not throw each other out without end.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Seed of the spread; null derives one from the client identifier.</summary>
    public int? JitterSeed { get; init; }
}
