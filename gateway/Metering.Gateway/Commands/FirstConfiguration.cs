using Metering.Meters.Registers;

namespace Metering.Gateway.Commands;

/// <summary>What config init is told: by its options, or by the answers of a person.</summary>
internal sealed record FirstConfiguration(string Gateway, string Broker, string? Tcp, string? Rtu, int Unit, string Profile)
{
    /// <summary>The meters where there are several; empty for the one of <see cref="Unit"/> and <see cref="Profile"/>.</summary>
    public IReadOnlyList<FirstMeter> Meters { get; init; } = [];

    /// <summary>Bits per second of a serial line.</summary>
    public int BaudRate { get; init; } = 9600;

    /// <summary>Parity of a serial line: even, none or odd.</summary>
    public string Parity { get; init; } = "even";
}

/// <summary>One meter of a first configuration.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Unit">Its unit id.</param>
/// <param name="Profile">Its profile.</param>
internal sealed record FirstMeter(string Id, int Unit, string Profile)
{
    /// <summary>Its current transformers, where the profile needs them.</summary>
    public ExactRatio? CurrentTransformer { get; init; }

    /// <summary>Its voltage transformers, where the profile needs them.</summary>
    public ExactRatio? VoltageTransformer { get; init; }

    /// <summary>The line of the configuration.</summary>
    internal string ToYaml()
    {
        string current = CurrentTransformer is ExactRatio ratio ? $", currentTransformer: {ratio.Numerator}/{ratio.Denominator}" : "";
        string voltage = VoltageTransformer is ExactRatio other ? $", voltageTransformer: {other.Numerator}/{other.Denominator}" : "";
        return string.Create(null, $"{{ id: {Id}, unit: {Unit}, profile: {Profile}{current}{voltage} }}");
    }
}
