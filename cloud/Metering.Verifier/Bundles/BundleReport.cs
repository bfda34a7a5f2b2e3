using System.Text.Json;
using Metering.Evidence.Log;
using Metering.Projects;
using Metering.Projects.Statements;

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
    OlderThanSeen,
    LogKeyChanged,
    NoTimeStamp,
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

    /// <summary>The figures of a result.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ResultFigures Of(JsonElement root)
    {
        JsonElement saving = root.GetProperty("saving");
        bool isKnown = saving.ValueKind == JsonValueKind.Object;
        return new()
        {
            Verdict = root.Text("verdict"),
            Unit = root.Text("unit"),
            Saving = isKnown ? saving.Number("value") : double.NaN,
            HalfWidth = isKnown ? saving.Number("halfWidth") : double.NaN,
            Percent = isKnown ? saving.Number("percent") : double.NaN,
            ConfidencePercent = isKnown ? saving.Number("confidencePercent") : double.NaN,
            ValidPercent = root.Number("validPercent"),
            MissingDays = root.GetProperty("days").EnumerateArray().Count(day => day.Text("phase") is "baseline" or "reporting" && day.Text("state") is "missing" or "driver-missing"),
            ReportedThrough = root.TextOrNull("reportedThrough"),
            Grade = root.TextOrNull("grade"),
            Version = root.Text("version"),
            ProgramVersion = root.GetProperty("code").Text("version"),
        };
    }
}

/// <summary>What was found out about a bundle.</summary>
internal sealed record BundleReport
{
    public BundleVerdict Verdict { get; set; } = BundleVerdict.Mismatch;

    public required FaultList Faults { get; init; }

    public List<Remark> Remarks { get; } = [];

    public string Log { get; set; } = "";

    public string LogFingerprint { get; set; } = "";

    /// <summary>Whether the log's key is one that the reader vouches for.</summary>
    public bool IsLogTrusted { get; set; }

    public Checkpoint? Checkpoint { get; set; }

    /// <summary>It is the project's so many-th bundle, from 1.</summary>
    public long Number { get; set; }

    /// <summary>Checkpoints of earlier bundles, which are proved to be beginnings of this one's log, by their numbers.</summary>
    public List<(long Number, Checkpoint Checkpoint)> Earlier { get; } = [];

    /// <summary>How often the log changed its key.</summary>
    public int LogKeyChanges { get; set; }

    /// <summary>The word of a time-stamp authority; null when there is none.</summary>
    public BundleTimeStamp? TimeStamp { get; set; }

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
