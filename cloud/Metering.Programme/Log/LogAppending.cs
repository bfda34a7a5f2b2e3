using System.Globalization;
using System.Security.Cryptography;
using Metering.Evidence.Log;
using Metering.Readings;

namespace Metering.Programme.Log;

/// <summary>One appending within its transaction, which nobody else appends beside: gives places, instants and numbers, and leaves out what is there already.</summary>
internal sealed class LogAppending
{
    private readonly LogRows rows;
    private readonly List<LogRow> written = [];
    private readonly Dictionary<(string, string), long> numbers = [];
    private readonly Dictionary<(string, string), (long Index, ReadOnlyMemory<byte>? Body)?> newest = [];
    private readonly Dictionary<(string Subject, string BodyHash), long> subjects;
    private readonly Dictionary<string, long> sources;
    private readonly long count;
    private readonly long at;

    private LogAppending(LogRows rows, IReadOnlyList<LogDraft> drafts, long nowUtcMilliseconds)
    {
        this.rows = rows;
        (count, long lastAt) = rows.End();
        at = Math.Max(nowUtcMilliseconds, lastAt);
        subjects = rows.Known([.. drafts.Select(draft => draft.FixedSubject).OfType<string>().Distinct(StringComparer.Ordinal)]);
        sources = rows.KnownSources([.. drafts.Select(draft => draft.Source).OfType<string>()]);
    }

    /// <summary>Appends drafts; the caller commits.</summary>
    /// <param name="rows">Rows in a transaction of the caller.</param>
    /// <param name="drafts">The drafts, in their order.</param>
    /// <param name="nowUtcMilliseconds">The log's clock.</param>
    /// <returns>Place of each draft's entry, and of the ones that were there already.</returns>
    /// <exception cref="WireFormatException">A kind, scope or subject is not of its form; nothing is written.</exception>
    public static IReadOnlyList<long> Run(LogRows rows, IReadOnlyList<LogDraft> drafts, long nowUtcMilliseconds)
    {
        LogAppending appending = new(rows, drafts, nowUtcMilliseconds);
        List<long> places = new(drafts.Count);
        foreach (LogDraft draft in drafts)
        {
            places.Add(appending.Take(draft));
        }

        rows.Insert(appending.written);
        return places;
    }

    private long Take(LogDraft draft)
    {
        if (draft.Source is not null && sources.TryGetValue(draft.Source, out long same))
        {
            return same;
        }

        byte[] salt = draft.IsSalted ? RandomNumberGenerator.GetBytes(LogEntry.SaltLength) : [];
        string hash = draft.BodyHash ?? LogEntry.HashOf(salt, draft.Body.Span);
        if (draft.FixedSubject is string subject)
        {
            // Another body under the same subject is another entry: a contradiction stays to be seen.
            return subjects.TryGetValue((subject, hash), out long known) ? known : Write(draft, subject, null, hash, salt);
        }

        if (draft.OnlyIfChanged && NewestOf(draft) is { Body: { } body } last && body.Span.SequenceEqual(draft.Body.Span))
        {
            return last.Index;
        }

        long number = NextNumber(draft);
        return Write(draft, string.Create(CultureInfo.InvariantCulture, $"{draft.Kind}/{draft.Scope}/{number}"), number, hash, salt);
    }

    private long Write(LogDraft draft, string subject, long? number, string hash, byte[] salt)
    {
        long index = count + written.Count;
        LogEntry entry = new(draft.Kind, at, subject, hash);
        ReadOnlyMemory<byte>? body = draft.BodyHash is null ? draft.Body : (ReadOnlyMemory<byte>?)null; // a bare null would become an empty body
        LoggedEntry logged = new(index, entry, salt, body, IsErased: false) { LeafHash = MerkleHash.Leaf(entry.ToBytes()), Source = draft.Source };
        written.Add(new(logged, draft.Scope, number));
        if (draft.Source is not null)
        {
            sources[draft.Source] = index;
        }

        if (number is null)
        {
            subjects[(subject, hash)] = index;
        }
        else
        {
            newest[(draft.Kind, draft.Scope)] = (index, body);
        }

        return index;
    }

    private long NextNumber(LogDraft draft)
    {
        (string, string) key = (draft.Kind, draft.Scope);
        long next = (numbers.TryGetValue(key, out long last) ? last : rows.LastNumber(draft.Kind, draft.Scope)) + 1;
        numbers[key] = next;
        return next;
    }

    private (long Index, ReadOnlyMemory<byte>? Body)? NewestOf(LogDraft draft)
    {
        (string, string) key = (draft.Kind, draft.Scope);
        if (!newest.TryGetValue(key, out (long, ReadOnlyMemory<byte>?)? found))
        {
            LoggedEntry? entry = rows.Newest(draft.Kind, draft.Scope);
            newest[key] = found = entry is null ? null : (entry.Index, entry.Body);
        }

        return found;
    }
}
