using Metering.Readings.Field;

namespace Metering.Gateway.Commissioning;

/// <summary>What the installer knows of a meter: from options, or asked for one by one at a terminal.</summary>
internal sealed class MeterAnswers(IReadOnlyDictionary<string, string?> given, TextReader? person, TextWriter talk, Language language)
{
    private static readonly Text Missing = new(es: "Falta --{0} ({1}).", en: "--{0} is missing ({1}).");
    private static readonly Text Again = new(es: "No se puede usar; una línea de hasta 200 caracteres.", en: "That cannot be used; one line of up to 200 characters.");
    private const int MostAttempts = 3;

    /// <summary>What is missing or cannot be used; null while all is well.</summary>
    internal string? Problem { get; private set; }

    /// <summary>A field that must be there.</summary>
    internal string Required(string option, Text question) => Take(option, question, isRequired: true) ?? "";

    /// <summary>A field that may be left out.</summary>
    internal string? Optional(string option, Text question) => Take(option, question, isRequired: false);

    private string? Take(string option, Text question, bool isRequired)
    {
        if (given.GetValueOrDefault(option) is string text)
        {
            string? clean = CommissioningRecord.Clean(text);
            Problem ??= clean is null ? $"--{option}: {Again.In(language)}" : null;
            return clean;
        }

        for (int attempt = 0; person is not null && attempt < MostAttempts; attempt++)
        {
            talk.Write($"{question.In(language)}: ");
            string? answer = person.ReadLine();
            if (string.IsNullOrWhiteSpace(answer) && !isRequired)
            {
                return null;
            }

            if (CommissioningRecord.Clean(answer) is string clean)
            {
                return clean;
            }

            talk.WriteLine(Again.In(language));
        }

        Problem ??= isRequired ? Missing.In(language, option, question.In(language)) : null;
        return null;
    }
}
