using System.Net;
using System.Text.Json;
using Metering.Readings;
using Metering.Store.Influx;
using Metering.Tests.Support;
using Xunit;
using static Metering.Interop.Tests.Influx.MirrorBench;

namespace Metering.Interop.Tests.Influx;

public sealed class InfluxMirrorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [NeedsFact("influxd")]
    public async Task The_copy_has_the_count_and_sum_of_the_store_on_every_day()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendDaysAsync(0, 40, seed: 1);
        InfluxMirror mirror = bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        InfluxVerification result = await mirror.VerifyAsync(CancellationToken.None);
        Assert.Empty(result.Differences);
        Assert.Equal((3, 120, 0L, 0L), (result.Channels, result.Days, result.Behind, result.DeadLetters));
        Assert.Equal(bench.Store.Read(GatewayName, Energy, long.MinValue, long.MaxValue).ScaledValues.Sum() / 10m, (decimal)await server.NumberAsync($"SELECT sum(value) FROM reading WHERE channel='{Energy}'"));
        Assert.Equal("up to date", mirror.StateText);
    }

    [NeedsFact("influxd")]
    public async Task A_point_carries_every_tag_and_the_exact_decimal()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendAsync(
            new(Start, 1, 0, ReadingQuality.Good, HasValue: true),
            new(Start, -5, 1, ReadingQuality.Uncertain(QualityReason.Late), HasValue: true),
            Reading.Missing(Start, 2, QualityReason.Timeout));
        await bench.NewMirror().DrainAsync(CancellationToken.None);
        using JsonDocument answer = await server.QueryAsync("SELECT * FROM reading");
        JsonElement series = answer.RootElement.GetProperty("results")[0].GetProperty("series")[0];
        Assert.Equal(["time", "channel", "gateway", "meter", "plant", "quality", "unit", "value"], series.GetProperty("columns").EnumerateArray().Select(item => item.GetString()));
        string[] rows = [.. series.GetProperty("values").EnumerateArray().Select(row => row.GetRawText()).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                """[1704067200000,"mains.active-energy-import","tannery-1","mains","leon-tannery",null,"kWh",0.1]""",
                """[1704067200000,"water.flow","tannery-1","water","leon-tannery",129,"m3/h",null]""",
                """[1704067200000,"weather.outdoor-temperature","tannery-1","weather","leon-tannery",72,"degC",-0.05]""",
            ],
            rows);
    }

    [NeedsFact("influxd")]
    public async Task A_killed_server_gets_everything_after_its_restart()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendDaysAsync(0, 150, seed: 2);
        InfluxMirror mirror = bench.NewMirror();
        using CancellationTokenSource stop = new(Limit);
        Task run = mirror.RunAsync(stop.Token);
        await UntilAsync(() => mirror.Watermark > 0, stop.Token);
        server.Kill();
        await bench.AppendDaysAsync(150, 50, seed: 3);
        await UntilAsync(() => mirror.StateText.StartsWith("waiting", StringComparison.Ordinal), stop.Token);
        await server.StartAgainAsync();
        await UntilAsync(() => mirror.Behind == 0, stop.Token);
        InfluxVerification result = await mirror.VerifyAsync(stop.Token);
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(result.Differences);
        Assert.Equal(600, result.Days);
    }

    [NeedsFact("influxd")]
    public async Task Feeding_the_same_batches_again_changes_nothing()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendDaysAsync(0, 10, seed: 4);
        InfluxMirror mirror = bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        double count = await server.NumberAsync("SELECT count(value) FROM reading");
        double sum = await server.NumberAsync("SELECT sum(value) FROM reading");
        bench.Store.File.Write(session => session.Execute("UPDATE watermark SET sequence=0 WHERE name LIKE 'influx%'"));
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Equal((count, sum), (await server.NumberAsync("SELECT count(value) FROM reading"), await server.NumberAsync("SELECT sum(value) FROM reading")));
        Assert.Empty((await mirror.VerifyAsync(CancellationToken.None)).Differences);
    }

    [NeedsFact("influxd")]
    public async Task A_correction_replaces_value_and_quality_even_by_no_value_and_after_a_restart()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendAsync(
            new(Start, 100, 0, ReadingQuality.Uncertain(QualityReason.Late), HasValue: true),
            new(Start + Slot, 200, 0, ReadingQuality.Good, HasValue: true),
            new(Start + (2 * Slot), 300, 0, ReadingQuality.Good, HasValue: true),
            Reading.Missing(Start + (3 * Slot), 0, QualityReason.Crc));
        await bench.NewMirror().DrainAsync(CancellationToken.None);
        await bench.AppendAsync(
            new(Start, 101, 0, ReadingQuality.Good, HasValue: true),
            Reading.Missing(Start + Slot, 0, QualityReason.Glitch),
            new(Start + (3 * Slot), 400, 0, ReadingQuality.Good, HasValue: true));
        InfluxMirror mirror = bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        InfluxVerification result = await mirror.VerifyAsync(CancellationToken.None);
        Assert.Empty(result.Differences);
        Assert.Equal(10.1 + 30 + 40, await server.NumberAsync("SELECT sum(value) FROM reading"), 9);
    }

    [NeedsFact("influxd")]
    public async Task The_line_at_fault_is_put_aside_and_all_others_arrive()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        _ = await server.QueryAsync("CREATE DATABASE metering");
        await server.WriteAsync($"reading,other=writer quality=\"text\" {Start}");
        for (int day = 0; day < 3; day++)
        {
            Reading[] readings = [.. Enumerable.Range(0, 96).Select(slot => new Reading(Start + (day * Day) + (slot * Slot), slot, 0, day == 1 && slot == 50 ? ReadingQuality.Bad(QualityReason.Glitch) : ReadingQuality.Good, HasValue: true))];
            await bench.AppendAsync(readings);
        }

        InfluxMirror mirror = bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Equal((1L, 0L), (mirror.DeadLetterCount, mirror.Behind));
        Assert.Equal(287, await server.NumberAsync("SELECT count(value) FROM reading"));
        InfluxVerification result = await mirror.VerifyAsync(CancellationToken.None);
        InfluxDifference difference = Assert.Single(result.Differences);
        Assert.Equal(Start + Day, difference.DayUtcMilliseconds);
        Assert.Contains("96 values in the store, 95 in InfluxDB", difference.Text, StringComparison.Ordinal);

        // With the cause gone, building the copy again makes it complete.
        await mirror.RebuildAsync(CancellationToken.None);
        await mirror.DrainAsync(CancellationToken.None);
        Assert.True((await mirror.VerifyAsync(CancellationToken.None)).Matches);
        Assert.Equal(0, mirror.DeadLetterCount);
    }

    [NeedsFact("influxd")]
    public async Task Readings_older_than_the_retention_are_put_aside_and_the_others_arrive()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        _ = await server.QueryAsync("CREATE DATABASE metering WITH DURATION 52w");
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / Day * Day;
        await bench.AppendAsync([.. Enumerable.Range(0, 50).Select(slot => new Reading(slot == 20 ? 1_000_000 : now - (slot * Slot), slot, 0, ReadingQuality.Good, HasValue: true))]);
        InfluxMirror mirror = bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Equal(1, mirror.DeadLetterCount);
        Assert.Equal(49, await server.NumberAsync("SELECT count(value) FROM reading"));
    }

    [NeedsFact("influxd")]
    public async Task A_copy_that_somebody_changed_is_noticed()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendDaysAsync(0, 3, seed: 5);
        InfluxMirror mirror = bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        long last = bench.Store.Read(GatewayName, Energy, Start + (2 * Day), Start + (2 * Day) + 1).ScaledValues[0];
        string lines = $"reading,channel={Energy},gateway={GatewayName},meter=mains,plant=leon-tannery,unit=kWh value=";
        await server.WriteAsync(FormattableString.Invariant($"{lines}{(last + 1) / 10m} {Start + (2 * Day)}"));
        InfluxDifference difference = Assert.Single((await mirror.VerifyAsync(CancellationToken.None)).Differences);
        Assert.Equal((Energy, Start + (2 * Day)), (difference.Channel, difference.DayUtcMilliseconds));
        Assert.StartsWith("sum", difference.Text, StringComparison.Ordinal);
    }

    [NeedsFact("influxd")]
    public async Task A_wrong_password_pauses_the_mirror_and_says_why()
    {
        using Influxd? server = await Influxd.StartAsync(hasAuthentication: true);
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendDaysAsync(0, 2, seed: 6);
        await File.WriteAllTextAsync(bench.PasswordFile, "wrong\n");
        InfluxMirror mirror = bench.NewMirror(Influxd.AdminName);
        using CancellationTokenSource stop = new(Limit);
        Task run = mirror.RunAsync(stop.Token);
        await UntilAsync(() => mirror.StateText.StartsWith("paused", StringComparison.Ordinal), stop.Token);
        Assert.Contains("Check user, password", mirror.StateText, StringComparison.Ordinal);
        Assert.Equal(0, mirror.DeadLetterCount);
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await File.WriteAllTextAsync(bench.PasswordFile, Influxd.AdminPassword + "\n");
        await mirror.DrainAsync(CancellationToken.None);
        Assert.True((await mirror.VerifyAsync(CancellationToken.None)).Matches);
    }

    [NeedsFact("influxd")]
    public async Task Too_large_is_halved_and_busy_is_tried_again()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendDaysAsync(0, 20, seed: 7);
        using FlakyGate gate = new(longestBody: 6_000);
        using HttpClient http = new(gate);
        InfluxMirror mirror = bench.NewMirror(http: http);
        await mirror.DrainAsync(CancellationToken.None);
        Assert.True(gate.Refusals is { TooLarge: > 0, Busy: > 0 });
        Assert.True((await bench.NewMirror().VerifyAsync(CancellationToken.None)).Matches);
        Assert.Equal(0, mirror.DeadLetterCount);
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Stands before the real server, refuses large bodies and answers 503 or 429 now and then.</summary>
    private sealed class FlakyGate(long longestBody) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _requests;

        public (int TooLarge, int Busy) Refusals { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[] body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            if (++_requests % 9 == 0)
            {
                Refusals = (Refusals.TooLarge, Refusals.Busy + 1);
                return new(_requests % 2 == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.TooManyRequests);
            }

            if (body.Length > longestBody)
            {
                Refusals = (Refusals.TooLarge + 1, Refusals.Busy);
                return new(HttpStatusCode.RequestEntityTooLarge);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
