using Metering.Evidence.Log;
using Metering.Projects;

namespace Metering.Verifier.Bundles;

/// <summary>What may be said of a bundle as a whole.</summary>
internal enum BundleVerdict
{
    /// <summary>Everything holds, and the log's key is one that the reader trusts.</summary>
    Verified,

    /// <summary>Everything holds, but no key from outside vouches for the log, and so for plan, order and decisions.</summary>
    Consistent,

    /// <summary>Something does not match.</summary>
    Mismatch,
}

/// <summary>A true statement about a project that is no fault of its bundle.</summary>
internal enum RemarkCode
{
    PlanLate,
    Unsigned,
    Gaps,
    NoTrust,
    LogUntrusted,
    KeyByLog,
    Simulated,
    OtherProgram,
    Erased,
    FirstSight,
}

/// <summary>One remark with what fills its sentence.</summary>
internal sealed record Remark(RemarkCode Code, params string[] Values);

/// <summary>A signature under the result.</summary>
/// <param name="Role">"author" or "reviewer".</param>
/// <param name="Account">Account that signed.</param>
/// <param name="IsApproved">Whether it approves.</param>
/// <param name="UtcMilliseconds">When the log took it.</param>
internal sealed record BundleSignature(string Role, string Account, bool IsApproved, long UtcMilliseconds);

/// <summary>What was found of one gateway's key epoch.</summary>
internal sealed record BundleGateway(string Gateway, int KeyEpoch, string Origin, string Fingerprint, bool IsTrusted, long Batches, long Readings);

/// <summary>The figures of a result that a report begins with, as result.json states them.</summary>
internal sealed record ResultFigures
{
    public required string Verdict { get; init; }

    public required string Unit { get; init; }

    public double Saving { get; init; } = double.NaN;

    public double HalfWidth { get; init; } = double.NaN;

    public double Percent { get; init; } = double.NaN;

    public double ConfidencePercent { get; init; } = double.NaN;

    public double ValidPercent { get; init; } = double.NaN;

    public int MissingDays { get; init; }

    public string? ReportedThrough { get; init; }

    public string? Grade { get; init; }

    public required string Version { get; init; }

    public required string ProgramVersion { get; init; }
}

/// <summary>What was found out about a bundle.</summary>
internal sealed record BundleReport
{
    public BundleVerdict Verdict { get; set; } = BundleVerdict.Mismatch;

    public required FaultList Faults { get; init; }

    public List<Remark> Remarks { get; } = [];

    public string Log { get; set; } = "";

    public string LogFingerprint { get; set; } = "";

    public Checkpoint? Checkpoint { get; set; }

    public string ProjectId { get; set; } = "";

    public Project? Project { get; set; }

    public ResultFigures? Result { get; set; }

    public ShownEntry? PlanFixed { get; set; }

    public long DaysBeforeInstallation { get; set; }

    public List<BundleSignature> Signatures { get; } = [];

    /// <summary>Whether an author and another person as reviewer approve the result; of each account its last word counts.</summary>
    public bool IsSignedByTwo
    {
        get
        {
            BundleSignature[] last = [.. Signatures.GroupBy(one => (one.Role, one.Account)).Select(own => own.Last()).Where(one => one.IsApproved)];
            return last.Any(author => author.Role == "author" && last.Any(one => one.Role == "reviewer" && one.Account != author.Account));
        }
    }

    public List<BundleGateway> Gateways { get; } = [];

    public long EntriesShown { get; set; }

    public long ReadingsComputed { get; set; }
}
