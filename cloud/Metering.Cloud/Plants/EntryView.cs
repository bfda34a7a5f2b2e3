using Metering.Cloud.Entries;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>What an upload holds.</summary>
internal enum UploadKind
{
    /// <summary>Production, CSV.</summary>
    Production = 0,

    /// <summary>Lab results, CSV.</summary>
    Lab = 1,

    /// <summary>A bill of CFE, XML.</summary>
    Bill = 2,
}

/// <summary>A record as the list of entries shows it.</summary>
/// <param name="Version">The record.</param>
/// <param name="Day">The day it is about, for the order.</param>
internal sealed record EntryLine(RecordVersion Version, DateOnly Day);

/// <summary>The page of entries as it is shown.</summary>
internal sealed record EntryView
{
    private const int MostLines = 40;

    /// <summary>The plant.</summary>
    public required Plant Plant { get; init; }

    /// <summary>First day (Monday) of the week shown.</summary>
    public required DateOnly Week { get; init; }

    /// <summary>The newest entries, withdrawn ones too.</summary>
    public required IReadOnlyList<EntryLine> Lines { get; init; }

    /// <summary>Production of the week that is stored already.</summary>
    public required IReadOnlyList<ProductionRecord> WeekRecords { get; init; }

    /// <summary>Stored bills with the meter, the newest first; without a meter null.</summary>
    public required IReadOnlyList<(UtilityBill Bill, BillCheck? Check)> Bills { get; init; }

    /// <summary>What was typed, by field name.</summary>
    public IReadOnlyDictionary<string, string> Typed { get; init; } = new Dictionary<string, string>();

    /// <summary>Why nothing was stored.</summary>
    public IReadOnlyList<EntryFault> Faults { get; init; } = [];

    /// <summary>Number of all faults.</summary>
    public int FaultCount { get; init; }

    /// <summary>What was done; null when nothing was.</summary>
    public string? Notice { get; init; }

    /// <summary>What was just saved and can be undone with one button, as <see cref="EntryDesk.SavedAs"/> names it; null otherwise.</summary>
    public string? Saved { get; init; }

    /// <summary>Text of a field as typed.</summary>
    public string TextOf(string field) => Typed.GetValueOrDefault(field, "");

    /// <summary>The page of a plant.</summary>
    public static EntryView Of(RegisterSnapshot register, IReadingStore store, Plant plant, DateOnly week)
    {
        List<EntryLine> lines = [.. EntryDesk.EntryKinds.SelectMany(register.Versions).Where(version => version.Record.Plant == plant.Id).Select(version => new EntryLine(version, DayOf(version.Record)))];
        return new()
        {
            Plant = plant,
            Week = week,
            Lines = [.. lines.OrderByDescending(line => line.Version.AuditNumber).Take(MostLines)],
            WeekRecords = [.. register.All<ProductionRecord>().Where(record => record.Plant == plant.Id && record.FirstDay <= week.AddDays(6) && record.LastDay >= week)],
            Bills = [.. register.All<UtilityBill>().Where(bill => bill.Plant == plant.Id).OrderByDescending(bill => bill.LastDay).Take(12).Select(bill => (bill, BillCheck.Of(store, plant, bill)))],
        };
    }

    private static DateOnly DayOf(IProgrammeRecord record) => record switch
    {
        ProductionRecord production => production.FirstDay,
        LabResult lab => lab.SampledOn,
        UtilityBill bill => bill.FirstDay,
        _ => default,
    };
}

/// <summary>An upload as it is shown before it is stored.</summary>
internal sealed record UploadView
{
    /// <summary>Rows shown.</summary>
    public const int MostShown = 50;

    /// <summary>The plant.</summary>
    public required Plant Plant { get; init; }

    /// <summary>What it holds.</summary>
    public required UploadKind Kind { get; init; }

    /// <summary>Name of the file.</summary>
    public required string Name { get; init; }

    /// <summary>Its bytes.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Decimal sign as stated.</summary>
    public required DecimalSign Sign { get; init; }

    /// <summary>What was read: records, or every fault with its line.</summary>
    public required EntryOutcome<IProgrammeRecord> Outcome { get; init; }

    /// <summary>The bill; null for other files.</summary>
    public CfeBill? Bill { get; init; }

    /// <summary>What was typed for a bill, by field name.</summary>
    public IReadOnlyDictionary<string, string> Typed { get; init; } = new Dictionary<string, string>();

    /// <summary>The bill against the plant's counters.</summary>
    public IReadOnlyList<BillCheck> Checks { get; init; } = [];
}
