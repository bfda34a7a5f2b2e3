using System.Security.Cryptography;
using Metering.Cloud.Projects;
using Metering.Ingestion.Import;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Projects;

/// <summary>
/// What the board keeps of projects is what it would compute afresh, whatever way readings came into the store, and costs the projects of other gateways no look at their readings.
/// Each kind of store has a class of its own that derives from this one.
/// </summary>
public abstract class KeptFiguresConformance : IDisposable
{
    private const int Days = 152;
    private const int RandomSteps = 18;
    private static readonly DateOnly First = new(2024, 1, 1);
    private static readonly string[] Gateways = ["alpha", "beta", "gamma", "import-scada"];

    private readonly Dictionary<(string, int), StoreGateway> senders = [];
    private readonly List<IReadingStore> opened = [];
    private readonly ECDsa importKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ManualTimeProvider clock = new(new(2024, 7, 1, 0, 0, 0, TimeSpan.Zero));
    private IStoreHouse? house;
    private IReadingStore? writing;
    private CountingStore counter = null!;
    private ProjectBoard board = null!;

    /// <summary>Random histories.</summary>
    private protected abstract int SeedCount { get; }

    private protected abstract IStoreHouse Build();

    private protected IReadingStore Writing => writing!;

    public void Dispose()
    {
        opened.ForEach(store => store.Dispose());
        house?.Dispose();
        foreach (StoreGateway sender in senders.Values)
        {
            sender.Dispose();
        }

        importKey.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_way_readings_come_only_the_projects_of_their_gateway_are_looked_at_and_show_them(bool isOtherProcess)
    {
        await BeginAsync(isOtherProcess);
        await Changes("the next batch", "alpha", () => SendAsync("alpha", (100, 110), 1));
        await Changes("nothing", null, () => Task.CompletedTask);
        await Changes("a batch that replaces readings", "alpha", () => SendAsync("alpha", (5, 40), 2));
        await Changes("a batch of readings older than all others", "beta", () => SendAsync("beta", (0, 3), 1));
        await Changes("sealing", null, Writing.SealAsync);

        byte[] next = Batch("beta", 1, (60, 70), 3);
        byte[] early = Batch("beta", 1, (71, 80), 3);
        await Changes("a batch before its turn", null, () => AppendAsync(early, AppendOutcome.Early));
        await Changes("its predecessor, which takes it along", "beta", () => AppendAsync(next, AppendOutcome.Stored));

        byte[] lost = Batch("alpha", 1, (81, 82), 4);
        byte[] behind = Batch("alpha", 1, (83, 90), 4);
        await Changes("another batch before its turn", null, () => AppendAsync(behind, AppendOutcome.Early));
        await Changes("a statement of loss, which takes it along", "alpha", () => LoseAsync("alpha", lost));

        await Changes("a batch under the next key", "beta", () => SendAsync("beta", (90, 99), 5, keyEpoch: 2));
        await Changes("an enrolment", null, () => Task.FromResult(Sender("gamma", 1)));
        await Changes("the first batch of a gateway that had none", "gamma", () => SendAsync("gamma", (0, Days), 1));
        await Changes("a first import", "import-scada", () => ImportAsync((0, 50), 1));
        await Changes("an import of other values", "import-scada", () => ImportAsync((20, 30), 2));
        await Changes("the same import again", null, () => ImportAsync((20, 30), 2));
        await Changes("a duplicate", null, () => AppendAsync(next, AppendOutcome.Duplicate));
    }

    [StoreFact]
    public async Task Another_store_in_the_place_of_the_first_with_as_many_batches_is_seen()
    {
        await BeginAsync(isOtherProcess: false);
        using SqliteHouse other = new(Path.GetTempPath());
        using IReadingStore restored = other.Open();
        foreach (StoreGateway sender in senders.Values)
        {
            restored.Enrol(sender.Enrolment);
        }

        foreach (JournalRecord record in Writing.Journal(0, 10).SkipLast(1))
        {
            _ = await StoreGateway.AppendAsync(restored, record.Envelope.ToArray());
        }

        (byte[] another, _) = senders[("beta", 1)].Build(1, BatchManifest.NoPrevious, Readings((0, 60), 7));
        _ = await StoreGateway.AppendAsync(restored, another);
        Assert.Equal(Writing.LastSequence, restored.LastSequence);
        string[] before = Told(board);
        counter.Target = restored;
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Told(Afresh()), Told(board));
        Assert.NotEqual(before, Told(board));
    }

    [StoreFact]
    public async Task Over_random_histories_the_kept_figures_are_those_computed_afresh()
    {
        for (int seed = 1; seed <= SeedCount; seed++)
        {
            await BeginAsync(isOtherProcess: seed % 2 == 0);
            Random random = new(seed);
            List<string> history = [];
            for (int step = 0; step < RandomSteps; step++)
            {
                history.Add(await StepAsync(random));
                clock.Advance(TimeSpan.FromHours(1));
                string[] kept = Told(board);
                string[] afresh = Told(Afresh());
                Assert.True(kept.SequenceEqual(afresh), $"seed {seed}, step {step} of {string.Join(", ", history)}:\n{string.Join('\n', kept)}\nis kept, and this is afresh:\n{string.Join('\n', afresh)}");
            }

            End();
        }
    }

    private async Task<string> StepAsync(Random random)
    {
        string gateway = Gateways[random.Next(3)];
        int first = random.Next(Days - 20);
        (int, int) days = (first, first + random.Next(1, 20));
        int variant = random.Next(1, 5);
        switch (random.Next(8))
        {
            case 0:
                await Writing.SealAsync();
                return "seal";
            case 1:
                await ImportAsync(days, variant);
                return $"import {days} {variant}";
            case 2:
                byte[] next = Batch(gateway, 1, days, variant);
                byte[] early = Batch(gateway, 1, days, variant + 1);
                await AppendAsync(early, AppendOutcome.Early);
                if (random.Next(2) == 0)
                {
                    clock.Advance(TimeSpan.FromHours(1));
                    _ = Told(board); // a look in between must not hide what comes
                }

                await AppendAsync(next, AppendOutcome.Stored);
                return $"early {gateway} {days} {variant}";
            case 3:
                byte[] lost = Batch(gateway, 1, days, variant);
                await LoseAsync(gateway, lost);
                return $"lost {gateway}";
            default:
                await SendAsync(gateway, days, variant);
                return $"{gateway} {days} {variant}";
        }
    }

    // What happens, who brings it (null: nothing changes for anybody), and how.
    private async Task Changes(string what, string? gateway, Func<Task> act)
    {
        ProjectSummary[] before = [.. board.Summaries()];
        _ = counter.Take();
        await act();
        clock.Advance(TimeSpan.FromHours(1));
        ProjectSummary[] after = [.. board.Summaries()];
        string[] read = counter.Take();
        string[] changed = [.. after.Where((one, index) => one.Version != before[index].Version).Select(one => one.Project.Id)];
        Project[] users = [.. board.Register.Projects.Where(project => project.Channels().Any(name => name.Gateway == gateway))];
        Assert.True(users.Select(project => project.Id).SequenceEqual(changed), $"{what}: {string.Join(' ', changed)} changed");

        string[] expected = [.. users.SelectMany(project => project.Channels()).Select(name => $"{name.Gateway}/{name.Channel}").Distinct().Order(StringComparer.Ordinal)];
        Assert.True(expected.SequenceEqual(read), $"{what}: {string.Join(' ', read)} looked at");
        Assert.True(Told(Afresh()).SequenceEqual(Told(board)), $"{what}: what is kept is not what is computed afresh");
        _ = counter.Take();
    }

    private async Task BeginAsync(bool isOtherProcess)
    {
        house = Build();
        writing = house.Open();
        opened.Add(writing);
        writing.BecomeWriter();
        foreach (string gateway in (string[])["alpha", "beta"])
        {
            await SendAsync(gateway, gateway == "alpha" ? (0, 100) : (10, 60), 1);
        }

        IReadingStore reading = isOtherProcess ? house.Open() : writing;
        opened.Add(reading);
        (IReadingStore counting, counter) = CountingStore.Over(reading);
        board = new(new ProjectSource(Projects()), counting, clock);
        _ = board.Summaries();
    }

    private void End()
    {
        opened.ForEach(store => store.Dispose());
        opened.Clear();
        house!.Dispose();
        house = null;
        foreach (StoreGateway sender in senders.Values)
        {
            sender.Dispose();
        }

        senders.Clear();
    }

    private protected ProjectBoard Afresh() => new(new ProjectSource(board.Register), counter.Target, clock);

    private protected static string[] Told(ProjectBoard of) =>
        [.. of.Summaries().Select(one => $"{one.Project.Id} {one.Version} {one.Verdict} {one.Savings} {one.ValidPercent:R} {one.Readings} {one.UsableReadings} {one.ReportedThrough}")];

    /// <summary>Begins with the usual readings and gives the board over them, and what moves its clock on.</summary>
    private protected async Task<(ProjectBoard Board, Action Later)> UsualAsync()
    {
        await BeginAsync(isOtherProcess: false);
        return (board, () => clock.Advance(TimeSpan.FromHours(1)));
    }

    private StoreGateway Sender(string gateway, int keyEpoch)
    {
        if (!senders.TryGetValue((gateway, keyEpoch), out StoreGateway? sender))
        {
            senders[(gateway, keyEpoch)] = sender = new(gateway, keyEpoch);
            Writing.Enrol(sender.Enrolment);
        }

        return sender;
    }

    private byte[] Batch(string gateway, int keyEpoch, (int First, int End) days, int variant) => Sender(gateway, keyEpoch).Next(Readings(days, variant));

    private Task SendAsync(string gateway, (int First, int End) days, int variant, int keyEpoch = 1) => AppendAsync(Batch(gateway, keyEpoch, days, variant), AppendOutcome.Stored);

    private async Task AppendAsync(byte[] batch, AppendOutcome expected) => Assert.Equal(expected, await StoreGateway.AppendAsync(Writing, batch));

    private Task LoseAsync(string gateway, byte[] batch)
    {
        BatchEnvelope envelope = BatchEnvelope.Open(batch);
        LostBatches lost = new(gateway, 1, envelope.Manifest.Batch, envelope.Manifest.Batch, envelope.NoteHash);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(Writing.AcceptLoss(lost, lost.Sign(key), clock.GetUtcNow()));
        return Task.CompletedTask;
    }

    private async Task ImportAsync((int First, int End) days, int variant)
    {
        using ImportWriter writer = ImportWriter.Open(Writing, new() { Name = "scada", Plant = "leon-tannery", Key = importKey }, clock);
        _ = await writer.WriteAsync(StoreGateway.Channels, Readings(days, variant), CancellationToken.None);
    }

    // Registers at each midnight: water follows the days of the week, energy follows water; each variant is another meter reading of the same instants.
    private static Reading[] Readings((int First, int End) days, int variant) => [.. Enumerable.Range(days.First, days.End - days.First).SelectMany(day =>
    {
        long instant = StoreGateway.Start + (day * StoreGateway.Day);
        long water = (day * 40_000L) + (day * 7919L % 3000) + variant;
        return new[] { StoreGateway.Good(instant, (water / 4) + (day * 100) + (variant * 3)), StoreGateway.Good(instant, water, 2) };
    })];

    private static ProjectRegister Projects()
    {
        Plant plant = new("leon-tannery", new("p", "p"), "tannery", "Guanajuato", TimeZoneInfo.Utc, IsSimulated: true);
        return new([plant], [Of("a", "alpha", "alpha"), Of("mixed", "alpha", "beta"), Of("b", "beta", "beta"), Of("c", "gamma", "gamma"), Of("i", "import-scada", "import-scada"), Of("never", "delta", "delta")]);

        Project Of(string id, string use, string driver) => new()
        {
            Id = id,
            Plant = plant,
            Title = new("t", "t"),
            Measure = new("m", "m"),
            Resource = Resource.Electricity,
            Use = new(use, StoreGateway.Energy),
            Drivers = [new("production", DriverKind.Difference, new(driver, StoreGateway.Channels[2].Id), 0)],
            Baseline = new(First, First.AddDays(90)),
            Installation = new(First.AddDays(91), First.AddDays(95)),
            Reporting = new(First.AddDays(96), First.AddDays(Days - 1)),
            ConfidencePercent = 90,
        };
    }
}
