using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Entries;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Plants;

/// <summary>A row that shall become a record: its line, and the texts of the record's fields.</summary>
internal sealed record EntryRow(int Line, RecordKind Kind, IReadOnlyDictionary<string, string> Texts);

/// <summary>
/// What people enter for a plant becomes records of the register: every row is read as the register's own forms are, held against what is stored,
/// and all rows are stored in one transaction with their file, or none. Safe from any thread.
/// </summary>
internal sealed class EntryDesk(RecordStore store)
{
    /// <summary>Most rows at a time: one change of the register, with room for the file and the plant.</summary>
    public const int MostRows = RecordStore.MostChanges - 10;

    /// <summary>Beyond it a double does not hold the digits as they were written; the register then refuses the exponent.</summary>
    public const double LargestExact = 1e15;

    /// <summary>The register behind it.</summary>
    public RecordStore Store => store;

    /// <summary>Rows of production.</summary>
    public static IReadOnlyList<EntryRow> Production(string plant, IEnumerable<ProductionEntry> entries, string? file) => [.. entries.Select(entry => new EntryRow(
        entry.Line, ProductionRecord.Kind, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RecordKind.IdField] = Id("prod", entry.First, plant, entry.Product.ToUpperInvariant(), Day(entry.First), Day(entry.Last)),
            ["plant"] = plant,
            ["product"] = entry.Product,
            ["firstDay"] = Day(entry.First),
            ["lastDay"] = Day(entry.Last),
            ["output"] = Number(entry.Amount) + " " + EntryUnits.Of(entry.Unit, UnitsOf(ProductionRecord.Kind, "output")),
            ["source"] = entry.Document,
            ["file"] = file ?? "",
        }))];

    /// <summary>Rows of lab results.</summary>
    public static IReadOnlyList<EntryRow> Lab(string plant, IEnumerable<LabEntry> entries, string? file) => [.. entries.Select(entry => new EntryRow(
        entry.Line, LabResult.Kind, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RecordKind.IdField] = Id(
                "lab", entry.SampledOn, plant, entry.Parameter.ToUpperInvariant(), Day(entry.SampledOn), entry.Sample.ToString(), Number(entry.Value), entry.Unit, entry.Method, entry.Laboratory),
            ["plant"] = plant,
            ["parameter"] = entry.Parameter,
            ["sampledOn"] = Day(entry.SampledOn),
            ["sample"] = Field.WordOf(entry.Sample),
            ["value"] = Number(entry.Value) + " " + EntryUnits.Of(entry.Unit, UnitsOf(LabResult.Kind, "value")),
            ["isBelowLimit"] = entry.IsBelowLimit ? "yes" : "no",
            ["uncertaintyPercent"] = entry.UncertaintyPercent is { } percent ? Number(percent) : "",
            ["method"] = entry.Method,
            ["laboratory"] = entry.Laboratory,
            ["file"] = file ?? "",
        }))];

    /// <summary>Units of a field of quantities.</summary>
    public static IReadOnlyList<string> UnitsOf(RecordKind kind, string field) => kind.Fields.First(one => one.Name == field).Units;

    /// <summary>The stored file of an upload.</summary>
    public static Attachment FileOf(string plant, string name, byte[] content, ContentType type)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return new() { Id = "file-" + Hash(plant, hash), Name = name, Plant = plant, ContentType = type, Sha256 = hash, Bytes = content.Length };
    }

    /// <summary>The records of rows, or every fault with its line. Nothing is stored.</summary>
    public EntryOutcome<IProgrammeRecord> Check(IReadOnlyList<EntryRow> rows)
    {
        RegisterSnapshot register = store.Snapshot;
        List<IProgrammeRecord> records = [];
        List<EntryFault> faults = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        ILookup<(string, string), ProductionRecord> stored = register.All<ProductionRecord>().ToLookup(record => (record.Plant, record.Product.ToUpperInvariant()));
        if (rows.Count > MostRows)
        {
            faults.Add(new(0, 0, Fill(EntryTexts.TooManyRows, rows.Count, MostRows)));
        }

        foreach (EntryRow row in rows)
        {
            List<RecordFault> found = [];
            IProgrammeRecord? record = row.Kind.FromTexts(row.Texts, found);
            if (record is not null)
            {
                row.Kind.Check(new(row.Kind, record, false, register, store.Today, found));
                AddStored(register, stored, row, record, faults);
                if (!seen.Add(record.Id))
                {
                    faults.Add(new(row.Line, 0, Fill(EntryTexts.Duplicate, rows.First(other => other.Texts[RecordKind.IdField] == record.Id).Line)));
                }

                records.Add(record);
            }

            faults.AddRange(found.Select(fault => Told(row, fault)));
        }

        return new(faults.Count == 0 ? records : [], [.. faults.OrderBy(fault => fault.Line).Take(EntryFile.MaximumFaults)], faults.Count);
    }

    /// <summary>Stores checked records with their file in one transaction, and the plant's own record when the register has none yet.</summary>
    /// <returns>Faults; none when everything is stored.</returns>
    public IReadOnlyList<EntryFault> Save(Plant plant, IReadOnlyList<IProgrammeRecord> records, (Attachment File, byte[] Content)? file, Actor actor)
    {
        RegisterSnapshot register = store.Snapshot;
        List<RecordChange> changes = [];
        if (PlantChange(register, plant) is { } first)
        {
            changes.Add(first);
        }

        if (file is { } upload && ChangeOf(register, upload.File) is { } attached)
        {
            changes.Add(attached with { Content = upload.Content });
        }

        changes.AddRange(records.Select(record => ChangeOf(register, record)).OfType<RecordChange>());
        bool isAgain = changes.Exists(change => change.ExpectedVersion > 0);
        try
        {
            _ = store.Save(changes, actor, isAgain ? PlantEntryWords.EnteredAgain.In(Language.Spanish) : null);
            return [];
        }
        catch (RecordFaultsException e)
        {
            return [.. e.Faults.Take(EntryFile.MaximumFaults).Select(fault => new EntryFault(0, 0, fault.Message))];
        }
        catch (RecordConflictException e)
        {
            return [new(0, 0, Fill(EntryTexts.ChangedMeanwhile, e.ChangedBy))];
        }
    }

    /// <summary>Withdraws records of a plant, or brings them back: undo and its undo. What was withdrawn stays in the history.</summary>
    /// <returns>Why nothing was done; null when it was.</returns>
    public Text? Turn(Plant plant, IReadOnlyList<RecordKey> keys, bool isWithdrawal, Actor actor, string reason)
    {
        RegisterSnapshot register = store.Snapshot;
        List<RecordChange> changes = [];
        foreach (RecordKey key in keys)
        {
            if (register.Version(key) is not { } version || version.Record.Plant != plant.Id || !IsEntry(version.Kind))
            {
                return PlantEntryWords.NoSuchEntry;
            }

            if (version.IsWithdrawn != isWithdrawal)
            {
                changes.Add(new(version.Record, version.Version) { IsWithdrawal = isWithdrawal });
            }
        }

        if (!isWithdrawal)
        {
            // A record comes back with its file.
            changes.AddRange(changes.Select(change => FileIdOf(change.Record)).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(file => register.Version(new(Attachment.Kind.Name, file))).OfType<RecordVersion>().Where(version => version.IsWithdrawn)
                .Select(version => new RecordChange(version.Record, version.Version)).ToList());
        }

        try
        {
            _ = store.Save(changes, actor, reason);
            return null;
        }
        catch (RecordFaultsException e)
        {
            return e.Faults[0].Message;
        }
        catch (RecordConflictException e)
        {
            return Fill(EntryTexts.ChangedMeanwhile, e.ChangedBy);
        }
    }

    /// <summary>A file and everything that came with it, in one.</summary>
    public IReadOnlyList<RecordKey> Upload(string fileId)
    {
        RegisterSnapshot register = store.Snapshot;
        List<RecordKey> keys = [.. EntryKinds.SelectMany(register.Versions).Where(version => FileIdOf(version.Record) == fileId).Select(version => new RecordKey(version.Kind.Name, version.Record.Id))];
        keys.Add(new(Attachment.Kind.Name, fileId));
        return keys;
    }

    /// <summary>
    /// A name for records saved together: the first and last entry of the audit trail they are, such as "120-126". It holds as long as none of them is changed, so that
    /// it can never undo what somebody did since.
    /// </summary>
    public string SavedAs(IReadOnlyList<IProgrammeRecord> records)
    {
        RegisterSnapshot register = store.Snapshot;
        long[] numbers = [.. records.Select(record => register.Version(new(RecordKinds.Of(record.GetType()).Name, record.Id))?.AuditNumber ?? 0)];
        return string.Create(CultureInfo.InvariantCulture, $"{numbers.Min()}-{numbers.Max()}");
    }

    /// <summary>Entries of a plant that were saved under a name and stand as they were saved; with the file they came with. Empty for anything else.</summary>
    public IReadOnlyList<RecordKey> SavedBy(Plant plant, string name)
    {
        string[] parts = name.Split('-');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first) || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            || last < first || last - first >= MostRows)
        {
            return [];
        }

        RecordVersion[] found = [.. EntryKinds.SelectMany(store.Snapshot.Versions)
            .Where(version => !version.IsWithdrawn && version.Record.Plant == plant.Id && version.AuditNumber >= first && version.AuditNumber <= last)];
        return [.. found.Select(version => new RecordKey(version.Kind.Name, version.Record.Id)), .. found.Select(version => FileIdOf(version.Record)).OfType<string>().Distinct(StringComparer.Ordinal).Select(file => new RecordKey(Attachment.Kind.Name, file))];
    }

    /// <summary>The kinds that are entered for a plant.</summary>
    public static IReadOnlyList<RecordKind> EntryKinds { get; } = [ProductionRecord.Kind, LabResult.Kind, UtilityBill.Kind];

    /// <summary>The stored file a record came with; null when it was typed.</summary>
    public static string? FileIdOf(IProgrammeRecord record) => record switch
    {
        ProductionRecord production => production.File,
        LabResult lab => lab.File,
        UtilityBill bill => bill.File,
        _ => null,
    };

    /// <summary>An identifier that the same content always gets, so that the same entry is never stored twice.</summary>
    public static string Id(string prefix, DateOnly day, params string[] parts) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{day:yyyyMMdd}-{Hash(parts)}");

    /// <summary>A number in the register's spelling.</summary>
    public static string Number(double value) =>
        Math.Abs(value) < LargestExact ? ((decimal)value).ToString(CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A day in the register's spelling.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A text with its places filled in both languages.</summary>
    public static Text Fill(Text text, params object[] values) => new(text.In(Language.Spanish, values), text.In(Language.English, values));

    private static string Hash(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16];

    private static bool IsEntry(RecordKind kind) => EntryKinds.Contains(kind) || kind == Attachment.Kind;

    private static EntryFault Told(EntryRow row, RecordFault fault)
    {
        Field? field = row.Kind.Fields.FirstOrDefault(one => one.Name == fault.Field);
        return new(row.Line, 0, field is null ? fault.Message : new(
            $"{field.Label.In(Language.Spanish)}: {fault.Message.In(Language.Spanish)}", $"{field.Label.In(Language.English)}: {fault.Message.In(Language.English)}"));
    }

    private static void AddStored(RegisterSnapshot register, ILookup<(string, string), ProductionRecord> stored, EntryRow row, IProgrammeRecord record, List<EntryFault> faults)
    {
        if (register.Version(new(row.Kind.Name, record.Id)) is { IsWithdrawn: false })
        {
            faults.Add(new(row.Line, 0, Fill(EntryTexts.StoredAlready, record.Id)));
        }
        else if (record is ProductionRecord production
            && stored[(production.Plant, production.Product.ToUpperInvariant())].FirstOrDefault(other => other.FirstDay <= production.LastDay && production.FirstDay <= other.LastDay) is { } overlap)
        {
            faults.Add(new(row.Line, 0, Fill(EntryTexts.StoredOverlap, overlap.Id, Day(overlap.FirstDay), Day(overlap.LastDay))));
        }
    }

    private static RecordChange? PlantChange(RegisterSnapshot register, Plant plant) => register.Version(new(PlantRecord.Kind.Name, plant.Id)) is { IsWithdrawn: false } ? null : ChangeOf(register, new PlantRecord
    {
        Id = plant.Id,
        NameSpanish = plant.Name.In(Language.Spanish),
        NameEnglish = plant.Name.In(Language.English),
        Sector = plant.Sector,
        State = plant.State,
        Zone = plant.Zone.Id,
        IsSimulated = plant.IsSimulated,
    });

    // Null when it stands there already as it is; a file uploaded again is the same file.
    private static RecordChange? ChangeOf(RegisterSnapshot register, IProgrammeRecord record)
    {
        RecordVersion? known = register.Version(new(RecordKinds.Of(record.GetType()).Name, record.Id));
        return known is { IsWithdrawn: false } && record is Attachment ? null : new(record, known?.Version ?? 0);
    }
}
