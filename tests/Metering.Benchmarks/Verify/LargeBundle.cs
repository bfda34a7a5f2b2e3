using System.Globalization;
using System.Security.Cryptography;
using Metering.Analytics.Intervals;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Tests.Verifier;

namespace Metering.Benchmarks.Verify;

/// <summary>A year of ten meters by the minute in batches of a quarter of an hour: one counter of use and nine of what it follows.</summary>
internal static class LargeBundle
{
    public const int Channels = 10;
    public const int MinutesOfBatch = 15;
    private const long Minute = 60_000;

    private static readonly DateOnly First = new(2025, 1, 1);

    private static Project Project { get; } = SampleBundle.Project with
    {
        Drivers = [.. Enumerable.Range(1, Channels - 1).Select(number => new ProjectDriver(Invariant($"made-{number}"), DriverKind.Difference, new(SampleBundle.Gateway, Invariant($"m{number}.made")), 0))],
        Baseline = new(First, new(2025, 6, 30)),
        Installation = new(new(2025, 7, 1), new(2025, 7, 7)),
        Reporting = new(new(2025, 7, 8), new(2025, 12, 30)),
    };

    /// <summary>Writes a bundle of so many days.</summary>
    /// <returns>Readings in it.</returns>
    public static long Write(Stream stream, int days)
    {
        using BundleDraft draft = new() { Project = Project.Id };
        using SampleBundle sample = new(draft);
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        draft.GatewayKeys[(SampleBundle.Gateway, 1)] = key;
        long start = PlantCalendar.StartOfDay(First, SampleBundle.Zone);
        string pem = SigningKey.PublicPem(key);
        draft.Keys[BundleNames.KeyOf(SampleBundle.Gateway, 1)] = pem;
        draft.Entries.Add(new(LogEntryKind.Key, $"key/{SampleBundle.Gateway}/1", start - Minute, new KeyStatement(SampleBundle.Gateway, 1, Project.Plant.Id, "gateway", pem).ToBytes()));
        draft.Entries.Add(SampleBundle.Salted(LogEntryKind.Plan, $"plan/{Project.Id}/1", start - Minute, PlanStatement.Write(Project, null)));
        long readings = AddBatches(draft, key, start, days * 24 * 60 / MinutesOfBatch);
        sample.Compute();
        draft.Seal(stream);
        return readings;
    }

    private static long AddBatches(BundleDraft draft, ECDsa key, long start, int batches)
    {
        Random random = new(7);
        Channel[] channels = [SampleBundle.ChannelOf("m0.use", "kWh", 2), .. Enumerable.Range(1, Channels - 1).Select(number => SampleBundle.ChannelOf(Invariant($"m{number}.made"), "pieces", 0))];
        channels[0] = channels[0] with { Id = Project.Use.Channel };
        long[] registers = [.. Enumerable.Range(0, Channels).Select(number => 1_000_000L * (number + 1))];
        int[] pace = new int[Channels];
        List<byte[]> notes = draft.Notes[BundleNames.NotesOf(SampleBundle.Gateway, 1)] = [];
        List<byte[]>[] segments = [.. channels.Select(channel => draft.Segments[BundleNames.SegmentsOf(SampleBundle.Gateway, 1, channel.Id)] = [])];
        string previous = BatchManifest.NoPrevious;
        Reading[] readings = new Reading[Channels * MinutesOfBatch];
        long reporting = PlantCalendar.StartOfDay(Project.Reporting.First, SampleBundle.Zone);
        for (int batch = 1; batch <= batches; batch++)
        {
            long first = start + ((batch - 1) * MinutesOfBatch * Minute);
            if ((batch - 1) % 96 == 0)
            {
                for (int channel = 1; channel < Channels; channel++)
                {
                    pace[channel] = 2 + random.Next(20);
                }
            }

            Fill(readings, registers, pace, random, (first, first >= reporting));
            (byte[] envelope, previous) = BatchBuilder.Build(SampleBundle.Identity(1, batch, previous), channels, readings, [], key);
            BatchEnvelope opened = BatchEnvelope.Open(envelope);
            notes.Add(opened.Note.ToArray());
            for (int line = 0; line < Channels; line++)
            {
                segments[Array.FindIndex(channels, channel => channel.Id == opened.Manifest.Channels[line].Channel)].Add(opened.Segments[line]);
            }

            draft.Entries.Add(new(LogEntryKind.Batch, Invariant($"batch/{SampleBundle.Gateway}/1/{batch}"), first + (MinutesOfBatch * Minute), notes[^1]));
        }

        return (long)batches * readings.Length;
    }

    // Use follows three of the nine; the measure saves 12 %.
    private static void Fill(Reading[] readings, long[] registers, int[] pace, Random random, (long First, bool IsReporting) when)
    {
        int place = 0;
        for (int minute = 0; minute < MinutesOfBatch; minute++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                readings[place++] = new(when.First + (minute * Minute), registers[channel], channel, ReadingQuality.Good, true);
                double use = 400 + (30 * pace[1]) + (20 * pace[2]) + (10 * pace[3]) + (200 * (random.NextDouble() - 0.5));
                registers[channel] += channel > 0 ? random.Next(2 * pace[channel]) : (long)(use * (when.IsReporting ? 0.88 : 1));
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
