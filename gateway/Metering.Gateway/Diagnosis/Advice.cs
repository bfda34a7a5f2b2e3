using System.Globalization;

namespace Metering.Gateway.Diagnosis;

/// <summary>What is known where a symptom was seen; what is not known stays null.</summary>
internal sealed record SymptomFacts
{
    /// <summary>The line in words a person finds on the table before them: /dev/ttyUSB0 at 9600 8E1, or 192.168.1.20:502.</summary>
    public required string Line { get; init; }

    /// <summary>The options that lead a command to this line: --rtu DEVICE or --tcp HOST:PORT.</summary>
    public required string Target { get; init; }

    /// <summary>The unit asked, 0-255.</summary>
    public int? Unit { get; init; }

    /// <summary>The first register asked, 0-based.</summary>
    public int? Register { get; init; }

    /// <summary>What the row calls its detail: an exception code, percent of damaged frames, units that answer, a program, a value.</summary>
    public string? Detail { get; init; }

    /// <summary>How long was waited, such as 500ms.</summary>
    public string? Waited { get; init; }

    /// <summary>The register a manual that counts from 1 means by <see cref="Register"/>.</summary>
    internal int? RegisterBefore => Register is > 0 ? Register - 1 : Register;

    /// <summary>
    /// The values of the places in the texts of <see cref="AdviceTable"/>: {0} line, {1} unit, {2} register, {3} detail, {4} target,
    /// {5} waited, {6} the register before.
    /// </summary>
    internal object[] Values => [Line, Number(Unit), Number(Register), Detail ?? "?", Target, Waited ?? "?", Number(RegisterBefore)];

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "?";
}

/// <summary>One row of the table: what a symptom means, in every language. Places for values are those of <see cref="SymptomFacts.Values"/>.</summary>
/// <param name="Symptom">The symptom.</param>
/// <param name="What">One or two sentences: what was seen, and what is already known to be right.</param>
/// <param name="Causes">Likely causes, the likeliest first.</param>
/// <param name="Checks">What to look at or measure, in this order.</param>
/// <param name="Command">The command to try, without the name of the program; null where none helps.</param>
internal sealed record AdviceRow(Symptom Symptom, Text What, IReadOnlyList<Text> Causes, IReadOnlyList<Text> Checks, string? Command);

/// <summary>A row of the table with the facts of one case, in one language.</summary>
internal sealed record Advice
{
    private static readonly Text CausesLead = new(es: "Causas probables, en este orden:", en: "Likely causes, in this order:");
    private static readonly Text CauseLead = new(es: "Lo más probable:", en: "Most likely:");
    private static readonly Text CheckLead = new(es: "Revise primero:", en: "Check first:");
    private static readonly Text ChecksLead = new(es: "Revise en este orden:", en: "Check in this order:");
    private static readonly Text CommandLead = new(es: "Pruebe:", en: "Try:");

    private readonly Language _language;

    private Advice(Language language) => _language = language;

    /// <summary>The symptom.</summary>
    public required Symptom Symptom { get; init; }

    /// <summary>What was seen, and what is already known to be right.</summary>
    public required string What { get; init; }

    /// <summary>Likely causes, the likeliest first.</summary>
    public required IReadOnlyList<string> Causes { get; init; }

    /// <summary>What to look at, in this order.</summary>
    public required IReadOnlyList<string> Checks { get; init; }

    /// <summary>The command to try, with the name of the program; null where none helps.</summary>
    public required string? Command { get; init; }

    /// <summary>What to do about a symptom. A pure function of its parameters. A cause that speaks of the register before is left out at register 0.</summary>
    internal static Advice For(Symptom symptom, SymptomFacts facts, Language language)
    {
        AdviceRow row = AdviceTable.Of(symptom);
        object[] values = facts.Values;
        return new(language)
        {
            Symptom = symptom,
            What = row.What.In(language, values),
            Causes = [.. row.Causes.Where(cause => facts.Register is not 0 || !cause.In(language).Contains("{6}", StringComparison.Ordinal)).Select(cause => cause.In(language, values))],
            Checks = [.. row.Checks.Select(check => check.In(language, values))],
            Command = row.Command is null ? null : "gateway " + string.Format(CultureInfo.InvariantCulture, row.Command, values),
        };
    }

    /// <summary>All of it as one paragraph.</summary>
    internal string ToText()
    {
        List<string> parts = [What];
        AddList(parts, CausesLead, Causes);
        AddList(parts, ChecksLead, Checks);
        if (Command is not null)
        {
            parts.Add($"{CommandLead.In(_language)} {Command}");
        }

        return string.Join(' ', parts);
    }

    /// <summary>What was seen, the likeliest cause and what to look at first: as long as a line that may come often can be.</summary>
    internal string ToShortText()
    {
        string cause = Causes.Count > 0 ? $" {CauseLead.In(_language)} {Causes[0]}." : "";
        string check = Checks.Count > 0 ? $" {CheckLead.In(_language)} {Checks[0]}." : "";
        return What + cause + check;
    }

    private void AddList(List<string> parts, Text lead, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            parts.Add($"{lead.In(_language)} {string.Join("; ", items)}.");
        }
    }
}
