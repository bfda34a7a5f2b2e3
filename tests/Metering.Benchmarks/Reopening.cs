using System.Diagnostics;
using System.Globalization;
using Metering.Readings;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks;

/// <summary>
/// How long a store takes to open after a kill, with a long journal behind it. The files are copied while the process that
/// wrote them holds them open, so what was not sealed is replayed from the journal as after a kill.
/// </summary>
internal static class Reopening
{
    private const int DefaultRows = 100_000;
    private const int Slots = 8;
    private const int Runs = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        int rows = args is ["--rows", string text] && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int given) ? given : DefaultRows;
        string folder = Directory.CreateTempSubdirectory("metering-bench-").FullName;
        try
        {
            using SampleBatches batches = new(channels: 2, slots: Slots);
            string path = Path.Combine(folder, "metering.db");
            using SqliteStore store = SqliteStore.Open(path, TimeProvider.System);
            store.Enrol(new(SampleBatches.Gateway, 1, "bench-plant", SigningKey.PublicPem(batches.Key)));
            Task? last = null;
            for (int row = 1; row <= rows; row++)
            {
                byte[] bytes = batches.Next();
                BatchEnvelope envelope = BatchEnvelope.Open(bytes);
                last = store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
                if (row % 200 == 0)
                {
                    await last;
                }

                if (row % 10_000 == 0)
                {
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row} of {rows} journal rows written"));
                }
            }

            await last!;
            List<double> milliseconds = [];
            for (int run = 0; run < Runs; run++)
            {
                milliseconds.Add(Reopen(path, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"killed-{run}")), rows));
            }

            milliseconds.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"reopen after a kill, {rows} journal rows of {2 * Slots} readings: {milliseconds[0]:0} / {milliseconds[Runs / 2]:0} / {milliseconds[^1]:0} ms (least, median, most of {Runs})"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Reopen(string path, string folder, int rows)
    {
        _ = Directory.CreateDirectory(folder);
        string copy = Path.Combine(folder, "metering.db");
        foreach (string suffix in (string[])["", "-wal"])
        {
            if (File.Exists(path + suffix))
            {
                File.Copy(path + suffix, copy + suffix);
            }
        }

        long begun = Stopwatch.GetTimestamp();
        using SqliteStore store = SqliteStore.Open(copy, TimeProvider.System);
        store.BecomeWriter();
        double milliseconds = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        long batches = store.LastSequence;
        return batches == rows ? milliseconds : throw new InvalidOperationException($"{batches} of {rows} batches are there");
    }
}
