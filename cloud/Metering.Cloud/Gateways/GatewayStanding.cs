using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Gateways;

/// <summary>One key of a gateway.</summary>
/// <param name="KeyEpoch">Its number, from 1.</param>
/// <param name="Fingerprint">SHA-256 of the public key, lower-case hexadecimal, as 'gateway key' and 'cloud gateways list' print it.</param>
/// <param name="End">How it ended; null while it holds.</param>
internal sealed record GatewayKey(int KeyEpoch, string Fingerprint, KeyEnd? End)
{
    /// <summary>Whether what it signs is refused from some instant on.</summary>
    public bool IsRevoked => End?.RevokedFrom is not null;

    /// <summary>Fingerprint of an enrolled key.</summary>
    public static string FingerprintOf(GatewayEnrolment enrolment)
    {
        using ECDsa key = SigningKey.Parse(enrolment.PublicKeyPem);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }
}

/// <summary>How a gateway is known to a plant: its keys, and a code that waits for it.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="IsImport">Whether the cloud signs for it: readings that were brought in.</param>
/// <param name="Keys">Its keys of this plant, the newest first; empty while only a code was made.</param>
/// <param name="Code">An unused code of this plant; null without one.</param>
/// <param name="NewestUtcMilliseconds">Its newest reading in the chain; null without any.</param>
internal sealed record GatewayStanding(string Gateway, bool IsImport, IReadOnlyList<GatewayKey> Keys, CodeStanding? Code, long? NewestUtcMilliseconds)
{
    /// <summary>The gateways of each plant, by identifier. A gateway belongs to the plant of its newest key; a code that waits, to the plant it was made for.</summary>
    public static ILookup<string, GatewayStanding> All(IReadingStore store)
    {
        Dictionary<(string, int), KeyEnd> ends = store.Ends().ToDictionary(end => (end.Gateway, end.KeyEpoch));
        Dictionary<string, long> newest = store.Channels().GroupBy(channel => channel.Gateway, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(channel => channel.LastUtcMilliseconds), StringComparer.Ordinal);
        Dictionary<string, CodeStanding> codes = store.Codes().Where(code => code.UsedEpoch is null).ToDictionary(code => code.Gateway, StringComparer.Ordinal);
        List<(string Plant, GatewayStanding Gateway)> found = [];
        foreach (IGrouping<string, GatewayEnrolment> enrolments in store.Enrolments().GroupBy(enrolment => enrolment.Gateway, StringComparer.Ordinal))
        {
            GatewayEnrolment last = enrolments.MaxBy(enrolment => enrolment.KeyEpoch)!;
            CodeStanding? code = codes.GetValueOrDefault(last.Gateway) is { } waiting && waiting.Plant == last.Plant ? waiting : null;
            if (code is not null)
            {
                _ = codes.Remove(last.Gateway);
            }

            found.Add((last.Plant, new(
                last.Gateway,
                last.Origin != ReadingOrigin.Gateway,
                [.. enrolments.Where(enrolment => enrolment.Plant == last.Plant).OrderByDescending(enrolment => enrolment.KeyEpoch)
                    .Select(enrolment => new GatewayKey(enrolment.KeyEpoch, GatewayKey.FingerprintOf(enrolment), ends.GetValueOrDefault((enrolment.Gateway, enrolment.KeyEpoch))))],
                code,
                newest.TryGetValue(last.Gateway, out long at) ? at : null)));
        }

        found.AddRange(codes.Values.Select(code => (code.Plant, new GatewayStanding(code.Gateway, false, [], code, null))));
        return found.OrderBy(one => one.Gateway.Gateway, StringComparer.Ordinal).ToLookup(one => one.Plant, one => one.Gateway, StringComparer.Ordinal);
    }
}
