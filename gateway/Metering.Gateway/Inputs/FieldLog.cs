using System.Globalization;
using System.Security.Cryptography;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Inputs;

/// <summary>
/// The entries of people in the folder "events" of a state directory: one signed note a file, numbered from 1, only ever added. May be
/// written by a command or a page while the gateway runs: a number is taken by whoever makes its file first.
/// </summary>
/// <param name="stateDirectory">The state directory.</param>
/// <param name="gateway">Who signs.</param>
internal sealed class FieldLog(string stateDirectory, string gateway)
{
    internal const string FolderName = "events";
    private const string PhotosName = "photos";
    private const string Ending = ".note";
    private const int MaximumAttempts = 100;

    private readonly string _folder = Path.Combine(Path.GetFullPath(stateDirectory), FolderName);

    /// <summary>Adds an entry; durable on return.</summary>
    /// <param name="entry">The entry; its number is given here.</param>
    /// <param name="key">Private key of the entry's epoch.</param>
    /// <returns>The entry with its number.</returns>
    /// <exception cref="IOException">The disk fails.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    internal FieldEntry Append(FieldEntry entry, ECDsa key)
    {
        _ = Directory.CreateDirectory(_folder);
        long number = LastNumber() + 1;
        for (int attempt = 0; ; attempt++, number++)
        {
            FieldEntry numbered = entry with { Number = number };
            string partial = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{number}.{Environment.ProcessId}.new"));
            WriteDurably(partial, SignedNote.Sign(numbered.ToText(), gateway, key));
            try
            {
                File.Move(partial, PathOf(number), overwrite: false);
                DirectorySync.Flush(_folder);
                return numbered;
            }
            catch (IOException) when (File.Exists(PathOf(number)) && attempt < MaximumAttempts)
            {
                // Somebody else took the number in between.
                File.Delete(partial);
            }
        }
    }

    /// <summary>Keeps a copy of a photo under its hash; durable on return.</summary>
    /// <returns>SHA-256 of the photo.</returns>
    /// <exception cref="IOException">The photo cannot be read or the copy not written.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    internal string KeepPhoto(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        string folder = Path.Combine(_folder, PhotosName);
        _ = Directory.CreateDirectory(folder);
        string kept = Path.Combine(folder, hash);
        if (!File.Exists(kept))
        {
            WriteDurably(kept + ".new", bytes);
            File.Move(kept + ".new", kept, overwrite: true);
            DirectorySync.Flush(folder);
        }

        return hash;
    }

    /// <summary>All entries in order; one that cannot be read or is not signed by this gateway is left out and told.</summary>
    /// <param name="keyOf">Key of an epoch; null for none.</param>
    /// <param name="faults">Takes the files that are no entries of this gateway, with the reason.</param>
    internal IReadOnlyList<FieldEntry> ReadAll(Func<int, ECDsa?> keyOf, ICollection<string> faults)
    {
        List<FieldEntry> entries = [];
        long last = LastNumber();
        for (long number = 1; number <= last; number++)
        {
            try
            {
                if (TryRead(number, keyOf) is FieldEntry entry)
                {
                    entries.Add(entry);
                }
            }
            catch (WireFormatException e)
            {
                faults.Add($"{PathOf(number)}: {e.Message}");
            }
        }

        return entries;
    }

    /// <summary>One entry; null when there is none with this number.</summary>
    /// <exception cref="WireFormatException">The file is no entry signed by this gateway.</exception>
    internal FieldEntry? TryRead(long number, Func<int, ECDsa?> keyOf)
    {
        byte[] note;
        try
        {
            note = File.ReadAllBytes(PathOf(number));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (!SignedNote.TrySplit(note, out int textLength, out _, out _))
        {
            throw new WireFormatException("not a signed note");
        }

        FieldEntry entry = FieldEntry.Parse(note.AsSpan(0, textLength));
        NoteFault fault = keyOf(entry.KeyEpoch) is ECDsa key ? SignedNote.Verify(note, gateway, key) : NoteFault.WrongKey;
        return fault == NoteFault.None && entry.Number == number && entry.Gateway == gateway
            ? entry
            : throw new WireFormatException($"not signed by this gateway for this place ({fault})");
    }

    /// <summary>The highest number there is; 0 for none.</summary>
    internal long LastNumber()
    {
        long last = 0;
        foreach (string file in Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*" + Ending) : [])
        {
            last = long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? Math.Max(last, number) : last;
        }

        return last;
    }

    private static void WriteDurably(string path, byte[] bytes)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The file of an entry.</summary>
    internal string PathOf(long number) => Path.Combine(_folder, number.ToString("D8", CultureInfo.InvariantCulture) + Ending);
}
