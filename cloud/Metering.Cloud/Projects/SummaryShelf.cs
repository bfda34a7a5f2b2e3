using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Metering.Cloud.Projects;

/// <summary>A summary as it is kept on disk, with what it was made from.</summary>
/// <param name="Summary">The summary; its project is put in anew when it is taken.</param>
/// <param name="Channels">Version of each channel's readings, by "gateway/channel".</param>
/// <param name="Sequence">End of the store's journal when these versions were looked at.</param>
internal sealed record ShelvedSummary(ProjectSummary Summary, IReadOnlyDictionary<string, string> Channels, long Sequence);

/// <summary>
/// Summaries of all projects in a file, so that a start does not analyse every project before it can show a list. What is in it counts only for the program that wrote it and for
/// the very same readings, definition and decisions; without the file, or with a damaged one, everything is computed. Safe from any thread.
/// </summary>
/// <param name="file">Path of the file.</param>
internal sealed class SummaryShelf(string file)
{
    private static readonly string Program = typeof(SummaryShelf).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion
        + " " + typeof(SummaryShelf).Module.ModuleVersionId + " " + typeof(ProjectAnalysis).Module.ModuleVersionId + " " + typeof(Metering.Analytics.Savings.SavingsCalculator).Module.ModuleVersionId;

    private static readonly JsonSerializerOptions Form = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
        Converters = { new ProjectByName() },
    };

    private readonly Lock gate = new();

    /// <summary>The summaries of the file, by project; none when there is no usable file.</summary>
    public IReadOnlyDictionary<string, ShelvedSummary> Take()
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize<Shelf>(stream, Form) is { } shelf && shelf.Program == Program ? shelf.Summaries : new Dictionary<string, ShelvedSummary>();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException)
        {
            return new Dictionary<string, ShelvedSummary>(); // it only saves time: what is missing is computed
        }
    }

    /// <summary>Writes the file anew. Whoever reads sees the old or the new one, whole.</summary>
    /// <returns>False when it cannot be written.</returns>
    public bool Put(Dictionary<string, ShelvedSummary> summaries)
    {
        string partial = file + ".partial";
        lock (gate)
        {
            try
            {
                FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using (FileStream stream = new(partial, options))
                {
                    JsonSerializer.Serialize(stream, new Shelf(Program, summaries), Form);
                }

                File.Move(partial, file, overwrite: true);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private sealed record Shelf(string Program, Dictionary<string, ShelvedSummary> Summaries);

    // The definition stands in register or file; here it would only grow old.
    private sealed class ProjectByName : JsonConverter<Project>
    {
        public override Project Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string id = reader.GetString() ?? throw new JsonException();
            DayRange none = new(DateOnly.MinValue, DateOnly.MinValue);
            Text empty = new("-", "-");
            return new()
            {
                Id = id, Plant = new("", empty, "", "", TimeZoneInfo.Utc, false), Title = empty, Measure = empty, Resource = Resource.Electricity, Use = new("", ""), Drivers = [],
                Baseline = none, Installation = none, Reporting = none, ConfidencePercent = 0,
            };
        }

        public override void Write(Utf8JsonWriter writer, Project value, JsonSerializerOptions options) => writer.WriteStringValue(value.Id);
    }
}
