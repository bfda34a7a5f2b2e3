using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Metering.Readings;

namespace Metering.Programme.Records;

/// <summary>
/// The text of a field, as it stands in a form and in a CSV, and its JSON value. One spelling for each value, the same in every language; what
/// could be read in two ways ("1,5") is refused with a hint and never guessed.
/// </summary>
internal static class FieldText
{
    private const int MostDigits = 28;

    /// <summary>Reads a text that is not empty.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">Text without white space at its ends.</param>
    /// <param name="value">The JSON value; null when there is a fault.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Text? Read(Field field, string text, out JsonNode? value)
    {
        value = null;
        switch (field.Kind)
        {
            case FieldKind.Text or FieldKind.LongText:
                return Words(field, text, out value);
            case FieldKind.Identifier or FieldKind.Reference or FieldKind.File:
                value = Identifier.IsValid(text) ? JsonValue.Create(text) : null;
                return value is null ? Fill(new("«{0}» no es un identificador: {1}.", "“{0}” is no identifier: {2}."), text, Identifier.RuleText.In(Language.Spanish), Identifier.Rule) : null;
            case FieldKind.Date:
                value = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? JsonValue.Create(text) : null;
                return value is null ? Fill(new("«{0}» no es una fecha; escriba año, mes y día, como 2026-03-31.", "“{0}” is no day; write year, month and day, such as 2026-03-31."), text) : null;
            case FieldKind.YesNo:
                value = text is "yes" or "no" ? JsonValue.Create(text == "yes") : null;
                return value is null ? NotInList(field, text) : null;
            case FieldKind.Choice:
                value = field.Choices.Any(choice => choice.Word == text) ? JsonValue.Create(text) : null;
                return value is null ? NotInList(field, text) : null;
            case FieldKind.WholeNumber or FieldKind.Decimal:
                Text? fault = Number(field, text, out decimal number);
                value = fault is not null ? null : field.Kind == FieldKind.WholeNumber ? JsonValue.Create((long)number) : JsonValue.Create(number);
                return fault;
            case FieldKind.Quantity or FieldKind.Money:
                return WithUnit(field, text, out value);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The text of a JSON value; empty when it is not there.</summary>
    public static string Write(Field field, JsonNode? value) => value is null ? "" : field.Kind switch
    {
        FieldKind.YesNo => value.GetValue<bool>() ? "yes" : "no",
        FieldKind.WholeNumber => value.GetValue<long>().ToString(CultureInfo.InvariantCulture),
        FieldKind.Decimal => value.GetValue<decimal>().ToString(CultureInfo.InvariantCulture),
        FieldKind.Quantity or FieldKind.Money => value["amount"]!.GetValue<decimal>().ToString(CultureInfo.InvariantCulture)
            + " " + value[UnitMember(field)]!.GetValue<string>(),
        _ => value.GetValue<string>(),
    };

    private static Text? Words(Field field, string text, out JsonNode? value)
    {
        value = null;
        string plain = text.ReplaceLineEndings("\n");
        if (plain.Length > field.LongestLength)
        {
            return Fill(new("Tiene {0} caracteres; caben {1}.", "It has {0} characters; there is room for {1}."), Count(plain.Length), Count(field.LongestLength));
        }

        foreach (char character in plain)
        {
            if (char.IsControl(character) && !(character is '\n' or '\t' && field.Kind == FieldKind.LongText))
            {
                return new("Contiene un carácter de control; escriba el texto de nuevo sin él.", "It contains a control character; write the text again without it.");
            }
        }

        value = JsonValue.Create(plain);
        return null;
    }

    private static Text? WithUnit(Field field, string text, out JsonNode? value)
    {
        value = null;
        int space = text.LastIndexOf(' ');
        string unit = space < 0 ? "" : text[(space + 1)..];
        if (!field.Units.Contains(unit, StringComparer.Ordinal))
        {
            return Fill(
                new("«{0}» no termina en espacio y una de estas unidades: {1}.", "“{0}” does not end in a space and one of these units: {1}."), text, string.Join(", ", field.Units));
        }

        Text? fault = Number(field, text[..space].TrimEnd(), out decimal number);
        value = fault is null ? new JsonObject { ["amount"] = number, [UnitMember(field)] = unit } : null;
        return fault;
    }

    private static Text? Number(Field field, string text, out decimal number)
    {
        number = 0;
        if (text.Contains(',', StringComparison.Ordinal))
        {
            return Fill(
                new("«{0}» puede leerse de dos maneras: escriba el decimal con punto y los miles sin separador, como 1234.5.", "“{0}” can be read in two ways: write the decimals after a point and thousands without a separator, such as 1234.5."), text);
        }

        ReadOnlySpan<char> digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        bool isNumber = digits.Length is > 0 and <= MostDigits && char.IsAsciiDigit(digits[0]) && char.IsAsciiDigit(digits[^1])
            && !digits.ContainsAnyExcept("0123456789.") && digits.Count('.') <= (field.Kind == FieldKind.WholeNumber ? 0 : 1);
        if (!isNumber || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return field.Kind == FieldKind.WholeNumber
                ? Fill(new("«{0}» no es un número entero, como 1200.", "“{0}” is no whole number, such as 1200."), text)
                : Fill(new("«{0}» no es un número, como 1234.5.", "“{0}” is no number, such as 1234.5."), text);
        }

        if (number < (field.Least ?? (field.Kind == FieldKind.WholeNumber ? int.MinValue : decimal.MinValue)))
        {
            return Fill(new("Es menor que {0}.", "It is less than {0}."), Count(field.Least ?? int.MinValue));
        }

        return number > (field.Most ?? (field.Kind == FieldKind.WholeNumber ? int.MaxValue : decimal.MaxValue))
            ? Fill(new("Es mayor que {0}.", "It is more than {0}."), Count(field.Most ?? int.MaxValue))
            : null;
    }

    private static string UnitMember(Field field) => field.Kind == FieldKind.Money ? "currency" : "unit";

    private static Text NotInList(Field field, string text) => Fill(
        new("«{0}» no está en la lista: {1}.", "“{0}” is not in the list: {1}."), text, string.Join(", ", field.Choices.Select(choice => choice.Word)));

    private static string Count(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static Text Fill(Text text, params object[] values) => new(text.In(Language.Spanish, values), text.In(Language.English, values));
}
