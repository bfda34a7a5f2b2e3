using System.Globalization;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using ProjectDriver = Metering.Projects.ProjectDriver;

namespace Metering.Cloud.Projects;

/// <summary>What becomes of one entry of a projects file.</summary>
internal enum ImportOutcome
{
    /// <summary>It comes into the register.</summary>
    Add = 0,

    /// <summary>It is in the register already, word for word.</summary>
    Same = 1,

    /// <summary>The register has another version of it, or a withdrawn one, and keeps that.</summary>
    Kept = 2,
}

/// <summary>One entry of a projects file and what becomes of it.</summary>
/// <param name="Line">Its 1-based line.</param>
/// <param name="Record">The record.</param>
/// <param name="Outcome">What becomes of it.</param>
internal sealed record ImportRow(long Line, IProgrammeRecord Record, ImportOutcome Outcome)
{
    /// <summary>Its name in the register.</summary>
    public RecordKey Key => new(RecordKinds.Of(Record.GetType()).Name, Record.Id);
}

/// <summary>Takes the plants, projects and drivers of a projects file into the register, once: what the register has already is left as it stands.</summary>
internal sealed class ProgrammeImport
{
    private readonly string file;

    private ProgrammeImport(string file, IReadOnlyList<ImportRow> rows) => (this.file, Rows) = (file, rows);

    /// <summary>Every entry, in the order of the file.</summary>
    public IReadOnlyList<ImportRow> Rows { get; }

    /// <summary>Reads a file and compares it with the register.</summary>
    /// <exception cref="ProjectsFileException">The file has a fault.</exception>
    public static ProgrammeImport Plan(string file, RecordStore store)
    {
        Dictionary<string, long> lines = new(StringComparer.Ordinal);
        ProjectRegister register = ProjectRegister.Load(file, lines);
        RegisterSnapshot snapshot = store.Snapshot;
        List<ImportRow> rows = [.. register.Plants.Select(plant => Row(snapshot, lines["plant/" + plant.Id], RecordOf(plant)))];
        foreach (Project project in register.Projects)
        {
            ImportRow own = Row(snapshot, lines["project/" + project.Id], RecordOf(project));
            rows.Add(own);
            for (int index = 0; index < project.Drivers.Count; index++)
            {
                // Drivers belong to their project: one that the register keeps keeps its own drivers too.
                ImportRow driver = Row(snapshot, lines[$"project/{project.Id}/{project.Drivers[index].Id}"], RecordOf(project, index));
                rows.Add(own.Outcome == ImportOutcome.Kept && driver.Outcome == ImportOutcome.Add ? driver with { Outcome = ImportOutcome.Kept } : driver);
            }
        }

        return new(file, rows);
    }

    /// <summary>Stores what is new: all of it, or nothing.</summary>
    /// <param name="store">The register.</param>
    /// <param name="actor">Who.</param>
    /// <param name="isRehearsal">Whether everything is checked and nothing stored.</param>
    /// <param name="language">Language of what is wrong.</param>
    /// <exception cref="Hosting.CloudFault">The register refuses an entry; every fault stands on a line of its own with its place in the file (65).</exception>
    public void Run(RecordStore store, Actor actor, bool isRehearsal, Language language)
    {
        RecordChange[] changes = [.. Rows.Where(row => row.Outcome == ImportOutcome.Add).Select(row => new RecordChange(row.Record, 0))];
        try
        {
            if (isRehearsal)
            {
                store.Rehearse(changes, actor);
            }
            else if (changes.Length > 0)
            {
                _ = store.Save(changes, actor, null);
            }
        }
        catch (RecordFaultsException e)
        {
            throw new Hosting.CloudFault(Hosting.ExitCode.Data, string.Join('\n', e.Faults.Select(fault => Told(fault, language))));
        }
        catch (RecordConflictException e)
        {
            throw new Hosting.CloudFault(Hosting.ExitCode.TryLater, e.Message);
        }
    }

    private string Told(RecordFault fault, Language language)
    {
        long line = Rows.FirstOrDefault(row => row.Key == fault.Record)?.Line ?? 1;
        return string.Create(CultureInfo.InvariantCulture, $"{file}({line},1): {fault.Record} {fault.Field}: {fault.Message.In(language)}");
    }

    private static ImportRow Row(RegisterSnapshot snapshot, long line, IProgrammeRecord record)
    {
        RecordKind kind = RecordKinds.Of(record.GetType());
        RecordVersion? stored = snapshot.Version(new(kind.Name, record.Id));
        ImportOutcome outcome = stored is null ? ImportOutcome.Add
            : !stored.IsWithdrawn && kind.ToJson(stored.Record) == kind.ToJson(record) ? ImportOutcome.Same
            : ImportOutcome.Kept;
        return new(line, record, outcome);
    }

    private static PlantRecord RecordOf(Plant plant) => new()
    {
        Id = plant.Id,
        NameSpanish = plant.Name.In(Language.Spanish),
        NameEnglish = plant.Name.In(Language.English),
        Sector = plant.Sector,
        State = plant.State,
        Zone = plant.Zone.Id,
        IsSimulated = plant.IsSimulated,
    };

    private static ProjectRecord RecordOf(Project project) => new()
    {
        Id = project.Id,
        Plant = project.Plant.Id,
        TitleSpanish = project.Title.In(Language.Spanish),
        TitleEnglish = project.Title.In(Language.English),
        MeasureSpanish = project.Measure.In(Language.Spanish),
        MeasureEnglish = project.Measure.In(Language.English),
        Resource = (ProjectResource)project.Resource,
        Gateway = project.Use.Gateway,
        Channel = project.Use.Channel,
        BaselineFirst = project.Baseline.First,
        BaselineLast = project.Baseline.Last,
        InstallationFirst = project.Installation.First,
        InstallationLast = project.Installation.Last,
        ReportingFirst = project.Reporting.First,
        ReportingLast = project.Reporting.Last,
        ConfidencePercent = (decimal)project.ConfidencePercent,
    };

    private static Programme.Kinds.ProjectDriver RecordOf(Project project, int index)
    {
        ProjectDriver driver = project.Drivers[index];
        return new()
        {
            Id = DriverId(project.Id, driver.Id),
            Project = project.Id,
            Name = driver.Id,
            Position = index + 1,
            Form = (DriverForm)driver.Kind,
            Gateway = driver.Source?.Gateway,
            Channel = driver.Source?.Channel,
            Threshold = driver.Kind is DriverKind.Above or DriverKind.Below ? (decimal)driver.Base : null,
            Product = driver.Product,
        };
    }

    /// <summary>Identifier of a driver's record.</summary>
    public static string DriverId(string project, string driver) => $"{project}.{driver}";
}
