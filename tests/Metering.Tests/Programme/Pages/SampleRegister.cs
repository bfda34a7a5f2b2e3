using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Support;

namespace Metering.Tests.Programme.Pages;

/// <summary>A register in which one metered project of the sample portal has gone its whole way to "verified", with a record of every kind that pages show.</summary>
internal static class SampleRegister
{
    public static void Fill(RecordStore store)
    {
        using (TemporaryFolder folder = new())
        {
            ProgrammeImport.Plan(folder.Write("projects.yaml", SampleProjects.Yaml()), store).Run(store, ProgrammeFixture.Ana, isRehearsal: false, Metering.Readings.Texts.Language.English);
        }

        PlantRecord tannery = store.Snapshot.Find<PlantRecord>("leon-tannery")! with { NameSpanish = "Curtidora Reservada", NameEnglish = "Reserved Tannery" };
        ProjectRecord electricity = store.Snapshot.Find<ProjectRecord>(SampleProjects.Accepted)!;
        _ = store.Save([new(tannery, 1)], ProgrammeFixture.Ana, "nombre");
        Add(
            store,
            [.. BajioPreset.Records(new(2026, 1, 1))],
            new Organisation { Id = "buyer", Name = "Compradora de prueba" }, new Contact { Id = "contact", Name = "Persona", Organisation = "buyer", Consents = true, ConsentedOn = new(2026, 1, 1) },
            new Consultant { Id = "c", Name = "Consultora de prueba", IsTrained = true },
            new SelfAssessment { Id = "s", Plant = tannery.Id, AnsweredOn = new(2026, 1, 1), Questionnaire = "q", Answers = "sector: tanning\nyear: 2023\npractice.tanning.rinses: No" },
            new PreAssessment { Id = "p", Plant = tannery.Id, VisitedOn = new(2026, 1, 2), Staff = "Ana", Recommendation = Recommendation.Project, Summary = "x" },
            new Opportunity { Id = "o", Title = "Aislar", PreAssessment = "p", Resource = SavedResource.Gas, Investment = new(500m, "USD") },
            new SelectionDecision { Id = "d", Project = electricity.Id, DecidedOn = new(2026, 1, 3), Decision = SelectionOutcome.Selected, Committee = "Comité de prueba", Reasons = "Razones de prueba" },
            new Metering.Programme.Kinds.Contract { Id = "k", Project = electricity.Id, Consultant = "c", SignedOn = new(2026, 1, 4), Fee = new(8000m, "USD"), CompanyShare = new(4800m, "USD") },
            new CostShareEntry { Id = "e1", Contract = "k", Project = electricity.Id, Entry = LedgerEntry.Due, Payer = Payer.Company, Day = new(2026, 2, 1), Amount = new(4800m, "USD") },
            new CostShareEntry { Id = "e2", Contract = "k", Project = electricity.Id, Entry = LedgerEntry.Paid, Payer = Payer.Company, Day = new(2026, 3, 1), Amount = new(1000m, "USD") },
            new BaselineFreeze { Id = "f", Project = electricity.Id, FrozenOn = new(2026, 1, 5), ModelHash = new string('a', 64), Model = "m" },
            new Measure { Id = "m1", Title = "Variadores", Project = electricity.Id, Resource = SavedResource.Electricity, Status = MeasureStatus.Implemented, ImplementedOn = new(2026, 1, 6), ExpectedPerYear = new(12000m, "kWh") },
            new Measure { Id = "m2", Title = "Enjuague", Project = electricity.Id, Resource = SavedResource.Water, Status = MeasureStatus.Proposed },
            new ReviewSignature { Id = "a", Project = electricity.Id, Role = SignatureRole.Author, PersonId = "ana", Person = "Ana", SignedOn = new(2026, 1, 7), ResultHash = "h", IsApproved = true },
            new ReviewSignature { Id = "r", Project = electricity.Id, Role = SignatureRole.Reviewer, PersonId = "luis", Person = "Luis", SignedOn = new(2026, 1, 7), ResultHash = "h", IsApproved = true });
        Walk(store, electricity.Id);
        Add(
            store, [],
            new SavingClaim { Id = "claim", Title = "Declarado", Project = electricity.Id, FirstDay = new(2021, 1, 1), LastDay = new(2021, 12, 31), Energy = new(17300m, "MWh"), EmissionsTonnes = "7.318", Source = "prensa" },
            new Course { Id = "course", Title = "Curso de prueba" }, new CourseEdition { Id = "ed", Title = "Primera edición", Course = "course", FirstDay = new(2026, 2, 1), LastDay = new(2026, 2, 5), Fee = new(100m, "USD") },
            new Enrolment { Id = "en", Person = "Persona certificada", Edition = "ed", AttendancePercent = 90m, FeePaid = new(100m, "USD"), Certificate = "PML/2026-1", CertifiedOn = new(2026, 2, 6) },
            new OutreachEvent { Id = "ev", Title = "Taller de prueba", Form = OutreachForm.Workshop, Day = new(2026, 3, 1) }, new EventAttendance { Id = "at", Person = "Asistente", Event = "ev", Rating = 4 },
            new Lesson { Id = "le", Title = "Lección de prueba", WrittenOn = new(2026, 4, 1), Content = "Medir antes" },
            new EvaluationFinding { Id = "ef", Title = "Observación de prueba", Evaluator = "Evaluadora", FoundOn = new(2026, 4, 2), Finding = "x" },
            new LogframeIndicator { Id = "i1", Programme = "bajio", Name = "Prediagnósticos hechos", Level = LogframeLevel.Component, Definition = "x", Query = LogframeQuery.PreAssessments, MeansOfVerification = "registro" },
            new LogframeIndicator { Id = "i2", Programme = "bajio", Name = "Electricidad ahorrada", Level = LogframeLevel.Purpose, Definition = "x", Query = LogframeQuery.ElectricitySaved },
            new LogframeTarget { Id = "t1", Indicator = "i1", Year = "bajio-1", Target = 50m },
            new ShareConsent { Id = "sc", Plant = tannery.Id, Buyer = "buyer", Contact = "contact", GivenOn = new(2026, 1, 1), EndsOn = new(2099, 1, 1), Scope = "ahorros" },
            new PublishedCase { Id = "case", TitleSpanish = "Caso de prueba", TitleEnglish = "Test case", Project = electricity.Id, PublishedOn = new(2026, 3, 1), StorySpanish = "Se hizo", StoryEnglish = "It was done", NamesPlant = false });
    }

    /// <summary>Takes a project to "verified", a step a day.</summary>
    public static void Walk(RecordStore store, string project)
    {
        ProjectState[] way = [ProjectState.Lead, ProjectState.SelfAssessed, ProjectState.PreAssessed, ProjectState.Selected, ProjectState.Contracted, ProjectState.Baselining, ProjectState.Implementing, ProjectState.Reporting, ProjectState.Verified];
        DateOnly day = new(2026, 1, 8);
        foreach (ProjectState state in way)
        {
            string evidence = string.Join(' ', ProjectLifecycle.EvidenceFor(store.Snapshot, project, state, day));
            Add(store, [], new ProjectStep { Id = $"{project}-{state}".ToLowerInvariant(), Project = project, State = state, Day = day, Evidence = evidence.Length == 0 ? null : evidence });
            day = day.AddDays(1);
        }
    }

    private static void Add(RecordStore store, IReadOnlyList<IProgrammeRecord> first, params IProgrammeRecord[] records) =>
        _ = store.Save([.. first.Concat(records).Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);
}
