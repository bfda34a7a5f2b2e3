namespace Metering.Verifier;

/// <summary>What was asked on the command line.</summary>
internal sealed record VerifyArguments
{
    public string File { get; private init; } = "";

    public IReadOnlyList<string> TrustedKeys { get; private init; } = [];

    public bool IsJson { get; private init; }

    public bool WantsHelp { get; private init; }

    public bool WantsVersion { get; private init; }

    public string Language { get; private init; } = "en";

    /// <summary>Reads the arguments; the fault is null when they make sense.</summary>
    public static VerifyArguments Parse(string[] args, string? environmentLanguage, out string? fault)
    {
        VerifyArguments result = new() { Language = environmentLanguage?.StartsWith("es", StringComparison.Ordinal) == true ? "es" : "en" };
        fault = null;
        for (int index = 0; index < args.Length && fault is null; index++)
        {
            string? next = index + 1 < args.Length ? args[index + 1] : null;
            switch (args[index])
            {
                case "--help" or "-h" or "-?":
                    result = result with { WantsHelp = true };
                    break;
                case "--version":
                    result = result with { WantsVersion = true };
                    break;
                case "--json":
                    result = result with { IsJson = true };
                    break;
                case "--trust" when next is not null:
                    result = result with { TrustedKeys = [.. result.TrustedKeys, next] };
                    index++;
                    break;
                case "--lang" when next is "es" or "en":
                    result = result with { Language = next };
                    index++;
                    break;
                case string text when text.StartsWith('-'):
                    fault = $"{text} is unknown or lacks its value";
                    break;
                case string text when result.File.Length > 0:
                    fault = $"one file at a time, so what is {text}?";
                    break;
                default:
                    result = result with { File = args[index] };
                    break;
            }
        }

        fault ??= result.File.Length == 0 && !result.WantsHelp && !result.WantsVersion ? "the file to verify is missing" : null;
        return result;
    }
}
