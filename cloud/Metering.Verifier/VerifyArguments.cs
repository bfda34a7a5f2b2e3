namespace Metering.Verifier;

/// <summary>What was asked on the command line.</summary>
internal sealed record VerifyArguments
{
    private static readonly Dictionary<string, int> WordsOfQuestion = new(StringComparer.Ordinal) { ["saving"] = 0, ["day"] = 1, ["month"] = 1, ["reading"] = 3 };

    public string File { get; private init; } = "";

    /// <summary>The second file of `diff`; null otherwise.</summary>
    public string? Other { get; private init; }

    public bool IsDifference { get; private init; }

    public IReadOnlyList<string> TrustedKeys { get; private init; } = [];

    public string? SeenFile { get; private init; }

    /// <summary>PEM file with certificates of time-stamp authorities; null to look at none.</summary>
    public string? TimeAuthority { get; private init; }

    public bool IsStrict { get; private init; }

    /// <summary>The words of --explain; empty when nothing is asked.</summary>
    public IReadOnlyList<string> Question { get; private init; } = [];

    public bool IsJson { get; private init; }

    public bool WantsHelp { get; private init; }

    public bool WantsVersion { get; private init; }

    public Language Language { get; private init; } = Language.English;

    /// <summary>Reads the arguments; the fault is null when they make sense.</summary>
    public static VerifyArguments Parse(string[] args, string? environmentLanguage, out string? fault)
    {
        VerifyArguments result = new() { Language = environmentLanguage?.StartsWith("es", StringComparison.Ordinal) == true ? Language.Spanish : Language.English };
        fault = null;
        int index = 0;
        if (args is ["diff", ..])
        {
            result = result with { IsDifference = true };
            index++;
        }

        for (; index < args.Length && fault is null; index++)
        {
            string? next = index + 1 < args.Length ? args[index + 1] : null;
            if (result.With(args[index], next) is { } taken)
            {
                result = taken.Result;
                index += taken.Used;
            }
            else if (args[index] == "--explain" && next is not null)
            {
                result = result with { Question = QuestionOf(args, ref index, out fault) };
            }
            else if (args[index].StartsWith('-'))
            {
                fault = $"{args[index]} is unknown or lacks its value";
            }
            else
            {
                result = result.WithFile(args[index], out fault);
            }
        }

        fault ??= result.WantsHelp || result.WantsVersion ? null
            : result.File.Length == 0 ? "the file to verify is missing"
            : result.IsDifference && result.Other is null ? "diff needs two bundles"
            : null;
        return result;
    }

    // The options that take no value or one; null for what is none of them.
    private (VerifyArguments Result, int Used)? With(string name, string? next) => name switch
    {
        "--help" or "-h" or "-?" => (this with { WantsHelp = true }, 0),
        "--version" => (this with { WantsVersion = true }, 0),
        "--json" => (this with { IsJson = true }, 0),
        "--strict" => (this with { IsStrict = true }, 0),
        "--trust" when next is not null => (this with { TrustedKeys = [.. TrustedKeys, next] }, 1),
        "--seen" when next is not null => (this with { SeenFile = next }, 1),
        "--time-authority" when next is not null => (this with { TimeAuthority = next }, 1),
        "--lang" or "--language" when Languages.TryParse(next, out Language language) => (this with { Language = language }, 1),
        _ => null,
    };

    private VerifyArguments WithFile(string file, out string? fault)
    {
        fault = null;
        if (File.Length == 0)
        {
            return this with { File = file };
        }

        if (IsDifference && Other is null)
        {
            return this with { Other = file };
        }

        fault = $"one file at a time, so what is {file}?";
        return this;
    }

    // "--explain day 2026-03-02" and "--explain 'day 2026-03-02'" are the same question.
    private static string[] QuestionOf(string[] args, ref int index, out string? fault)
    {
        string[] words = args[++index].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 1 && WordsOfQuestion.TryGetValue(words[0], out int more) && index + more < args.Length)
        {
            words = [words[0], .. args[(index + 1)..(index + 1 + more)]];
            index += more;
        }

        fault = words.Length > 0 && WordsOfQuestion.TryGetValue(words[0], out int wanted) && words.Length == wanted + 1
            ? null
            : "--explain takes 'saving', 'day 2026-03-02', 'month 2026-03' or 'reading GATEWAY CHANNEL 2026-03-02T06:00:00Z'";
        return words;
    }
}
