using Metering.Readings;
using Metering.Store;
using Metering.Store.Chunks;
using Metering.Store.Sqlite;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Store;

/// <summary>
/// The writer's steps (commit, heads, layer, slices, watermark) done one by one, without threads. Before every step a reader
/// begins and is held until all the others are done; after every step this process and another one read as well.
/// </summary>
public sealed class StoreInterleavingTests
{
    // More days than a slice of sealing takes, so that readers also meet a half-sealed layer.
    private const int Days = 1_100;
    private const int Hour = 3_600_000;

    public static TheoryData<int> Arrivals => [.. Enumerable.Range(2, 9)];

    [Theory]
    [MemberData(nameof(Arrivals))]
    public void A_reader_held_between_heads_and_chunks_sees_the_moment_it_began(int arrival)
    {
        using StoreBench bench = new();
        using Steps steps = new(bench);
        List<Action> order = [.. steps.Arrive(0, 1), .. steps.Seal(), .. steps.Seal()];
        order.InsertRange(arrival, steps.Arrive(1, 2));
        steps.Go(order, 0);
    }

    [Fact]
    public void A_damaged_chunk_is_made_again_without_the_batch_that_is_in_the_journal_but_in_no_head_yet()
    {
        using StoreBench bench = new();
        using Steps steps = new(bench);
        List<Action> order = [.. steps.Arrive(0, 1), .. steps.Seal(), .. steps.Arrive(1, 2), .. steps.Seal()];
        for (int step = 0; step < order.Count; step++)
        {
            order[step]();
            _ = steps.File.Write(session => session.Execute("UPDATE chunk SET data=x'' WHERE id % 100 = 0"));
            steps.ReadHereAndThere($"with damaged chunks after step {step}");
        }
    }

    private sealed class Steps : IDisposable
    {
        private readonly StoreBench _bench;
        private readonly ReadingReader _reader;
        private readonly Sealer _sealer;
        private readonly BatchAppender _appender = new();
        private readonly SortedDictionary<long, long> _committed = [];
        private readonly SortedDictionary<long, long> _applied = [];

        public Steps(StoreBench bench)
        {
            // The bench's own store never appends here: it is the other process, which follows the journal.
            _bench = bench;
            File = SqliteFile.Open(bench.Path);
            _reader = new(File, State);
            _reader.Open();
            State.IsWriter = true;
            _sealer = new(File, State);
        }

        public SqliteFile File { get; }

        public ReadingState State { get; } = new();

        /// <summary>A batch with two readings a day, an hour apart, the first of them at an hour; commit and heads.</summary>
        public IEnumerable<Action> Arrive(int hour, int value)
        {
            PendingBatch? batch = null;
            Reading[] readings = [.. Enumerable.Range(0, Days).SelectMany(day => new[] { At(day, hour), At(day, hour + 1) })];
            yield return () =>
            {
                byte[] bytes = _bench.Next(readings);
                BatchEnvelope envelope = BatchEnvelope.Open(bytes);
                batch = new(envelope, bytes, envelope.ReadSegments());
                _ = File.Write(session =>
                {
                    _appender.Append(session, batch, Start);
                    return true;
                });
                Note(_committed);
            };
            yield return () =>
            {
                for (int index = 0; index < batch!.Segments.Count; index++)
                {
                    State.Heads.Apply(batch.ChannelIds[index], batch.Segments[index]);
                }

                State.NoteApplied(batch.Sequence);
                Note(_applied);
            };

            Reading At(int day, int slot) => Good(Start + (day * Day) + (slot * Hour), (day * 100L) + (slot * 10) + value);

            void Note(SortedDictionary<long, long> model) => Array.ForEach(readings, reading => model[reading.UtcMilliseconds] = reading.ScaledValue);
        }

        /// <summary>Layer, first slice, second slice, watermark.</summary>
        public IEnumerable<Action> Seal() => [_sealer.Begin, _sealer.Step, _sealer.Step, _sealer.Step];

        public void Go(List<Action> order, int next)
        {
            if (next == order.Count)
            {
                return;
            }

            _ = File.Read(session =>
            {
                session.BeginRead();
                ChannelRow? row = ChannelTable.Find(session, GatewayName, Energy);
                List<(long, Columns)> heads = row is null ? [] : State.Heads.Snapshot(row.Id, 0, long.MaxValue);
                long[] expected = [.. _applied.Values];
                order[next]();
                ReadHereAndThere($"after step {next}");
                Go(order, next + 1);
                if (row is not null)
                {
                    Columns seen = ChunkTable.Read(session, row, (0, StoreLimits.EndInstantUtcMilliseconds), heads, new(State.Applied));
                    AssertSame(expected, seen.ScaledValues, $"held before step {next}");
                }

                return true;
            });
        }

        public void Dispose() => File.Dispose();

        public void ReadHereAndThere(string moment)
        {
            AssertSame([.. _applied.Values], _reader.Read(GatewayName, Energy, long.MinValue, long.MaxValue)!.ScaledValues, $"here, {moment}");
            AssertSame([.. _committed.Values], _bench.All().ScaledValues, $"in another process, {moment}");
            Assert.Equal(_applied.Values.Cast<long?>().LastOrDefault(), _reader.Latest(GatewayName, Energy)?.ScaledValue);

            // Whoever keeps what he read and is told of a place must have read up to there.
            long told = _reader.StandingAfter(0).Through;
            Assert.True(told == State.Applied, $"{moment}: readings can be read through {State.Applied} and not through {told}");
            Assert.Equal(_applied.Count, _reader.FindChannel(GatewayName, Energy)?.Count ?? 0);
        }

        private static void AssertSame(long[] expected, long[] actual, string where) =>
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{where}: {expected.Length} readings expected, {actual.Length} found, or others");
    }
}
