using System.Globalization;
using Metering.Store.Influx;
using Metering.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Interop.Tests.Influx;

/// <summary>influxd is killed again and again while the copy is being fed. METERING_KILLS sets how often, METERING_SEED the seed of the moments.</summary>
public sealed class InfluxdKillTests(ITestOutputHelper output)
{
    private const int DefaultKills = 3;
    private const int DefaultSeed = 20_260_301;
    private const int DaysBetween = 40;
    private const int LongestMoment = 400;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    [NeedsFact("influxd")]
    public async Task A_server_killed_while_it_is_fed_has_every_reading_once_in_the_end()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        int kills = Setting("METERING_KILLS", DefaultKills);
        int seed = Setting("METERING_SEED", DefaultSeed);
        Random random = new(seed);
        using MirrorBench bench = new(server.Url);
        InfluxMirror mirror = bench.NewMirror();
        using CancellationTokenSource stop = new(Limit);
        Task feeding = mirror.RunAsync(stop.Token);
        int days = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            await bench.AppendDaysAsync(days, DaysBetween, seed + kill);
            days += DaysBetween;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestMoment)), TimeProvider.System, stop.Token);
            server.Kill();
            await server.StartAgainAsync();
        }

        while (mirror.Behind > 0)
        {
            await Task.Delay(Poll, TimeProvider.System, stop.Token);
        }

        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => feeding);
        InfluxVerification result = await mirror.VerifyAsync(CancellationToken.None);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"METERING_SEED={seed}: {kills} kills, {result.Values} values on {result.Days} channel days, {result.Differences.Count} differences"));
        Assert.Empty(result.Differences);
        Assert.Equal(0, result.DeadLetters);
    }

    private static int Setting(string name, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : byDefault;
}
