using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Step 3: the gateways' keys, each the one of its entry, and each batch within its key's time.</summary>
internal static class KeyStep
{
    private const int MaximumLength = 4096;

    /// <summary>The keys by gateway and epoch; what is wrong goes to the list.</summary>
    public static SortedDictionary<(string Gateway, int KeyEpoch), ShownKey> Run(BundleFile file, ShownLog log, IReadOnlyDictionary<long, byte[]> bodies, FaultList faults)
    {
        SortedDictionary<(string, int), ShownKey> keys = [];
        Dictionary<(string, int), (KeyEndStatement Statement, long Index)> ends = [];
        foreach (ShownEntry shown in log.Entries.Where(shown => shown.Entry.Kind == LogEntryKind.Key && bodies.ContainsKey(shown.Index)))
        {
            try
            {
                if (shown.IsEnd)
                {
                    KeyEndStatement end = KeyEndStatement.Read(bodies[shown.Index]);
                    Require(shown.Entry.Subject == $"key/{end.Gateway}/{ShownLog.Text(end.KeyEpoch)}/end" && ends.TryAdd((end.Gateway, end.KeyEpoch), (end, shown.Index)));
                }
                else
                {
                    KeyStatement statement = KeyStatement.Read(bodies[shown.Index]);
                    Require(shown.Entry.Subject == $"key/{statement.Gateway}/{ShownLog.Text(statement.KeyEpoch)}" && !keys.ContainsKey((statement.Gateway, statement.KeyEpoch)));
                    AddKey(file, keys, statement, shown.Index, faults);
                }
            }
            catch (WireFormatException e)
            {
                faults.Add(FaultCode.BodyForm, ShownLog.Text(shown.Index), e.Message);
            }
        }

        foreach (((string, int) place, (KeyEndStatement, long) end) in ends)
        {
            if (keys.TryGetValue(place, out ShownKey? key))
            {
                keys[place] = key with { End = end };
            }
        }

        foreach (((string gateway, int epoch), LoggedBatches logged) in log.Batches)
        {
            CheckTimes(gateway, epoch, logged, keys.GetValueOrDefault((gateway, epoch)), faults);
        }

        return keys;
    }

    private static void AddKey(BundleFile file, SortedDictionary<(string, int), ShownKey> keys, KeyStatement statement, long index, FaultList faults)
    {
        string name = BundleNames.KeyOf(statement.Gateway, statement.KeyEpoch);
        if (!file.Has(name))
        {
            faults.Add(FaultCode.KeyMissing, statement.Gateway, ShownLog.Text(statement.KeyEpoch));
            return;
        }

        if (!file.Read(name, MaximumLength).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(statement.PublicKeyPem)))
        {
            faults.Add(FaultCode.KeyDiffers, statement.Gateway, ShownLog.Text(statement.KeyEpoch));
            return;
        }

        if (Parse(statement.PublicKeyPem) is { } key)
        {
            keys.Add((statement.Gateway, statement.KeyEpoch), new() { Statement = statement, Index = index, Key = key });
        }
        else
        {
            faults.Add(FaultCode.KeyForm, name);
        }
    }

    /// <summary>A public key in PEM; null when it is none of P-256, or a private one, which has no place in a bundle.</summary>
    public static ECDsa? Parse(string pem)
    {
        try
        {
            ECDsa key = SigningKey.Parse(pem);
            return pem.Contains("PRIVATE", StringComparison.Ordinal) ? null : key;
        }
        catch (Exception e) when (e is WireFormatException or CryptographicException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static void CheckTimes(string gateway, int epoch, LoggedBatches logged, ShownKey? key, FaultList faults)
    {
        if (key is null)
        {
            faults.Add(FaultCode.KeyMissing, gateway, ShownLog.Text(epoch));
            return;
        }

        for (int place = 0; place < logged.Batch.Count; place++)
        {
            if (logged.Index[place] < key.Index)
            {
                faults.Add(FaultCode.KeyLate, gateway, ShownLog.Text(epoch), ShownLog.Text(logged.Batch[place]));
                return;
            }

            // Without a last batch nothing that the log took after the end is the key's.
            if (key.End is { } end && (end.Statement.LastBatch is { } last ? logged.Batch[place] > last : logged.Index[place] > end.Index))
            {
                faults.Add(FaultCode.KeyEnded, gateway, ShownLog.Text(epoch), ShownLog.Text(logged.Batch[place]));
                return;
            }
        }
    }

    private static void Require(bool fits)
    {
        if (!fits)
        {
            throw new WireFormatException("its subject names another key than its body, or the same key a second time");
        }
    }
}
