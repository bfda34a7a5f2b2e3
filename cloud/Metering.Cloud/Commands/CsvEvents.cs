using System.Text;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;

namespace Metering.Cloud.Commands;

/// <summary>
/// A person's decisions on events: a CSV with the columns from, to, decision, person and reason. from and to are days, both
/// inside; an empty to lasts to the end. `--events propose` prints lines of this shape.
/// </summary>
internal static class CsvEvents
{
    /// <summary>The columns of the file.</summary>
    public const string Header = "from,to,decision,person,reason";

    private static readonly string[] Kinds = ["project-effect", "non-routine-permanent", "non-routine-temporary", "data-fault", "ignored"];

    /// <summary>Reads decisions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="zone">Zone of the days.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="now">When the decisions are taken as made; the file holds no instants.</param>
    /// <exception cref="CsvException">The file cannot be read, or a decision is incomplete.</exception>
    public static IReadOnlyList<EventDecision> Read(string path, TimeZoneInfo zone, Period baseline, DateTimeOffset now)
    {
        using CsvReader reader = CsvReader.Open(path);
        int from = reader.IndexOf("from");
        int to = reader.IndexOf("to");
        int kind = reader.IndexOf("decision");
        int person = reader.IndexOf("person");
        int reason = reader.IndexOf("reason");
        List<EventDecision> decisions = [];
        while (reader.Read())
        {
            long start = PlantCalendar.StartOfDay(Day(reader, from), zone);
            long? end = reader.Field(to).IsEmpty ? null : PlantCalendar.StartOfDay(Day(reader, to).AddDays(1), zone);
            if (end <= start)
            {
                throw reader.At(to, "el evento termina antes de empezar. Intercambie los días.", $"the event ends before it begins. Exchange the days.");
            }

            EventDecisionKind decision = Kind(reader, kind);
            if (decision == EventDecisionKind.NonRoutineTemporary && end is null)
            {
                throw reader.At(to, "un evento pasajero necesita su último día.", $"a temporary event needs its last day.");
            }

            foreach ((int column, string name) in new[] { (person, "person"), (reason, "reason") })
            {
                if (string.IsNullOrWhiteSpace(Text(reader, column)))
                {
                    throw reader.At(column, "una decisión sin «{0}» no cuenta. Diga quién decidió, y por qué.", $"a decision without a {name} does not count. Say who decided, and why.");
                }
            }

            decisions.Add(new EventDecision(decision, Event(start, end, baseline), Text(reader, person), Text(reader, reason), now));
        }

        return decisions;
    }

    /// <summary>The name of a decision in the file.</summary>
    public static string Name(EventDecisionKind kind) => Kinds[(int)kind];

    private static EventProposal Event(long start, long? end, Period baseline) => new()
    {
        Kind = end is null ? EventKind.StepChange : EventKind.Temporary,
        Period = start < baseline.EndUtcMilliseconds ? EventPeriod.Baseline : EventPeriod.Reporting,
        FromUtcMilliseconds = start,
        ToUtcMilliseconds = end,
        LastUtcMilliseconds = end ?? start,
        SizePerInterval = double.NaN,
        SizeHalfWidth = double.NaN,
        Total = double.NaN,
        ExpectedTotal = double.NaN,
        TotalDateDeviation = 0,
        Intervals = 0,
        ShownUtcMilliseconds = [],
        LikelihoodGain = double.NaN,
        Penalty = double.NaN,
        IsNearInstallation = false,
    };

    private static EventDecisionKind Kind(CsvReader reader, int column)
    {
        string text = Text(reader, column);
        int index = Array.IndexOf(Kinds, text);
        return index >= 0
            ? (EventDecisionKind)index
            : throw reader.At(column, "«{0}» no es una decisión. Escriba {1}.", $"'{text}' is not a decision. Write {string.Join(", ", Kinds)}.");
    }

    private static DateOnly Day(CsvReader reader, int column) =>
        DateOnly.TryParseExact(Text(reader, column), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out DateOnly day)
            ? day
            : throw reader.At(column, "«{0}» no es un día. Escriba 2025-07-10.", $"'{Text(reader, column)}' is not a day. Write 2025-07-10.");

    private static string Text(CsvReader reader, int column) => Encoding.UTF8.GetString(reader.Field(column)).Trim();
}
