using System.Globalization;
using Metering.Cloud.Reports;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>A value of a table, perhaps with the address, after the language, of what it stands on.</summary>
/// <param name="Value">The value with its unit.</param>
/// <param name="Link">Address after the language; null without one.</param>
internal sealed record PageCell(ReportCell Value, string? Link = null)
{
    public static PageCell Of(Text words, string? link = null) => new(ReportCell.Of(words), link);

    public static PageCell Of(string words, string? link = null) => new(ReportCell.Of(words), link);

    public static PageCell Of(DateOnly? day) => new(day is { } known ? ReportCell.Of(known) : ReportCell.Missing);

    public static PageCell Count(long count, string? link = null) => new(ReportCell.Of(count.ToString("N0", CultureInfo.InvariantCulture)), link);

    public static PageCell Of(double? value, string unit, int decimals, double halfWidth = double.NaN) =>
        new(value is { } known ? ReportCell.Of(known, unit, decimals, halfWidth) : ReportCell.Missing);

    public static PageCell Of(Money? money) =>
        new(money is null ? ReportCell.Missing : ReportCell.Of(new Metering.Analytics.Finance.Money(money.Amount, money.Currency)));

    /// <summary>Nothing is known; never a zero.</summary>
    public static PageCell Missing { get; } = new(ReportCell.Missing);
}

/// <summary>A field of a form on a page.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Value">What stands in it.</param>
/// <param name="Choices">Words to choose from; null for a text.</param>
internal sealed record PageField(string Name, Text Label, string Value, IReadOnlyList<(string Word, Text Label)>? Choices = null);

/// <summary>A form on a page.</summary>
/// <param name="Action">Address after the language.</param>
/// <param name="IsPost">Whether it changes something.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="Button">What its button says.</param>
internal sealed record PageForm(string Action, bool IsPost, IReadOnlyList<PageField> Fields, Text Button);

/// <summary>A part of a page.</summary>
internal sealed record PageSection
{
    /// <summary>Name in small letters, unique on the page.</summary>
    public required string Id { get; init; }

    /// <summary>Heading.</summary>
    public required Text Title { get; init; }

    /// <summary>Whole sentences before the table.</summary>
    public IReadOnlyList<Text> Sentences { get; init; } = [];

    /// <summary>What helps to read the table, below it.</summary>
    public IReadOnlyList<Text> Notes { get; init; } = [];

    /// <summary>Headings of the table; empty without one.</summary>
    public IReadOnlyList<Text> Columns { get; init; } = [];

    /// <summary>Rows, one cell a column.</summary>
    public IReadOnlyList<IReadOnlyList<PageCell>> Rows { get; init; } = [];

    /// <summary>What stands there when the table has no row.</summary>
    public Text? WhenEmpty { get; init; }

    /// <summary>Records that its rows are made of: whoever writes in the register finds the way to add one below the table, empty or not. Null when rows come from elsewhere.</summary>
    public RecordKind? MadeOf { get; init; }

    /// <summary>A form; null without one.</summary>
    public PageForm? Form { get; init; }
}

/// <summary>A page of the programme: what it says and where each figure comes from. The same parts make the page in both languages.</summary>
internal sealed record ProgrammeView
{
    /// <summary>Address after the language, its query included.</summary>
    public required string Address { get; init; }

    /// <summary>Title.</summary>
    public required Text Title { get; init; }

    /// <summary>What the page is, in a sentence.</summary>
    public required Text Lead { get; init; }

    /// <summary>Whether the page is for everyone: then no way leads back to the staff's overview.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Ways to other pages, with their addresses after the language.</summary>
    public IReadOnlyList<(Text Label, string Address)> Links { get; init; } = [];

    /// <summary>Ways to files and pages without a language.</summary>
    public IReadOnlyList<(Text Label, string Address)> Files { get; init; } = [];

    /// <summary>What was just done or refused; null otherwise.</summary>
    public Text? Notice { get; init; }

    /// <summary>The parts.</summary>
    public required IReadOnlyList<PageSection> Sections { get; init; }
}
