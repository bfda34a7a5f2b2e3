namespace Metering.Verifier.Bundles;

/// <summary>What can be wrong with a bundle; each has a step of the check and its words in <see cref="FaultTexts"/>. The names, in lower case with hyphens, are the codes that programs read.</summary>
internal enum FaultCode
{
    Form,
    ZipAppended,
    ZipCutOff,
    ZipInFront,
    ZipHidden,
    ZipTwice,
    ZipBomb,
    ZipName,
    ZipHeaders,
    SealLength,
    SealHash,
    SealSignature,
    MissingFile,
    StrayFile,
    Description,
    LogName,
    LogKeyForm,
    CheckpointForm,
    CheckpointSignature,
    EntryForm,
    EntryOrder,
    EntryTime,
    EntryBeyond,
    EntryHole,
    LogInclusion,
    BodyMissing,
    BodyHash,
    BodyForm,
    BodyErased,
    EarlierMissing,
    EarlierForm,
    EarlierSignature,
    EarlierOrder,
    ConsistencyProof,
    LogRewritten,
    TimeStampForm,
    TimeStampImprint,
    TimeStampSignature,
    KeyForm,
    KeyMissing,
    KeyDiffers,
    KeyLate,
    KeyEnded,
    NoteForm,
    NoteSignature,
    NoteCanonical,
    NoteKey,
    NotePlace,
    NoteMissing,
    BatchTwice,
    BatchOrder,
    BatchMissing,
    BatchLink,
    BatchNotLogged,
    BatchLogOrder,
    EpochCut,
    LossForm,
    LossDiffers,
    RecordForm,
    RecordPlace,
    RecordKey,
    RecordSignature,
    RecordTime,
    SegmentMissing,
    SegmentStray,
    SegmentHash,
    SegmentForm,
    PlanMissing,
    PlanNotNewest,
    PlanOther,
    ResultForm,
    ResultOther,
    DecisionsDiffer,
    ProductionDiffers,
    ValidationMissing,
    ValidationOther,
    ValidationParameters,
    ValidationDiffers,
    CodeDiffers,
    PartsDiffer,
    ResultDiffers,
    RecomputationFailed,
    ReportMissing,
    ReportHash,
    ReportLanguage,
    ReportResult,
    Untrusted,
    LogKeyChanged,
    LogWentBack,
    LogForked,
    TimeStampAuthority,
    RemarkStrict,
}

/// <summary>One fault with the names and numbers that fill its sentence.</summary>
internal sealed record Fault(FaultCode Code, params string[] Values);

/// <summary>The faults of a bundle, the first of them in full.</summary>
internal sealed class FaultList
{
    /// <summary>Faults that are kept; further ones are counted.</summary>
    public const int Most = 100;

    private readonly List<Fault> faults = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>By step, those of one step as they were found.</summary>
    public IReadOnlyList<Fault> InOrder => [.. faults.OrderBy(fault => FaultTexts.StepOf(fault.Code))];

    /// <summary>Whether nothing is wrong up to and with a step.</summary>
    public bool IsSoundThrough(int step) => !faults.Exists(fault => FaultTexts.StepOf(fault.Code) <= step);

    /// <summary>Adds a fault.</summary>
    public void Add(FaultCode code, params string[] values)
    {
        Count++;
        if (faults.Count < Most)
        {
            faults.Add(new(code, values));
        }
    }
}
