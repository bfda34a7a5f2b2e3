using System.CommandLine;
using System.CommandLine.Parsing;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>Tells what is wrong with a command line, with the word that was meant where one is near.</summary>
internal static class UsageFault
{
    private static readonly Text NoNumber = new(es: "No se puede leer '{1}' en la opción '{0}': escriba un número entero.", en: "Cannot parse argument '{1}' for option '{0}': write a whole number.");
    private static readonly Text Unknown = new(es: "Comando u opción que no se conoce: '{0}'.", en: "Unrecognized command or argument '{0}'.");
    private static readonly Text Meant = new(es: "¿Quiso decir '{0}'?", en: "Did you mean '{0}'?");
    private static readonly Text Try = new(es: "Ayuda: {0} --help", en: "Help: {0} --help");

    /// <summary>Writes every fault to standard error.</summary>
    /// <returns>The exit code.</returns>
    internal static int Tell(ParseResult result, Language language)
    {
        foreach (string line in Lines(result, language))
        {
            Console.Error.WriteLine(line);
        }

        return ExitCode.Usage;
    }

    /// <summary>The faults, one a line, and where help is.</summary>
    internal static IReadOnlyList<string> Lines(ParseResult result, Language language)
    {
        List<string> lines = [];
        List<CommandResult> way = [];
        for (SymbolResult? at = result.CommandResult; at is not null; at = at.Parent)
        {
            if (at is CommandResult command)
            {
                way.Insert(0, command);
            }
        }

        string before = "";
        foreach (string word in result.UnmatchedTokens)
        {
            bool isValue = before.StartsWith('-') && !word.StartsWith('-');
            before = word;
            if (isValue)
            {
                continue; // what stands behind an unknown option is most likely its value
            }

            lines.Add(Unknown.In(language, word) + (Suggestion.Nearest(word, Words(way)) is string near ? " " + Meant.In(language, near) : ""));
        }

        // With an unknown word the parser also misses a command or what stands behind it: that word is what to put right.
        foreach (ParseError error in lines.Count > 0 ? [] : result.Errors)
        {
            bool isNumber = error.SymbolResult is OptionResult { Tokens.Count: 1, Option: { ValueType: Type type } } && (type == typeof(int) || type == typeof(long));
            lines.Add(isNumber && error.SymbolResult is OptionResult option ? NoNumber.In(language, option.Option.Name, option.Tokens[0].Value) : error.Message);
        }

        lines.Add(Try.In(language, string.Join(' ', way.Select(command => command.Command.Name))));
        return [.. lines.Distinct(StringComparer.Ordinal)];
    }

    private static List<string> Words(List<CommandResult> way)
    {
        List<string> words = [.. way[^1].Command.Subcommands.Select(command => command.Name), .. way[^1].Command.Options.Select(option => option.Name)];
        words.AddRange(way[..^1].SelectMany(command => command.Command.Options).Where(option => option.Recursive).Select(option => option.Name));
        return words;
    }
}
