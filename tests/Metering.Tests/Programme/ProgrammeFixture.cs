using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Metering.Tests.Programme;

/// <summary>A register in a file of its own, with a clock that stands at noon of 30 June 2026 in the centre of Mexico.</summary>
internal sealed class ProgrammeFixture : IDisposable
{
    public static readonly Actor Ana = new("ana", "Ana Ruiz");
    public static readonly Actor Luis = new("luis", "Luis Vega");

    private readonly string folder = Directory.CreateTempSubdirectory("metering-register-").FullName;

    public ProgrammeFixture()
    {
        Database = ProgrammeDatabase.Open(StoreLocation.AtFile(DatabaseFile));
        Register = Another();
    }

    public string DatabaseFile => Path.Combine(folder, "programme.db");

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 6, 30, 18, 0, 0, TimeSpan.Zero));

    public ProgrammeDatabase Database { get; }

    public RecordStore Register { get; }

    /// <summary>The register as another process has it.</summary>
    public RecordStore Another() => new(ProgrammeDatabase.Open(StoreLocation.AtFile(DatabaseFile)), Clock);

    /// <summary>Stores new records.</summary>
    public RegisterSnapshot Add(params IProgrammeRecord[] records) =>
        Register.Save([.. records.Select(record => new RecordChange(record, 0))], Ana, null);

    public void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={DatabaseFile}");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    public static Organisation Company(string id, string name = "Curtidos <b>& Cía</b>") => new() { Id = id, Name = name };

    public static PlantRecord Plant(string id = "leon") =>
        new() { Id = id, NameSpanish = "Curtiduría", NameEnglish = "Tannery", Sector = "tannery", State = "Guanajuato", Zone = "America/Mexico_City", IsSimulated = false };

    public static ProjectRecord Project(string id = "pml-1", string plant = "leon") => new()
    {
        Id = id,
        Plant = plant,
        TitleSpanish = "Variadores",
        TitleEnglish = "Drives",
        MeasureSpanish = "Variadores en bombas",
        MeasureEnglish = "Drives on pumps",
        Resource = ProjectResource.Electricity,
        Gateway = "leon",
        Channel = "mains.energy",
        BaselineFirst = new(2025, 1, 1),
        BaselineLast = new(2025, 12, 31),
        InstallationFirst = new(2026, 1, 1),
        InstallationLast = new(2026, 1, 31),
        ReportingFirst = new(2026, 2, 1),
        ReportingLast = new(2026, 12, 31),
    };
}
