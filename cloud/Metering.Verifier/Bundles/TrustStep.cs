using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Metering.Evidence.Log;

namespace Metering.Verifier.Bundles;

/// <summary>Step 9: what the reader brings from outside: keys, and the checkpoints seen before.</summary>
internal sealed class TrustStep
{
    private readonly HashSet<string> trusted;
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8"; // id-kp-timeStamping, RFC 3161, 2.3
    private readonly SeenLogs? seen;
    private readonly bool isStrict;

    /// <summary>Keys that are trusted, logs seen before (null when nobody keeps them), and whether remarks are faults.</summary>
    public TrustStep(IEnumerable<ECDsa> trusted, SeenLogs? seen = null, bool isStrict = false)
    {
        this.trusted = [.. trusted.Select(ShownKey.FingerprintOf)];
        (this.seen, this.isStrict) = (seen, isStrict);
    }

    /// <summary>Certificates of time-stamp authorities that the reader vouches for; null when nobody asks.</summary>
    public X509Certificate2Collection? TimeAuthorities { get; init; }

    /// <summary>Whether any key was given.</summary>
    public bool HasKeys => trusted.Count > 0;

    /// <summary>Whether a key is one of those.</summary>
    public bool Trusts(ECDsa key) => trusted.Contains(ShownKey.FingerprintOf(key));

    /// <summary>Checks keys and history; adds the remarks of the whole bundle.</summary>
    public void Check(BundleReport report, ShownLog log, IReadOnlyDictionary<(string Gateway, int KeyEpoch), ShownKey> keys, FaultList faults, ECDsa logKey)
    {
        CheckKeys(report, keys, faults, logKey);
        CheckTimeAuthority(report, faults);
        CheckSeen(report, log, faults);
        Remarks(report, log);
        if (isStrict && faults.Count == 0)
        {
            foreach (Remark remark in report.Remarks.Where(remark => remark.Code is RemarkCode.PlanLate or RemarkCode.Unsigned or RemarkCode.Gaps or RemarkCode.LogUntrusted or RemarkCode.OlderThanSeen))
            {
                faults.Add(FaultCode.RemarkStrict, RemarkTexts.CodeOf(remark.Code));
            }
        }
    }

    // The log's key vouches for the gateways' (it took their enrolment), never the other way round.
    private void CheckKeys(BundleReport report, IReadOnlyDictionary<(string Gateway, int KeyEpoch), ShownKey> keys, FaultList faults, ECDsa logKey)
    {
        bool trustsLog = Trusts(logKey);
        if (!HasKeys)
        {
            report.Remarks.Add(new(RemarkCode.NoTrust));
            return;
        }

        if (!trustsLog && !keys.Values.Any(key => Trusts(key.Key)))
        {
            faults.Add(FaultCode.Untrusted, report.Log, report.LogFingerprint);
        }

        foreach (ShownKey key in keys.Values.Where(key => !Trusts(key.Key)))
        {
            if (trustsLog)
            {
                report.Remarks.Add(new(RemarkCode.KeyByLog, key.Statement.Gateway));
            }
            else
            {
                faults.Add(FaultCode.Untrusted, key.Statement.Gateway, ShownKey.FingerprintOf(key.Key));
            }
        }

        if (!trustsLog)
        {
            report.Remarks.Add(new(RemarkCode.LogUntrusted, report.Log, report.LogFingerprint));
        }
    }

    /// <summary>Holds the bundle against what was seen before, and takes it in when it fits; nothing when nobody keeps that.</summary>
    public void CheckSeen(BundleReport report, ShownLog log, FaultList faults)
    {
        if (seen is not null && faults.Count == 0 && report.Checkpoint is { } checkpoint)
        {
            seen.Check(report, checkpoint, log, faults);
        }
    }

    // The chain as it was at the stamp's own instant; nothing is fetched.
    private void CheckTimeAuthority(BundleReport report, FaultList faults)
    {
        if (TimeAuthorities is null)
        {
            return;
        }

        if (report.TimeStamp is not { } stamp)
        {
            report.Remarks.Add(new(RemarkCode.NoTimeStamp));
            return;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(TimeAuthorities);
        chain.ChainPolicy.ExtraStore.AddRange(stamp.Certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = stamp.At.UtcDateTime;
        _ = chain.ChainPolicy.ApplicationPolicy.Add(new Oid(TimeStamping));
        stamp.IsTrusted = chain.Build(stamp.Signer);
        if (!stamp.IsTrusted)
        {
            faults.Add(FaultCode.TimeStampAuthority, stamp.Authority, string.Join(", ", chain.ChainStatus.Select(status => status.Status)));
        }
    }

    private static void Remarks(BundleReport report, ShownLog log)
    {
        if (report.LogKeyChanges > 0)
        {
            report.Remarks.Add(new(RemarkCode.LogKeyChanged, ShownLog.Text(report.LogKeyChanges)));
        }

        if (report.Project is { } project)
        {
            if (report.DaysBeforeInstallation < 0)
            {
                report.Remarks.Add(new(RemarkCode.PlanLate, ShownLog.Text(-report.DaysBeforeInstallation)));
            }

            if (project.Plant.IsSimulated)
            {
                report.Remarks.Add(new(RemarkCode.Simulated));
            }
        }

        if (!report.IsSignedByTwo)
        {
            report.Remarks.Add(new(RemarkCode.Unsigned));
        }

        if (report.Result is { } result)
        {
            if (result.MissingDays > 0)
            {
                report.Remarks.Add(new(RemarkCode.Gaps, ShownLog.Text(result.MissingDays)));
            }

            if (result.ProgramVersion != VerifierVersion.Text)
            {
                report.Remarks.Add(new(RemarkCode.OtherProgram, result.ProgramVersion, VerifierVersion.Text));
            }
        }

        int erased = log.Entries.Count(shown => shown.Entry.Kind == LogEntryKind.Erasure);
        if (erased > 0)
        {
            report.Remarks.Add(new(RemarkCode.Erased, ShownLog.Text(erased)));
        }
    }
}
