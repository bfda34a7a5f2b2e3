using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion;

/// <summary>
/// Public keys of enrolled gateways, each read once: importing a key costs three times a verification. Absent ones are
/// asked for every time, so that an enrolment works at once. A key object is used by one lane only.
/// </summary>
internal sealed class GatewayKeys(IReadingStore store) : IDisposable
{
    private readonly ConcurrentDictionary<(string Gateway, int KeyEpoch), ECDsa> _keys = new();
    private readonly ConcurrentDictionary<string, byte> _enrolled = new(StringComparer.Ordinal);

    public ECDsa? Find(string gateway, int keyEpoch)
    {
        if (_keys.TryGetValue((gateway, keyEpoch), out ECDsa? known))
        {
            return known;
        }

        GatewayEnrolment? enrolment = store.FindEnrolment(gateway, keyEpoch);
        return enrolment is null ? null : _keys.GetOrAdd((gateway, keyEpoch), _ => SigningKey.Parse(enrolment.PublicKeyPem));
    }

    /// <summary>Whether the gateway is enrolled under any key.</summary>
    public bool IsEnrolled(string gateway)
    {
        bool isEnrolled = _enrolled.ContainsKey(gateway) || store.Enrolments().Any(enrolment => enrolment.Gateway == gateway);
        if (isEnrolled)
        {
            _enrolled[gateway] = 0;
        }

        return isEnrolled;
    }

    public void Dispose()
    {
        foreach (ECDsa key in _keys.Values)
        {
            key.Dispose();
        }
    }
}
