using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Cloud.Reports;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>Takes signatures: the author's with the report as it stands, byte for byte, then that of another person under the same result.</summary>
internal sealed class SignDesk(RecordStore records, Language language)
{
    /// <summary>Key of the author's form.</summary>
    public const string SignKey = "sign";

    /// <summary>Key of the reviewer's form.</summary>
    public const string ReviewKey = "review";

    private const int KeyDigits = 24;

    /// <summary>Signs as the author.</summary>
    public async Task<IResult> SignAsync(HttpContext http, string id)
    {
        if (await FlowForm.ReadAsync(http, records, id) is not { } form)
        {
            return Portal.NotFound(http);
        }

        ProjectFlow flow = form.Flow;
        ProjectFlow.Add(form.Faults, flow.Record is null, WorkflowWords.NotRecorded);
        form.Faults.AddRange(flow.MissingForSignature());
        if (form.Faults.Count > 0 || flow.Result is not { } result)
        {
            return Page(http, id, form.Refused(language));
        }

        if (form["result"] != result.Version)
        {
            return Page(http, id, form.Overtaken(WorkflowWords.ResultGone.In(language)));
        }

        if (flow.SignState is SignState.AuthorOnly or SignState.Signed)
        {
            return Page(http, id, form.Overtaken(WorkflowWords.SignedAlready.In(language)));
        }

        ProjectFlow.Add(form.Faults, flow.UndecidedCount > 0 && form["seen"] != "yes", WorkflowWords.SeenMissing);
        if (form.Faults.Count > 0)
        {
            return Page(http, id, form.Refused(language));
        }

        string key = KeyOf(flow, result, isNext: true);
        List<RecordChange> changes = await DocumentsAsync(flow, result, key, http.RequestAborted);
        ReviewSignature signature = Signature(form, result, SignatureRole.Author, $"signed-{key}-author") with
        {
            IsApproved = true,
            Through = result.ReportedThrough,
            Saving = RecordedEvents.Exact(result.Savings!.Savings, result.Unit),
            HalfWidth = RecordedEvents.Exact(result.Savings.HalfWidth, result.Unit),
            UndecidedEvents = flow.UndecidedCount,
            EventsSeen = flow.UndecidedCount == 0 ? null : SeenOf(flow),
            ReportJson = $"signed-{key}-json",
            ReportSpanish = $"signed-{key}-es",
            ReportEnglish = $"signed-{key}-en",
        };
        changes.Add(new(signature, 0));
        Refusal? refusal = form.Try(language, () => _ = records.Save(changes, form.Actor, null));
        return refusal is null ? Back(id) : Page(http, id, refusal);
    }

    /// <summary>Approves or returns as the second person.</summary>
    public async Task<IResult> ReviewAsync(HttpContext http, string id)
    {
        if (await FlowForm.ReadAsync(http, records, id) is not { } form)
        {
            return Portal.NotFound(http);
        }

        ProjectFlow flow = form.Flow;
        bool isApproved = form["approve"] == "yes";
        ProjectFlow.Add(form.Faults, flow.Author is null, WorkflowWords.NeedsAuthor);
        ProjectFlow.Add(form.Faults, flow.SignState == SignState.Void, WorkflowWords.SignedOnOtherData);
        ProjectFlow.Add(form.Faults, flow.Author?.PersonId == form.Actor.Id, WorkflowWords.FourEyes);
        ProjectFlow.Add(form.Faults, form["approve"] is not ("yes" or "no"), WorkflowWords.DecisionMissing);
        ProjectFlow.Add(form.Faults, form["approve"] == "no" && form["findings"].Length == 0, WorkflowWords.FindingsMissing);
        if (isApproved)
        {
            form.Faults.AddRange(flow.MissingForSignature());
            ProjectFlow.Add(form.Faults, flow.UndecidedCount > 0 && form["seen"] != "yes", WorkflowWords.SeenMissing);
        }

        if (form.Faults.Count > 0 || flow.Result is not { } result)
        {
            return Page(http, id, form.Refused(language));
        }

        if (form["result"] != result.Version)
        {
            return Page(http, id, form.Overtaken(WorkflowWords.ResultGone.In(language)));
        }

        ReviewSignature signature = Signature(form, result, SignatureRole.Reviewer, $"signed-{KeyOf(flow, result, isNext: false)}-reviewer") with
        {
            IsApproved = isApproved,
            Findings = form["findings"].Length == 0 ? null : form["findings"],
            UndecidedEvents = isApproved ? flow.UndecidedCount : null,
            EventsSeen = isApproved && flow.UndecidedCount > 0 ? SeenOf(flow) : null,
        };
        string reason = form["findings"].Length == 0 ? WorkflowWords.Approve.In(language) : form["findings"];
        Refusal? refusal = form.Try(language, () => _ = records.Save([new(signature, form.Version("version"))], form.Actor, reason));
        if (refusal is null)
        {
            _ = StepWriter.Advance(records, id, form.Actor, isApproved);
        }

        return refusal is null ? Back(id) : Page(http, id, refusal);
    }

    /// <summary>The list of signed reports, or with ?document= one of their files as it was signed.</summary>
    public IResult Documents(HttpContext http, string id)
    {
        string asked = http.Request.Query["document"].ToString();
        if (asked.Length == 0)
        {
            return WorkflowRoutes.Show<SignedPage>(http, records, language, id, WorkflowRoutes.SignedOf(id), WorkflowWords.Documents);
        }

        RegisterSnapshot register = records.Snapshot;
        bool isSigned = register.All<ReviewSignature>().Any(one => one.Project == id && (one.ReportJson == asked || one.ReportSpanish == asked || one.ReportEnglish == asked));
        if (!isSigned || register.Find<Attachment>(asked) is not { } file || records.Content(file.Sha256) is not { } bytes)
        {
            return Portal.NotFound(http);
        }

        bool isPage = file.ContentType == ContentType.Html;
        if (isPage)
        {
            http.Response.Headers.ContentSecurityPolicy = ReportHtml.PolicyOf(Encoding.UTF8.GetString(bytes));
        }

        http.Response.Headers.CacheControl = "private, no-cache";
        return isPage ? Results.Bytes(bytes, ReportFiles.TypeOf(ReportForm.Html)) : Results.File(bytes, ReportFiles.TypeOf(ReportForm.Json), file.Name.Replace("-json", ".json", StringComparison.Ordinal));
    }

    private static IReadOnlyList<(string Name, ReportForm Form, Language Language, ContentType Type)> Files { get; } =
    [
        ("json", ReportForm.Json, Language.Spanish, ContentType.Json),
        ("es", ReportForm.Html, Language.Spanish, ContentType.Html),
        ("en", ReportForm.Html, Language.English, ContentType.Html),
    ];

    // The report as it stands, in each of its files.
    private static async Task<List<RecordChange>> DocumentsAsync(ProjectFlow flow, ProjectResult result, string key, CancellationToken cancel)
    {
        List<RecordChange> changes = [];
        DrawnReport drawn = ReportFiles.OfProject(result, "savings")!;
        foreach ((string name, ReportForm file, Language of, ContentType type) in Files)
        {
            byte[] bytes = await ReportFiles.BytesAsync(drawn, file, of, cancel);
            Attachment attachment = new()
            {
                Id = $"signed-{key}-{name}",
                Name = $"{flow.Id}-savings-{name}",
                Plant = flow.Plant.Id,
                Project = flow.Id,
                ContentType = type,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
                Bytes = bytes.Length,
            };
            changes.Add(new(attachment, 0) { Content = bytes });
        }

        return changes;
    }

    // One author's and one reviewer's signature in each round under each result of a project: whoever comes second is told of the first. A round ends when the reviewer
    // returns the result; what was signed in it stays.
    private static string KeyOf(ProjectFlow flow, ProjectResult result, bool isNext)
    {
        int rounds = flow.Register.All<ReviewSignature>().Count(one => one.Project == flow.Id && one.Role == SignatureRole.Author && one.ResultHash == result.Version);
        int round = rounds + (isNext ? 1 : 0);
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{flow.Id}\n{result.Version}")))[..KeyDigits];
        return round <= 1 ? key : string.Create(CultureInfo.InvariantCulture, $"{key}-{round}");
    }

    private ReviewSignature Signature(FlowForm form, ProjectResult result, SignatureRole role, string id) => new()
    {
        Id = id,
        Project = form.Flow.Id,
        Role = role,
        PersonId = form.Actor.Id,
        Person = form.Actor.Name,
        SignedOn = records.Today,
        ResultHash = result.Version,
        IsApproved = false,
    };

    private string SeenOf(ProjectFlow flow) => string.Join('\n', flow.Undecided.Select(one => one.In(language)));

    private IResult Back(string id) => Results.Redirect($"/{language.Code()}{WorkflowRoutes.Of(id)}");

    private IResult Page(HttpContext http, string id, Refusal refusal) =>
        WorkflowRoutes.Show<WorkflowPage>(http, records, language, id, WorkflowRoutes.Of(id), WorkflowWords.Title, refusal);
}
