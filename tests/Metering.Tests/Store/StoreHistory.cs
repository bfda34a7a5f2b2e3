using Metering.Readings;
using Metering.Store;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Tests.Store;

/// <summary>
/// A random history of a store beside a plain model of it: two gateways whose batches arrive in and out of order, twice, forked,
/// late and corrected; sealing, closing, ends without warning; and a look at something in between.
/// </summary>
internal sealed class StoreHistory : IDisposable
{
    private const int Steps = 30;
    private const int MaximumPool = 6;

    private readonly IStoreHouse _house;
    private readonly Random _random;
    private readonly string _seed;
    private readonly GatewayModel[] _gateways = [new("alpha"), new("beta")];
    private readonly List<byte[]> _journal = [];
    private IReadingStore _store;
    private long _setAside;

    public StoreHistory(IStoreHouse house, int seed)
    {
        (_house, _random, _seed) = (house, new(seed), $"seed {seed}");
        _store = house.Open();
        Array.ForEach(_gateways, gateway => _store.Enrol(gateway.Sender.Enrolment));
    }

    public async Task RunAsync()
    {
        for (int step = 0; step < Steps; step++)
        {
            await StepAsync(_gateways[_random.Next(_gateways.Length)]);
            if (_random.Next(3) > 0)
            {
                Look(_gateways[_random.Next(_gateways.Length)]);
            }
        }

        foreach (GatewayModel gateway in _gateways)
        {
            foreach (Sent sent in gateway.Pool.OrderBy(sent => sent.Batch).ToArray())
            {
                await DeliverAsync(gateway, sent);
            }
        }

        _store = _house.Abandon(_store);
        LookAtEverything();
        await _store.SealAsync();
        LookAtEverything();
        Assert.True(_store.DamagedChunkCount == 0, $"{_seed}: a chunk was damaged");
    }

    public void Dispose()
    {
        _store.Dispose();
        Array.ForEach(_gateways, gateway => gateway.Sender.Dispose());
    }

    private async Task StepAsync(GatewayModel gateway)
    {
        int fate = _random.Next(100);
        if (fate < 14)
        {
            await _store.SealAsync();
        }
        else if (fate < 18)
        {
            _store.Dispose();
            _store = _house.Open();
        }
        else if (fate < 21)
        {
            _store = _house.Abandon(_store);
        }
        else if (fate < 23)
        {
            EndKey(gateway);
        }
        else if (fate < 28 && gateway.Stored.Count > 0)
        {
            // A batch that comes again.
            await SendAsync(gateway, gateway.Stored[_random.Next(gateway.Stored.Count)]);
        }
        else if (fate < 37)
        {
            // Another batch of a number that is stored, next or still to come, on a predecessor that never was.
            long batch = Math.Max(2, gateway.Through + _random.Next(-2, 4));
            string previous = Convert.ToHexStringLower(Enumerable.Range(0, 32).Select(_ => (byte)_random.Next(1, 256)).ToArray());
            await SendAsync(gateway, gateway.Build(batch, previous, Readings()));
        }
        else if (fate < 45)
        {
            // A whole group at once, in order.
            Sent[] group = [.. Enumerable.Range(0, _random.Next(2, 6)).Select(_ => gateway.Next(Readings()))];
            if (gateway.Pool.Count == 0)
            {
                AppendOutcome[] outcomes = await Task.WhenAll(group.Select(sent => AppendAsync(_store, sent.Bytes)));
                Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Stored, outcome));
                Array.ForEach(group, sent => Expect(gateway, sent));
                return;
            }

            gateway.Pool.AddRange(group);
        }
        else
        {
            if (gateway.Pool.Count < MaximumPool && _random.Next(3) > 0)
            {
                gateway.Pool.Add(gateway.Next(Readings()));
            }

            if (gateway.Pool.Count > 0)
            {
                await DeliverAsync(gateway, gateway.Pool[_random.Next(4) == 0 ? _random.Next(gateway.Pool.Count) : 0]);
            }
        }
    }

    // The key is revoked, or hands over to the next one: what waits of it goes to quarantine, and the gateway goes on under the next.
    private void EndKey(GatewayModel gateway)
    {
        bool isRevoked = _random.Next(2) == 0;
        int keyEpoch = gateway.KeyEpoch;
        (long through, string head) = (gateway.Through, gateway.Head);
        _setAside += gateway.BeginEpoch();
        if (isRevoked)
        {
            _store.Revoke(gateway.Name, keyEpoch, DateTimeOffset.UnixEpoch, "stolen");
            _store.Enrol(gateway.Sender.Enrolment);
            return;
        }

        KeyRotation rotation = new()
        {
            Gateway = gateway.Name,
            KeyEpoch = keyEpoch,
            Through = through,
            Head = head,
            PublicKeyPem = gateway.Sender.Enrolment.PublicKeyPem,
        };
        Assert.Equal(RotationOutcome.Rotated, _store.Rotate(rotation, new byte[] { 1 }));
    }

    private async Task DeliverAsync(GatewayModel gateway, Sent sent)
    {
        await SendAsync(gateway, sent);
        _ = gateway.Pool.Remove(sent);
    }

    private async Task SendAsync(GatewayModel gateway, Sent sent)
    {
        AppendOutcome expected = Expect(gateway, sent);
        AppendOutcome outcome = await AppendAsync(_store, sent.Bytes);
        Assert.True(expected == outcome, $"{_seed}: batch {sent.Batch} of {gateway.Name} became {outcome}, expected {expected}");
    }

    private AppendOutcome Expect(GatewayModel gateway, Sent sent)
    {
        AppendOutcome outcome = gateway.Judge(sent);
        if (outcome == AppendOutcome.Early)
        {
            gateway.Wait(sent);
        }
        else if (outcome == AppendOutcome.Stored)
        {
            Sent? next = sent;
            while (next is not null)
            {
                gateway.Apply(next);
                _journal.Add(next.Bytes);
                next = gateway.TakeWaiting(ref _setAside);
            }
        }

        return outcome;
    }

    private Reading[] Readings()
    {
        Dictionary<(int, long), Reading> readings = [];

        // On a grid, so that batches correct each other's readings all the time.
        long around = Start + (_random.Next(3) * Day / 2) + (_random.Next(20) * 900_000L);
        for (int count = _random.Next(1, 40); count > 0; count--)
        {
            int channel = _random.Next(Channels.Length);
            long instant = around + (_random.Next(40) * 900_000L);
            readings[(channel, instant)] = _random.Next(10) == 0
                ? Reading.Missing(instant, channel, QualityReason.Crc)
                : new(instant, _random.NextInt64(-1000, 1_000_000), channel, _random.Next(8) == 0 ? ReadingQuality.Uncertain(QualityReason.Late) : ReadingQuality.Good, HasValue: true);
        }

        return [.. readings.Values];
    }

    private void Look(GatewayModel gateway)
    {
        int channel = _random.Next(Channels.Length);
        long from = Start + _random.NextInt64(-Day, Day);
        LookAtChannel(gateway, channel, from, from + _random.NextInt64(5 * Day));
        LookAtWaiting(gateway);
    }

    private void LookAtWaiting(GatewayModel gateway)
    {
        ChainStanding standing = _store.Standing(gateway.Name, gateway.KeyEpoch);
        ChainHead head = new(gateway.Through, gateway.Head);
        Assert.True(head == standing.Head && head == _store.Head(gateway.Name, gateway.KeyEpoch), $"{_seed}: the head of {gateway.Name} is another one");
        Assert.Equal(gateway.Waiting.Select(sent => sent.Batch).Distinct().Order(), standing.Early);
        for (int channel = 0; channel < Channels.Length; channel++)
        {
            string name = Channels[channel].Id;
            long? newest = gateway.Waiting.SelectMany(sent => sent.Readings).Where(reading => reading.ChannelIndex == channel).Max(reading => (long?)reading.UtcMilliseconds);
            EarlyReading? shown = _store.NewestEarly(gateway.Name).SingleOrDefault(reading => reading.Channel.Id == name);
            Assert.True(newest == shown?.Reading.UtcMilliseconds, $"{_seed}: {gateway.Name} shows {shown} of {name}, expected {newest}");
            Assert.True(shown is null || gateway.Waiting.Any(sent => sent.Readings.Contains(shown.Reading with { ChannelIndex = channel })), $"{_seed}: {gateway.Name} shows {shown}, which nobody sent");
        }
    }

    private void LookAtEverything()
    {
        foreach (GatewayModel gateway in _gateways)
        {
            LookAtWaiting(gateway);
            for (int channel = 0; channel < Channels.Length; channel++)
            {
                LookAtChannel(gateway, channel, long.MinValue, long.MaxValue);
            }
        }

        IReadOnlyList<StoredChannel> channels = _store.Channels();
        Assert.Equal(_gateways.SelectMany(gateway => gateway.Channels).Count(readings => readings.Count > 0), channels.Count);
        Assert.Equal(_gateways.SelectMany(gateway => gateway.Channels).Sum(readings => readings.Count), channels.Sum(item => item.Count));
        IReadOnlyList<JournalRecord> journal = _store.Journal(0, int.MaxValue);
        Assert.True(journal.Count == _journal.Count && _store.LastSequence == _journal.Count, $"{_seed}: {journal.Count} batches in the journal, {_journal.Count} expected");
        Assert.All(journal.Zip(_journal), pair => Assert.True(pair.First.Envelope.Span.SequenceEqual(pair.Second), $"{_seed}: batch {pair.First.Sequence} of the journal is another one"));
        Assert.True(_setAside == _store.QuarantineCount, $"{_seed}: {_store.QuarantineCount} batches set aside, {_setAside} expected");
    }

    private void LookAtChannel(GatewayModel gateway, int channel, long from, long to)
    {
        SortedDictionary<long, Reading> model = gateway.Channels[channel];
        string what = $"{_seed}: {gateway.Name}, channel {channel}, from {from} to {to}";
        StoredChannel? stored = _store.FindChannel(gateway.Name, StoreGateway.Channels[channel].Id);
        if (model.Count == 0)
        {
            Assert.True(stored is null, what);
            return;
        }

        Assert.True(stored is not null && (stored.Count, stored.FirstUtcMilliseconds, stored.LastUtcMilliseconds) == (model.Count, model.First().Key, model.Last().Key), what);
        Assert.True(model.Last().Value with { ChannelIndex = 0 } == _store.Latest(gateway.Name, stored.Channel.Id), what);
        Reading[] expected = [.. model.Values.Where(reading => reading.UtcMilliseconds >= from && reading.UtcMilliseconds < to)];
        ReadingColumns columns = _store.Read(gateway.Name, stored.Channel.Id, from, to);
        Reading[] actual = [.. Enumerable.Range(0, columns.Count).Select(index => new Reading(columns.UtcMilliseconds[index], columns.ScaledValues[index], channel, columns.Qualities[index], columns.HasValues[index]))];
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{what}: {expected.Length} expected, {actual.Length} found");
        if (_random.Next(4) == 0)
        {
            Assert.Equal(ReadingVersion.Of(columns.Channel, columns.UtcMilliseconds, columns.ScaledValues, columns.Qualities, columns.HasValues), _store.VersionOf(gateway.Name, stored.Channel.Id, from, to));
        }
    }

    private sealed record Sent(long Batch, string Previous, string Hash, byte[] Bytes, Reading[] Readings);

    /// <summary>What a store should know of a gateway.</summary>
    private sealed class GatewayModel(string name)
    {
        private readonly List<Sent> _waiting = [];

        public string Name => name;

        public int KeyEpoch { get; private set; } = 1;

        public StoreGateway Sender { get; private set; } = new(name);

        /// <summary>Batches that came before their turn.</summary>
        public IReadOnlyList<Sent> Waiting => _waiting;

        /// <summary>Batches that are built and not yet taken.</summary>
        public List<Sent> Pool { get; } = [];

        public List<Sent> Stored { get; } = [];

        public SortedDictionary<long, Reading>[] Channels { get; } = [.. StoreGateway.Channels.Select(_ => new SortedDictionary<long, Reading>())];

        public long Through => Stored.Count;

        public string Head => Stored.Count == 0 ? BatchManifest.NoPrevious : Stored[^1].Hash;

        /// <summary>Goes on with another key and a chain of its own; says how many batches of the old one had waited.</summary>
        public int BeginEpoch()
        {
            int waiting = _waiting.Count;
            Sender.Dispose();
            Sender = new(name, ++KeyEpoch);
            Stored.Clear();
            Pool.Clear();
            _waiting.Clear();
            return waiting;
        }

        public Sent Next(Reading[] readings)
        {
            string previous = Sender.LastHash;
            byte[] bytes = Sender.Next(readings);
            return new(Sender.LastBatch, previous, Sender.LastHash, bytes, readings);
        }

        public Sent Build(long batch, string previous, Reading[] readings)
        {
            (byte[] bytes, string hash) = Sender.Build(batch, previous, readings);
            return new(batch, previous, hash, bytes, readings);
        }

        public AppendOutcome Judge(Sent sent)
        {
            if (sent.Batch <= Through)
            {
                return Stored[(int)sent.Batch - 1].Hash == sent.Hash ? AppendOutcome.Duplicate : AppendOutcome.Fork;
            }

            return sent.Batch > Through + 1 ? AppendOutcome.Early : sent.Previous == Head ? AppendOutcome.Stored : AppendOutcome.Fork;
        }

        public void Wait(Sent sent)
        {
            if (!_waiting.Exists(item => item.Hash == sent.Hash))
            {
                _waiting.Add(sent);
            }
        }

        public void Apply(Sent sent)
        {
            Stored.Add(sent);
            foreach (Reading reading in sent.Readings)
            {
                Channels[reading.ChannelIndex][reading.UtcMilliseconds] = reading;
            }
        }

        /// <summary>The next batch that was waiting for the chain to come so far; those that do not fit are counted.</summary>
        public Sent? TakeWaiting(ref long setAside)
        {
            setAside += _waiting.RemoveAll(item => item.Batch <= Through && item.Hash != Stored[(int)item.Batch - 1].Hash);
            setAside += _waiting.RemoveAll(item => item.Batch == Through + 1 && item.Previous != Head);
            _ = _waiting.RemoveAll(item => item.Batch <= Through);
            Sent? next = _waiting.Find(item => item.Batch == Through + 1);
            _ = next is not null && _waiting.Remove(next);
            return next;
        }
    }
}
