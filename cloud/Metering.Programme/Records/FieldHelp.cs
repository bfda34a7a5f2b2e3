using System.Diagnostics;
using Metering.Readings;

namespace Metering.Programme.Records;

/// <summary>How each kind of field is written, where the field says nothing more of its own.</summary>
internal static class FieldHelp
{
    private static readonly Text Line = new("Un renglón.", "One line.");
    private static readonly Text Lines = new("Varios renglones si hace falta.", "Several lines if needed.");
    private static readonly Text Id = new("Identificador: " + Identifier.RuleText.In(Language.Spanish) + ".", "Identifier: " + Identifier.Rule + ".");
    private static readonly Text Date = new("Año, mes y día: 2026-03-31.", "Year, month and day: 2026-03-31.");
    private static readonly Text Whole = new("Número entero, sin separador de miles: 1200.", "A whole number without thousands separators: 1200.");
    private static readonly Text Number = new("Número con punto decimal y sin separador de miles: 1234.5.", "A number with a decimal point and no thousands separators: 1234.5.");
    private static readonly Text Quantity = new("Número con punto decimal, espacio y unidad.", "A number with a decimal point, a space and the unit.");
    private static readonly Text Money = new("Importe con punto decimal, espacio y moneda: 8000.00 USD.", "An amount with a decimal point, a space and the currency: 8000.00 USD.");
    private static readonly Text Choice = new("Elija una opción.", "Choose one.");
    private static readonly Text Reference = new("Elija uno de los registros que ya existen.", "Choose one of the records already there.");
    private static readonly Text File = new("Elija un archivo ya guardado.", "Choose a file already stored.");

    internal static Text Of(FieldKind kind) => kind switch
    {
        FieldKind.Text => Line,
        FieldKind.LongText => Lines,
        FieldKind.Identifier => Id,
        FieldKind.Date => Date,
        FieldKind.WholeNumber => Whole,
        FieldKind.Decimal => Number,
        FieldKind.Quantity => Quantity,
        FieldKind.Money => Money,
        FieldKind.Choice or FieldKind.YesNo => Choice,
        FieldKind.Reference => Reference,
        FieldKind.File => File,
        _ => throw new UnreachableException(),
    };
}
