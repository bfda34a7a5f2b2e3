using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.Json;
using Metering.Interop.Tests.Influx;
using Metering.Readings;
using Metering.Store.Influx;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Metering.Tests.Influx;

/// <summary>Every answer a server may give to a write, and what becomes of the lines.</summary>
public sealed class InfluxErrorTableTests : IDisposable
{
    private static readonly Channel Energy = new() { Id = MirrorBench.Energy, Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Profile = "simulated-energy/1" };
    private readonly MirrorBench _bench = new(new("http://influx.invalid:8086"));
    private readonly HastyTimeProvider _clock = new();
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(1000, 0)]
    [InlineData(1000, 999)]
    [InlineData(1000, 617)]
    [InlineData(4096, 2048)]
    [InlineData(5000, 4999)]
    [InlineData(5000, 1234)]
    public async Task One_line_at_fault_is_found_in_log2_n_writes_and_one_for_the_rest(int count, int poison)
    {
        ScriptedServer server = Poisoned(storesTheGoodOnes: false, poison);
        await SendAsync(server, count);
        AssertPutAside([poison], "HTTP 400 unable to parse line");
        Assert.Equal(count - 1, _stored.Count);
        Assert.InRange(server.Writes.Count, 1, 1 + Logarithm(count) + 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Several_lines_at_fault_cost_log2_n_plus_1_writes_each(int seed)
    {
        Random random = new(seed);
        int[] poison = [.. Enumerable.Range(0, 12).Select(part => (part * 400) + random.Next(398)).Distinct()];
        ScriptedServer server = Poisoned(storesTheGoodOnes: false, poison);
        await SendAsync(server, 5000);
        AssertPutAside(poison, "HTTP 400 unable to parse line");
        Assert.Equal(5000 - poison.Length, _stored.Count);
        Assert.InRange(server.Writes.Count, 1, 1 + (poison.Length * (Logarithm(5000) + 1)));
    }

    [Fact]
    public async Task A_run_of_lines_at_fault_costs_one_write_a_line()
    {
        int[] poison = [.. Enumerable.Range(1000, 300)];
        ScriptedServer server = Poisoned(storesTheGoodOnes: false, poison);
        await SendAsync(server, 5000);
        AssertPutAside(poison, "HTTP 400 unable to parse line");
        Assert.Equal(4700, _stored.Count);
        Assert.InRange(server.Writes.Count, 300, 300 + (3 * (Logarithm(5000) + 1)));
    }

    [Fact]
    public async Task A_server_that_stored_the_good_lines_of_a_refused_batch_ends_with_the_same_points()
    {
        ScriptedServer server = Poisoned(storesTheGoodOnes: true, 77, 2500, 4000);
        await SendAsync(server, 5000);
        AssertPutAside([77, 2500, 4000], "HTTP 400 partial write");
        Assert.Equal(4997, _stored.Count);
    }

    [Fact]
    public async Task Lines_that_are_all_too_old_are_put_aside_by_one_write()
    {
        ScriptedServer server = new((_, lines) => ScriptedServer.Status(
            HttpStatusCode.BadRequest, string.Create(CultureInfo.InvariantCulture, $$"""{"error":"partial write: points beyond retention policy dropped={{lines.Length}}"}""")));
        await SendAsync(server, 300);
        Assert.Equal(300, _bench.Store.DeadLetterCount(Target));
        _ = Assert.Single(server.Writes);
    }

    [Fact]
    public async Task Lines_named_by_the_server_are_put_aside_with_their_own_reasons_and_the_rest_is_sent_once()
    {
        ScriptedServer server = new((_, lines) => NameThoseAtFault(lines, offset: 1, 10, 2000, 4999));
        await SendAsync(server, 5000);
        AssertPutAside([10, 2000, 4999], "HTTP 400 a reason of its own");
        Assert.Equal(2, server.Writes.Count);
        Assert.Equal(4997, server.Writes[^1].Length);
    }

    [Fact]
    public async Task Names_that_do_not_fit_the_lines_are_not_believed()
    {
        ScriptedServer server = new((_, lines) => NameThoseAtFault(lines, offset: 2, 10, 2000));
        await SendAsync(server, 5000);
        AssertPutAside([10, 2000], "HTTP 400");
    }

    [Fact]
    public async Task What_is_too_large_is_halved_and_the_size_stays()
    {
        ScriptedServer server = new((_, lines) => lines.Length > 700 ? ScriptedServer.Status(HttpStatusCode.RequestEntityTooLarge) : Store(lines));
        InfluxLineSender sender = SenderTo(server);
        await sender.SendAsync(Lines(5000), CancellationToken.None);
        Assert.Equal(5000, _stored.Count);
        Assert.Equal(3, server.Writes.Count(lines => lines.Length > 700));
        await sender.SendAsync(Lines(5000), CancellationToken.None);
        Assert.Equal(3, server.Writes.Count(lines => lines.Length > 700));
        Assert.Equal(0, _bench.Store.DeadLetterCount(Target));
    }

    [Fact]
    public async Task A_single_line_that_is_too_large_is_put_aside()
    {
        await SendAsync(new((_, _) => ScriptedServer.Status(HttpStatusCode.RequestEntityTooLarge, "too large")), 4);
        Assert.Equal(4, _bench.Store.DeadLetterCount(Target));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    public async Task Busy_is_waited_out_longer_each_time_up_to_a_minute(HttpStatusCode status)
    {
        int left = 10;
        await SendAsync(new((_, lines) => left-- > 0 ? ScriptedServer.Status(status) : Store(lines)), 10);
        Assert.Equal(10, _stored.Count);
        Assert.Equal(10, _clock.Waits.Count);
        for (int failure = 0; failure < 10; failure++)
        {
            double longest = Math.Min(60, 0.5 * Math.Pow(2, Math.Min(failure, 7)));
            Assert.InRange(_clock.Waits[failure].TotalSeconds, longest / 2, longest);
        }

        Assert.True(_clock.Waits.Skip(7).Distinct().Count() > 1, "the waits have no jitter");
        Assert.Equal(0, _bench.Store.DeadLetterCount(Target));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Sun, 01 Mar 2026 12:00:42 GMT", 42)]
    [InlineData("86400", 900)]
    public async Task The_servers_own_Retry_After_is_kept_up_to_15_minutes(string header, double seconds)
    {
        bool isBusy = true;
        ScriptedServer server = new((_, lines) =>
        {
            if (!isBusy)
            {
                return Store(lines);
            }

            isBusy = false;
            HttpResponseMessage answer = ScriptedServer.Status(HttpStatusCode.ServiceUnavailable);
            Assert.True(answer.Headers.TryAddWithoutValidation("Retry-After", header));
            return answer;
        });
        await SendAsync(server, 3);
        Assert.Equal([TimeSpan.FromSeconds(seconds)], _clock.Waits);
    }

    [Fact]
    public async Task A_broken_connection_loses_nothing()
    {
        int left = 3;
        await SendAsync(new((_, lines) => left-- > 0 ? throw new HttpRequestException("connection reset") : Store(lines)), 100);
        Assert.Equal(100, _stored.Count);
        Assert.Equal(0, _bench.Store.DeadLetterCount(Target));
    }

    [Theory]
    [InlineData(401, InfluxVersion.One, "Check user, password")]
    [InlineData(403, InfluxVersion.Two, "Check user, password")]
    [InlineData(404, InfluxVersion.One, "CREATE DATABASE")]
    [InlineData(404, InfluxVersion.Two, "influx bucket create --name metering")]
    [InlineData(404, InfluxVersion.Three, "first write")]
    [InlineData(405, InfluxVersion.One, "'version' is the server's")]
    [InlineData(302, InfluxVersion.One, "it points to https://elsewhere.invalid/write")]
    public async Task A_refusal_that_somebody_must_mend_pauses_says_so_and_goes_on_by_itself(int status, InfluxVersion version, string advice)
    {
        InfluxPatience? patience = null;
        List<string?> troubles = [];
        int left = 3;
        ScriptedServer server = new((request, lines) =>
        {
            troubles.Add(patience!.Trouble);
            if (request.RequestUri!.AbsolutePath == "/query")
            {
                return ScriptedServer.Status(HttpStatusCode.Forbidden);
            }

            if (left-- <= 0)
            {
                return Store(lines);
            }

            HttpResponseMessage answer = ScriptedServer.Status((HttpStatusCode)status, "{\"error\":\"the server's words\"}");
            answer.Headers.Location = new("https://user:secret@elsewhere.invalid/write?db=x");
            return answer;
        });
        InfluxOptions options = _bench.Options() with { Version = version, RequestTimeout = TimeSpan.FromHours(3) };
        patience = new(_clock, options);
        using HttpClient http = new(server);
        await new InfluxLineSender(_bench.Store, new(http, options, _clock), patience, Target).SendAsync(Lines(20), CancellationToken.None);
        Assert.Equal(20, _stored.Count);
        Assert.Equal(0, _bench.Store.DeadLetterCount(Target));
        Assert.Null(patience.Trouble);
        Assert.All(_clock.Waits, wait => Assert.Equal(InfluxPatience.LongestWait, wait));
        string trouble = Assert.IsType<string>(troubles.FindLast(text => text is not null));
        Assert.StartsWith("paused: InfluxDB refuses (HTTP", trouble, StringComparison.Ordinal);
        Assert.Contains(advice, trouble, StringComparison.Ordinal);
        Assert.Contains("the server's words", trouble, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_is_answered_by_a_page_is_not_taken_for_stored()
    {
        int left = 4;
        await SendAsync(new((_, lines) => left-- > 0 ? ScriptedServer.Status(HttpStatusCode.OK, "<html>log in</html>", "text/html") : Store(lines)), 5);
        Assert.Equal(5, _stored.Count);
        Assert.Contains(InfluxPatience.LongestWait, _clock.Waits);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_timeout_and_asked_again()
    {
        int left = 1;
        using HttpClient http = new(new SilentServer(() => left-- > 0, _clock, Store)) { Timeout = Timeout.InfiniteTimeSpan };
        InfluxOptions options = _bench.Options() with { RequestTimeout = TimeSpan.FromHours(3) };
        await new InfluxLineSender(_bench.Store, new(http, options, _clock), new(_clock, options), Target).SendAsync(Lines(5), CancellationToken.None);
        Assert.Equal(5, _stored.Count);
        Assert.Contains(_clock.Waits, wait => wait < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Ten_thousand_dead_letters_stop_the_mirror_instead_of_filling_the_disk()
    {
        using CancellationTokenSource stop = new();
        _ = _bench.Store.File.Write(session => session.Execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<$1) INSERT INTO dead_letter(target, received, reason, line) SELECT $0, 0, 'r', i FROM n",
            Target,
            InfluxMirror.MaximumDeadLetters));
        InfluxOptions options = _bench.Options() with { RequestTimeout = TimeSpan.FromHours(3) };
        InfluxPatience patience = new(_clock, options);
        using HttpClient http = new(new ScriptedServer((_, lines) => Store(lines)));
        InfluxLineSender sender = new(_bench.Store, new(http, options, _clock), patience, Target);
        Task more = sender.PutAsideAsync("one more", "reason", stop.Token);
        while (patience.Trouble is null)
        {
            await Task.Yield();
        }

        Assert.StartsWith("stopped: InfluxDB has refused 10000 lines", patience.Trouble, StringComparison.Ordinal);
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => more);
    }

    private static string Target => "target";

    private static int Logarithm(int count) => BitOperations.Log2((uint)count) + (BitOperations.IsPow2(count) ? 0 : 1);

    private static LineBuffer Lines(int count)
    {
        LineBuffer lines = new();
        byte[] prefix = LineBuffer.Prefix("leon-tannery", MirrorBench.GatewayName, Energy);
        for (int index = 0; index < count; index++)
        {
            lines.Add(prefix, Energy.DecimalsCode, new Reading(index, index, 0, ReadingQuality.Good, HasValue: true), alwaysQuality: false);
        }

        return lines;
    }

    private static int IndexOf(string line) => int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);

    private HttpResponseMessage Store(string[] lines)
    {
        _stored.UnionWith(lines);
        return ScriptedServer.Status(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage NameThoseAtFault(string[] lines, int offset, params int[] poison)
    {
        var named = lines.Select((line, place) => (line, place)).Where(item => poison.Contains(IndexOf(item.line)))
            .Select(item => new { original_line = item.line[..30] + "...", line_number = item.place + offset, error_message = "a reason of its own" }).ToList();
        string[] shown = [.. lines.Where(line => !poison.Contains(IndexOf(line)))];
        _ = Store(shown);
        // A name that points to another line shows that line's time, so it does not fit.
        object data = offset == 1 ? named : named.Select(item => new { original_line = "reading,channel=another x=1 5", item.line_number, item.error_message });
        return named.Count == 0
            ? ScriptedServer.Status(HttpStatusCode.NoContent)
            : ScriptedServer.Status(HttpStatusCode.BadRequest, JsonSerializer.Serialize(new { error = "partial write of line protocol occurred", data }));
    }

    private ScriptedServer Poisoned(bool storesTheGoodOnes, params int[] poison) => new((request, lines) =>
    {
        string[] good = [.. lines.Where(line => !poison.Contains(IndexOf(line)))];
        if (good.Length == lines.Length)
        {
            return Store(lines);
        }

        if (storesTheGoodOnes)
        {
            _ = Store(good);
        }

        int first = lines.Select(IndexOf).First(poison.Contains);
        string what = storesTheGoodOnes ? "partial write" : "unable to parse line";
        return ScriptedServer.Status(HttpStatusCode.BadRequest, string.Create(CultureInfo.InvariantCulture, $"{what} {first}"));
    });

    private InfluxLineSender SenderTo(ScriptedServer server)
    {
        InfluxOptions options = _bench.Options() with { RequestTimeout = TimeSpan.FromHours(3) };
        return new(_bench.Store, new(new HttpClient(server), options, _clock), new(_clock, options), Target);
    }

    private Task SendAsync(ScriptedServer server, int count) => SenderTo(server).SendAsync(Lines(count), CancellationToken.None);

    private void AssertPutAside(int[] poison, string reason)
    {
        List<(string Line, string Reason)> letters = _bench.Store.File.Read(session =>
        {
            using SqliteDataReader reader = session.Query("SELECT line, reason FROM dead_letter");
            List<(string Line, string Reason)> rows = [];
            while (reader.Read())
            {
                rows.Add((reader.GetString(0), reader.GetString(1)));
            }

            return rows;
        });
        Assert.Equal(poison.Order(), letters.Select(letter => IndexOf(letter.Line)).Order());
        Assert.All(letters, letter => Assert.StartsWith(reason, letter.Reason, StringComparison.Ordinal));
        if (reason.EndsWith("line", StringComparison.Ordinal) || reason.EndsWith("write", StringComparison.Ordinal))
        {
            // Each line carries the reason that the server gave for this very line.
            Assert.All(letters, letter => Assert.Equal($"{reason} {IndexOf(letter.Line).ToString(CultureInfo.InvariantCulture)}", letter.Reason));
        }
    }

    private sealed class SilentServer(Func<bool> isSilent, HastyTimeProvider clock, Func<string[], HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (isSilent())
            {
                clock.EndLongWaits();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            await using System.IO.Compression.GZipStream gzip = new(await request.Content!.ReadAsStreamAsync(CancellationToken.None), System.IO.Compression.CompressionMode.Decompress);
            using StreamReader reader = new(gzip);
            return answer((await reader.ReadToEndAsync(CancellationToken.None)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
