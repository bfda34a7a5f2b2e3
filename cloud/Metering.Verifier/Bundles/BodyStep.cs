using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Step 2: the bodies of the entries shown, each held against its hash.</summary>
internal sealed class BodyStep(BundleFile file, ShownLog log, FaultList faults)
{
    private const int LongestSalt = 64;
    private const int MaximumLength = StatementJson.MaximumLength + LongestSalt;
    private static readonly string[] Unsalted = [LogEntryKind.Key, LogEntryKind.Configuration, LogEntryKind.Loss, LogEntryKind.Report, LogEntryKind.Erasure, LogEntryKind.Bundle, LogEntryKind.LogKey];

    private readonly HashSet<long> erased = [];

    /// <summary>Body of each entry that has one, by index.</summary>
    public Dictionary<long, byte[]> Bodies { get; } = [];

    /// <summary>Entries whose body was erased.</summary>
    public IReadOnlySet<long> Erased => erased;

    /// <summary>Whether bodies of a kind are not among those by index: of these the newest stands in a file of its own.</summary>
    public static bool HasFileOfItsOwn(string kind) => kind is LogEntryKind.Validation or LogEntryKind.Result;

    /// <summary>Reads all of them.</summary>
    public void Run()
    {
        List<ShownEntry> missing = [];
        foreach (ShownEntry shown in log.Entries)
        {
            if (HasFileOfItsOwn(shown.Entry.Kind))
            {
                continue;
            }

            if (file.Has(BundleNames.BodyOf(shown.Index)))
            {
                Read(shown);
            }
            else
            {
                missing.Add(shown);
            }
        }

        foreach (ShownEntry shown in missing)
        {
            if (!erased.Contains(shown.Index))
            {
                faults.Add(FaultCode.BodyMissing, ShownLog.Text(shown.Index), shown.Entry.Subject);
            }
        }
    }

    private void Read(ShownEntry shown)
    {
        try
        {
            byte[] bytes = file.Read(BundleNames.BodyOf(shown.Index), MaximumLength);
            int line = bytes.AsSpan().IndexOf((byte)'\n');
            byte[] salt = SaltOf(line < 0 ? "" : Encoding.ASCII.GetString(bytes.AsSpan(0, Math.Min(line, LongestSalt))), Array.IndexOf(Unsalted, shown.Entry.Kind) < 0);
            byte[] body = bytes[(line + 1)..];
            if (LogEntry.HashOf(salt, body) != shown.Entry.BodyHash)
            {
                faults.Add(FaultCode.BodyHash, ShownLog.Text(shown.Index), shown.Entry.Subject);
                return;
            }

            Bodies[shown.Index] = body;
            if (shown.Entry.Kind == LogEntryKind.Erasure)
            {
                long index = ErasureStatement.Read(body).Index;
                _ = index < shown.Index ? erased.Add(index) : throw new WireFormatException("it erases what comes after it");
            }
        }
        catch (Exception e) when (e is WireFormatException or BundleFormatException)
        {
            faults.Add(FaultCode.BodyForm, ShownLog.Text(shown.Index), e.Message);
        }
    }

    private static byte[] SaltOf(string text, bool isSalted)
    {
        bool fits = isSalted ? text.Length == 2 * LogEntry.SaltLength && text.All(char.IsAsciiHexDigitLower) : text == "-";
        return !fits ? throw new WireFormatException(isSalted ? "its salt is missing or not in its one form" : "a salt stands where none belongs")
            : isSalted ? Convert.FromHexString(text)
            : [];
    }

    /// <summary>The numbers of each kind and scope must count without a hole from 1: of a project, its plant and what people recorded from 1, of all others upwards. Those of bundles are held against the bundle's own number, see <see cref="EarlierStep"/>.</summary>
    /// <param name="scopes">Project, plant and log.</param>
    public void CheckNumbers(IReadOnlySet<string> scopes)
    {
        Dictionary<(string Kind, string Scope), long> last = [];
        foreach (ShownEntry shown in log.Entries.Where(shown => shown.IsNumbered && shown.Entry.Kind is not (LogEntryKind.Key or LogEntryKind.Loss or LogEntryKind.Bundle)))
        {
            long before = last.GetValueOrDefault((shown.Entry.Kind, shown.Scope));
            if (shown.Number <= before || ((scopes.Contains(shown.Scope) || IsOfPeople(shown)) && shown.Number != before + 1))
            {
                faults.Add(FaultCode.EntryHole, $"{shown.Entry.Kind}/{shown.Scope}", (before + 1).ToString(CultureInfo.InvariantCulture), shown.Number.ToString(CultureInfo.InvariantCulture));
            }

            last[(shown.Entry.Kind, shown.Scope)] = shown.Number;
        }
    }

    private static bool IsOfPeople(ShownEntry shown) => shown.Entry.Kind is LogEntryKind.Manual or LogEntryKind.Commissioning;

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
