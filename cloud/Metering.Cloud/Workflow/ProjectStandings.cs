using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>The step that a project waits for.</summary>
internal enum NextStep
{
    /// <summary>The measurement and verification plan is not written.</summary>
    Plan = 0,

    /// <summary>The baseline is not frozen.</summary>
    Baseline = 1,

    /// <summary>Since when the measure is in operation is not written down.</summary>
    Installed = 2,

    /// <summary>The reporting period has not ended, or gives no number: nobody can do anything but wait and look.</summary>
    Reporting = 3,

    /// <summary>The author has not signed what the data show now, or the review returned it.</summary>
    Author = 4,

    /// <summary>The author signed; a second person has not.</summary>
    Reviewer = 5,

    /// <summary>Two people signed.</summary>
    Nothing = 6,
}

/// <summary>
/// Which step each project waits for, from the register and the summaries alone: nothing is computed for it, so that a list of a
/// thousand projects can tell it. Whether today's data still give the baseline that was frozen only the project's own page says.
/// </summary>
internal sealed class ProjectStandings
{
    private readonly RegisterSnapshot register;
    private readonly HashSet<string> planned;
    private readonly HashSet<string> frozen;
    private readonly HashSet<string> installed;
    private readonly ILookup<string, ReviewSignature> signatures;

    /// <summary>The standings of a register.</summary>
    public ProjectStandings(RegisterSnapshot register)
    {
        this.register = register;
        planned = [.. register.All<MeasurementPlan>().Select(plan => plan.Project)];
        frozen = [.. register.All<BaselineFreeze>().Select(freeze => freeze.Project)];
        installed = [.. register.All<Measure>().Where(measure => measure.ImplementedOn is not null).Select(measure => measure.Project).OfType<string>()];
        signatures = register.All<ReviewSignature>().ToLookup(signature => signature.Project, StringComparer.Ordinal);
    }

    /// <summary>Whether the project stands in the register, where it can be worked on.</summary>
    public bool IsRecorded(string project) => register.Version(new(ProjectRecord.Kind.Name, project)) is { IsWithdrawn: false };

    /// <summary>Whether two people signed the result that is shown now.</summary>
    public bool IsSigned(ProjectSummary result) => StateOf(result) == SignState.Signed;

    /// <summary>The step that a project waits for.</summary>
    public NextStep Of(ProjectSummary result)
    {
        string id = result.Project.Id;
        return !planned.Contains(id) ? NextStep.Plan
            : !frozen.Contains(id) ? NextStep.Baseline
            : !installed.Contains(id) ? NextStep.Installed
            : result.Savings is null || !result.IsComplete ? NextStep.Reporting
            : StateOf(result) switch
            {
                SignState.AuthorOnly => NextStep.Reviewer,
                SignState.Signed => NextStep.Nothing,
                _ => NextStep.Author,
            };
    }

    private SignState StateOf(ProjectSummary result) => SignaturePair.Of(register, signatures[result.Project.Id]).StateUnder(result.Version);
}

/// <summary>The newest signatures of a project.</summary>
/// <param name="Author">The newest signature of an author.</param>
/// <param name="Reviewer">The newest signature of a reviewer under the same result, given after the author's; null while the author waits for one.</param>
internal sealed record SignaturePair(ReviewSignature? Author, ReviewSignature? Reviewer)
{
    /// <summary>The pair of one project's signatures.</summary>
    public static SignaturePair Of(RegisterSnapshot register, IEnumerable<ReviewSignature> ofProject)
    {
        long NumberOf(ReviewSignature one) => register.Version(new(ReviewSignature.Kind.Name, one.Id))!.AuditNumber;
        ReviewSignature[] signatures = [.. ofProject];
        ReviewSignature? author = signatures.Where(one => one.Role == SignatureRole.Author).MaxBy(NumberOf);
        return new(author, signatures.Where(one => one.Role == SignatureRole.Reviewer && one.ResultHash == author?.ResultHash && NumberOf(one) > NumberOf(author)).MaxBy(NumberOf));
    }

    /// <summary>How the signatures stand under a result.</summary>
    /// <param name="version">Version of the result that is shown; null without one.</param>
    public SignState StateUnder(string? version) => Author is null ? SignState.None
        : Author.ResultHash != version ? SignState.Void
        : Reviewer is null ? SignState.AuthorOnly
        : Reviewer.IsApproved ? SignState.Signed
        : SignState.Returned;
}
