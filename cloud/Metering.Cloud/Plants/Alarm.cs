using System.Globalization;
using Metering.Cloud.Accounts;
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

    /// <summary>A meter and the meters it feeds do not go together any more.</summary>
    Drift = 7,
}

/// <summary>An alarm, computed from the data. It ends when the data say so, and by nothing else.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Subject">Gateway, channel, parameter, bill or meter.</param>
/// <param name="SinceUtcMilliseconds">Since when.</param>
/// <param name="What">What is wrong, in both languages.</param>
/// <param name="ToDo">What to do.</param>
/// <param name="Places">Where one looks and acts; the page shows those that its reader may go to.</param>
internal sealed record Alarm(AlarmKind Kind, string Subject, long SinceUtcMilliseconds, Text What, Text ToDo, IReadOnlyList<AlarmPlace> Places)
{
    /// <summary>Name of this occurrence: the same thing at another time is another alarm, and is acknowledged anew.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Subject} {DateTimeOffset.FromUnixTimeMilliseconds(SinceUtcMilliseconds):yyyy-MM-ddTHH:mm:ssZ}");

    /// <summary>Who has seen it and why it may stand; null when nobody has.</summary>
    public AlarmAcknowledgement? Acknowledgement { get; init; }

    /// <summary>Name of who acknowledged it; empty when nobody has.</summary>
    public string AcknowledgedBy { get; init; } = "";
}

/// <summary>A page where one looks at what an alarm is about, or acts on it.</summary>
/// <param name="Name">What one does there.</param>
/// <param name="Address">Address after the language.</param>
/// <param name="Needs">What a reader must be allowed for the plant; null for whoever sees the alarm.</param>
/// <param name="IsOfProgramme">Whether the right must hold for the whole programme.</param>
internal sealed record AlarmPlace(Text Name, string Address, Permission? Needs = null, bool IsOfProgramme = false)
{
    /// <summary>The gateways of a plant.</summary>
    public static AlarmPlace Gateways(string plant) => new(AlarmWords.ToGateways, $"/plants/{plant}#gateways");

    /// <summary>A channel of a plant.</summary>
    public static AlarmPlace Channel(string plant, string gateway, string channel) => new(AlarmWords.ToChannel, $"/plants/{plant}#{AnchorOf(gateway, channel)}");

    /// <summary>The discharge of a plant against its limits.</summary>
    public static AlarmPlace Discharge(string plant) => new(AlarmWords.ToDischarge, $"/plants/{plant}#discharge");

    /// <summary>Where people enter results and bills.</summary>
    public static AlarmPlace Entries(string plant, Text name) => new(name, EntryForms.Of(plant), Permission.EnterRecords);

    /// <summary>A meter of the register.</summary>
    public static AlarmPlace Meter(string meter) => new(AlarmWords.ToMeter, "/register/meter/" + meter, Permission.EditRegister, IsOfProgramme: true);

    /// <summary>Place of a channel in its plant's page.</summary>
    public static string AnchorOf(string gateway, string channel) => $"channel-{gateway}.{channel}";

    /// <summary>Whether a reader may go there.</summary>
    public bool IsFor(AccessScope scope, string plant) => Needs is not { } right || scope.May(right, IsOfProgramme ? null : plant, null);
}
