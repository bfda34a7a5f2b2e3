using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>What a questionnaire is made of, every reference resolved.</summary>
internal sealed record QuestionnaireParts(
    IReadOnlyList<TitledEntry> Parts,
    IReadOnlyList<TitledEntry> Modules,
    IReadOnlyList<MeasureEntry> Measures,
    IReadOnlyList<Question> Questions,
    IReadOnlyList<AssessmentRule> Rules,
    IReadOnlyList<BandChoice> Bands,
    IReadOnlyList<PackRow> RuleRows);

/// <summary>Reads the files of a questionnaire. Every fault names its file and line.</summary>
internal sealed class QuestionnaireReader
{
    private const string AnswerMark = "=";
    private const string BandMark = ">bands";

    private readonly CountryPack pack;
    private readonly CountryPack facts;
    private readonly DateOnly day;
    private readonly Dictionary<string, TitledEntry> parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TitledEntry> modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MeasureEntry> measures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Question> questions = new(StringComparer.Ordinal);

    private QuestionnaireReader(CountryPack pack, CountryPack facts, DateOnly day)
    {
        this.pack = pack;
        this.facts = facts;
        this.day = day;
    }

    /// <summary>All parts in force on a day.</summary>
    public static QuestionnaireParts Read(CountryPack pack, CountryPack facts, DateOnly day) => new QuestionnaireReader(pack, facts, day).ReadAll();

    /// <summary>The load of a word in a file, such as <c>greenhouse-gas</c>; null when there is none of that name.</summary>
    public static AssessedLoad? LoadOf(string word) => word switch
    {
        "energy" => AssessedLoad.Energy,
        "electricity" => AssessedLoad.Electricity,
        "water" => AssessedLoad.Water,
        "wastewater" => AssessedLoad.Wastewater,
        "materials" => AssessedLoad.Materials,
        "waste" => AssessedLoad.Waste,
        "greenhouse-gas" => AssessedLoad.GreenhouseGas,
        _ => null,
    };

    private QuestionnaireParts ReadAll()
    {
        foreach (PackRow row in Rows("parts"))
        {
            parts.Add(row.Id, new TitledEntry(row.Id, TextOf(row, "es", "en"), []));
        }

        foreach (PackRow row in Rows("modules"))
        {
            modules.Add(row.Id, new TitledEntry(row.Id, TextOf(row, "es", "en"), List(row, "themes", word => Known(row, parts, word, "part").Id)));
        }

        foreach (PackRow row in Rows("measures"))
        {
            measures.Add(row.Id, Measure(row));
        }

        foreach (PackRow row in Rows("questions"))
        {
            questions.Add(row.Id, Asked(row));
        }

        foreach (IGrouping<string, Question> outputs in questions.Values.Where(question => question.Kind == QuestionKind.Output).GroupBy(question => question.Sector))
        {
            if (outputs.Count() > 1 || outputs.Key == Questionnaire.CommonSector)
            {
                throw Fault(outputs.Last().Row, "a sector has one question about its output, and the common part has none");
            }
        }

        IReadOnlyList<PackRow> rules = [.. Rows("rules")];
        return new QuestionnaireParts(
            [.. parts.Values], [.. modules.Values], [.. measures.Values], [.. questions.Values], [.. rules.Select(Rule)], [.. Rows("bands").Select(Bands)], rules);
    }

    private MeasureEntry Measure(PackRow row)
    {
        List<PackRow> effects = [.. facts.Table("measures").Rows.Where(effect => effect.HoldsOn(day) && effect["sector"] + "." + effect["measure"] == row.Id)];
        bool isCommon = row.Id.StartsWith(Questionnaire.CommonSector + ".", StringComparison.Ordinal);
        if (isCommon == effects.Count > 0)
        {
            throw Fault(row, isCommon ? $"the measures catalogue has {row.Id} already" : $"the measures catalogue has no measure {row.Id}");
        }

        string resource = row["resource"];
        AssessedLoad? load = resource == "management" ? null : LoadOf(resource) ?? throw Fault(row, $"resource is '{resource}', which is no load");
        return new MeasureEntry(row.Id, load, Filled(row, "practice"), TextOf(row, "es", "en"), effects);
    }

    private Question Asked(PackRow row)
    {
        QuestionKind kind = row["kind"] switch
        {
            "amount" => QuestionKind.Amount,
            "output" => QuestionKind.Output,
            "practice" => QuestionKind.Practice,
            string other => throw Fault(row, $"kind is '{other}'; it must be amount, output or practice"),
        };
        List<MeasureUnit> units = List(row, "units", word =>
            MeasureUnit.TryParse(word, out MeasureUnit unit) ? unit : throw Fault(row, $"'{word}' is no unit"));
        if (kind == QuestionKind.Practice == units.Count > 0)
        {
            throw Fault(row, kind == QuestionKind.Practice ? "a practice has no units" : "an amount needs at least one unit");
        }

        string load = row["load"];
        return new Question
        {
            Id = row.Id,
            Sector = Filled(row, "sector"),
            Part = Known(row, parts, row["part"], "part").Id,
            Kind = kind,
            Units = units,
            Load = kind == QuestionKind.Amount ? LoadOf(load) ?? throw Fault(row, $"load is '{load}', which is no load") : null,
            Carrier = Carrier(row),
            Words = TextOf(row, "es", "en"),
            Why = TextOf(row, "why_es", "why_en"),
            Row = row,
        };
    }

    private string Carrier(PackRow row)
    {
        string carrier = row["carrier"];
        bool isKnown = carrier is "" or "electricity" || facts.Table("fuels").Rows.Any(fuel => fuel["fuel"] == carrier);
        return isKnown ? carrier : throw Fault(row, $"carrier is '{carrier}', of which there are no factors");
    }

    private AssessmentRule Rule(PackRow row)
    {
        string sector = Filled(row, "sector");
        IReadOnlyList<RuleCondition> conditions = [.. Filled(row, "when").Split('&').Select(text => Condition(row, sector, text.Trim()))];
        return new AssessmentRule(
            row.Id, sector, conditions, Known(row, measures, row["measure"], "measure"), Known(row, modules, row["module"], "module"));
    }

    private RuleCondition Condition(PackRow row, string sector, string text)
    {
        if (text.EndsWith(BandMark, StringComparison.Ordinal))
        {
            string word = text[..^BandMark.Length];
            return new RuleCondition(null, [], LoadOf(word) ?? throw Fault(row, $"'{word}' is no load"));
        }

        string[] sides = text.Split(AnswerMark);
        if (sides.Length != 2)
        {
            throw Fault(row, $"'{text}' is no condition; write question=no|partly or water>bands");
        }

        Question question = Known(row, questions, sides[0], "question");
        if (question.Kind != QuestionKind.Practice || (question.Sector != Questionnaire.CommonSector && question.Sector != sector))
        {
            throw Fault(row, $"{question.Id} is not a practice asked in the sector {sector}");
        }

        return new RuleCondition(question, [.. sides[1].Split('|').Select(word => Answer(row, word))], null);
    }

    private static PracticeAnswer Answer(PackRow row, string word) => word switch
    {
        "yes" => PracticeAnswer.Yes,
        "partly" => PracticeAnswer.Partly,
        "no" => PracticeAnswer.No,
        _ => throw Fault(row, $"'{word}' is no answer of a rule; write yes, partly or no"),
    };

    private BandChoice Bands(PackRow row)
    {
        AssessedLoad load = LoadOf(row["load"]) ?? throw Fault(row, $"load is '{row["load"]}', which is no load");
        List<string> ids = List(row, "bands", id =>
        {
            PackRow band = facts.Table("sector-bands").Rows.FirstOrDefault(candidate => candidate.Id == id) ?? throw Fault(row, $"there is no band {id}");
            return BandUnits.TryParse(band.Unit, out _) ? id : throw Fault(row, $"the unit {band.Unit} of {id} is not a ratio of known units");
        });
        return ids.Count > 0 ? new BandChoice(Filled(row, "sector"), load, ids) : throw Fault(row, "bands is empty");
    }

    private IEnumerable<PackRow> Rows(string table) => pack.Table(table).Rows.Where(row => row.HoldsOn(day));

    private static T Known<T>(PackRow row, Dictionary<string, T> entries, string id, string what) =>
        entries.TryGetValue(id, out T? entry) ? entry : throw Fault(row, $"there is no {what} '{id}' in force");

    private static Text TextOf(PackRow row, string spanish, string english) => new(es: Filled(row, spanish), en: Filled(row, english));

    private static string Filled(PackRow row, string column) =>
        row[column] is { Length: > 0 } text ? text : throw Fault(row, $"{column} is empty");

    private static List<T> List<T>(PackRow row, string column, Func<string, T> read) =>
        [.. row[column].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(read)];

    private static ArgumentException Fault(PackRow row, string what) => new($"{row.File} line {row.Line}: {what}");
}
