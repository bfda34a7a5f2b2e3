namespace Metering.Cloud.Spreadsheets;

/// <summary>What a cell of a spreadsheet holds.</summary>
internal enum SheetCellKind
{
    /// <summary>Nothing.</summary>
    Empty = 0,

    /// <summary>A text. It is never read as a formula, whatever it begins with.</summary>
    Text = 1,

    /// <summary>A number.</summary>
    Number = 2,

    /// <summary>A day.</summary>
    Day = 3,
}

/// <summary>One cell.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Text">The text.</param>
/// <param name="Number">The number.</param>
/// <param name="Decimals">Decimals shown, 0 to 9.</param>
/// <param name="Day">The day.</param>
internal readonly record struct SheetCell(SheetCellKind Kind, string Text, double Number, int Decimals, DateOnly Day)
{
    /// <summary>An empty cell.</summary>
    public static SheetCell Empty { get; } = new(SheetCellKind.Empty, "", 0, 0, default);

    /// <summary>A text.</summary>
    public static SheetCell Of(string text) => new(SheetCellKind.Text, text, 0, 0, default);

    /// <summary>A number; empty when it is not finite.</summary>
    public static SheetCell Of(double number, int decimals) =>
        double.IsFinite(number) ? new(SheetCellKind.Number, "", number, Math.Clamp(decimals, 0, 9), default) : Empty;

    /// <summary>A day.</summary>
    public static SheetCell Of(DateOnly day) => new(SheetCellKind.Day, "", 0, 0, day);
}

/// <summary>A column of a sheet.</summary>
/// <param name="Heading">Heading, with the unit of the numbers below it.</param>
/// <param name="WidthCharacters">Width in characters, 1 to 255.</param>
internal sealed record SheetColumn(string Heading, double WidthCharacters);

/// <summary>A sheet: a frozen header row and the rows below it.</summary>
/// <param name="Name">Name; what a spreadsheet does not take is replaced, and it is cut to 31 characters.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">Rows; a row may be shorter than the columns.</param>
internal sealed record Sheet(string Name, IReadOnlyList<SheetColumn> Columns, IReadOnlyList<IReadOnlyList<SheetCell>> Rows);
