using System.Globalization;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Metering.EndToEnd;

/// <summary>
/// Gateway, broker and cloud are ended by force in the middle of a history. Afterwards the store holds, byte for byte, what
/// it holds without an outage: nothing lost, nothing doubled. METERING_SOAK_ROUNDS raises the number of rounds, METERING_SEED
/// gives the seed of the first one.
/// </summary>
[Collection(Paths.Collection)]
public sealed class OutageTests(OutageTests.Undisturbed undisturbed, ITestOutputHelper output) : IClassFixture<OutageTests.Undisturbed>
{
    private const int DefaultSeed = 20_260_101;
    private const int KillsARound = 2;
    private const string Plant = "leon-tannery";

    private static readonly int Rounds = Setting("METERING_SOAK_ROUNDS", 1);

    [NeedsFact("mosquitto")]
    public Task The_gateway_killed_at_any_moment_loses_and_doubles_nothing() => RepeatAsync(1, (path, _) =>
    {
        path.KillGateway();
        path.StartGateway();
        return Task.CompletedTask;
    });

    [NeedsFact("mosquitto")]
    public Task The_broker_killed_at_any_moment_loses_and_doubles_nothing() => RepeatAsync(2, async (path, random) =>
    {
        path.KillBroker();
        await PauseAsync(random, 500);
        await path.StartBrokerAgainAsync();
    });

    [NeedsFact("mosquitto")]
    public Task The_cloud_killed_at_any_moment_loses_and_doubles_nothing() => RepeatAsync(3, async (path, random) =>
    {
        path.KillCloud();
        await PauseAsync(random, 500);
        await path.StartCloudAsync();
    });

    [NeedsFact("mosquitto")]
    public Task All_three_killed_at_once_and_started_in_any_order_lose_and_double_nothing() => RepeatAsync(4, async (path, random) =>
    {
        path.KillGateway();
        path.KillBroker();
        path.KillCloud();
        Func<Task>[] starts =
        [
            () =>
            {
                path.StartGateway();
                return Task.CompletedTask;
            },
            path.StartBrokerAgainAsync,
            path.StartCloudAsync,
        ];
        random.Shuffle(starts);
        foreach (Func<Task> start in starts)
        {
            await start();
        }
    });

    private async Task RepeatAsync(int victim, Func<WholePath, Random, Task> outage)
    {
        Result expected = await undisturbed.ResultAsync();
        for (int round = 0; round < Rounds; round++)
        {
            int seed = Setting("METERING_SEED", DefaultSeed) + round;
            Random random = new(HashCode(seed, victim));
            long[] moments = [.. Enumerable.Range(0, KillsARound).Select(_ => random.NextInt64(1, expected.Batches - 2)).Order()];
            output.WriteLine($"METERING_SEED={seed}: outages once the store holds batches {string.Join(", ", moments)} of {expected.Batches}");
            await using WholePath path = await StartAsync();
            path.StartGateway();
            foreach (long moment in moments)
            {
                await path.StoredAsync(moment);
                await PauseAsync(random, 50);
                await outage(path, random);
            }

            long polled = await path.FinishGatewayAsync();
            output.WriteLine($"the gateway polled {polled} of {expected.Readings} readings since its last start");
            Result result = await Result.OfAsync(path);
            Assert.Equal(expected.Files.Keys, result.Files.Keys);
            foreach ((string name, byte[] bytes) in expected.Files)
            {
                Assert.True(bytes.AsSpan().SequenceEqual(result.Files[name]), $"METERING_SEED={seed}: {name} differs: {FirstDifference(bytes, result.Files[name])}");
            }

            Assert.Equal(expected.Readings, result.Readings);
        }
    }

    private static Task<WholePath> StartAsync() =>
        WholePath.StartAsync(Plant, ["run", "--plants", Plant, "--from", "2026-01-01", "--until", "2026-03-12"], batchReadings: 300);

    private static Task PauseAsync(Random random, int maximumMilliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(maximumMilliseconds)), TimeProvider.System);

    // Each test has moments of its own for one seed.
    private static int HashCode(int seed, int victim) => unchecked((seed * 31) + victim);

    private static int Setting(string name, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : byDefault;

    private static string FirstDifference(byte[] expected, byte[] actual)
    {
        string[] left = System.Text.Encoding.ASCII.GetString(expected).Split('\n');
        string[] right = System.Text.Encoding.ASCII.GetString(actual).Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
        {
            line++;
        }

        return $"line {line + 1} of {left.Length} is '{right.ElementAtOrDefault(line)}' of {right.Length}, not '{left.ElementAtOrDefault(line)}'";
    }

    /// <summary>What a run left in the store.</summary>
    /// <param name="Files">Canonical file of each channel.</param>
    /// <param name="Batches">Batches in the journal.</param>
    /// <param name="Readings">Readings in the batches of the journal; more than in the store when any was sent twice.</param>
    public sealed record Result(SortedDictionary<string, byte[]> Files, long Batches, long Readings)
    {
        /// <summary>Takes it, and checks on the way that the chain of signed batches is whole.</summary>
        internal static async Task<Result> OfAsync(WholePath path)
        {
            await path.VerifyChainAsync();
            long readings = 0;
            long batches = 0;
            foreach (JournalRecord record in path.Store.Journal(0, int.MaxValue))
            {
                Assert.Equal(++batches, record.Batch);
                readings += BatchEnvelope.Open(record.Envelope.Span).ReadSegments().Sum(segment => segment.Count);
            }

            Assert.Equal(path.Store.Channels().Sum(channel => channel.Count), readings);
            Assert.Equal(path.Truth.GetProperty("channels").EnumerateArray().Sum(channel => channel.GetProperty("expectedReadings").GetInt64()), readings);
            Assert.Equal(0, path.Store.QuarantineCount);
            return new(await path.ExportReadingsAsync(), batches, readings);
        }
    }

    /// <summary>The run without an outage, made once for the class.</summary>
    public sealed class Undisturbed
    {
        private Result? _result;

        public async Task<Result> ResultAsync()
        {
            if (_result is null)
            {
                await using WholePath path = await StartAsync();
                path.StartGateway();
                _ = await path.FinishGatewayAsync();
                _result = await Result.OfAsync(path);
            }

            return _result;
        }
    }
}
