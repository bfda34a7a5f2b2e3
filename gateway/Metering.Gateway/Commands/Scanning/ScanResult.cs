using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Diagnosis;

namespace Metering.Gateway.Commands.Scanning;

/// <summary>A unit that answered.</summary>
/// <param name="Unit">Its unit id.</param>
/// <param name="Reply">How it answered the question for holding register 0: values or an exception, both prove it is there.</param>
/// <param name="Identity">What it is and how that is known.</param>
internal sealed record FoundDevice(byte Unit, ModbusReply Reply, DeviceIdentity Identity);

/// <summary>What a device says of itself, and which profiles fit it.</summary>
internal sealed record DeviceIdentity
{
    /// <summary>Nothing is known.</summary>
    internal static DeviceIdentity Unknown { get; } = new() { Candidates = [] };

    /// <summary>Maker, model and edition by function 43/14 or 17; null when it gives neither.</summary>
    public string? Name { get; init; }

    /// <summary>Profiles whose registers it answers with possible values, the best first.</summary>
    public required IReadOnlyList<ProfileCandidate> Candidates { get; init; }
}

/// <summary>A profile that fits.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="Score">How much speaks for it.</param>
/// <param name="Evidence">The values that do, such as "voltage-l1 127.3 V".</param>
internal sealed record ProfileCandidate(string Profile, int Score, string Evidence);

/// <summary>How a scan ended.</summary>
internal sealed record ScanResult
{
    /// <summary>The line at the settings somebody answered at, or the last one tried.</summary>
    public required ToolLine Line { get; init; }

    /// <summary>Who answered, by unit.</summary>
    public required IReadOnlyList<FoundDevice> Devices { get; init; }

    /// <summary>Every unit id asked was answered: one device that does not look at the id.</summary>
    public bool AnswersEveryUnit { get; init; }

    /// <summary>A person ended it early.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Units whose answers are always damaged while others are whole.</summary>
    public IReadOnlyList<byte> Overlapping { get; init; } = [];

    /// <summary>Share of damaged answers of the devices found, in percent; null when nothing was measured.</summary>
    public int? DamagedPercent { get; init; }

    /// <summary>What was seen where nobody was found; null where somebody was.</summary>
    public Symptom? Symptom { get; init; }

    /// <summary>Requests sent.</summary>
    public required long Requests { get; init; }
}

/// <summary>How far a scan is.</summary>
/// <param name="Line">The line with its settings.</param>
/// <param name="Unit">The unit asked now.</param>
/// <param name="Found">Devices found so far.</param>
/// <param name="TimeLeft">The longest it can still take; null before it can be told.</param>
internal readonly record struct ScanProgress(ToolLine Line, byte Unit, int Found, TimeSpan? TimeLeft);
