using System.CommandLine;
using System.Globalization;
using Metering.Cloud.Hosting;
using Metering.Programme.Accounts;
using Metering.Programme.Records;
using Metering.Programme.Storage;

namespace Metering.Cloud.Accounts;

/// <summary>What the commands of accounts, keys and audit share.</summary>
internal static class CommandDesk
{
    /// <summary>Who works at the terminal: whoever may open the database's file may change it, so the trail names the terminal.</summary>
    public static Actor Terminal { get; } = new("terminal", $"terminal ({Environment.UserName})");

    /// <summary>Language of the answer.</summary>
    /// <param name="help">Language of its own description.</param>
    public static Option<string?> Lang(Language help)
    {
        Option<string?> option = new("--lang") { Description = CommandWords.Lang.In(help), HelpName = "LANG" };
        _ = option.AcceptOnlyFromAmong("es", "en");
        return option;
    }

    /// <summary>The language asked for, or the terminal's.</summary>
    public static Language LanguageOf(ParseResult parsed, Option<string?> option) =>
        Languages.TryParse(parsed.GetValue(option), out Language language) ? language : Languages.OfTerminal(Environment.GetEnvironmentVariable);

    /// <summary>An action over the desks; a refusal is said in the language and ends with 65.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Run(Option<string> config, Option<string?> lang, Func<ParseResult, IServiceProvider, Language, Task> work) =>
        async (parsed, _) =>
        {
            Language language = LanguageOf(parsed, lang);
            CloudConfig settings = CloudConfigReader.Read(parsed.GetRequiredValue(config), isForRun: false);
            ServiceCollection services = new();
            services.AddLogging().AddSingleton(TimeProvider.System).AddSingleton(settings);
            AccountServices.Add(services, ProgrammeDatabase.Open(settings.Programme));
            await using ServiceProvider provider = services.BuildServiceProvider();
            await using AsyncServiceScope scope = provider.CreateAsyncScope();
            try
            {
                await work(parsed, scope.ServiceProvider, language);
                return ExitCode.Ok;
            }
            catch (AccountFault e)
            {
                throw new CloudFault(ExitCode.Data, e.In(language));
            }
        };

    /// <summary>Fields of one line, with tabs between them; nothing is an empty field.</summary>
    public static string Line(params object?[] fields) =>
        string.Join('\t', fields.Select(field => Convert.ToString(field, CultureInfo.InvariantCulture)));

    /// <summary>An instant as commands print it.</summary>
    public static string Instant(long utcMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
