namespace Metering.Cloud.Reports;

/// <summary>What a report is about.</summary>
internal enum ReportKind
{
    /// <summary>The verified saving of one project.</summary>
    Savings = 0,

    /// <summary>A portfolio over half a year, for funders.</summary>
    HalfYearly = 1,

    /// <summary>A portfolio over a year, for funders.</summary>
    Annual = 2,

    /// <summary>What was found at a plant before a project, and what is recommended.</summary>
    PreAssessment = 3,

    /// <summary>One project on one page, for publication.</summary>
    CaseSheet = 4,

    /// <summary>A table per firm and group in the shape of the environmental leadership programme (PLAC).</summary>
    Plac = 5,
}

/// <summary>
/// All that a report says: every number with its unit, every text in both languages. The bytes of <see cref="ReportJson"/>
/// are the report; pages, spreadsheets and PDF are views of it and carry its SHA-256.
/// </summary>
internal sealed record ReportDocument
{
    /// <summary>Kind.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>What it is about: an id of a project, or "portfolio".</summary>
    public required string Subject { get; init; }

    /// <summary>Title.</summary>
    public required Text Title { get; init; }

    /// <summary>Plant, place or programme under the title.</summary>
    public required Text Subtitle { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly First { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly Last { get; init; }

    /// <summary>Whether meters were simulated; every view says so.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>The command that makes the same report.json again; empty when no command can.</summary>
    public string RecomputeCommand { get; init; } = "";

    /// <summary>Sign-offs as they were given; none is made up.</summary>
    public IReadOnlyList<SignOff> SignOffs { get; init; } = [];

    /// <summary>The parts, in order.</summary>
    public required IReadOnlyList<ReportSection> Sections { get; init; }
}

/// <summary>Who stands for a report.</summary>
/// <param name="Role">In which role.</param>
/// <param name="Name">Name as given.</param>
/// <param name="Day">Day of the signature.</param>
public sealed record SignOff(Text Role, string Name, DateOnly Day);

/// <summary>Where a section is shown.</summary>
internal enum SectionPlace
{
    /// <summary>On every view.</summary>
    Everywhere = 0,

    /// <summary>In files for programs and spreadsheets only: it is too long for paper.</summary>
    FilesOnly = 1,

    /// <summary>On every view; in a spreadsheet on the sheet of sources.</summary>
    Sources = 2,
}

/// <summary>A part of a report: sentences, facts, and at most one table.</summary>
internal sealed record ReportSection
{
    /// <summary>Name in small letters, unique in the report.</summary>
    public required string Id { get; init; }

    /// <summary>Heading.</summary>
    public required Text Title { get; init; }

    /// <summary>Where it is shown.</summary>
    public SectionPlace Place { get; init; }

    /// <summary>Whole sentences.</summary>
    public IReadOnlyList<Text> Sentences { get; init; } = [];

    /// <summary>Single figures.</summary>
    public IReadOnlyList<ReportFact> Facts { get; init; } = [];

    /// <summary>A table; null without one.</summary>
    public ReportTable? Table { get; init; }
}

/// <summary>One figure with its name.</summary>
/// <param name="Id">Name in files, unique in its section.</param>
/// <param name="Label">Name for readers.</param>
/// <param name="Value">The value.</param>
internal sealed record ReportFact(string Id, Text Label, ReportCell Value);

/// <summary>A table.</summary>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">Rows, each with one cell a column.</param>
internal sealed record ReportTable(IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<ReportCell>> Rows);

/// <summary>A column.</summary>
/// <param name="Id">Name in files.</param>
/// <param name="Heading">Heading.</param>
/// <param name="Unit">Unit of all its numbers; empty when it has none, or when each cell states its own.</param>
internal sealed record ReportColumn(string Id, Text Heading, string Unit = "");

/// <summary>What a cell holds.</summary>
internal enum CellKind
{
    /// <summary>Nothing is known; never a zero.</summary>
    Missing = 0,

    /// <summary>A text.</summary>
    Words = 1,

    /// <summary>A number with a unit, perhaps with the half-width of its interval.</summary>
    Number = 2,

    /// <summary>A day.</summary>
    Day = 3,

    /// <summary>An amount in a currency.</summary>
    Money = 4,
}

/// <summary>One value of a report.</summary>
internal sealed record ReportCell
{
    /// <summary>What it holds.</summary>
    public CellKind Kind { get; private init; }

    /// <summary>The text, of words.</summary>
    public Text? Words { get; private init; }

    /// <summary>The number.</summary>
    public double Number { get; private init; } = double.NaN;

    /// <summary>Half-width of its interval; NaN when it has none.</summary>
    public double HalfWidth { get; private init; } = double.NaN;

    /// <summary>Unit of the number as readings write it: kWh, m3, %, days; "1" for a ratio.</summary>
    public string Unit { get; private init; } = "";

    /// <summary>Decimals when printed.</summary>
    public int Decimals { get; private init; }

    /// <summary>The day.</summary>
    public DateOnly Day { get; private init; }

    /// <summary>The amount.</summary>
    public decimal Amount { get; private init; }

    /// <summary>Its currency, ISO 4217.</summary>
    public string Currency { get; private init; } = "";

    /// <summary>Day of the rate it was converted with; null when it is in its own currency.</summary>
    public DateOnly? RateDay { get; private init; }

    /// <summary>Nothing is known.</summary>
    public static ReportCell Missing { get; } = new();

    /// <summary>A text; a dash when it is empty.</summary>
    public static ReportCell Of(Text words) => new() { Kind = CellKind.Words, Words = words };

    /// <summary>The same text in both languages: a name, a code; a dash when it is empty.</summary>
    public static ReportCell Of(string words) => string.IsNullOrWhiteSpace(words) ? Missing : Of(new Text(words, words));

    /// <summary>A day.</summary>
    public static ReportCell Of(DateOnly day) => new() { Kind = CellKind.Day, Day = day };

    /// <summary>A number; missing when it is not finite.</summary>
    public static ReportCell Of(double number, string unit, int decimals, double halfWidth = double.NaN)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(unit);
        return double.IsFinite(number)
            ? new() { Kind = CellKind.Number, Number = number == 0 ? 0 : number, Unit = unit, Decimals = decimals, HalfWidth = halfWidth }
            : Missing;
    }

    /// <summary>A whole number of something: days, projects, readings.</summary>
    public static ReportCell Count(long count, string unit) => Of(count, unit, 0);

    /// <summary>An amount; the day of the rate when it was converted.</summary>
    public static ReportCell Of(Metering.Analytics.Finance.Money money, DateOnly? rateDay = null) =>
        new() { Kind = CellKind.Money, Amount = money.Amount, Currency = money.Currency, RateDay = rateDay };
}
