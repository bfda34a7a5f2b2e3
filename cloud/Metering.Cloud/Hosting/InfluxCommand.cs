using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Store;
using Metering.Store.Influx;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud influx status|verify|rebuild`: the copy of the readings in InfluxDB.</summary>
internal static class InfluxCommand
{
    private const int ShownDifferences = 20;
    private const int DoesNotMatch = 3;

    public static Command Create(TextWriter output, TextWriter error) => new("influx", "The copy of the readings in InfluxDB, and readings that another InfluxDB holds")
    {
        InfluxImportCommand.Create(output, error),
        Of("status", "Show how far the copy is", output, (mirror, json, _) => Task.FromResult(Status(mirror, json, output))),
        Of("verify", "Compare the copy with the store: count and sum for each channel and day", output, (mirror, json, stop) => VerifyAsync(mirror, json, output, stop)),
        Of("rebuild", "Throw the copy away; the running cloud, or the next start, fills it again from the first batch", output, (mirror, json, stop) => RebuildAsync(mirror, json, output, stop)),
    };

    /// <summary>A mirror of the store as the configuration says; the client's limits are the mirror's.</summary>
    public static InfluxMirror MirrorOf(InfluxConfig config, IReadingStore store, HttpClient http)
    {
        try
        {
            return new(store, OptionsOf(config), http, TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            throw new CloudFault(ExitCode.Configuration, $"influx: {e.Message}");
        }
    }

    /// <summary>The client the mirror speaks through. The mirror times requests itself; a redirected write would become a read.</summary>
    public static HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private static InfluxOptions OptionsOf(InfluxConfig config) => new()
    {
        Url = config.Url,
        Database = config.Database,
        Version = (InfluxVersion)config.Version,
        UserName = config.UserName,
        PasswordFile = config.PasswordFile,
        TokenFile = config.TokenFile,
    };

    private static Command Of(string name, string description, TextWriter output, Func<InfluxMirror, bool, CancellationToken, Task<int>> act)
    {
        Option<string> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        Command command = new(name, description) { config, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
            using (store)
            {
                InfluxConfig influx = settings.Influx
                    ?? throw new CloudFault(ExitCode.Configuration, $"{settings.File} has no section 'influx', so there is no copy. Add 'influx: {{ url: \"http://127.0.0.1:8086\", database: metering }}'.");
                using HttpClient http = CreateClient();
                return await act(MirrorOf(influx, store, http), parsed.GetValue(json), cancellationToken);
            }
        });
        return command;
    }

    private static int Status(InfluxMirror mirror, bool json, TextWriter output)
    {
        output.WriteLine(json
            ? JsonSerializer.Serialize(new { watermark = mirror.Watermark, behind = mirror.Behind, deadLetters = mirror.DeadLetterCount }, JsonSerializerOptions.Web)
            : string.Create(CultureInfo.InvariantCulture, $"copied through batch {mirror.Watermark} of the journal, {mirror.Behind} behind, {mirror.DeadLetterCount} lines refused by InfluxDB"));
        return ExitCode.Ok;
    }

    private static async Task<int> VerifyAsync(InfluxMirror mirror, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        InfluxVerification result = await mirror.VerifyAsync(cancellationToken);
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
            return result.Matches ? ExitCode.Ok : DoesNotMatch;
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{(result.Matches ? "MATCHES" : "DOES NOT MATCH")}: {result.Channels} channels, {result.Days} days, {result.Values} values, {result.Behind} batches behind, {result.DeadLetters} lines refused"));
        foreach (InfluxDifference difference in result.Differences.Take(ShownDifferences))
        {
            DateTimeOffset day = DateTimeOffset.FromUnixTimeMilliseconds(difference.DayUtcMilliseconds);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {difference.Gateway} {difference.Channel} {day:yyyy-MM-dd}: {difference.Text}"));
        }

        return result.Matches ? ExitCode.Ok : DoesNotMatch;
    }

    private static async Task<int> RebuildAsync(InfluxMirror mirror, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        await mirror.RebuildAsync(cancellationToken);
        return Status(mirror, json, output);
    }
}
