using System.Globalization;
using Metering.Cloud.Assessment;
using Metering.Cloud.Register;
using Metering.Cloud.Reports;
using Metering.Cloud.Texts;
using Metering.Cloud.Workflow;
using Metering.Programme.Accounts;
using Metering.Programme.Assessment;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Metering.EndToEnd.Tests.Browser.Walks.ProjectSteps;
using Kept = Metering.Programme.Kinds.SelfAssessment;

namespace Metering.EndToEnd.Tests.Browser.Walks;

/// <summary>Programme staff: takes a company from its self-assessment to a verified saving and exports the half-yearly report.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class StaffWalkTests(BrowserFixture fixture)
{
    [NeedsTheory("chromium", "mosquitto")]
    [InlineData(Language.Spanish)]
    [InlineData(Language.English)]
    public async Task Staff_takes_a_company_from_self_assessment_to_verified_and_exports_the_half_yearly_report(Language language)
    {
        Story story = new(await fixture.WalksAsync(), language);
        await story.CompanyAsksAsync(fixture.Browser);
        await using Walker staff = await Walker.BeginAsync(fixture.Browser, story.Host.Address, language, "staff");
        await staff.EnterAsync(await story.Host.InviteAsync("staff", AccountRole.Reviewer, language));
        await story.RegisterCompanyAsync(staff);
        await story.MeasureAsync(staff);
        await story.AssessAsync(staff);
        await story.SelectAsync(staff);
        await story.ConsultantSignsAsync(fixture.Browser);
        await story.ReviewAsync(staff);
        await story.ReportAsync(staff);
        staff.ExpectNoFaults();
    }

    private sealed class Story(WalkHost host, Language language)
    {
        private readonly string company = $"Curtidos del Bajío {language.Code()} (simulada)";
        private readonly string plant = WalkHost.CompanyPlant(language);
        private readonly string project = "ahorro-" + language.Code();
        private readonly string today = host.Register.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        public WalkHost Host => host;

        /// <summary>The company answers the open questionnaire and sends it; nobody signs in for that.</summary>
        public async Task CompanyAsksAsync(IBrowser browser)
        {
            await using Walker person = await Walker.BeginAsync(browser, host.Address, language, "company", Survey.Phone);
            await person.OpenAsync($"/{language.Code()}/sign-in");
            await person.FollowAsync(AssessmentWords.Title);
            await AnswerAsync(person);
            await person.PressAsync(AssessmentWords.Submit);
            await person.SeeAsync(AssessmentWords.IndicatorsTitle);
            await person.LookAsync("result");
            await person.PressAsync(AssessmentWords.Send);
            await person.FillAsync(InterestWords.Company, company);
            await person.FillAsync(InterestWords.Person, "Persona de prueba");
            await person.FillAsync(InterestWords.Email, "persona@example.com");
            await person.Page.GetByLabel(person.T(InterestWords.Consent)).PressAsync("Space");
            await person.LookAsync("interest");
            await person.PressAsync(InterestWords.Send);
            await person.SeeAsync(person.T(InterestWords.Sent).Split('.')[0]);
            person.ExpectNoFaults();
        }

        /// <summary>Staff finds the company among those that asked, and takes it and its plant into the register.</summary>
        public async Task RegisterCompanyAsync(Walker staff)
        {
            await staff.FollowAsync(RegisterWords.Register);
            await staff.FollowAsync(Lead.Kind.Plural);
            await staff.SeeAsync(company);
            await staff.LookAsync("leads");
            await staff.AddRecordAsync(Organisation.Kind, ("id", "org-" + language.Code()), ("name", company), ("size", "medium"));
            await staff.AddRecordAsync(
                PlantRecord.Kind, ("id", plant), ("nameSpanish", company + ", planta 1"), ("nameEnglish", company + ", plant 1"), ("organisation", "org-" + language.Code()),
                ("sector", "tannery"), ("state", "Guanajuato"), ("zone", "America/Mexico_City"), ("isSimulated", "yes"));
            await staff.LookAsync("plant-record");
        }

        /// <summary>The project with its channel, drivers and periods.</summary>
        public async Task MeasureAsync(Walker staff)
        {
            await staff.FollowAsync(Words.Projects);
            await staff.FollowAsync(WorkflowWords.NewProject);
            await staff.FillAsync(WorkflowWords.PlantWord, plant);
            await staff.PressAsync(WorkflowWords.Continue);
            await staff.FillAsync(LabelOf(ProjectRecord.Kind, "id"), project);
            foreach (string field in (string[])["titleSpanish", "titleEnglish", "measureSpanish", "measureEnglish"])
            {
                await staff.FillAsync(LabelOf(ProjectRecord.Kind, field), "Paro en pausas " + language.Code());
            }

            await staff.FillAsync(LabelOf(ProjectRecord.Kind, "resource"), "electricity");
            await ProjectSteps.MeasureAsync(staff, plant, looksFirst: false);
            await staff.LookAsync("project-new");
        }

        /// <summary>The plant's own self-assessment, the pre-assessment after a visit, and the first steps of the project.</summary>
        public async Task AssessAsync(Walker staff)
        {
            await staff.FollowAsync(Words.Projects);
            await staff.FollowAsync(host.PlantName(plant, language));
            await staff.FollowInMainAsync(AssessmentWords.Title);
            await AnswerAsync(staff);
            await staff.PressAsync(AssessmentWords.SubmitKept);
            await staff.SeeAsync(AssessmentWords.IndicatorsTitle);
            Assert.Single(host.Register.Snapshot.All<Kept>(), one => one.Plant == plant && one.IsDraft != true);
            await staff.AddRecordAsync(
                PreAssessment.Kind, ("id", "visita-" + language.Code()), ("plant", plant), ("visitedOn", today), ("staff", "Persona de prueba"), ("recommendation", "project"), ("summary", "Bombas sin paro · Pumps never stop"));
            await StepsAsync(staff, ProjectState.Lead, ProjectState.SelfAssessed, ProjectState.PreAssessed);
        }

        /// <summary>The committee's decision and the contract.</summary>
        public async Task SelectAsync(Walker staff)
        {
            await staff.AddRecordAsync(
                SelectionDecision.Kind, ("id", "comite-" + language.Code()), ("project", project), ("decidedOn", today), ("decision", "selected"), ("committee", "Comité 1"), ("reasons", "Mide y paga · Measures and pays"));
            await staff.AddRecordAsync(Consultant.Kind, ("id", "consultoria-" + language.Code()), ("name", "Consultoría de prueba"), ("isTrained", "yes"));
            await staff.AddRecordAsync(
                Contract.Kind, ("id", "contrato-" + language.Code()), ("project", project), ("consultant", "consultoria-" + language.Code()), ("signedOn", today), ("fee", "8000 USD"), ("companyShare", "4000 USD"));
            await StepsAsync(staff, ProjectState.Selected, ProjectState.Contracted, ProjectState.Baselining);
            await staff.LookAsync("step-record");
        }

        /// <summary>The consultant's part: plan, frozen baseline, measure in operation, signature.</summary>
        public async Task ConsultantSignsAsync(IBrowser browser)
        {
            await using Walker author = await Walker.BeginAsync(browser, host.Address, language, "author");
            await author.EnterAsync(await host.InviteAsync("author", AccountRole.Consultant, language, project: project));
            await author.FollowAsync(host.ProjectTitle(project, language));
            await author.FollowAsync(WorkflowWords.Title);
            await PlanAsync(author);
            await FreezeAsync(author);
            await InstallAsync(author);
            await SignAsync(author, WalkHost.NameOf("author", language));
            author.ExpectNoFaults();
        }

        /// <summary>The second signature, and the last steps, each with the records that prove it.</summary>
        public async Task ReviewAsync(Walker staff)
        {
            await staff.FollowAsync(Words.Projects);
            await staff.FollowAsync(host.ProjectTitle(project, language));
            await staff.SeeAsync(WalkHost.NameOf("author", language));
            await staff.LookAsync("project-signed-by-author");
            await staff.FollowAsync(WorkflowWords.Title);
            await staff.FillAsync(WorkflowWords.Decision, "yes");
            await ProjectSteps.TickSeenAsync(staff);
            await staff.PressAsync(WorkflowWords.Review);
            await staff.SeeAsync(WalkHost.NameOf("staff", language));
            await staff.LookAsync("signed-by-two");
            await StepsAsync(staff, ProjectState.Implementing, ProjectState.Reporting, ProjectState.Verified);
            await staff.FollowAsync(RegisterWords.Register);
            await staff.FollowAsync(RegisterWords.Pipeline);
            ILocator verified = staff.Page.GetByRole(AriaRole.Heading).Filter(new() { HasText = ProjectLifecycle.NameOf(ProjectState.Verified, language) }).Locator("+ ul");
            await verified.GetByText(host.ProjectTitle(project, language)).WaitForAsync();
            await staff.LookAsync("pipeline");
        }

        /// <summary>The half-yearly report, to read and as a workbook.</summary>
        public async Task ReportAsync(Walker staff)
        {
            await staff.FollowAsync(Words.Projects);
            ILocator half = staff.Page.Locator("section[aria-labelledby=half-years] li").Last;
            byte[] workbook = await staff.DownloadAsync(half.GetByRole(AriaRole.Link, new() { Name = "XLSX" }));
            Assert.Equal("PK"u8, workbook.AsSpan(0, 2));
            await half.GetByRole(AriaRole.Link).First.ClickAsync();
            await staff.SeeAsync(ReportWords.HalfYearTitle);
            await staff.SeeAsync(host.PlantName(plant, language));
            await staff.LookAsync("half-yearly-report");
        }

        private static async Task AnswerAsync(Walker person)
        {
            await person.FillAsync(AssessmentWords.ChooseSector, "tanning");
            await person.PressAsync(AssessmentWords.Begin);
            await person.SeeAsync(AssessmentWords.Year);
            IReadOnlyList<Question> questions = Questionnaire.OfMexico(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date)).Of("tanning");
            foreach ((string id, string amount, string unit) in new[] { ("tanning.output", "1200", "t"), ("electricity", "640000", "kWh"), ("water-utility", "30000", "m3") })
            {
                ILocator group = person.Page.GetByRole(AriaRole.Group, new() { Name = person.T(questions.Single(question => question.Id == id).Words) });
                await person.FillAsync(group, AssessmentWords.Amount, amount);
                await person.FillAsync(group, AssessmentWords.Unit, unit);
            }

            ILocator practice = person.Page.GetByRole(AriaRole.Group, new() { Name = person.T(questions.Single(question => question.Id == "records").Words) });
            await practice.GetByLabel(person.T(AssessmentWords.Of(PracticeAnswer.Yes))).CheckAsync();
        }

        // Each step names the records that allow it; what the program has written by itself is not written again.
        private async Task StepsAsync(Walker staff, params ProjectState[] states)
        {
            foreach (ProjectState state in states.Where(state => !host.Register.Snapshot.All<ProjectStep>().Any(step => step.Project == project && step.State == state)))
            {
                string word = Field.WordOf(state);
                string evidence = string.Join(' ', ProjectLifecycle.EvidenceFor(host.Register.Snapshot, project, state, host.Register.Today));
                await staff.AddRecordAsync(ProjectStep.Kind, ("id", $"{project}.{word}"), ("project", project), ("state", word), ("day", today), ("evidence", evidence));
            }
        }
    }
}
