using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Uplink;

/// <summary>
/// Which records the cloud has said it has, in the file "records-sent" of the state directory: a line that names the cloud and its key, then a line "HASH kept" or
/// "HASH refused" for each. Only ever added to; a line that a power cut left short is as good as none, and the record is sent once more. For another
/// cloud it begins anew. Not safe for use by two threads at once.
/// </summary>
internal sealed class RecordMarks
{
    internal const string FileName = "records-sent";
    private const int HashDigits = 64;

    private readonly string _path;
    private readonly string _lead;
    private readonly HashSet<string> _marks = new(StringComparer.Ordinal);
    private bool _isWhole;

    /// <param name="stateDirectory">The state directory; need not be there.</param>
    /// <param name="cloud">Name of the cloud.</param>
    /// <param name="key">Its public key.</param>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    internal RecordMarks(string stateDirectory, string cloud, ECDsa key)
    {
        _path = Path.Combine(stateDirectory, FileName);
        _lead = $"cloud {cloud} {Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))}";
        Read();
    }

    /// <summary>Whether the cloud has said something of this record.</summary>
    internal bool Has(string hash) => _marks.Contains(hash);

    /// <summary>Keeps what it said; durable on return.</summary>
    /// <exception cref="IOException">It could not be kept.</exception>
    internal void Add(string hash, FieldReceiptResult result)
    {
        bool isNew = !_isWhole;
        using (FileStream file = new(_path, isNew ? FileMode.Create : FileMode.Append, FileAccess.Write))
        {
            string line = $"{hash} {(result == FieldReceiptResult.Kept ? "kept" : "refused")}\n";
            file.Write(Encoding.ASCII.GetBytes(isNew ? $"{_lead}\n{line}" : line));
            file.Flush(flushToDisk: true);
        }

        if (isNew)
        {
            DirectorySync.Flush(Path.GetDirectoryName(_path)!);
        }

        _isWhole = true;
        _ = _marks.Add(hash);
    }

    /// <summary>Begins anew.</summary>
    /// <exception cref="IOException">The file cannot be taken away.</exception>
    internal void Forget()
    {
        File.Delete(_path);
        _marks.Clear();
        _isWhole = false;
    }

    // A last line without its line feed is taken away, so that the next mark stands in a line of its own.
    private void Read()
    {
        string text = File.Exists(_path) ? File.ReadAllText(_path, Encoding.ASCII) : "";
        string[] lines = text.Split('\n');
        if (lines[0] != _lead)
        {
            return;
        }

        foreach (string line in lines[1..^1])
        {
            if (line.Length > HashDigits && line[HashDigits] == ' ')
            {
                _ = _marks.Add(line[..HashDigits]);
            }
        }

        _isWhole = text.EndsWith('\n');
        if (!_isWhole)
        {
            Repair(lines[..^1]);
        }
    }

    private void Repair(string[] lines)
    {
        string partial = _path + ".new";
        using (FileStream file = new(partial, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, _path, overwrite: true);
        _isWhole = true;
    }
}
