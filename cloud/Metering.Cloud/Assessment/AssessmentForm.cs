using System.Globalization;
using Metering.Analytics.Indicators;
using Metering.Analytics.Plausibility;
using Metering.Programme.Assessment;
using Microsoft.Extensions.Primitives;

namespace Metering.Cloud.Assessment;

/// <summary>What was typed into the form, kept as it was typed, with the faults beside the fields.</summary>
public sealed class AssessmentForm
{
    /// <summary>First year a grid factor is known for.</summary>
    public const int FirstYear = 2013;

    private const double Largest = 1e12;
    private const int LongestText = 40;

    private readonly IReadOnlyDictionary<string, StringValues> typed;

    private AssessmentForm(string sector, int lastYear, IReadOnlyDictionary<string, StringValues> typed)
    {
        Sector = sector;
        LastYear = lastYear;
        this.typed = typed;
    }

    /// <summary>Sector of the questions.</summary>
    public string Sector { get; }

    /// <summary>Last year that is over.</summary>
    public int LastYear { get; }

    /// <summary>Faults by question; the year has the key <c>year</c>.</summary>
    public Dictionary<string, Text> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>All fields as typed, for the way back from the result.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields => typed
        .Where(typedField => typedField.Key.Contains('.', StringComparison.Ordinal) || typedField.Key == "year")
        .Select(typedField => KeyValuePair.Create(typedField.Key, Text(typedField.Key)))
        .Where(typedField => typedField.Value.Length > 0);

    /// <summary>The fields typed that belong to the questions of the sector, and the year: what is kept in a record.</summary>
    internal IEnumerable<KeyValuePair<string, string>> FieldsOf(Questionnaire questionnaire)
    {
        HashSet<string> known = new(StringComparer.Ordinal) { "year" };
        foreach (Question question in questionnaire.Of(Sector))
        {
            known.UnionWith([AmountField(question), UnitField(question), NotUsedField(question), PracticeField(question)]);
        }

        return Fields.Where(field => known.Contains(field.Key));
    }

    /// <summary>An empty form of a sector.</summary>
    public static AssessmentForm Empty(string sector, int lastYear) => new(sector, lastYear, new Dictionary<string, StringValues>());

    /// <summary>A form with what was typed.</summary>
    public static AssessmentForm Of(string sector, int lastYear, IFormCollection form) =>
        new(sector, lastYear, form.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal));

    /// <summary>A form as it was kept, see <see cref="AnswerLines"/>.</summary>
    public static AssessmentForm OfKept(string sector, int lastYear, IReadOnlyDictionary<string, string> fields) =>
        new(sector, lastYear, fields.ToDictionary(field => field.Key, field => new StringValues(field.Value), StringComparer.Ordinal));

    /// <summary>Name of the field with the amount of a question.</summary>
    public static string AmountField(Question question) => "amount." + question.Id;

    /// <summary>Name of the field with its unit.</summary>
    public static string UnitField(Question question) => "unit." + question.Id;

    /// <summary>Name of the mark that it is not used.</summary>
    public static string NotUsedField(Question question) => "unused." + question.Id;

    /// <summary>Name of the field of a practice.</summary>
    public static string PracticeField(Question question) => "practice." + question.Id;

    /// <summary>What was typed into a field; empty when nothing was.</summary>
    public string Text(string field)
    {
        string text = typed.TryGetValue(field, out StringValues values) ? values.ToString().Trim() : "";
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    /// <summary>The answers, or null with the faults.</summary>
    public AssessmentAnswers? Read(Questionnaire questionnaire)
    {
        Dictionary<string, Quantity> amounts = new(StringComparer.Ordinal);
        HashSet<string> notUsed = new(StringComparer.Ordinal);
        Dictionary<string, PracticeAnswer> practices = new(StringComparer.Ordinal);
        foreach (Question question in questionnaire.Of(Sector))
        {
            if (question.Kind == QuestionKind.Practice)
            {
                if (Enum.TryParse(Text(PracticeField(question)), out PracticeAnswer answer) && Enum.IsDefined(answer))
                {
                    practices.Add(question.Id, answer);
                }
            }
            else
            {
                ReadAmount(question, amounts, notUsed);
            }
        }

        bool isYear = int.TryParse(Text("year"), NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year >= FirstYear && year <= LastYear;
        if (!isYear)
        {
            string last = LastYear.ToString(CultureInfo.InvariantCulture);
            string first = FirstYear.ToString(CultureInfo.InvariantCulture);
            Faults["year"] = Filled(AssessmentWords.FaultYear, first, last);
        }

        return Faults.Count > 0 ? null : new AssessmentAnswers { Sector = Sector, Year = year, Amounts = amounts, NotUsed = notUsed, Practices = practices };
    }

    private void ReadAmount(Question question, Dictionary<string, Quantity> amounts, HashSet<string> notUsed)
    {
        string text = Text(AmountField(question));
        bool isUnused = question.Kind == QuestionKind.Amount && Text(NotUsedField(question)).Length > 0;
        if (text.Length == 0)
        {
            if (isUnused)
            {
                notUsed.Add(question.Id);
            }

            return;
        }

        if (isUnused)
        {
            Faults[question.Id] = AssessmentWords.FaultBoth;
            return;
        }

        MeasureUnit unit = question.Units.Count == 1 ? question.Units[0] : question.Units.FirstOrDefault(one => one.Symbol == Text(UnitField(question)));
        if (NumberFault(text, out double value) is { } fault)
        {
            Faults[question.Id] = fault;
        }
        else if (unit.Dimension == Dimension.None)
        {
            Faults[question.Id] = AssessmentWords.FaultUnit;
        }
        else
        {
            amounts.Add(question.Id, new Quantity(value, unit));
        }
    }

    /// <summary>Reads an amount; a text that can be read in two ways is refused with both readings.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="value">The amount, zero or more; NaN when refused.</param>
    /// <returns>The fault; null when there is none.</returns>
    public static Text? NumberFault(string text, out double value)
    {
        // A group of thousands never begins with a zero.
        List<double> readings = [.. AmbiguousNumber.Readings(text)];
        if (readings.Count > 1 && text.Length > 1 && text[0] == '0')
        {
            readings.RemoveAll(reading => reading >= 1);
        }

        value = double.NaN;
        if (readings.Count == 0 || readings.Exists(reading => reading > Largest))
        {
            return Filled(AssessmentWords.FaultNumber, text);
        }

        if (readings.Count > 1)
        {
            double small = readings.Min();
            double large = readings.Max();
            string whole = large.ToString("0.#########", CultureInfo.InvariantCulture);
            string fraction = small.ToString("0.0000######", CultureInfo.InvariantCulture);
            return Filled(AssessmentWords.FaultAmbiguous, text, AssessmentTexts.Figure(small), AssessmentTexts.Figure(large), fraction, whole);
        }

        value = readings[0];
        return null;
    }

    private static Text Filled(Text text, params string[] values) => new(
        es: text.In(Language.Spanish, [.. values.Cast<object>()]), en: text.In(Language.English, [.. values.Cast<object>()]));
}
