using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion;

/// <summary>
/// Public keys of enrolled gateways, each imported once: importing a key costs three times a verification. Whether a key
/// has ended is asked again once a second and key, so that a revocation by another process works within
/// <see cref="LongestMemory"/>. Absent keys are asked for every time. A key object is used by one lane only.
/// </summary>
internal sealed class GatewayKeys(IReadingStore store, TimeProvider clock) : IDisposable
{
    /// <summary>How long a revocation may go unnoticed here.</summary>
    public static readonly TimeSpan LongestMemory = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Gateway, int KeyEpoch), Entry> _keys = new();
    private readonly ConcurrentDictionary<string, byte> _enrolled = new(StringComparer.Ordinal);

    public ECDsa? Find(string gateway, int keyEpoch) => FindEntry(gateway, keyEpoch)?.Key;

    /// <summary>How the key ended, or null.</summary>
    public KeyEnd? FindEnd(string gateway, int keyEpoch)
    {
        if (FindEntry(gateway, keyEpoch) is not Entry entry)
        {
            return null;
        }

        if (clock.GetElapsedTime(entry.AskedAt) >= LongestMemory)
        {
            try
            {
                entry.End = store.FindEnd(gateway, keyEpoch);
                entry.AskedAt = clock.GetTimestamp();
            }
            catch (StoreException)
            {
                // The last answer stands; the append behind this meets the same store, and tells.
            }
        }

        return entry.End;
    }

    /// <summary>Whether nothing this key signs is taken any more.</summary>
    public bool IsRevoked(string gateway, int keyEpoch) => FindEnd(gateway, keyEpoch)?.RevokedFrom <= clock.GetUtcNow();

    /// <summary>The gateway's newest key epoch that is not revoked; 0 when there is none.</summary>
    public int NewestEpoch(string gateway) =>
        store.EnrolmentsOf(gateway).Select(enrolment => enrolment.KeyEpoch).Where(epoch => !IsRevoked(gateway, epoch)).DefaultIfEmpty(0).Max();

    /// <summary>Asks the store anew for the end of a key at the next use.</summary>
    public void Forget(string gateway, int keyEpoch)
    {
        if (_keys.TryGetValue((gateway, keyEpoch), out Entry? entry))
        {
            entry.AskedAt = clock.GetTimestamp() - (long)(LongestMemory.TotalSeconds * clock.TimestampFrequency);
        }
    }

    /// <summary>Whether the gateway is enrolled under any key.</summary>
    public bool IsEnrolled(string gateway)
    {
        bool isEnrolled = _enrolled.ContainsKey(gateway) || store.EnrolmentsOf(gateway).Count > 0;
        if (isEnrolled)
        {
            _enrolled[gateway] = 0;
        }

        return isEnrolled;
    }

    public void Dispose()
    {
        foreach (Entry entry in _keys.Values)
        {
            entry.Key.Dispose();
        }
    }

    private Entry? FindEntry(string gateway, int keyEpoch)
    {
        if (_keys.TryGetValue((gateway, keyEpoch), out Entry? known))
        {
            return known;
        }

        GatewayEnrolment? enrolment = store.FindEnrolment(gateway, keyEpoch);
        return enrolment is null
            ? null
            : _keys.GetOrAdd((gateway, keyEpoch), _ => new(SigningKey.Parse(enrolment.PublicKeyPem)) { End = store.FindEnd(gateway, keyEpoch), AskedAt = clock.GetTimestamp() });
    }

    private sealed class Entry(ECDsa key)
    {
        private long _askedAt;

        public ECDsa Key => key;

        public KeyEnd? End { get; set; }

        public long AskedAt
        {
            get => Volatile.Read(ref _askedAt);
            set => Volatile.Write(ref _askedAt, value);
        }
    }
}
