using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Metering.Analytics.CountryPacks;

namespace Metering.Programme.Assessment;

/// <summary>
/// The questionnaire in force on a day, with its rules, measures and modules. All of it is data of the country pack
/// (<c>self-assessment/*.csv</c>); each reference was checked when it was read.
/// </summary>
public sealed class Questionnaire
{
    /// <summary>The sector whose questions and rules hold for all.</summary>
    public const string CommonSector = "common";

    private const string MexicanFolder = "country-packs/mx/self-assessment/";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> MexicanFiles = new(ReadMexicanFiles);
    private static OfDay? newest;

    internal Questionnaire(QuestionnaireParts parts, CountryPack facts)
    {
        Facts = facts;
        Parts = parts.Parts;
        Modules = parts.Modules;
        Measures = parts.Measures;
        Questions = parts.Questions;
        Rules = parts.Rules;
        Bands = parts.Bands;
        Sectors = [.. parts.Questions.Where(question => question.Kind == QuestionKind.Output).Select(question => question.Sector)];
        Version = parts.Questions.Max(question => question.Row.ValidFrom);
        Fingerprint = FingerprintOf(parts);
    }

    /// <summary>Factors, bands and the measures catalogue.</summary>
    public CountryPack Facts { get; }

    /// <summary>Sectors with a question about their output, in the order of the file.</summary>
    public IReadOnlyList<string> Sectors { get; }

    /// <summary>Parts of the form in its order.</summary>
    public IReadOnlyList<TitledEntry> Parts { get; }

    /// <summary>The course modules in their order.</summary>
    public IReadOnlyList<TitledEntry> Modules { get; }

    /// <summary>Every measure a rule can name.</summary>
    public IReadOnlyList<MeasureEntry> Measures { get; }

    /// <summary>All questions of all sectors.</summary>
    public IReadOnlyList<Question> Questions { get; }

    /// <summary>The rule table.</summary>
    public IReadOnlyList<AssessmentRule> Rules { get; }

    /// <summary>Which bands belong to which load.</summary>
    public IReadOnlyList<BandChoice> Bands { get; }

    /// <summary>First day of the newest row in force; two assessments of one version were asked the same.</summary>
    public DateOnly Version { get; }

    /// <summary>Twelve hexadecimal digits of the hash of questions and rules, to be kept with stored answers.</summary>
    public string Fingerprint { get; }

    /// <summary>The questionnaire of Mexico on a day.</summary>
    /// <param name="day">The day on which it is answered.</param>
    public static Questionnaire OfMexico(DateOnly day)
    {
        // Pages ask for today's: reading it anew was most of what their list of measures cost.
        OfDay? known = Volatile.Read(ref newest);
        if (known?.Day != day)
        {
            Volatile.Write(ref newest, known = new(day, Read(MexicanFiles.Value, CountryPack.Mexico, day)));
        }

        return known.Questions;
    }

    /// <summary>Reads a questionnaire.</summary>
    /// <param name="files">Name of each file with its ending, to its text: parts, modules, measures, questions, rules, bands.</param>
    /// <param name="facts">The pack with factors, bands and the measures catalogue.</param>
    /// <param name="day">Rows that hold on this day are taken.</param>
    /// <exception cref="ArgumentException">A cell or a reference that is not understood; names file and line.</exception>
    public static Questionnaire Read(IReadOnlyDictionary<string, string> files, CountryPack facts, DateOnly day) =>
        new(QuestionnaireReader.Read(CountryPack.Read(files), facts, day), facts);

    /// <summary>The files of Mexico as they are built in.</summary>
    public static IReadOnlyDictionary<string, string> FilesOfMexico => MexicanFiles.Value;

    /// <summary>Questions asked in a sector: its output first, then by parts of the form, common ones before its own.</summary>
    /// <param name="sector">One of <see cref="Sectors"/>.</param>
    public IReadOnlyList<Question> Of(string sector) =>
    [
        .. Parts.SelectMany(part => Questions.Where(question => question.Part == part.Id && (question.Sector == CommonSector || question.Sector == sector))),
    ];

    private sealed record OfDay(DateOnly Day, Questionnaire Questions);

    private static string FingerprintOf(QuestionnaireParts parts)
    {
        StringBuilder all = new();
        foreach (Question question in parts.Questions)
        {
            all.Append(question.Id).Append('\n').Append(question.Words.In(Language.Spanish)).Append('\n').Append(question.Words.In(Language.English)).Append('\n');
        }

        foreach (PackRow row in parts.RuleRows)
        {
            all.Append(row["when"]).Append(' ').Append(row["measure"]).Append(' ').Append(row["module"]).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())))[..12];
    }

    private static Dictionary<string, string> ReadMexicanFiles()
    {
        Assembly assembly = typeof(Questionnaire).Assembly;
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(MexicanFolder, StringComparison.Ordinal))
            {
                using Stream stream = assembly.GetManifestResourceStream(resource)
                    ?? throw new InvalidOperationException($"the resource {resource} cannot be opened");
                using StreamReader reader = new(stream, Encoding.UTF8);
                files.Add(resource[MexicanFolder.Length..], reader.ReadToEnd());
            }
        }

        return files;
    }
}
