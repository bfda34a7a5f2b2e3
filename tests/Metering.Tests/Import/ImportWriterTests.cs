using System.Security.Cryptography;
using Metering.Evidence.Chain;
using Metering.Ingestion.Import;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Import;

public sealed class ImportWriterTests : IDisposable
{
    private const long Start = 1_500_000_000_000;
    private static readonly Channel Energy = new() { Id = "mains.energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Profile = "import/1" };
    private static readonly Channel Inflow = new() { Id = "inflow", Meter = "inlet", Unit = "m3/h", Kind = ChannelKind.Gauge, DecimalPlaces = 0, Form = ValueForm.Binary64, Profile = "import/1" };
    private static readonly Channel[] Channels = [Energy, Inflow];

    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private SqliteStore _store;

    public ImportWriterTests() => _store = SqliteStore.Open(_folder.Combine("m.db"), TimeProvider.System);

    public void Dispose()
    {
        _store.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_brought_in_stands_in_the_journal_as_a_sound_chain_and_says_that_it_is_an_import()
    {
        using ImportWriter writer = Open(readingsPerBatch: 7);
        ImportCounts counts = await writer.WriteAsync(Channels, Readings(0, 20), CancellationToken.None);
        Assert.Equal(new(40, 0, 0, 6), counts);
        GatewayChain chain = new("import-scada", _ => _key);
        foreach (JournalRecord record in _store.Journal(0, 100))
        {
            chain.Add(record.Envelope.Span);
        }

        Assert.Equal((6, 40, 0), (chain.Batches, chain.Readings, chain.FaultCount));
        Assert.All(_store.Channels(), channel => Assert.Equal(("import-scada", "leon", ReadingOrigin.Import, 'D'), (channel.Gateway, channel.Plant, channel.Origin, Metering.Cloud.Evidence.Grades.Of(_store, channel))));
        Assert.Equal(Enumerable.Range(0, 20).Select(Value), Values(Inflow));
    }

    [Fact]
    public async Task The_same_readings_again_add_nothing_and_a_corrected_one_only_itself()
    {
        using ImportWriter writer = Open();
        _ = await writer.WriteAsync(Channels, Readings(0, 20), CancellationToken.None);
        long before = _store.LastSequence;
        Assert.Equal(new(0, 0, 40, 0), await writer.WriteAsync(Channels, Readings(0, 20), CancellationToken.None));
        Assert.Equal(before, _store.LastSequence);
        Reading[] corrected = Readings(0, 21);
        corrected[6] = corrected[6] with { ScaledValue = 1 };
        Assert.Equal(new(2, 1, 39, 1), await writer.WriteAsync(Channels, corrected, CancellationToken.None));
        Assert.Equal(1, _store.Read("import-scada", Energy.Id, 0, long.MaxValue).ScaledValues[3]);
    }

    [Fact]
    public async Task An_import_that_was_killed_goes_on_where_the_store_is_without_a_fork()
    {
        ImportWriter first = Open(readingsPerBatch: 4);
        using CancellationTokenSource killed = new();
        _ = await first.WriteAsync(Channels, Readings(0, 3), CancellationToken.None);
        await killed.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WriteAsync(Channels, Readings(0, 30), killed.Token));

        // As after SIGKILL: nothing is told to the first writer, and the file is opened again.
        _store.Dispose();
        _store = SqliteStore.Open(_folder.Combine("m.db"), TimeProvider.System);
        using ImportWriter second = Open(readingsPerBatch: 4);
        ImportCounts counts = await second.WriteAsync(Channels, Readings(0, 30), CancellationToken.None);
        Assert.Equal((54, 0, 6), (counts.New, counts.Changed, counts.Same));
        AssertOneChain(1);
        first.Dispose();
    }

    [Fact]
    public async Task Two_writers_under_one_name_take_turns_and_leave_one_chain()
    {
        using ImportWriter left = Open();
        using ImportWriter right = Open();
        for (int round = 0; round < 5; round++)
        {
            _ = await left.WriteAsync(Channels, Readings(round * 10, 3), CancellationToken.None);
            _ = await right.WriteAsync(Channels, Readings(1000 + (round * 10), 3), CancellationToken.None);
        }

        AssertOneChain(1);
        Assert.Equal(30, _store.FindChannel("import-scada", Energy.Id)!.Count);
    }

    [Fact]
    public async Task A_new_import_key_begins_a_new_key_epoch()
    {
        using ImportWriter old = Open();
        _ = await old.WriteAsync(Channels, Readings(0, 3), CancellationToken.None);
        using ECDsa newKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ImportWriter writer = ImportWriter.Open(_store, Options() with { Key = newKey }, TimeProvider.System);
        Assert.Equal((1, 2), (old.KeyEpoch, writer.KeyEpoch));
        _ = await writer.WriteAsync(Channels, Readings(3, 3), CancellationToken.None);
        Assert.Equal(1, _store.Head("import-scada", 2).Through);
        Assert.Equal(6, _store.FindChannel("import-scada", Energy.Id)!.Count);
    }

    [Fact]
    public void A_name_belongs_to_one_plant_and_never_to_a_gateway()
    {
        using ImportWriter writer = Open();
        ImportException otherPlant = Assert.Throws<ImportException>(() => ImportWriter.Open(_store, Options() with { Plant = "silao" }, TimeProvider.System));
        Assert.Contains("plant leon, not silao", otherPlant.Message, StringComparison.Ordinal);
        _store.Enrol(new("import-real", 1, "leon", SigningKey.PublicPem(_key)));
        ImportException gateway = Assert.Throws<ImportException>(() => ImportWriter.Open(_store, Options() with { Name = "real" }, TimeProvider.System));
        Assert.Contains("is a gateway", gateway.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_changed_its_unit_is_refused_before_anything_is_written()
    {
        using ImportWriter writer = Open();
        _ = await writer.WriteAsync(Channels, Readings(0, 3), CancellationToken.None);
        long before = _store.LastSequence;
        ImportException fault = await Assert.ThrowsAsync<ImportException>(
            () => writer.WriteAsync([Energy, Inflow with { Form = ValueForm.Decimal, DecimalPlaces = 3 }], Readings(3, 3), CancellationToken.None));
        Assert.Contains("with binary64 decimals, and comes as Gauge in m3/h with 3", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.LastSequence);
    }

    [Fact]
    public async Task Of_two_readings_of_one_instant_the_later_one_stands_in_any_order()
    {
        using ImportWriter writer = Open();
        Reading[] readings = [Of(5, 50), Of(1, 10), Of(5, 51), Of(3, 30)];
        Assert.Equal(new(3, 0, 0, 1), await writer.WriteAsync(Channels, readings, CancellationToken.None));
        Assert.Equal([10, 30, 51], _store.Read("import-scada", Energy.Id, 0, long.MaxValue).ScaledValues);

        static Reading Of(int slot, long value) => new(Start + slot, value, 0, ReadingQuality.Good, HasValue: true);
    }

    [Fact]
    public async Task More_channels_than_one_batch_may_hold_become_two_batches()
    {
        using ImportWriter writer = Open();
        Channel[] many = [.. Enumerable.Range(0, BatchLimits.MaximumChannels + 1).Select(index => Energy with { Id = $"c{index}" })];
        Reading[] readings = [.. many.Select((_, index) => new Reading(Start, index, index, ReadingQuality.Good, HasValue: true))];
        Assert.Equal(new(many.Length, 0, 0, 2), await writer.WriteAsync(many, readings, CancellationToken.None));
    }

    [Fact]
    public async Task The_origin_survives_a_restart()
    {
        using (ImportWriter writer = Open())
        {
            _ = await writer.WriteAsync(Channels, Readings(0, 3), CancellationToken.None);
        }

        _store.Dispose();
        _store = SqliteStore.Open(_folder.Combine("m.db"), TimeProvider.System);
        Assert.Equal(ReadingOrigin.Import, Assert.Single(_store.Enrolments()).Origin);
        Assert.Equal(Inflow, _store.FindChannel("import-scada", Inflow.Id)!.Channel);
    }

    [Fact]
    public void The_import_key_is_made_once_and_only_its_owner_may_read_it()
    {
        string path = ImportKey.FileBeside(_folder.Combine("cloud.pem"));
        using ECDsa made = ImportKey.LoadOrCreate(path);
        using ECDsa again = ImportKey.LoadOrCreate(path);
        Assert.Equal(SigningKey.PublicPem(made), SigningKey.PublicPem(again));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal([path], Directory.GetFiles(_folder.Path, "*.import*"));
    }

    [Fact]
    public void A_file_that_is_no_private_key_is_said_so()
    {
        string path = _folder.Write("broken.import", "nonsense");
        Assert.Contains("holds no key", Assert.Throws<ImportException>(() => ImportKey.LoadOrCreate(path)).Message, StringComparison.Ordinal);
        string half = _folder.Write("public.import", SigningKey.PublicPem(_key));
        Assert.Contains("only a public key", Assert.Throws<ImportException>(() => ImportKey.LoadOrCreate(half)).Message, StringComparison.Ordinal);
    }

    private ImportOptions Options() => new() { Name = "scada", Plant = "leon", Key = _key };

    private ImportWriter Open(int readingsPerBatch = 16_384) =>
        ImportWriter.Open(_store, Options() with { ReadingsPerBatch = readingsPerBatch }, TimeProvider.System);

    private static double Value(int slot) => 1 / (3.0 + slot);

    // Of each slot one reading of either channel.
    private static Reading[] Readings(int first, int slots)
    {
        List<Reading> readings = [];
        for (int slot = first; slot < first + slots; slot++)
        {
            readings.Add(new(Start + (slot * 900_000L), 1000 + slot, 0, ReadingQuality.Good, HasValue: true));
            readings.Add(new(Start + (slot * 900_000L), Binary64.ToOrdered(Value(slot)), 1, ReadingQuality.Good, HasValue: true));
        }

        return [.. readings];
    }

    private IEnumerable<double> Values(Channel channel) =>
        _store.Read("import-scada", channel.Id, 0, long.MaxValue).ScaledValues.Select(channel.ToDouble);

    private void AssertOneChain(int keyEpoch)
    {
        GatewayChain chain = new("import-scada", epoch => epoch == keyEpoch ? _key : null);
        foreach (JournalRecord record in _store.Journal(0, 1000))
        {
            chain.Add(record.Envelope.Span, new(record.KeyEpoch, record.Batch));
        }

        Assert.Equal(0, chain.FaultCount);
        Assert.Equal(_store.Head("import-scada", keyEpoch).Through, chain.Batches);
    }
}
