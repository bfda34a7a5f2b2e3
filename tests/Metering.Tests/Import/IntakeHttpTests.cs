using System.Text;
using System.Text.Json;
using Metering.Cloud.Intake;
using Metering.Ingestion.Intake;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Import;

public sealed class IntakeHttpTests
{
    private const long Second = 1_700_000_000;

    private const string Telegraf = """
        cpu,cpu=cpu-total,host=plc\ 1 usage_idle=97.5,usage_user=1.25 1700000000000000000
        modbus,host=plc\ 1,name=Mains,slave_id=1,type=holding_register energy_total=123456.7,power=12.5,ok=true,count=7i 1700000000000000000
        modbus,host=plc\ 1,name=Mains,slave_id=1,type=holding_register energy_total=123457.9,power=12.75,ok=false,count=8i 1700000010000000000
        """;

    [Fact]
    public async Task What_was_answered_with_204_can_be_read_by_another_process_as_an_import()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        Assert.Equal((204, ""), await bench.WriteAsync($"water flow=0.0003333333333333333 {Second}\nwater flow=9152.868666666665 {Second + 1}\n"));
        using SqliteStore other = SqliteStore.Open(bench.Folder.At("metering.db"), TimeProvider.System);
        StoredChannel channel = Assert.Single(other.Channels());
        Assert.Equal(("import-telegraf", "leon", "water.flow", ReadingOrigin.Import), (channel.Gateway, channel.Plant, channel.Channel.Id, channel.Origin));
        Assert.Equal([$"{Second}000=0.0003333333333333333", $"{Second + 1}000=9152.868666666665"], bench.Values("import-telegraf", "water.flow"));
    }

    [Theory]
    [InlineData("/write?db=telegraf", false)]
    [InlineData("/write?db=telegraf&rp=autogen&precision=ns", true)]
    [InlineData("/api/v2/write?org=leon&bucket=telegraf", true)]
    [InlineData("/influx/api/v2/write?org=leon&bucket=telegraf/autogen&precision=ns", false)]
    public async Task A_body_of_Telegraf_is_taken_on_both_addresses(string path, bool isGzip)
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        Assert.Equal((204, ""), await bench.SendAsync(bench.Request(path, Encoding.UTF8.GetBytes(Telegraf), isGzip)));
        IReadOnlyList<StoredChannel> channels = bench.Store.Channels();
        Assert.Equal(6, channels.Count);
        Assert.All(channels, channel => Assert.True(Metering.Readings.Identifier.IsValid(channel.Channel.Id)));
        string energy = Assert.Single(channels, channel => channel.Channel.Id.StartsWith("modbus.plc-1.mains.1.holding_register.energy_total-", StringComparison.Ordinal)
            || channel.Channel.Id.StartsWith("modbus.plc-1.mains.1.holding_register.energy_tot", StringComparison.Ordinal)).Channel.Id;
        Assert.Equal([$"{Second}000=123456.7", $"{Second + 10}000=123457.9"], bench.Values("import-telegraf", energy));
    }

    [Fact]
    public async Task A_body_whose_batch_waits_for_no_other_is_taken()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync(options: new() { Linger = TimeSpan.Zero });
        Assert.Equal((204, ""), await bench.WriteAsync($"water flow=1.5 {Second}\n"));
        Assert.Equal([$"{Second}000=1.5"], bench.Values("import-telegraf", "water.flow"));
    }

    [Fact]
    public async Task Good_lines_are_stored_when_others_are_refused_with_their_numbers()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        (int status, string text) = await bench.WriteAsync($"a v=1 {Second}\nnonsense\n# a comment\n\na v=2,s=\"text\" {Second + 1}\na v=NaN {Second + 2}\na v=4 {Second + 3}\na v=5 99999999999999\n");
        Assert.True(status == 400, text);
        JsonElement answer = JsonDocument.Parse(text).RootElement;
        Assert.Equal([2, 5, 6, 8], answer.GetProperty("data").EnumerateArray().Select(fault => fault.GetProperty("line_number").GetInt32()));
        Assert.Contains("partial write: line 2: ", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(answer.GetProperty("error").GetString(), answer.GetProperty("message").GetString());
        Assert.Equal([$"{Second}000=1", $"{Second + 1}000=2", $"{Second + 3}000=4"], bench.Values("import-telegraf", "a.v"));
    }

    [Fact]
    public async Task Every_way_to_show_a_token_is_understood_and_nothing_else_gets_in()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("telegraf:" + bench.Token));
        foreach (string header in (string[])[$"Token {bench.Token}", $"Token user:{bench.Token}", $"Bearer {bench.Token}", $"Basic {basic}", $"token {bench.Token}"])
        {
            Assert.Equal((header, 204), (header, await StatusAsync(header, "/write?db=telegraf")));
        }

        Assert.Equal(204, await StatusAsync(null, $"/write?db=telegraf&u=x&p={bench.Token}"));
        foreach (string? header in (string?[])[null, "Token mit_wrong", "Token", "Basic ???", "Basic " + Convert.ToBase64String("x:y"u8), $"Digest {bench.Token}", "Token " + new string('a', 5000)])
        {
            Assert.Equal((header, 401), (header, await StatusAsync(header, "/write?db=telegraf")));
        }

        Assert.True(bench.Tokens.Revoke("telegraf"));
        Assert.Equal(401, await StatusAsync($"Token {bench.Token}", "/write?db=telegraf"));

        async Task<int> StatusAsync(string? header, string path)
        {
            HttpRequestMessage request = bench.Request(path, Encoding.UTF8.GetBytes($"a v=1 {Second}"));
            request.Headers.Authorization = null;
            if (header is not null)
            {
                _ = request.Headers.TryAddWithoutValidation("Authorization", header);
            }

            return (await bench.SendAsync(request)).Status;
        }
    }

    [Fact]
    public async Task A_token_is_for_its_plant_and_its_time_only()
    {
        ManualTimeProvider clock = new(DateTimeOffset.FromUnixTimeSeconds(Second));
        await using IntakeBench bench = await IntakeBench.StartAsync(clock);
        Assert.Equal(403, (await bench.WriteAsync("a v=1", "/write?db=other")).Status);
        clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(401, (await bench.WriteAsync("a v=1", "/write?db=other")).Status);
    }

    [Theory]
    [InlineData("/write?db=nowhere", 404, "database not found")]
    [InlineData("/write", 404, "database not found")]
    [InlineData("/api/v2/write?org=x&bucket=nowhere", 404, "database not found")]
    [InlineData("/write?db=telegraf&precision=fortnight", 400, "precision is one of")]
    public async Task An_unknown_database_or_precision_is_refused(string path, int status, string expected)
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        (int given, string text) = await bench.WriteAsync("a v=1", path);
        Assert.Equal(status, given);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_too_large_before_or_after_gunzip_are_refused_and_broken_gzip_is_said_so()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        Assert.Equal(413, (await bench.SendAsync(bench.Request("/write?db=telegraf", new byte[IntakeRoutes.MaximumBody + 1]))).Status);
        Assert.Equal(413, (await bench.SendAsync(bench.Request("/write?db=telegraf", new byte[IntakeRoutes.MaximumExpanded + 1], isGzip: true))).Status);
        HttpRequestMessage broken = bench.Request("/write?db=telegraf", "a v=1"u8.ToArray());
        broken.Content!.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(400, (await bench.SendAsync(broken)).Status);
        HttpRequestMessage strange = bench.Request("/write?db=telegraf", "a v=1"u8.ToArray());
        strange.Content!.Headers.ContentEncoding.Add("br");
        Assert.Equal(415, (await bench.SendAsync(strange)).Status);
    }

    [Fact]
    public async Task When_the_journal_is_behind_writers_are_told_to_come_back_and_nothing_of_theirs_is_taken()
    {
        ManualTimeProvider clock = new(DateTimeOffset.FromUnixTimeSeconds(Second));
        await using IntakeBench bench = await IntakeBench.StartAsync(clock, new() { Linger = TimeSpan.FromSeconds(1), MaximumWaiting = 2 });
        Task<(int Status, string Text)> first = bench.WriteAsync($"a v=1 {Second}\na v=2 {Second + 1}\n");
        HttpResponseMessage? second = null;
        while (second is null || second.StatusCode == System.Net.HttpStatusCode.NoContent)
        {
            // Whichever of the two comes first waits for the clock; an empty body never waits, so it tells when the first is in.
            second = await bench.Client.SendAsync(bench.Request("/write?db=telegraf&precision=s", Encoding.UTF8.GetBytes(IsIn(bench) ? $"b v=3 {Second}" : "")));
        }

        Assert.Equal(429, (int)second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter!.Delta);
        second.Dispose();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(204, (await first).Status);
        Assert.Equal("a.v", Assert.Single(bench.Store.Channels()).Channel.Id);

        static bool IsIn(IntakeBench bench) => bench.WaitingOf("telegraf") > 0;
    }

    [Theory]
    [InlineData("ns", "1700000000123456789", "1700000000123")]
    [InlineData("us", "1700000000123456", "1700000000123")]
    [InlineData("u", "1700000000123456", "1700000000123")]
    [InlineData("ms", "1700000000123", "1700000000123")]
    [InlineData("s", "1700000000", "1700000000000")]
    [InlineData("m", "28333333", "1699999980000")]
    [InlineData("h", "472222", "1699999200000")]
    [InlineData("s", "", "1700000000000")]
    public async Task Stamps_are_read_in_the_precision_given_and_a_missing_one_is_the_servers_time(string precision, string stamp, string expected)
    {
        ManualTimeProvider clock = new(DateTimeOffset.FromUnixTimeSeconds(Second));
        await using IntakeBench bench = await IntakeBench.StartAsync(clock, new() { ReadingsPerBatch = 1 });
        Assert.Equal((204, ""), await bench.WriteAsync($"a v=1 {stamp}", $"/write?db=telegraf&precision={precision}"));
        Assert.Equal([expected + "=1"], bench.Values("import-telegraf", "a.v"));
    }

    [Fact]
    public async Task A_field_keeps_the_form_of_its_first_value()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        Assert.Equal(204, (await bench.WriteAsync($"a i=7i,b=t,f=1 {Second}")).Status);
        Assert.Equal(204, (await bench.WriteAsync($"a i=8,f=2i {Second + 1}")).Status);
        (int status, string text) = await bench.WriteAsync($"a i=8.5,f=2.5,i2=18446744073709551615u {Second + 2}");
        Assert.Equal(400, status);
        Assert.Contains("does not fit channel a.i, which has 0 decimals", text, StringComparison.Ordinal);
        Assert.Equal([$"{Second}000=7", $"{Second + 1}000=8"], bench.Values("import-telegraf", "a.i"));
        Assert.Equal([$"{Second}000=1", $"{Second + 1}000=2", $"{Second + 2}000=2.5"], bench.Values("import-telegraf", "a.f"));
        Assert.Equal([$"{Second}000=1"], bench.Values("import-telegraf", "a.b"));
    }

    [Fact]
    public async Task Series_named_in_the_configuration_become_exact_channels_and_others_are_refused_where_that_is_said()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        const string Path = "/write?db=mapped&precision=s";
        Assert.Equal((204, ""), await bench.WriteAsync($"modbus,slave=mains,host=x energy_total=1234.56,power=7.125 {Second}\nwater volume=1.00049 {Second}", Path));
        Assert.Equal([$"{Second}000=1234.56"], bench.Values("import-mapped", "mains.energy"));
        Assert.Equal([$"{Second}000=1"], bench.Values("import-mapped", "water.volume"));
        StoredChannel energy = bench.Store.FindChannel("import-mapped", "mains.energy")!;
        Assert.Equal(("kWh", Metering.Readings.ChannelKind.Counter, 2, "mains"), (energy.Channel.Unit, energy.Channel.Kind, energy.Channel.DecimalPlaces, energy.Channel.Meter));
        (int status, string text) = await bench.WriteAsync($"modbus,slave=mains,host=x energy_total=1234.567,temperature=20 {Second + 1}", Path);
        Assert.Equal(400, status);
        Assert.Contains("which has 2 decimals", text, StringComparison.Ordinal);
        Assert.Contains("series without one are not taken", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_series_never_share_a_channel_even_after_a_restart()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        const string Path = "/write?db=mapped&precision=s";
        Assert.Equal(204, (await bench.WriteAsync($"modbus,host=x power=1 {Second}", Path)).Status);
        (int status, string text) = await bench.WriteAsync($"modbus,host=y power=2 {Second}", Path);
        Assert.Equal(400, status);
        Assert.Contains("is fed by another series", text, StringComparison.Ordinal);
        using IntakeService restarted = IntakeService.Open(bench.Folder.Config, bench.Store, TimeProvider.System, new() { Linger = TimeSpan.FromMilliseconds(1) });
        IntakeResult result = await restarted.Find("mapped")!.WriteAsync(Encoding.UTF8.GetBytes($"modbus,host=y power=2 {Second}"), TimestampPrecision.Seconds, CancellationToken.None);
        Assert.Equal((0, 1), (result.Taken, result.Refused));
        Assert.Equal([$"{Second}000=1"], bench.Values("import-mapped", "mains.power"));
    }

    [Fact]
    public async Task Requests_at_the_same_time_share_signed_batches_and_all_are_stored()
    {
        await using IntakeBench bench = await IntakeBench.StartAsync(options: new() { Linger = TimeSpan.FromMilliseconds(50) });
        (int Status, string Text)[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => bench.WriteAsync($"a v={index} {Second + index}")));
        Assert.All(answers, answer => Assert.Equal(204, answer.Status));
        Assert.Equal(40, bench.Values("import-telegraf", "a.v").Length);
        Assert.InRange(bench.Store.LastSequence, 1, 39);
    }

    [Theory]
    [InlineData("/ping", 204)]
    [InlineData("/influx/ping", 204)]
    [InlineData("/influx/health", 200)]
    public async Task Clients_that_ask_whether_anybody_is_there_get_the_answer_of_InfluxDB(string path, int status)
    {
        await using IntakeBench bench = await IntakeBench.StartAsync();
        using HttpResponseMessage answer = await bench.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(status == 200
            ? (await answer.Content.ReadAsStringAsync()).Contains("\"status\":\"pass\"", StringComparison.Ordinal)
            : answer.Headers.Contains("X-Influxdb-Version"));
    }
}
