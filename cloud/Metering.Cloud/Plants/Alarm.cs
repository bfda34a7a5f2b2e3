using System.Globalization;
using Metering.Programme.Kinds;

namespace Metering.Cloud.Plants;

/// <summary>What an alarm is about, the gravest first.</summary>
internal enum AlarmKind
{
    /// <summary>No meter of a gateway reports.</summary>
    GatewaySilent = 0,

    /// <summary>A meter does not report while others of its gateway do.</summary>
    ChannelSilent = 1,

    /// <summary>The newest result of a parameter lies outside a discharge limit.</summary>
    LimitExceeded = 2,

    /// <summary>The newest bill and the meter differ.</summary>
    BillApart = 3,

    /// <summary>A calibration is overdue.</summary>
    CalibrationOverdue = 4,

    /// <summary>A calibration is due soon.</summary>
    CalibrationDue = 5,

    /// <summary>Fewer readings are usable than before.</summary>
    CoverageFalling = 6,
}

/// <summary>An alarm, computed from the data. It ends when the data say so, and by nothing else.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Subject">Gateway, channel, parameter, bill or meter.</param>
/// <param name="SinceUtcMilliseconds">Since when.</param>
/// <param name="What">What is wrong, in both languages.</param>
/// <param name="ToDo">What to do.</param>
/// <param name="Link">Page to go to, after the language.</param>
internal sealed record Alarm(AlarmKind Kind, string Subject, long SinceUtcMilliseconds, Text What, Text ToDo, string Link)
{
    /// <summary>Name of this occurrence: the same thing at another time is another alarm, and is acknowledged anew.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Subject} {DateTimeOffset.FromUnixTimeMilliseconds(SinceUtcMilliseconds):yyyy-MM-ddTHH:mm:ssZ}");

    /// <summary>Who has seen it and why it may stand; null when nobody has.</summary>
    public AlarmAcknowledgement? Acknowledgement { get; init; }

    /// <summary>Name of who acknowledged it; empty when nobody has.</summary>
    public string AcknowledgedBy { get; init; } = "";
}
