using System.CommandLine;
using System.Globalization;

namespace Metering.Gateway.Commands;

/// <summary>The language the program talks in: --lang where it stands, else that of the terminal.</summary>
internal static class TerminalLanguage
{
    internal const string OptionName = "--lang";

    /// <summary>The language of a command line, before it is parsed: help and faults of the command line speak it, too.</summary>
    internal static Language Of(string[] arguments)
    {
        for (int index = 0; index < arguments.Length; index++)
        {
            string? code = arguments[index].StartsWith(OptionName + "=", StringComparison.Ordinal)
                ? arguments[index][(OptionName.Length + 1)..]
                : index > 0 && arguments[index - 1] == OptionName ? arguments[index] : null;
            if (Languages.TryParse(code, out Language language))
            {
                return language;
            }
        }

        return Languages.OfTerminal(Environment.GetEnvironmentVariable);
    }

    /// <summary>
    /// Lets the command line's parser find its Spanish texts. Only the culture of texts is set: numbers and times keep the invariant one,
    /// and so nothing that is stored or signed can depend on the language of a terminal.
    /// </summary>
    internal static void LetParserSpeak(Language language) =>
        CultureInfo.CurrentUICulture = language == Language.Spanish ? CultureInfo.GetCultureInfo("es") : CultureInfo.InvariantCulture;

    /// <summary>The option, valid for every command.</summary>
    internal static Option<string?> Option(Language language)
    {
        Option<string?> option = new(OptionName)
        {
            Description = new Text(es: "Idioma: es o en; si falta, el de la terminal.", en: "Language: es or en; left out, that of the terminal.").In(language),
            Recursive = true,
        };
        return option.AcceptOnlyFromAmong("es", "en");
    }
}
