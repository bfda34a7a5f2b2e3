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
[Collection(Paths.Collection)]
public sealed class GatewayKillTests(ITestOutputHelper output)
{
    private const int DefaultKills = 6;
    private const int DefaultSeed = 20_260_403;
    private const int LongestMoment = 60;
    private const int BatchReadings = 300;
    private const int FewestDays = 30;
    private const int DaysPerKill = 10;
    private const string Plant = "leon-tannery";

    [NeedsFact("mosquitto")]
    public async Task A_gateway_killed_again_and_again_loses_and_doubles_nothing()
    {
        int kills = PowerCutTests.Setting("METERING_KILLS", DefaultKills);
        int seed = PowerCutTests.Setting("METERING_SEED", DefaultSeed);
        Random random = new(seed);
        DateTimeOffset from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        string until = (from + TimeSpan.FromDays(FewestDays + (DaysPerKill * kills))).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using WholePath path = await WholePath.StartAsync(Plant, ["run", "--plants", Plant, "--from", "2026-01-01", "--until", until], batchReadings: BatchReadings);
        long expected = path.Truth.GetProperty("channels").EnumerateArray().Sum(channel => channel.GetProperty("expectedReadings").GetInt64());
        path.StartGateway();
        for (int kill = 0; kill < kills; kill++)
        {
            // The kills are spread over the first four fifths of the batches, so that the last one still finds it at work.
            await path.StoredAsync(1 + ((expected / BatchReadings) * 4 / 5 * kill / kills));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestMoment)), TimeProvider.System);

            // It may have polled everything already where the cloud is behind; then it dies while it signs and sends.
            Assert.False(path.IsGatewayDone, $"the gateway had finished before kill {kill + 1}");
            path.KillGateway();
            path.StartGateway();
        }

        long polled = await path.FinishGatewayAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"METERING_SEED={seed}: {kills} kills; the gateway polled {polled} of {expected} readings since its last start"));
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
