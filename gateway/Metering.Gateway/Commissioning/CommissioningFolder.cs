using System.Globalization;
using System.Security.Cryptography;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Commissioning;

/// <summary>The commissioning records of a gateway: signed notes in "commissioning" of the state directory, mode 0600, never written over.</summary>
/// <param name="stateDirectory">The state directory; need not be there.</param>
internal sealed class CommissioningFolder(string stateDirectory)
{
    private const string Ending = ".note";

    /// <summary>Where the records are.</summary>
    internal string Path { get; } = System.IO.Path.Combine(stateDirectory, "commissioning");

    /// <summary>All records in the order of meter and number; files that are none are left out.</summary>
    internal IReadOnlyList<(string File, CommissioningRecord Record)> All()
    {
        List<(string File, CommissioningRecord Record)> records = [];
        foreach (string file in Directory.Exists(Path) ? Directory.GetFiles(Path, "*" + Ending) : [])
        {
            try
            {
                records.Add((file, CommissioningRecord.Read(File.ReadAllBytes(file))));
            }
            catch (WireFormatException)
            {
                // verify tells; a list shows what can be shown.
            }
        }

        return [.. records.OrderBy(entry => entry.Record.Meter, StringComparer.Ordinal).ThenBy(entry => entry.Record.Number)];
    }

    /// <summary>The record that makes a meter's profile a commissioned one: its newest, signed by the key, for this very profile and revision.</summary>
    internal CommissioningRecord? Valid(string meter, string profile, ECDsa key)
    {
        (string file, CommissioningRecord record) = All().LastOrDefault(entry => entry.Record.Meter == meter);
        return record is not null && record.Profile == profile && SignedNote.Verify(File.ReadAllBytes(file), record.Gateway, key) == NoteFault.None ? record : null;
    }

    /// <summary>Number the next record of a meter gets.</summary>
    internal int NextNumber(string meter) =>
        All().Where(entry => entry.Record.Meter == meter).Select(entry => entry.Record.Number).DefaultIfEmpty(0).Max() + 1;

    /// <summary>Keeps a record; durable on return.</summary>
    /// <returns>Its file.</returns>
    /// <exception cref="IOException">It exists already, or the disk fails.</exception>
    internal string Save(CommissioningRecord record, ECDsa key)
    {
        _ = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(Path)
            : Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string file = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{record.Meter}-{record.Number:D4}{Ending}"));
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream stream = new(file, options))
        {
            stream.Write(record.Sign(key));
            stream.Flush(flushToDisk: true);
        }

        DirectorySync.Flush(Path);
        return file;
    }
}
