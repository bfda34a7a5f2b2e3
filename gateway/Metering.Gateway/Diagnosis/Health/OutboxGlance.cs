using System.Buffers.Binary;
using System.Globalization;
using Metering.Gateway.Outbox;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>
/// A look into a state directory that changes nothing and needs no lock: a running gateway writes on meanwhile, so the figures are of
/// this moment.
/// </summary>
/// <param name="Batches">Signed batches kept.</param>
/// <param name="Waiting">Those the cloud has not confirmed yet.</param>
/// <param name="Length">Bytes of the whole outbox.</param>
/// <param name="OldestWaiting">When the segment file with the oldest unconfirmed batch was last written; null when none waits.</param>
/// <param name="LastConfirmed">When the cloud last confirmed anything; null for never.</param>
internal sealed record OutboxGlance(int Batches, int Waiting, long Length, DateTimeOffset? OldestWaiting, DateTimeOffset? LastConfirmed)
{
    private const string Ending = "*.log";
    private const int LengthOffset = 4;
    private const int PrefixLength = 12;

    /// <summary>Looks at a state directory; null when it holds no outbox.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal static OutboxGlance? Take(string stateDirectory)
    {
        string folder = Path.Combine(stateDirectory, GatewayOutbox.BatchesName);
        if (!Directory.Exists(folder))
        {
            return null;
        }

        string ackedFile = Path.Combine(folder, "acked");
        (int ackedEpoch, long acked) = ReadAcked(ackedFile);
        int batches = 0;
        int waiting = 0;
        DateTimeOffset? oldest = null;
        foreach (string file in Directory.GetFiles(folder, Ending).Order(StringComparer.Ordinal))
        {
            foreach ((int epoch, long batch) in Frames(file))
            {
                batches++;
                if (epoch > ackedEpoch || (epoch == ackedEpoch && batch > acked))
                {
                    waiting++;
                    oldest ??= WrittenAt(file);
                }
            }
        }

        long length = Directory.EnumerateFiles(stateDirectory, Ending, SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        return new(batches, waiting, length, oldest, File.Exists(ackedFile) ? WrittenAt(ackedFile) : null);
    }

    /// <summary>The checks the figures give.</summary>
    internal IEnumerable<HealthCheck> Checks(TimeProvider clock)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{Length / 1024} KiB");
        if (OldestWaiting is not DateTimeOffset since)
        {
            yield return HealthCheck.Good("outbox", $"La nube confirmó todo ({Batches} lotes guardados, {size}).", $"The cloud has confirmed everything ({Batches} batches kept, {size}).");
            yield break;
        }

        TimeSpan age = clock.GetUtcNow() - since;
        string text = string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h {age.Minutes} min");
        yield return age < TimeSpan.FromHours(1)
            ? HealthCheck.Good("outbox", $"Esperan confirmación {Waiting} lotes ({size}), el más antiguo de hace {text}.", $"{Waiting} batches ({size}) wait for their confirmation, the oldest for {text}.")
            : HealthCheck.Notice(
                "outbox",
                new(es: $"Esperan confirmación {Waiting} lotes ({size}), el más antiguo de hace {text}. No se pierde nada.", en: $"{Waiting} batches ({size}) wait for their confirmation, the oldest for {text}. Nothing is lost."),
                new(es: "Revise la conexión con el broker y que la ingestión de la nube esté corriendo.", en: "Check the way to the broker, and that the cloud's ingestion runs."));
    }

    private static DateTimeOffset WrittenAt(string file) => new(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);

    private static (int Epoch, long Through) ReadAcked(string file)
    {
        string[] parts = File.Exists(file) ? File.ReadAllText(file).Split(' ', '\n') : [];
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long through)
            ? (epoch, through)
            : (0, 0);
    }

    // Frame: magic 0-3, payload length 4-7, sequence 8-15, checksum 16-19, payload (FramedLog); payload: key epoch 0-3, batch 4-11 (BatchLog).
    private static IEnumerable<(int Epoch, long Batch)> Frames(string file)
    {
        byte[] head = new byte[FramedLog.HeaderLength + PrefixLength];
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        while (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan(0, LengthOffset).SequenceEqual("MTRF"u8))
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(LengthOffset));
            if (length < PrefixLength || length > FramedLog.MaximumPayloadLength)
            {
                yield break;
            }

            yield return (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(FramedLog.HeaderLength)), BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(FramedLog.HeaderLength + LengthOffset)));
            _ = stream.Seek(length - PrefixLength, SeekOrigin.Current);
        }
    }
}
