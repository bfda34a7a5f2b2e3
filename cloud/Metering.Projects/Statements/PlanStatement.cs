using System.Text.Json;
using Metering.Readings;

namespace Metering.Projects.Statements;

/// <summary>How the saving of a project is measured and verified, in the words of its plan.</summary>
/// <param name="Option">Option of the IPMVP: A, B, C or D.</param>
/// <param name="Boundary">What is measured, and its boundary.</param>
/// <param name="Method">How it is measured, how often and how it is adjusted.</param>
/// <param name="Responsible">Who does what.</param>
/// <param name="StaticFactors">Static factors that are watched; null when none is named.</param>
/// <param name="ModelHash">Hash of the model; null without one.</param>
/// <param name="WrittenOn">Day of this version.</param>
internal sealed record MeasurementText(string Option, string Boundary, string Method, string Responsible, string? StaticFactors, string? ModelHash, DateOnly WrittenOn);

/// <summary>The body of a `plan` entry: a project's definition and its measurement plan.</summary>
internal static class PlanStatement
{
    private const string What = "plan";
    private const int MostDrivers = 50;

    // From the first day of the baseline to the last of the reporting period: three times the longest of each.
    private const int MostDays = 3 * DayRange.MostDays;

    /// <summary>The bytes.</summary>
    public static byte[] Write(Project project, MeasurementText? measurement) => StatementJson.Write(json =>
    {
        json.WriteNumber("plan", 1);
        WriteProject(json, project);
        WritePlant(json, project.Plant);
        if (measurement is null)
        {
            json.WriteNull("measurement");
            return;
        }

        json.WriteStartObject("measurement");
        json.WriteString("option", measurement.Option);
        json.WriteString("boundary", measurement.Boundary);
        json.WriteString("method", measurement.Method);
        json.WriteString("responsible", measurement.Responsible);
        json.WriteString("staticFactors", measurement.StaticFactors);
        json.WriteString("modelHash", measurement.ModelHash);
        json.Day("writtenOn", measurement.WrittenOn);
        json.WriteEndObject();
    });

    /// <summary>The project.</summary>
    /// <exception cref="WireFormatException">The bytes are no plan in its one form, or its zone is not known here.</exception>
    public static Project Read(ReadOnlySpan<byte> bytes) => ReadWhole(bytes).Project;

    /// <summary>The measurement plan; null when none was written.</summary>
    /// <exception cref="WireFormatException">The bytes are no plan in its one form, or its zone is not known here.</exception>
    public static MeasurementText? MeasurementOf(ReadOnlySpan<byte> bytes) => ReadWhole(bytes).Measurement;

    /// <summary>
    /// What of a definition changes a number, as bytes: two plans that differ in titles, names or words only have the same. So the day on which the definition
    /// was fixed is not moved by a corrected title.
    /// </summary>
    public static byte[] CoreOf(Project project)
    {
        Metering.Readings.Texts.Text none = new("-", "-");
        return Write(project with { Title = none, Measure = none, Plant = project.Plant with { Name = none, Sector = "-", State = "-", IsSimulated = false } }, null);
    }

    private static (Project Project, MeasurementText? Measurement) ReadWhole(ReadOnlySpan<byte> bytes) =>
        StatementJson.Read(bytes, What, ReadRoot, whole => Write(whole.Project, whole.Measurement));

    private static void WriteProject(Utf8JsonWriter json, Project project)
    {
        json.WriteStartObject("project");
        json.WriteString("id", project.Id);
        json.WriteString("titleEs", project.Title.In(Language.Spanish));
        json.WriteString("titleEn", project.Title.In(Language.English));
        json.WriteString("measureEs", project.Measure.In(Language.Spanish));
        json.WriteString("measureEn", project.Measure.In(Language.English));
        json.WriteString("resource", StatementJson.Word(project.Resource));
        json.WriteString("gateway", project.Use.Gateway);
        json.WriteString("channel", project.Use.Channel);
        json.Objects("drivers", project.Drivers, driver =>
        {
            json.WriteString("id", driver.Id);
            json.WriteString("kind", StatementJson.Word(driver.Kind));
            json.WriteString("gateway", driver.Source?.Gateway);
            json.WriteString("channel", driver.Source?.Channel);
            json.WriteString("product", driver.Product);
            json.WriteNumber("base", driver.Base);
        });
        json.Day("baselineFirst", project.Baseline.First);
        json.Day("baselineLast", project.Baseline.Last);
        json.Day("installationFirst", project.Installation.First);
        json.Day("installationLast", project.Installation.Last);
        json.Day("reportingFirst", project.Reporting.First);
        json.Day("reportingLast", project.Reporting.Last);
        json.WriteNumber("confidencePercent", project.ConfidencePercent);
        json.WriteEndObject();
    }

    private static void WritePlant(Utf8JsonWriter json, Plant plant)
    {
        json.WriteStartObject("plant");
        json.WriteString("id", plant.Id);
        json.WriteString("nameEs", plant.Name.In(Language.Spanish));
        json.WriteString("nameEn", plant.Name.In(Language.English));
        json.WriteString("sector", plant.Sector);
        json.WriteString("state", plant.State);
        json.WriteString("zone", plant.Zone.Id);
        json.WriteBoolean("simulated", plant.IsSimulated);
        json.WriteEndObject();
    }

    private static (Project Project, MeasurementText? Measurement) ReadRoot(JsonElement root)
    {
        root.RequireVersion("plan");
        JsonElement project = root.GetProperty("project");
        Project read = new()
        {
            Id = Identified(project.Text("id")),
            Plant = ReadPlant(root.GetProperty("plant")),
            Title = new(project.Text("titleEs"), project.Text("titleEn")),
            Measure = new(project.Text("measureEs"), project.Text("measureEn")),
            Resource = project.Value<Resource>("resource"),
            Use = ChannelOf(project) ?? throw new FormatException("the project has no channel"),
            Drivers = ReadDrivers(project.GetProperty("drivers")),
            Baseline = new(project.Day("baselineFirst"), project.Day("baselineLast")),
            Installation = new(project.Day("installationFirst"), project.Day("installationLast")),
            Reporting = new(project.Day("reportingFirst"), project.Day("reportingLast")),
            ConfidencePercent = project.Number("confidencePercent"),
        };
        bool isInOrder = read.Baseline.First <= read.Baseline.Last && read.Baseline.Last < read.Reporting.First && read.Reporting.First <= read.Reporting.Last
            && read.Reporting.Last.DayNumber - read.Baseline.First.DayNumber < MostDays && read.Baseline.First.Year > 1970 && read.Reporting.Last.Year < 9999;
        return isInOrder && read.ConfidencePercent is > 0 and < 100
            ? (read, ReadMeasurement(root.GetProperty("measurement")))
            : throw new FormatException("its periods or its confidence are impossible");
    }

    private static Plant ReadPlant(JsonElement plant) => new(
        Identified(plant.Text("id")),
        new(plant.Text("nameEs"), plant.Text("nameEn")),
        plant.Text("sector"),
        plant.Text("state"),
        TimeZoneInfo.TryFindSystemTimeZoneById(plant.Text("zone"), out TimeZoneInfo? zone) ? zone : throw new FormatException($"the zone '{plant.Text("zone")}' is not known on this machine: install tzdata"),
        plant.GetProperty("simulated").GetBoolean());

    private static List<ProjectDriver> ReadDrivers(JsonElement drivers)
    {
        List<ProjectDriver> read = [];
        foreach (JsonElement driver in drivers.EnumerateArray())
        {
            read.Add(new(driver.Text("id"), driver.Value<DriverKind>("kind"), ChannelOf(driver), driver.Number("base")) { Product = driver.TextOrNull("product") });
        }

        bool isWhole = read.TrueForAll(driver => (driver.Source is null) == (driver.Kind is DriverKind.Workday or DriverKind.Production) && (driver.Product is not null) == (driver.Kind == DriverKind.Production));
        return isWhole && read.Count <= MostDrivers && read.DistinctBy(driver => driver.Id).Count() == read.Count
            ? read
            : throw new FormatException("its drivers are too many, doubled, or lack their channel or product");
    }

    private static ChannelName? ChannelOf(JsonElement element) => (element.TextOrNull("gateway"), element.TextOrNull("channel")) switch
    {
        (null, null) => null,
        ({ } gateway, { } channel) => new(Identified(gateway), Identified(channel)),
        _ => throw new FormatException("a channel has a gateway and a name"),
    };

    private static MeasurementText? ReadMeasurement(JsonElement measurement) => measurement.ValueKind == JsonValueKind.Null ? null : new(
        measurement.Text("option"),
        measurement.Text("boundary"),
        measurement.Text("method"),
        measurement.Text("responsible"),
        measurement.TextOrNull("staticFactors"),
        measurement.TextOrNull("modelHash"),
        measurement.Day("writtenOn"));

    private static string Identified(string text) => Identifier.IsValid(text) ? text : throw new FormatException($"'{text}' is no identifier");
}
