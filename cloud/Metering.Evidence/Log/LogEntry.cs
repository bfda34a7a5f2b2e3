using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Evidence.Log;

/// <summary>
/// One event in the log. What is hashed into the tree are the lines "metering/v1/entry", "kind", "at", "subject", "body", each ended by a line feed.
/// The body itself is not in it, only its hash: so a person's data can be erased later while the log stays whole, and a project's entries can be
/// shown without those of others.
/// </summary>
/// <param name="Kind">One of <see cref="LogEntryKind"/>.</param>
/// <param name="UtcMilliseconds">When the log took it, by the log's clock, in milliseconds since 1970-01-01 UTC; never less than that of the entry before.</param>
/// <param name="Subject">What it is about: "project/drives-2026", "batch/gateway-7/1/4211". Identifiers, joined by slashes.</param>
/// <param name="BodyHash">SHA-256 over salt and body, lower-case hexadecimal.</param>
public sealed record LogEntry(string Kind, long UtcMilliseconds, string Subject, string BodyHash)
{
    /// <summary>Bytes of a salt: without one, a short body such as a name could be found from its hash by trying.</summary>
    public const int SaltLength = 16;

    private const string Header = "metering/v1/entry";
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int HashDigits = 64;
    private const int LongestSubject = 400;

    /// <summary>Hash of a body, after its salt; the salt is empty for what is no person's data.</summary>
    public static string HashOf(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The bytes that are hashed into the tree.</summary>
    /// <exception cref="WireFormatException">A part is not of its form.</exception>
    public byte[] ToBytes()
    {
        if (!LogEntryKind.All.Contains(Kind) || !IsSubject(Subject) || !IsHash(BodyHash)
            || UtcMilliseconds < 0 || UtcMilliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            throw new WireFormatException($"an entry of kind '{Kind}' about '{Subject}' cannot be written: kind, subject, time or hash is not of its form");
        }

        return Encoding.ASCII.GetBytes($"{Header}\nkind {Kind}\nat {Instant(UtcMilliseconds)}\nsubject {Subject}\nbody {BodyHash}\n");
    }

    /// <summary>Reads an entry; the bytes are the only ones it can have.</summary>
    /// <exception cref="WireFormatException">They are not.</exception>
    public static LogEntry Parse(ReadOnlySpan<byte> bytes)
    {
        string[] lines = Encoding.Latin1.GetString(bytes).Split('\n');
        if (lines is [Header, string kind, string at, string subject, string body, ""]
            && After(kind, "kind ") is string itsKind && After(at, "at ") is string time && After(subject, "subject ") is string itsSubject && After(body, "body ") is string hash
            && TryInstant(time, out long utcMilliseconds))
        {
            LogEntry entry = new(itsKind, utcMilliseconds, itsSubject, hash);
            if (bytes.SequenceEqual(entry.ToBytes()))
            {
                return entry;
            }
        }

        throw new WireFormatException("not an entry of version 1 in its one form");
    }

    /// <summary>An instant as entries write it, to the millisecond.</summary>
    public static string Instant(long utcMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString(TimeForm, CultureInfo.InvariantCulture);

    /// <summary>Reads such an instant.</summary>
    public static bool TryInstant(string text, out long utcMilliseconds)
    {
        bool isInstant = DateTimeOffset.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant);
        utcMilliseconds = isInstant ? instant.ToUnixTimeMilliseconds() : 0;
        return isInstant;
    }

    private static string? After(string line, string lead) => line.StartsWith(lead, StringComparison.Ordinal) ? line[lead.Length..] : null;

    private static bool IsSubject(string subject) =>
        subject.Length is > 0 and <= LongestSubject && subject.Split('/').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));

    private static bool IsHash(string hash) => hash.Length == HashDigits && hash.All(char.IsAsciiHexDigitLower);
}
