namespace Metering.Evidence.Log;

/// <summary>What an entry of the log records. The words stand in signed bytes: they are only ever added to.</summary>
public static class LogEntryKind
{
    /// <summary>A public key: of a gateway in a key epoch, or of the log.</summary>
    public const string Key = "key";

    /// <summary>A gateway's configuration, as its birth message states it.</summary>
    public const string Configuration = "configuration";

    /// <summary>A meter: serial, class, calibration, ratios, seal.</summary>
    public const string Meter = "meter";

    /// <summary>What a person entered at a gateway about a channel, signed by the gateway: a value read by eye, a laboratory's result, a change of meter.</summary>
    public const string Manual = "manual";

    /// <summary>A commissioning record, signed by the gateway.</summary>
    public const string Commissioning = "commissioning";

    /// <summary>A signed batch of readings.</summary>
    public const string Batch = "batch";

    /// <summary>A gateway's signed statement that batches are lost.</summary>
    public const string Loss = "loss";

    /// <summary>A run of the validation and estimation rules.</summary>
    public const string Validation = "validation";

    /// <summary>An edit by a person: old, new, reason.</summary>
    public const string Edit = "edit";

    /// <summary>A result of a laboratory.</summary>
    public const string LabResult = "lab-result";

    /// <summary>What was produced.</summary>
    public const string Production = "production";

    /// <summary>A version of a table of factors, tariffs or limits.</summary>
    public const string Reference = "reference";

    /// <summary>A measurement and verification plan.</summary>
    public const string Plan = "plan";

    /// <summary>A frozen baseline.</summary>
    public const string Baseline = "baseline";

    /// <summary>A decision about an event.</summary>
    public const string Decision = "decision";

    /// <summary>A computed result.</summary>
    public const string Result = "result";

    /// <summary>A signature of a person under a result or report.</summary>
    public const string Signature = "signature";

    /// <summary>A report.</summary>
    public const string Report = "report";

    /// <summary>A publication.</summary>
    public const string Publication = "publication";

    /// <summary>A comparison of metered with billed quantities.</summary>
    public const string Reconciliation = "reconciliation";

    /// <summary>The body of an earlier entry was erased; the entry itself stays.</summary>
    public const string Erasure = "erasure";

    /// <summary>A bundle of a project was begun; the body is the signed checkpoint in it.</summary>
    public const string Bundle = "bundle";

    /// <summary>The log signs with another key from here on.</summary>
    public const string LogKey = "log-key";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Key, Configuration, Meter, Manual, Commissioning, Batch, Loss, Validation, Edit, LabResult, Production, Reference, Plan, Baseline, Decision, Result, Signature, Report,
        Publication, Reconciliation, Erasure, Bundle, LogKey,
    ];
}
