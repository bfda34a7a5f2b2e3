using System.Globalization;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Metering.EndToEnd.Disks;

/// <summary>
/// The gateway's process is ended by force (SIGKILL) at random moments while it polls a simulated field, signs and sends, and
/// is started again each time. At the end the store holds every reading of the field once, in one whole chain. METERING_KILLS
/// sets the number of kills, METERING_SEED the seed of the moments.
/// </summary>
public sealed class GatewayKillTests(ITestOutputHelper output)
{
    private const int DefaultKills = 6;
    private const int DefaultSeed = 20_260_403;
    private const int LongestMoment = 60;
    private const string Plant = "leon-tannery";

    [NeedsFact("mosquitto")]
    public async Task A_gateway_killed_again_and_again_loses_and_doubles_nothing()
    {
        int kills = PowerCutTests.Setting("METERING_KILLS", DefaultKills);
        int seed = PowerCutTests.Setting("METERING_SEED", DefaultSeed);
        Random random = new(seed);
        await using WholePath path = await WholePath.StartAsync(Plant, ["run", "--plants", Plant, "--from", "2026-01-01", "--until", "2026-03-12"], batchReadings: 300);
        long expected = path.Truth.GetProperty("channels").EnumerateArray().Sum(channel => channel.GetProperty("expectedReadings").GetInt64());
        path.StartGateway();
        for (int kill = 0; kill < kills; kill++)
        {
            // Always some way further, so that the last kill still finds it at work.
            await path.StoredAsync(Math.Max(1, path.Store.LastSequence + 1));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestMoment)), TimeProvider.System);
            path.KillGateway();
            path.StartGateway();
        }

        long polled = await path.FinishGatewayAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"METERING_SEED={seed}: {kills} kills; the gateway polled {polled} of {expected} readings since its last start"));
        Assert.True(polled > 0, "the gateway had finished before the last kill");
        await path.VerifyChainAsync();
        long readings = 0;
        long batches = 0;
        foreach (JournalRecord record in path.Store.Journal(0, int.MaxValue))
        {
            Assert.Equal(++batches, record.Batch);
            readings += BatchEnvelope.Open(record.Envelope.Span).ReadSegments().Sum(segment => segment.Count);
        }

        Assert.Equal(expected, readings);
        Assert.Equal(expected, path.Store.Channels().Sum(channel => channel.Count));
        Assert.Equal(0, path.Store.QuarantineCount);
    }
}
