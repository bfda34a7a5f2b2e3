using System.Diagnostics;
using System.Globalization;
using Metering.Readings;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks;

/// <summary>
/// What the page of one reading asks of a store that holds two years of 20 channels: the batch that carried it (<see cref="SqliteStore.BatchesAt"/>), and two days around it.
/// Asked at the beginning, in the middle and at the end of the two years: what is linear in the store shows as a ratio far from 1.
/// </summary>
internal static class Tracing
{
    private const int Channels = 20;
    private const int SlotsOfBatch = 4;
    private const int Days = 730;
    private const int Runs = 200;

    public static async Task<int> RunAsync(string[] args)
    {
        int days = args is ["--days", string text] && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int given) ? given : Days;
        string folder = Directory.CreateTempSubdirectory("metering-bench-").FullName;
        try
        {
            using SampleBatches batches = new(Channels, SlotsOfBatch);
            using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
            store.Enrol(new(SampleBatches.Gateway, 1, "bench-plant", SigningKey.PublicPem(batches.Key)));
            int count = days * 24;
            await FillAsync(store, batches, count);
            double[] batchAt = new double[3];
            double[] around = new double[3];
            for (int place = 0; place < batchAt.Length; place++)
            {
                long instant = SampleBatches.Start + (place * (count - 1L) / 2 * SlotsOfBatch * SampleBatches.Step);
                batchAt[place] = Median(() => store.BatchesAt(SampleBatches.Gateway, instant, 64).Count == 1);
                around[place] = Median(() => store.Read(SampleBatches.Gateway, batches.Channels[0].Id, instant - SampleBatches.Step, instant + TimeSpan.MillisecondsPerDay).Count > 0);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} batches, {(long)count * SlotsOfBatch * Channels} readings of {Channels} channels; median of {Runs}, first / middle / newest instant"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"batch of a reading: {batchAt[0]:0.000} / {batchAt[1]:0.000} / {batchAt[2]:0.000} ms, oldest to newest {batchAt[0] / batchAt[2]:0.0} times"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a day of a channel: {around[0]:0.000} / {around[1]:0.000} / {around[2]:0.000} ms"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(SqliteStore store, SampleBatches batches, int count)
    {
        Task? last = null;
        for (int row = 1; row <= count; row++)
        {
            byte[] bytes = batches.Next();
            BatchEnvelope envelope = BatchEnvelope.Open(bytes);
            last = store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
            if (row % 200 == 0)
            {
                await last;
            }
        }

        await last!;
        await store.SealAsync();
    }

    private static double Median(Func<bool> look)
    {
        double[] milliseconds = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            long begun = Stopwatch.GetTimestamp();
            if (!look())
            {
                throw new InvalidOperationException("the reading was not found");
            }

            milliseconds[run] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        return milliseconds[Runs / 2];
    }
}
