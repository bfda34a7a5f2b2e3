using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Assessment;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Kept = Metering.Programme.Kinds.SelfAssessment;

namespace Metering.Cloud.Assessment;

/// <summary>The self-assessment of a plant by its own people: drafts and answers are records of the register, with every version.</summary>
internal static class PlantAssessmentRoutes
{
    private const string VersionField = "version";

    /// <summary>Address of a plant's self-assessments after the language.</summary>
    public static string Of(string plant) => $"/plants/{plant}/self-assessment";

    /// <summary>Adds the addresses where there is a register.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<RecordStore>() is not RecordStore store)
        {
            return;
        }

        foreach (Language language in Languages.All)
        {
            string address = "/" + language.Code() + Of("{id}");
            app.MapGet(address, (string id, HttpContext http) => new PlantAssessment(http, store, language, id).Show()).Needs(Permission.EnterRecords, Target.Plant);
            app.MapPost(address, (string id, HttpContext http, CancellationToken cancellation) => new PlantAssessment(http, store, language, id).SaveAsync(cancellation))
                .Needs(Permission.EnterRecords, Target.Plant);
        }
    }

    /// <summary>One request about one plant.</summary>
    private sealed class PlantAssessment
    {
        private readonly HttpContext http;
        private readonly RecordStore store;
        private readonly Language language;
        private readonly string plantId;
        private readonly Plant? plant;
        private readonly PageContext page;
        private readonly Questionnaire questionnaire;

        public PlantAssessment(HttpContext http, RecordStore store, Language language, string plantId)
        {
            (this.http, this.store, this.language, this.plantId) = (http, store, language, plantId);
            plant = http.RequestServices.GetRequiredService<ProjectBoard>().Register.FindPlant(plantId);
            page = http.RequestServices.GetRequiredService<PageContext>();
            questionnaire = Questionnaire.OfMexico(store.Today);
            page.Begin(language, Of(plantId), http.RequestServices.GetRequiredService<ProjectBoard>().Clock.GetUtcNow());
            page.Title = page.T(AssessmentWords.KeptTitle, Name);
            http.Response.Headers.CacheControl = "no-store";
        }

        private PlantRecord? Registered => store.Snapshot.Find<PlantRecord>(plantId);

        private string Name => Registered is { } record
            ? language == Language.Spanish ? record.NameSpanish : record.NameEnglish
            : plant?.Name.In(language) ?? plantId;

        private int LastYear => store.Today.Year - 1;

        public IResult Show()
        {
            if (plant is null && Registered is null)
            {
                return Portal.NotFound(http);
            }

            string asked = http.Request.Query["record"].ToString();
            if (asked.Length > 0)
            {
                return store.Snapshot.Find<Kept>(asked) is { } kept && kept.Plant == plantId ? Record(kept) : Portal.NotFound(http);
            }

            string sector = http.Request.Query["sector"].ToString();
            return questionnaire.Sectors.Contains(sector, StringComparer.Ordinal)
                ? Form(StatusCodes.Status200OK, AssessmentForm.Empty(sector, LastYear), "", 0, null)
                : PageResult.Of<PlantAssessmentPage>(StatusCodes.Status200OK, new()
                {
                    [nameof(PlantAssessmentPage.Address)] = page.Link(Of(plantId)),
                    [nameof(PlantAssessmentPage.Sectors)] = questionnaire.Sectors,
                    [nameof(PlantAssessmentPage.Kept)] = (IReadOnlyList<(string, DateOnly, bool, string)>)
                    [
                        .. store.Snapshot.All<Kept>().Where(one => one.Plant == plantId).OrderByDescending(one => one.AnsweredOn).ThenByDescending(one => one.Id, StringComparer.Ordinal)
                            .Select(one => (one.Id, one.AnsweredOn, one.IsDraft == true, one.Person ?? "")),
                    ],
                });
        }

        public async Task<IResult> SaveAsync(CancellationToken cancellation)
        {
            IFormCollection? posted = await AssessmentRoutes.ReadAsync(http, cancellation);
            string sector = posted?[AnswerLines.Sector].ToString() ?? "";
            if (posted is null || !questionnaire.Sectors.Contains(sector, StringComparer.Ordinal) || (plant is null && Registered is null))
            {
                return Portal.Message(http, AssessmentWords.BadFormTitle, AssessmentWords.BadForm, StatusCodes.Status400BadRequest);
            }

            AssessmentForm form = AssessmentForm.Of(sector, LastYear, posted);
            string record = posted["record"].ToString();
            _ = long.TryParse(posted[VersionField], NumberStyles.None, CultureInfo.InvariantCulture, out long version);
            bool isDraft = posted.ContainsKey("draft");
            if (record.Length > 0 && store.Snapshot.Find<Kept>(record)?.Plant != plantId)
            {
                return Portal.NotFound(http);
            }

            if (!isDraft && form.Read(questionnaire) is null)
            {
                return Form(StatusCodes.Status422UnprocessableEntity, form, record, version, null);
            }

            try
            {
                string id = Save(form, record, version, isDraft);
                return Results.Redirect($"{page.Link(Of(plantId))}?record={id}{(isDraft ? "&saved=1" : "")}");
            }
            catch (RecordConflictException e)
            {
                return Form(StatusCodes.Status412PreconditionFailed, form, record, e.FoundVersion, page.T(AssessmentWords.DraftConflict, e.ChangedBy));
            }
            catch (RecordFaultsException e)
            {
                return Form(StatusCodes.Status422UnprocessableEntity, form, record, version, string.Join(' ', e.Faults.Select(fault => fault.Message.In(language))));
            }
        }

        private string Save(AssessmentForm form, string record, long version, bool isDraft)
        {
            Actor actor = CurrentActor.Of(http);
            Kept Make(string id) => new()
            {
                Id = id,
                Plant = plantId,
                AnsweredOn = store.Today,
                Questionnaire = string.Create(CultureInfo.InvariantCulture, $"{questionnaire.Version:yyyy-MM-dd} {questionnaire.Fingerprint}"),
                Person = actor.Name,
                Answers = AnswerLines.Write(form.Sector, form.FieldsOf(questionnaire)),
                IsDraft = isDraft,
            };
            if (record.Length > 0)
            {
                _ = store.Save([new(Make(record), version)], actor, page.T(isDraft ? AssessmentWords.ReasonDraft : AssessmentWords.ReasonFinished));
                return record;
            }

            return NumberedRecord.Add(store, Make, actor, Missing()).Id;
        }

        // A plant that only the projects file names enters the register with its first record.
        private IReadOnlyList<IProgrammeRecord> Missing() => Registered is not null || plant is null
            ? []
            : [new PlantRecord
            {
                Id = plant.Id,
                NameSpanish = plant.Name.In(Language.Spanish),
                NameEnglish = plant.Name.In(Language.English),
                Sector = plant.Sector,
                State = plant.State,
                Zone = plant.Zone.Id,
                IsSimulated = plant.IsSimulated,
            }];

        private PageResult Record(Kept kept)
        {
            IReadOnlyDictionary<string, string> fields = AnswerLines.Read(kept.Answers);
            string sector = fields.GetValueOrDefault(AnswerLines.Sector, "");
            long version = store.Snapshot.Version(new(Kept.Kind.Name, kept.Id))!.Version;
            bool isKnown = questionnaire.Sectors.Contains(sector, StringComparer.Ordinal);
            AssessmentForm form = AssessmentForm.OfKept(isKnown ? sector : questionnaire.Sectors[0], LastYear, fields);
            AssessmentAnswers? answers = isKnown ? form.Read(questionnaire) : null;
            if (kept.IsDraft == true || answers is null || http.Request.Query.ContainsKey("edit"))
            {
                string? notice = http.Request.Query.ContainsKey("saved") ? page.T(AssessmentWords.DraftSaved) : answers is null && kept.IsDraft != true ? page.T(AssessmentWords.NotUnderstood) : null;
                return Form(StatusCodes.Status200OK, form, kept.Id, version, notice);
            }

            page.Title = page.T(AssessmentWords.ResultTitle);
            return PageResult.Of<SelfAssessmentResultPage>(StatusCodes.Status200OK, new()
            {
                [nameof(SelfAssessmentResultPage.Result)] = Metering.Programme.Assessment.SelfAssessment.Of(questionnaire, answers),
                [nameof(SelfAssessmentResultPage.Form)] = form,
                [nameof(SelfAssessmentResultPage.Kept)] = $"{page.Link(Of(plantId))}?record={kept.Id}",
            });
        }

        // What does not fit is asked beside its field each time the form is drawn, in a draft too; a draft's gaps are no fault.
        private PageResult Form(int status, AssessmentForm form, string record, long version, string? notice)
        {
            AssessmentAnswers? answers = form.Fields.Any() ? form.Read(questionnaire) : null;
            return PageResult.Of<SelfAssessmentPage>(status, new()
            {
                [nameof(SelfAssessmentPage.Questionnaire)] = questionnaire,
                [nameof(SelfAssessmentPage.Form)] = form,
                [nameof(SelfAssessmentPage.Action)] = page.Link(Of(plantId)),
                [nameof(SelfAssessmentPage.Record)] = record,
                [nameof(SelfAssessmentPage.Version)] = version,
                [nameof(SelfAssessmentPage.Findings)] = answers is null ? [] : Metering.Programme.Assessment.SelfAssessment.Of(questionnaire, answers).Findings,
                [nameof(SelfAssessmentPage.Notice)] = notice,
            });
        }
    }
}
