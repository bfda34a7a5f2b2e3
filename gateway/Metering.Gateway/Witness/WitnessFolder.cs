using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Gateway.Witness;

/// <summary>
/// What a gateway keeps of the cloud's log, in the folder "witness" of its state directory: "checkpoint.note" is the signed ack with the newest
/// standing that was believed; "alarms.txt" has a line for each alarm and each acceptance, and is only ever added to; "alarm-N.kept.note" and "alarm-N.seen.note"
/// are the two signed acks that contradict each other: whoever has both can show it to others. Used by the running gateway and by a person's command.
/// </summary>
/// <param name="stateDirectory">The state directory.</param>
/// <param name="cloudName">Name of the cloud, the signer.</param>
/// <param name="cloudKey">Its public key.</param>
internal sealed class WitnessFolder(string stateDirectory, string cloudName, ECDsa cloudKey)
{
    /// <summary>Alarms whose notes are kept; later ones have their line only.</summary>
    internal const int MaximumNotes = 100;

    /// <summary>Longest reason of an acceptance, in characters.</summary>
    internal const int MaximumReason = 200;

    private const int Fields = 6;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = Path.Combine(stateDirectory, "witness");

    private string CheckpointPath => Path.Combine(_folder, "checkpoint.note");

    private string AlarmsPath => Path.Combine(_folder, "alarms.txt");

    /// <summary>Keeps others out of the folder until it is disposed of.</summary>
    /// <exception cref="IOException">The folder cannot be written, or another process holds it for seconds.</exception>
    internal IDisposable Lock()
    {
        _ = Directory.CreateDirectory(_folder);
        using ManualResetEventSlim never = new();
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(begun) < LockPatience)
            {
                // Nothing tells when another process lets go of a file.
                _ = never.Wait(LockPause);
            }
        }
    }

    /// <summary>The newest standing that was believed; null when there is none, or when the cloud's key of today did not sign it.</summary>
    /// <param name="isForeign">Whether something is kept that this key did not sign.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal LogStanding? Last(out bool isForeign)
    {
        isForeign = false;
        if (!File.Exists(CheckpointPath))
        {
            return null;
        }

        try
        {
            LogStanding? standing = BatchAck.Open(File.ReadAllBytes(CheckpointPath), cloudName, cloudKey).Log;
            isForeign = standing is null;
            return standing;
        }
        catch (WireFormatException)
        {
            isForeign = true;
            return null;
        }
    }

    /// <summary>All that is known; any thread may ask. A folder that cannot be read is an empty one.</summary>
    internal WitnessStanding Standing()
    {
        try
        {
            IReadOnlyList<LogAlarm> record = Record();
            return new(Last(out _), record.Count > 0 && record[^1].Kind != LogAlarm.Accepted ? record[^1] : null, record.Count(line => line.Kind != LogAlarm.Accepted));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return WitnessStanding.Nothing;
        }
    }

    /// <summary>Alarms and acceptances, in their order.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal IReadOnlyList<LogAlarm> Record() =>
        File.Exists(AlarmsPath) ? [.. File.ReadAllLines(AlarmsPath).Select(Parse).OfType<LogAlarm>()] : [];

    /// <summary>Keeps a standing that was believed; durable on return. In the lock.</summary>
    /// <exception cref="IOException">The disk failed; the one before is kept.</exception>
    internal void Keep(ReadOnlySpan<byte> note) => Write(CheckpointPath, note);

    /// <summary>Records an alarm; durable on return. In the lock.</summary>
    /// <param name="alarm">Its number is the next one.</param>
    /// <param name="seen">The signed ack that raised it.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void Raise(LogAlarm alarm, ReadOnlySpan<byte> seen)
    {
        if (alarm.Number <= MaximumNotes)
        {
            if (File.Exists(CheckpointPath))
            {
                Write(NotePath(alarm.Number, "kept"), File.ReadAllBytes(CheckpointPath));
            }

            Write(NotePath(alarm.Number, "seen"), seen);
        }

        Append(alarm);
    }

    /// <summary>Takes the log as the open alarm saw it for the one to go on from; the record stays. In the lock.</summary>
    /// <returns>The alarm; null when none is open.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    internal LogAlarm? Accept(string reason, long utcMilliseconds)
    {
        IReadOnlyList<LogAlarm> record = Record();
        if (record.Count == 0 || record[^1].Kind == LogAlarm.Accepted)
        {
            return null;
        }

        LogAlarm alarm = record[^1];
        Append(alarm with { UtcMilliseconds = utcMilliseconds, Kind = LogAlarm.Accepted, Reason = reason });
        if (File.Exists(NotePath(alarm.Number, "seen")))
        {
            Write(CheckpointPath, File.ReadAllBytes(NotePath(alarm.Number, "seen")));
        }
        else
        {
            // Begins anew with whatever comes next: the notes of so many alarms are not kept.
            File.Delete(CheckpointPath);
        }

        return alarm;
    }

    // "1 1704067200000 went-back 1200 1100 -": a line cut short by a power cut is no line, and the next begins behind it.
    private static LogAlarm? Parse(string line)
    {
        string[] fields = line.Split(' ', Fields);
        return fields.Length == Fields
            && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long at)
            && long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out long kept)
            && long.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out long seen)
            ? new(number, at, fields[2], kept, seen, fields[5] == "-" ? "" : fields[5])
            : null;
    }

    private void Append(LogAlarm line)
    {
        bool isTorn = File.Exists(AlarmsPath) && File.ReadAllBytes(AlarmsPath) is [.., not (byte)'\n'];
        string text = string.Create(CultureInfo.InvariantCulture, $"{(isTorn ? "\n" : "")}{line.Number} {line.UtcMilliseconds} {line.Kind} {line.KeptSize} {line.SeenSize} {(line.Reason.Length == 0 ? "-" : line.Reason)}\n");
        using (FileStream file = new(AlarmsPath, FileMode.Append, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        DirectorySync.Flush(_folder);
    }

    private void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string partial = path + ".new";
        using (FileStream file = new(partial, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        DirectorySync.Flush(_folder);
    }

    private string NotePath(int number, string which) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"alarm-{number}.{which}.note"));
}
