namespace Metering.Cloud.Api;

/// <summary>A text in both languages.</summary>
/// <param name="Es">Spanish of Mexico.</param>
/// <param name="En">English.</param>
internal sealed record ApiText(string Es, string En)
{
    /// <summary>A text of the pages.</summary>
    public static ApiText Of(Text text) => new(text.In(Language.Spanish), text.In(Language.English));
}

/// <summary>A plant.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sector">Word of the programme's list of sectors.</param>
/// <param name="State">State of Mexico.</param>
/// <param name="Zone">IANA zone of its days and months.</param>
/// <param name="Simulated">Whether its meters are simulated.</param>
internal sealed record ApiPlant(string Id, ApiText Name, string Sector, string State, string Zone, bool Simulated);

/// <summary>A meter behind a gateway.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Meter">Identifier within the gateway.</param>
/// <param name="Plant">Plant of the gateway.</param>
/// <param name="Profile">Device profile and its revision.</param>
/// <param name="Channels">Its channels that have readings.</param>
/// <param name="LastReading">Instant of the newest reading, UTC.</param>
internal sealed record ApiMeter(string Gateway, string Meter, string Plant, string Profile, IReadOnlyList<string> Channels, DateTimeOffset LastReading);

/// <summary>A channel that has readings.</summary>
internal sealed record ApiChannel
{
    /// <summary>Gateway identifier.</summary>
    public required string Gateway { get; init; }

    /// <summary>Channel identifier, unique within the gateway.</summary>
    public required string Channel { get; init; }

    /// <summary>Plant of the gateway.</summary>
    public required string Plant { get; init; }

    /// <summary>Meter it belongs to.</summary>
    public required string Meter { get; init; }

    /// <summary>Unit of its values.</summary>
    public required string Unit { get; init; }

    /// <summary>The unit as a UCUM code (https://ucum.org), case sensitive; null for a unit that has none here.</summary>
    public required string? Ucum { get; init; }

    /// <summary>counter: a register that only grows; gauge: an instantaneous value.</summary>
    public required string Kind { get; init; }

    /// <summary>Decimal places k of value = integer x 10^-k; null when the integers stand for doubles.</summary>
    public required int? DecimalPlaces { get; init; }

    /// <summary>Integer at which a counter begins again at 0; null when it never does or it is not known.</summary>
    public required long? Modulus { get; init; }

    /// <summary>Device profile and its revision.</summary>
    public required string Profile { get; init; }

    /// <summary>Instants with a reading.</summary>
    public required long Readings { get; init; }

    /// <summary>First instant, UTC.</summary>
    public required DateTimeOffset FirstReading { get; init; }

    /// <summary>Last instant, UTC.</summary>
    public required DateTimeOffset LastReading { get; init; }

    /// <summary>A meter-signed, B gateway-signed, C manual with a photo, D imported or manual without one.</summary>
    public required string EvidenceGrade { get; init; }
}

/// <summary>A series in columns: interval i begins i steps after t0 on the clock of the zone.</summary>
internal sealed record ApiSeries
{
    /// <summary>Gateway identifier.</summary>
    public required string Gateway { get; init; }

    /// <summary>Channel identifier.</summary>
    public required string Channel { get; init; }

    /// <summary>Start of the first interval, UTC; null when there is none.</summary>
    public required DateTimeOffset? T0 { get; init; }

    /// <summary>Length of an interval, ISO 8601: PT15M, PT1H, P1D (a day of the plant), P1M (a month of the plant).</summary>
    public required string Step { get; init; }

    /// <summary>IANA zone of days and months.</summary>
    public required string Zone { get; init; }

    /// <summary>Unit of the values.</summary>
    public required string Unit { get; init; }

    /// <summary>The unit as a UCUM code (https://ucum.org), case sensitive; null for a unit that has none here.</summary>
    public required string? Ucum { get; init; }

    /// <summary>use: difference of a counter over the interval; mean: mean over time of a gauge.</summary>
    public required string Kind { get; init; }

    /// <summary>A meter-signed, B gateway-signed, C manual with a photo, D imported or manual without one.</summary>
    public required string EvidenceGrade { get; init; }

    /// <summary>Value of each interval; null where it is not known, never 0.</summary>
    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>One letter an interval: M measured, A allocated over a gap whose total is known, E estimated, H set by a person, W readings found wrong, X missing.</summary>
    public required string Q { get; init; }
}

/// <summary>Readings as they are stored, in columns.</summary>
internal sealed record ApiReadings
{
    /// <summary>Gateway identifier.</summary>
    public required string Gateway { get; init; }

    /// <summary>Channel identifier.</summary>
    public required string Channel { get; init; }

    /// <summary>Unit of the values.</summary>
    public required string Unit { get; init; }

    /// <summary>The unit as a UCUM code (https://ucum.org), case sensitive; null for a unit that has none here.</summary>
    public required string? Ucum { get; init; }

    /// <summary>A meter-signed, B gateway-signed, C manual with a photo, D imported or manual without one.</summary>
    public required string EvidenceGrade { get; init; }

    /// <summary>Scheduled instants, UTC milliseconds, ascending.</summary>
    public required IReadOnlyList<long> UtcMilliseconds { get; init; }

    /// <summary>Values in the unit; null where there is none.</summary>
    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>Class and reason of each, as they were signed: G is good.</summary>
    public required IReadOnlyList<string> Q { get; init; }

    /// <summary>Address of the readings after these; null at the end.</summary>
    public required string? Next { get; init; }
}

/// <summary>A record of the register.</summary>
/// <param name="Kind">Kind, see /api/v1/records.</param>
/// <param name="Id">Identifier, unique within the kind.</param>
/// <param name="Version">Version, from 1; also the ETag, which If-Match of a change names.</param>
/// <param name="Withdrawn">Whether it was withdrawn: it is shown no more, and stays in the history.</param>
/// <param name="Record">Its fields.</param>
internal sealed record ApiRecord(string Kind, string Id, long Version, bool Withdrawn, System.Text.Json.Nodes.JsonObject Record);

/// <summary>A change of a record.</summary>
/// <param name="Record">The record as it shall be; its id may be left out.</param>
/// <param name="Reason">Why; needed except for a new record.</param>
internal sealed record ApiRecordChange(System.Text.Json.Nodes.JsonObject Record, string? Reason = null);

/// <summary>Why a record is withdrawn.</summary>
/// <param name="Reason">Why.</param>
internal sealed record ApiWithdrawal(string Reason);

/// <summary>One version of a record.</summary>
/// <param name="Version">Version, from 1.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Actor">Name of who made it.</param>
/// <param name="Reason">Why; null for the first.</param>
/// <param name="Record">Its fields; null where it was withdrawn.</param>
internal sealed record ApiRevision(long Version, DateTimeOffset At, string Actor, string? Reason, System.Text.Json.Nodes.JsonObject? Record);

/// <summary>A kind of record.</summary>
/// <param name="Kind">Its word in addresses.</param>
/// <param name="Name">What people call one of them.</param>
/// <param name="Writable">Whether the API may write it; false for what only the program writes.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record ApiKind(string Kind, ApiText Name, bool Writable, IReadOnlyList<ApiField> Fields);

/// <summary>A field of a kind of record.</summary>
/// <param name="Name">Name in JSON.</param>
/// <param name="Type">text, long-text, identifier, date, whole-number, decimal, quantity, money, choice, reference, yes-no, file.</param>
/// <param name="Required">Whether it may not be left out.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Help">How it is written.</param>
/// <param name="Choices">Words of a choice; else empty.</param>
/// <param name="Units">Units or currencies that may be written; else empty.</param>
/// <param name="Target">Kind that a reference names; else null.</param>
internal sealed record ApiField(string Name, string Type, bool Required, ApiText Label, ApiText Help, IReadOnlyList<string> Choices, IReadOnlyList<string> Units, string? Target);

/// <summary>An event of a project: a change of use that no driver explains.</summary>
internal sealed record ApiEvent
{
    /// <summary>Identifier, by which it is decided.</summary>
    public required string Id { get; init; }

    /// <summary>proposed by the program, or entered by a person.</summary>
    public required string Origin { get; init; }

    /// <summary>step-change, temporary, drift or outlier-days for a proposal; null for an entered one.</summary>
    public string? Shape { get; init; }

    /// <summary>First day, in the plant's zone.</summary>
    public required DateOnly FirstDay { get; init; }

    /// <summary>Last day; null while it goes on.</summary>
    public required DateOnly? LastDay { get; init; }

    /// <summary>Use added over the event, in the project's unit; negative when use fell; null for an entered one.</summary>
    public double? Total { get; init; }

    /// <summary>What it was called by the person who entered it; null for a proposal.</summary>
    public string? Title { get; init; }

    /// <summary>Saving adjusted for it, in the project's unit; null when that is refused or not computed.</summary>
    public ApiSaving? SavingWith { get; init; }

    /// <summary>Saving not adjusted for it.</summary>
    public ApiSaving? SavingWithout { get; init; }

    /// <summary>The decision, a record of the kind event-decision; null while there is none.</summary>
    public ApiRecord? Decision { get; init; }
}

/// <summary>A saving with its uncertainty.</summary>
/// <param name="Value">Saving in the project's unit.</param>
/// <param name="HalfWidth">Half-width of its interval.</param>
internal sealed record ApiSaving(double Value, double HalfWidth);

/// <summary>A decision on an event.</summary>
/// <param name="Decision">project-effect, non-routine-permanent, non-routine-temporary or data-fault.</param>
/// <param name="Reason">Why.</param>
/// <param name="DecidedOn">The day; today when it is left out.</param>
internal sealed record ApiDecision(string Decision, string Reason, string? DecidedOn = null);

/// <summary>Savings of all projects one may see, of one resource and unit.</summary>
/// <param name="Resource">electricity, water, gas or effluent.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Saving">Sum of the savings, those that cannot be told from zero included.</param>
/// <param name="HalfWidth">Half-width of the interval of the sum; the projects taken as independent.</param>
/// <param name="AdjustedBaseline">Sum of the adjusted baselines.</param>
/// <param name="SavingPercent">Saving in percent of it.</param>
/// <param name="Projects">Projects with a number.</param>
/// <param name="AllProjects">Projects of the resource.</param>
/// <param name="EvidenceGrade">The weakest of them: A meter-signed, B gateway-signed, C manual with a photo, D imported or manual without one; null without readings.</param>
internal sealed record ApiPortfolioRow(string Resource, string Unit, double Saving, double HalfWidth, double AdjustedBaseline, double SavingPercent, int Projects, int AllProjects, string? EvidenceGrade);

/// <summary>A report that can be had.</summary>
/// <param name="Subject">A project's identifier, or portfolio.</param>
/// <param name="Kind">Kind of report.</param>
/// <param name="Formats">Endings of the address.</param>
/// <param name="Href">Address without its ending; add lang=es or lang=en.</param>
internal sealed record ApiReport(string Subject, string Kind, IReadOnlyList<string> Formats, string Href);

/// <summary>One change of anything: who, when, what, why.</summary>
/// <param name="Number">Number in one order over all changes.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Name of who did it.</param>
/// <param name="Kind">Kind of what was changed.</param>
/// <param name="Id">Identifier of what was changed.</param>
/// <param name="Plant">Plant it belongs to, or null.</param>
/// <param name="Project">Project it belongs to, or null.</param>
/// <param name="Before">What it was; null when it was not there.</param>
/// <param name="After">What it became; null when it was withdrawn.</param>
/// <param name="Reason">Why; null where the change speaks for itself.</param>
internal sealed record ApiAuditEntry(
    long Number, DateTimeOffset At, string Actor, string Kind, string Id, string? Plant, string? Project, System.Text.Json.Nodes.JsonNode? Before, System.Text.Json.Nodes.JsonNode? After, string? Reason);
