using System.Security.Cryptography;
using Metering.Evidence.Log;

namespace Metering.Verifier.Bundles;

/// <summary>Step 9: what the reader brings from outside: keys, and the checkpoints seen before.</summary>
internal sealed class TrustStep
{
    private readonly HashSet<string> trusted;
    private readonly SeenLogs? seen;
    private readonly bool isStrict;

    /// <summary>Keys that are trusted, logs seen before (null when nobody keeps them), and whether remarks are faults.</summary>
    public TrustStep(IEnumerable<ECDsa> trusted, SeenLogs? seen = null, bool isStrict = false)
    {
        this.trusted = [.. trusted.Select(ShownKey.FingerprintOf)];
        (this.seen, this.isStrict) = (seen, isStrict);
    }

    /// <summary>Whether any key was given.</summary>
    public bool HasKeys => trusted.Count > 0;

    /// <summary>Whether a key is one of those.</summary>
    public bool Trusts(ECDsa key) => trusted.Contains(ShownKey.FingerprintOf(key));

    /// <summary>Checks keys and history; adds the remarks of the whole bundle.</summary>
    public void Check(BundleReport report, ShownLog log, IReadOnlyDictionary<(string Gateway, int KeyEpoch), ShownKey> keys, FaultList faults, ECDsa logKey)
    {
        CheckKeys(report, keys, faults, logKey);
        if (seen is not null && faults.Count == 0 && report.Checkpoint is { } checkpoint)
        {
            seen.Check(report, checkpoint, log, faults);
        }

        Remarks(report, log);
        if (isStrict && faults.Count == 0)
        {
            foreach (Remark remark in report.Remarks.Where(remark => remark.Code is RemarkCode.PlanLate or RemarkCode.Unsigned or RemarkCode.Gaps or RemarkCode.LogUntrusted))
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

    private static void Remarks(BundleReport report, ShownLog log)
    {
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
