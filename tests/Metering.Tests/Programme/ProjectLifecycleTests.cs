using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Xunit;

namespace Metering.Tests.Programme;

public sealed class ProjectLifecycleTests : IDisposable
{
    private static readonly ProjectState[] Way =
    [
        ProjectState.Lead, ProjectState.SelfAssessed, ProjectState.PreAssessed, ProjectState.Selected, ProjectState.Contracted, ProjectState.Baselining,
        ProjectState.Implementing, ProjectState.Reporting, ProjectState.Verified, ProjectState.FollowedUp, ProjectState.Closed,
    ];

    private readonly ProgrammeFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    public static TheoryData<string, string> Pairs
    {
        get
        {
            TheoryData<string, string> pairs = [];
            foreach (string from in Enum.GetNames<ProjectState>().Prepend(""))
            {
                foreach (string to in Enum.GetNames<ProjectState>())
                {
                    pairs.Add(from, to);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Of_all_pairs_of_states_only_those_of_the_programme_are_allowed(string from, string to)
    {
        ProjectState? state = from.Length == 0 ? null : Enum.Parse<ProjectState>(from);
        ProjectState next = Enum.Parse<ProjectState>(to);
        bool isEnd = state is ProjectState.NotSelected or ProjectState.Closed or ProjectState.Withdrawn;
        int place = state is ProjectState known ? Array.IndexOf(Way, known) : -1;
        bool isAllowed = !isEnd && ((place + 1 < Way.Length && Way[place + 1] == next)
            || (state == ProjectState.PreAssessed && next == ProjectState.NotSelected)
            || (state is not null && next == ProjectState.Withdrawn));
        Assert.Equal(isAllowed, ProjectLifecycle.After(state).Contains(next));
    }

    [Fact]
    public void A_project_goes_its_whole_way_with_evidence_and_no_step_without_it()
    {
        fixture.Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project(), new Consultant { Id = "c", Name = "C", IsTrained = true });
        DateOnly day = new(2026, 1, 1);
        foreach (ProjectState state in Way)
        {
            if (EvidenceOf(state, day) is { Length: > 0 } evidence)
            {
                Assert.Equal("state", Assert.Single(Assert.Throws<RecordFaultsException>(() => fixture.Add(Step(state, day, null))).Faults).Field);
                fixture.Add(evidence);
                Assert.All(Assert.Throws<RecordFaultsException>(() => fixture.Add(Step(state, day, null))).Faults, fault => Assert.Equal("evidence", fault.Field));
                Assert.Equal("state", Assert.Throws<RecordFaultsException>(() => fixture.Add(Step(state, day.AddDays(-1), "x/y"))).Faults[0].Field);
            }

            string named = string.Join(' ', ProjectLifecycle.EvidenceFor(fixture.Register.Snapshot, "pml-1", state, day));
            fixture.Add(Step(state, day, named.Length == 0 ? null : named));
            day = day.AddDays(7);
        }

        ProjectStanding standing = Assert.Single(ProjectLifecycle.Standings(fixture.Register.Snapshot, fixture.Register.Today));
        Assert.Equal((ProjectState.Closed, 110, false), (standing.Step.State, standing.DaysInState, standing.IsOverdue));
        fixture.Add([.. BajioPreset.Records(new(2026, 1, 1))]);
        Assert.Equal([(1, 1), (0, 0), (0, 0)], YearProgress.Of(fixture.Register.Snapshot).Select(year => (year.PreAssessments, year.Projects)));
    }

    [Fact]
    public void One_person_cannot_sign_twice_and_two_must_sign_the_same_result()
    {
        fixture.Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project());
        DateOnly day = new(2026, 5, 1);
        fixture.Add(Signature("s1", SignatureRole.Author, "ana", "h1"), Signature("s2", SignatureRole.Reviewer, "ana", "h1"), Signature("s3", SignatureRole.Reviewer, "luis", "h2"));
        Assert.NotNull(ProjectGuards.Look(fixture.Register.Snapshot, "pml-1", ProjectState.Verified, day).Missing);
        fixture.Add(Signature("s4", SignatureRole.Reviewer, "luis", "h1"));
        Assert.Equal(["review-signature/s1", "review-signature/s4"], ProjectLifecycle.EvidenceFor(fixture.Register.Snapshot, "pml-1", ProjectState.Verified, day).Select(key => key.ToString()));
    }

    [Fact]
    public void A_project_is_withdrawn_with_a_reason_and_no_step_in_the_middle_can_be_taken_out()
    {
        fixture.Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project());
        fixture.Add(Step(ProjectState.Lead, new(2026, 4, 1), null));
        ProjectStep step = Step(ProjectState.Withdrawn, new(2026, 5, 1), null);
        Assert.Equal("note", Assert.Single(Assert.Throws<RecordFaultsException>(() => fixture.Add(step))!.Faults).Field);
        fixture.Add(step with { Note = "la empresa cerró" });
        RecordKey first = new("project-step", "step-lead-2026-04-01");
        Assert.Equal("state", Assert.Throws<RecordFaultsException>(() => fixture.Register.Withdraw(first, 1, ProgrammeFixture.Ana, "error")).Faults[0].Field);
    }

    [Fact]
    public void A_step_of_tomorrow_is_refused_and_a_project_too_long_in_its_state_is_overdue()
    {
        fixture.Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project());
        Assert.Equal("day", Assert.Throws<RecordFaultsException>(() => fixture.Add(Step(ProjectState.Lead, new(2026, 7, 1), null))).Faults[0].Field);
        fixture.Add(Step(ProjectState.Lead, new(2026, 5, 1), null));
        Assert.False(Assert.Single(ProjectLifecycle.Standings(fixture.Register.Snapshot, new(2026, 6, 30))).IsOverdue);
        Assert.True(Assert.Single(ProjectLifecycle.Standings(fixture.Register.Snapshot, new(2026, 7, 1))).IsOverdue);
    }

    [Fact]
    public void The_days_after_which_a_project_is_overdue_are_the_programmes_own_and_the_usual_ones_where_it_states_none()
    {
        fixture.Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project());
        fixture.Add(Step(ProjectState.Lead, new(2026, 5, 1), null));
        fixture.Add([.. BajioPreset.Records(new(2026, 1, 1))]);
        Assert.Equal((60, false), TermOn(new(2026, 6, 30)));
        ProgrammeDefinition programme = fixture.Register.Snapshot.Find<ProgrammeDefinition>("bajio")!;
        _ = fixture.Register.Save([new(programme with { LeadDays = 30 }, 1)], ProgrammeFixture.Ana, "plazo del comité");
        Assert.Equal((30, false), TermOn(new(2026, 5, 31)));
        Assert.Equal((30, true), TermOn(new(2026, 6, 1)));
        Assert.Equal(90, ProjectLifecycle.MostDaysIn(fixture.Register.Snapshot, ProjectState.Selected));
        Assert.Null(ProjectLifecycle.MostDaysIn(fixture.Register.Snapshot, ProjectState.Closed));
        fixture.Add(programme with { Id = "other", LeadDays = 45, SelectedDays = 120 });
        Assert.Equal((30, true), TermOn(new(2026, 6, 1)));
        Assert.Equal(120, ProjectLifecycle.MostDaysIn(fixture.Register.Snapshot, ProjectState.Selected));

        (int?, bool) TermOn(DateOnly day) => Assert.Single(ProjectLifecycle.Standings(fixture.Register.Snapshot, day)) is var standing ? (standing.MostDays, standing.IsOverdue) : default;
    }

    [Fact]
    public void Every_state_that_can_be_overdue_has_its_field_in_the_programme_which_names_the_usual_days()
    {
        ProjectState[] due = [.. Enum.GetValues<ProjectState>().Where(state => ProjectLifecycle.DefaultDaysIn(state) is not null)];
        Field[] fields = [.. ProgrammeDefinition.Kind.Fields.Where(field => field.Name.EndsWith("Days", StringComparison.Ordinal))];
        Assert.Equal(due.Select(state => $"{state}Days"), fields.Select(field => char.ToUpperInvariant(field.Name[0]) + field.Name[1..]));
        ProgrammeDefinition all = (ProgrammeDefinition)ProgrammeDefinition.Kind.FromTexts(RecordKindTests.Sample(ProgrammeDefinition.Kind), [])!;
        Assert.All(due, state => Assert.Equal(3, all.MostDaysIn(state)));
        Assert.All(due.Zip(fields), pair => Assert.Contains($"empty: {ProjectLifecycle.DefaultDaysIn(pair.First)}.", pair.Second.Help.In(Language.English), StringComparison.Ordinal));
    }

    private static ProjectStep Step(ProjectState state, DateOnly day, string? evidence) =>
        new() { Id = $"step-{Field.WordOf(state)}-{day:yyyy-MM-dd}", Project = "pml-1", State = state, Day = day, Evidence = evidence };

    private static ReviewSignature Signature(string id, SignatureRole role, string person, string hash) =>
        new() { Id = id, Project = "pml-1", Role = role, PersonId = person, Person = person, SignedOn = new(2026, 4, 1), ResultHash = hash, IsApproved = true };

    private static IProgrammeRecord[] EvidenceOf(ProjectState state, DateOnly day) => state switch
    {
        ProjectState.SelfAssessed => [new SelfAssessment { Id = "sa", Plant = "leon", AnsweredOn = day, Questionnaire = "1", Answers = "agua: sí" }],
        ProjectState.PreAssessed => [new PreAssessment { Id = "pa", Plant = "leon", VisitedOn = day, Staff = "Ana", Recommendation = Recommendation.Project, Summary = "Bien" }],
        ProjectState.Selected => [new SelectionDecision { Id = "sd", Project = "pml-1", DecidedOn = day, Decision = SelectionOutcome.Selected, Committee = "C", Reasons = "R" }],
        ProjectState.Contracted => [new Metering.Programme.Kinds.Contract { Id = "ct", Project = "pml-1", Consultant = "c", SignedOn = day, Fee = new(8000m, "USD"), CompanyShare = new(4000m, "USD") }],
        ProjectState.Implementing => [new BaselineFreeze { Id = "bf", Project = "pml-1", FrozenOn = day, ModelHash = new string('a', 64), Model = "OLS" }],
        ProjectState.Reporting => [new Measure { Id = "m", Title = "M", Project = "pml-1", Resource = SavedResource.Electricity, Status = MeasureStatus.Implemented, ImplementedOn = day }],
        ProjectState.Verified => [Signature("s1", SignatureRole.Author, "ana", "h") with { SignedOn = day }, Signature("s2", SignatureRole.Reviewer, "luis", "h") with { SignedOn = day }],
        ProjectState.FollowedUp => [new FollowUp { Id = "fu", Project = "pml-1", After = FollowUpMonth.SixMonths, VisitedOn = day, Persists = true, Observation = "Igual" }],
        _ => [],
    };
}
