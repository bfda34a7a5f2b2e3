using System.Globalization;
using Metering.Interop.Tests.Influx;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Influx;
using Xunit;
using static Metering.Interop.Tests.Influx.MirrorBench;

namespace Metering.Tests.Influx;

/// <summary>The copy in servers that behave as InfluxDB 2.x and 3.x document; the same runs against a real 1.6.7 in Metering.Interop.Tests.</summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_copy_has_the_count_and_sum_of_the_store_on_every_day(int version)
    {
        using Contract contract = new(version);
        await contract.Bench.AppendDaysAsync(0, 9, seed: 1);
        InfluxMirror mirror = contract.Bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        InfluxVerification result = await mirror.VerifyAsync(CancellationToken.None);
        Assert.Empty(result.Differences);
        Assert.Equal((3, 27, 0L, 0L), (result.Channels, result.Days, result.Behind, result.DeadLetters));
        Assert.DoesNotContain(contract.Log, request => request.Contains("CREATE DATABASE", StringComparison.Ordinal));
        Assert.DoesNotContain(contract.Log, request => request.Contains(contract.Token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_copy_that_somebody_changed_is_noticed(int version)
    {
        using Contract contract = new(version);
        await contract.Bench.AppendDaysAsync(0, 3, seed: 5);
        InfluxMirror mirror = contract.Bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        await contract.WriteAsync($"reading,channel={Energy},gateway={GatewayName},meter=mains,plant=leon-tannery,unit=kWh value=1.0 {Start + Day}\nreading,channel=other,gateway=stranger value=1.0 {Start}");
        IReadOnlyList<InfluxDifference> differences = (await mirror.VerifyAsync(CancellationToken.None)).Differences;
        Assert.Equal([(Energy, Start + Day), ("other", Start)], differences.Select(difference => (difference.Channel, difference.DayUtcMilliseconds)).Order());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Corrections_replace_values_even_by_no_value(int version)
    {
        using Contract contract = new(version);
        await contract.Bench.AppendAsync(
            new(Start, 100, 0, ReadingQuality.Uncertain(QualityReason.Late), HasValue: true),
            new(Start + Slot, 200, 0, ReadingQuality.Good, HasValue: true),
            new(Start + (2 * Slot), 300, 0, ReadingQuality.Good, HasValue: true));
        if (version == 2)
        {
            // 3.x could not take the value back: there the correction is known before the copy is made.
            await contract.Bench.NewMirror().DrainAsync(CancellationToken.None);
        }

        await contract.Bench.AppendAsync(
            new(Start, 101, 0, ReadingQuality.Good, HasValue: true),
            Reading.Missing(Start + Slot, 0, QualityReason.Glitch));
        InfluxMirror mirror = contract.Bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Empty((await mirror.VerifyAsync(CancellationToken.None)).Differences);
        Assert.Equal(0, mirror.DeadLetterCount);
    }

    [Fact]
    public async Task A_value_that_version_3_cannot_take_back_is_told_and_gone_after_a_rebuild()
    {
        using Contract contract = new(3);
        await contract.Bench.AppendAsync(new Reading(Start, 100, 0, ReadingQuality.Good, HasValue: true), new Reading(Start + Slot, 200, 0, ReadingQuality.Good, HasValue: true));
        await contract.Bench.NewMirror().DrainAsync(CancellationToken.None);
        await contract.Bench.AppendAsync(Reading.Missing(Start, 0, QualityReason.Glitch));
        InfluxMirror mirror = contract.Bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Equal(1, mirror.DeadLetterCount);
        Assert.Contains("1 values in the store, 2 in InfluxDB", Assert.Single((await mirror.VerifyAsync(CancellationToken.None)).Differences).Text, StringComparison.Ordinal);
        await mirror.RebuildAsync(CancellationToken.None);
        await mirror.DrainAsync(CancellationToken.None);
        Assert.True((await mirror.VerifyAsync(CancellationToken.None)).Matches);
        Assert.Equal(0, mirror.DeadLetterCount);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_rebuilt_copy_is_complete(int version)
    {
        using Contract contract = new(version);
        await contract.Bench.AppendDaysAsync(0, 4, seed: 2);
        InfluxMirror mirror = contract.Bench.NewMirror();
        await mirror.RebuildAsync(CancellationToken.None);
        await mirror.DrainAsync(CancellationToken.None);
        await contract.WriteAsync($"reading,channel=other,gateway=stranger value=1.0 {Start}");
        Assert.False((await mirror.VerifyAsync(CancellationToken.None)).Matches);
        await mirror.RebuildAsync(CancellationToken.None);
        Assert.Equal(0, mirror.Watermark);
        await mirror.DrainAsync(CancellationToken.None);
        Assert.True((await mirror.VerifyAsync(CancellationToken.None)).Matches);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_line_at_fault_is_put_aside_and_all_others_arrive(int version)
    {
        using Contract contract = new(version);
        await contract.WriteAsync($"reading,channel=other,gateway=stranger quality=\"text\" {Start - Day}");
        await contract.Bench.AppendAsync([.. Enumerable.Range(0, 96).Select(slot =>
            new Reading(Start + (slot * Slot), slot, 0, slot == 50 ? ReadingQuality.Bad(QualityReason.Glitch) : ReadingQuality.Good, HasValue: true))]);
        InfluxMirror mirror = contract.Bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Equal((1L, 0L), (mirror.DeadLetterCount, mirror.Behind));
        Assert.Contains("96 values in the store, 95 in InfluxDB", Assert.Single((await mirror.VerifyAsync(CancellationToken.None)).Differences).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_bucket_version_2_is_told_how_to_make_one_and_goes_on_when_it_is_there()
    {
        using ContractServer2 server = new();
        using MirrorBench bench = new(server.Url, InfluxVersion.Two, ContractServer2.Token);
        await bench.AppendDaysAsync(0, 1, seed: 3);
        HastyTimeProvider clock = new();
        using HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
        InfluxMirror mirror = new(bench.Store, bench.Options() with { RequestTimeout = TimeSpan.FromHours(3) }, http, clock);
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(1));
        Task drain = mirror.DrainAsync(stop.Token);
        while (mirror.StateText.IndexOf("influx bucket create --name metering", StringComparison.Ordinal) < 0)
        {
            Assert.False(drain.IsCompleted);
            await Task.Yield();
        }

        server.AddBucket("metering/autogen");
        await drain;
        Assert.True((await bench.NewMirror().VerifyAsync(CancellationToken.None)).Matches);
        StoreException missing = await Assert.ThrowsAsync<StoreException>(() => new InfluxMirror(bench.Store, bench.Options() with { Database = "elsewhere" }, http, TimeProvider.System).VerifyAsync(CancellationToken.None));
        Assert.Equal(StoreException.Configuration, missing.ExitCode);
        Assert.Contains("influx bucket create --name elsewhere", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_3_waits_as_long_as_the_server_asks_and_asks_for_no_more_than_48_hours()
    {
        using ContractServer3 server = new() { BusyRequests = 3 };
        using MirrorBench bench = new(server.Url, InfluxVersion.Three, ContractServer3.Token);
        await bench.AppendDaysAsync(0, 20, seed: 4);
        HastyTimeProvider clock = new();
        using HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
        InfluxMirror mirror = new(bench.Store, bench.Options() with { RequestTimeout = TimeSpan.FromHours(3) }, http, clock);
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Equal(3, clock.Waits.Count(wait => wait == TimeSpan.FromSeconds(2)));
        Assert.True((await mirror.VerifyAsync(CancellationToken.None)).Matches);
        Assert.Equal(2 * 10, server.Log.Count(request => request.Contains("GROUP BY time(1d)", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_an_admin_token_version_3_says_which_command_drops_the_table()
    {
        using ContractServer3 server = new();
        using MirrorBench bench = new(server.Url, InfluxVersion.Three, ContractServer3.Token);
        await bench.AppendDaysAsync(0, 1, seed: 4);
        InfluxMirror mirror = bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        server.IsAdmin = false;
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => mirror.RebuildAsync(CancellationToken.None));
        Assert.Contains("influxdb3 delete table --database metering --hard-delete now reading", refused.Message, StringComparison.Ordinal);
        Assert.True(server.HasTable("metering", "reading"));
        Assert.True(mirror.Watermark > 0);
    }

    [Theory]
    [InlineData(InfluxVersion.One, "Token ")]
    [InlineData(InfluxVersion.Two, "Token ")]
    [InlineData(InfluxVersion.Three, "Bearer ")]
    public async Task A_token_goes_in_the_header_of_its_generation_and_nowhere_else(InfluxVersion version, string scheme)
    {
        const string Secret = "s3cret-token";
        using MirrorBench bench = new(new("http://influx.invalid"), version, Secret);
        ScriptedServer server = new((_, _) => ScriptedServer.Status(System.Net.HttpStatusCode.Unauthorized));
        using HttpClient http = new(server);
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => bench.NewMirror(http: http).RebuildAsync(CancellationToken.None));
        Assert.Contains(version == InfluxVersion.Three ? "admin token" : bench.TokenFile!, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(server.Requests);
        Assert.All(server.Requests, request => Assert.Equal(scheme + Secret, request.Authorization));
        Assert.All(server.Requests, request => Assert.DoesNotContain(Secret, request.Address, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_user_with_the_token_as_password_works_everywhere(int version)
    {
        using Contract contract = new(version);
        await contract.Bench.AppendDaysAsync(0, 1, seed: 6);
        await File.WriteAllTextAsync(contract.Bench.PasswordFile, contract.Token);
        InfluxMirror mirror = contract.Bench.NewMirror("anybody");
        await mirror.DrainAsync(CancellationToken.None);
        Assert.True((await mirror.VerifyAsync(CancellationToken.None)).Matches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("not ascii é")]
    public void A_file_that_holds_no_token_is_explained(string text)
    {
        using MirrorBench bench = new(new("http://influx.invalid"), InfluxVersion.Two, text);
        StoreException refused = Assert.Throws<StoreException>(() => InfluxLogin.HeaderOf(bench.Options()));
        Assert.Equal(StoreException.Configuration, refused.ExitCode);
        Assert.Contains(bench.TokenFile!, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_after_2262_is_put_aside_without_being_sent()
    {
        using Contract contract = new(2);
        await contract.Bench.AppendAsync(
            new(Start, 1, 0, ReadingQuality.Good, HasValue: true),
            new(LineBuffer.LastInstantUtcMilliseconds + 1, 2, 0, ReadingQuality.Good, HasValue: true));
        InfluxMirror mirror = contract.Bench.NewMirror();
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Equal(1, mirror.DeadLetterCount);
        Assert.Contains("1 values in the store, 0 in InfluxDB", Assert.Single((await mirror.VerifyAsync(CancellationToken.None)).Differences).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Intervals_follow_the_readings_and_late_ones_write_theirs_again(int version)
    {
        using Contract contract = new(version);
        HourSource source = new(contract.Bench.Store);
        InfluxIntervalMirror mirror = contract.Bench.NewIntervalMirror(source.Read);
        await contract.Bench.AppendDaysAsync(0, 2, seed: 7);
        await mirror.DrainAsync(CancellationToken.None);
        InfluxVerification first = await mirror.VerifyAsync(CancellationToken.None);
        Assert.Empty(first.Differences);
        Assert.Equal(3 * ((2 * 96) - 1), first.Values);

        await contract.Bench.AppendDaysAsync(4, 1, seed: 8);
        await mirror.DrainAsync(CancellationToken.None);
        Assert.Empty((await mirror.VerifyAsync(CancellationToken.None)).Differences);

        // What was a gap is filled: the intervals of the gap, and the one before it, change.
        await contract.Bench.AppendDaysAsync(2, 2, seed: 9);
        await contract.Bench.NewIntervalMirror(source.Read).DrainAsync(CancellationToken.None);
        Assert.Empty((await mirror.VerifyAsync(CancellationToken.None)).Differences);

        await contract.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"interval_15m,channel={Energy},gateway={GatewayName},meter=mains,plant=leon-tannery,unit=kWh consumption=1e6 {Start}"));
        Assert.StartsWith("sum of consumption", Assert.Single((await mirror.VerifyAsync(CancellationToken.None)).Differences).Text, StringComparison.Ordinal);
        await mirror.RebuildAsync(CancellationToken.None);
        await mirror.DrainAsync(CancellationToken.None);
        Assert.True((await mirror.VerifyAsync(CancellationToken.None)).Matches);
    }

    /// <summary>Intervals straight from the readings: the difference to the next reading with a value, spread over what lies between.</summary>
    private sealed class HourSource(IReadingStore store)
    {
        public List<MirroredInterval> Read(StoredChannel channel, long from, long to)
        {
            ReadingColumns readings = store.Read(channel.Gateway, channel.Channel.Id, long.MinValue, long.MaxValue);
            int[] usable = [.. Enumerable.Range(0, readings.Count).Where(index => readings.HasValues[index])];
            List<MirroredInterval> intervals = [];
            for (long start = from; start < to; start += Slot)
            {
                int next = Array.FindIndex(usable, index => readings.UtcMilliseconds[index] > start);
                if (next < 1)
                {
                    continue;
                }

                (int left, int right) = (usable[next - 1], usable[next]);
                double rise = readings.Channel.ToDouble(readings.ScaledValues[right]) - readings.Channel.ToDouble(readings.ScaledValues[left]);
                double part = Slot / (double)(readings.UtcMilliseconds[right] - readings.UtcMilliseconds[left]);
                double value = readings.Channel.ToDouble(readings.ScaledValues[left]);
                bool isGauge = channel.Channel.Kind == ChannelKind.Gauge;
                intervals.Add(new(start, isGauge ? double.NaN : rise * part, isGauge ? value : double.NaN, value, value, part < 1 ? 0 : 1, part < 1 ? 2 : 0));
            }

            return intervals;
        }
    }

    private sealed class Contract : IDisposable
    {
        private readonly ContractServer2? _two;
        private readonly ContractServer3? _three;
        private readonly Uri _url;

        public Contract(int version)
        {
            _two = version == 2 ? new("metering") : null;
            _three = version == 3 ? new() : null;
            _url = _two?.Url ?? _three!.Url;
            Token = version == 2 ? ContractServer2.Token : ContractServer3.Token;
            Bench = new(_url, (InfluxVersion)version, Token);
        }

        public MirrorBench Bench { get; }

        public string Token { get; }

        public IReadOnlyList<string> Log => _two?.Log ?? _three!.Log;

        public async Task WriteAsync(string lines)
        {
            using HttpClient http = new();
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_url, "write?db=metering&precision=ms")) { Content = new StringContent(lines) };
            request.Headers.Authorization = new("Token", Token);
            using HttpResponseMessage answer = await http.SendAsync(request);
            _ = answer.EnsureSuccessStatusCode();
        }

        public void Dispose()
        {
            Bench.Dispose();
            _two?.Dispose();
            _three?.Dispose();
        }
    }
}
