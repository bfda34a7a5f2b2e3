using System.Security.Cryptography;
using System.Text;
using Metering.Programme.Evaluation;
using Metering.Programme.FollowUps;
using Metering.Programme.Kinds;
using Metering.Programme.Ledger;
using Metering.Programme.Logframe;
using Metering.Programme.Records;
using Metering.Tests.Programme.Pages;
using Xunit;

namespace Metering.Tests.Programme;

/// <summary>What the register is counted and added up to.</summary>
public sealed class ProgrammeCountTests : IDisposable
{
    private static readonly DateOnly First = new(2026, 1, 1);
    private static readonly DateOnly Last = new(2026, 12, 31);
    private readonly ProgrammeFixture fixture = new();

    public ProgrammeCountTests() => SampleRegister.Fill(fixture.Register);

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Every_row_of_the_logframe_that_records_answer_names_the_records_it_was_counted_from()
    {
        foreach (LogframeQuery query in Enum.GetValues<LogframeQuery>().Where(query => !LogframeCount.IsMetered(query)))
        {
            LogframeValue value = LogframeCount.Of(fixture.Register.Snapshot, query, First, Last);
            decimal expected = query switch { LogframeQuery.PersistingProjects => 0, LogframeQuery.CompanySharePaid => 1000, _ => 1 };
            Assert.True(value.Value == expected, $"{query}: {value.Value}");
            Assert.Equal(expected > 0, value.Evidence.Count > 0);
            Assert.All(value.Evidence, key => Assert.NotNull(fixture.Register.Snapshot.Version(key)));
            Assert.Empty(LogframeCount.Of(fixture.Register.Snapshot, query, First.AddYears(-1), Last.AddYears(-1)).Evidence);
        }
    }

    [Fact]
    public void A_project_decided_twice_counts_once_and_payments_in_two_currencies_have_no_sum()
    {
        RegisterSnapshot register = fixture.Add(
            new SelectionDecision { Id = "d2", Project = "pml-001", DecidedOn = new(2026, 2, 3), Decision = SelectionOutcome.Selected, Committee = "C", Reasons = "R" },
            new CostShareEntry { Id = "e3", Contract = "k", Project = "pml-001", Entry = LedgerEntry.Paid, Payer = Payer.Company, Day = new(2026, 3, 2), Amount = new(100m, "MXN") });
        LogframeValue decided = LogframeCount.Of(register, LogframeQuery.SelectedProjects, First, Last);
        Assert.Equal((1m, 2), (decided.Value!.Value, decided.Evidence.Count));
        Assert.Null(LogframeCount.Of(register, LogframeQuery.CompanySharePaid, First, Last).Value);
    }

    [Fact]
    public void Payments_settle_the_oldest_amount_first_and_a_share_above_the_greatest_is_told()
    {
        RegisterSnapshot register = fixture.Add(
            new CostShareEntry { Id = "e4", Contract = "k", Project = "pml-001", Entry = LedgerEntry.Due, Payer = Payer.Programme, Day = new(2026, 1, 10), Amount = new(500m, "USD") },
            new CostShareEntry { Id = "e5", Contract = "k", Project = "pml-001", Entry = LedgerEntry.Due, Payer = Payer.Programme, Day = new(2026, 2, 10), Amount = new(500m, "USD") },
            new CostShareEntry { Id = "e6", Contract = "k", Project = "pml-001", Entry = LedgerEntry.Due, Payer = Payer.Programme, Day = new(2026, 12, 10), Amount = new(2200m, "USD") },
            new CostShareEntry { Id = "e7", Contract = "k", Project = "pml-001", Entry = LedgerEntry.Paid, Payer = Payer.Programme, Day = new(2026, 2, 20), Amount = new(700m, "USD") },
            new CostShareEntry { Id = "e8", Contract = "k", Project = "pml-001", Entry = LedgerEntry.Paid, Payer = Payer.Programme, Day = new(2026, 2, 20), Amount = new(700m, "MXN") });
        ContractStanding standing = Assert.Single(CostShareLedger.Of(register, fixture.Register.Today));
        PayerStanding programme = standing.Payers.Single(payer => payer.Payer == Payer.Programme);
        Assert.Equal((3200m, 700m, 300m, new DateOnly(2026, 2, 10)), (programme.Due, programme.Paid, programme.Overdue, programme.OverdueSince!.Value));
        PayerStanding company = standing.Payers.Single(payer => payer.Payer == Payer.Company);
        Assert.Equal((3800m, new DateOnly(2026, 2, 1)), (company.Overdue, company.OverdueSince!.Value));
        Assert.True(standing.IsAboveMost);
        Assert.Equal((60m, 50m), (standing.CompanySharePercent!.Value, standing.MostPercent!.Value));
        Assert.Equal("e8", Assert.Single(standing.OtherCurrency).Id);
    }

    [Fact]
    public void Follow_ups_are_due_six_twelve_and_twenty_four_months_after_the_verification_and_the_visit_is_found()
    {
        RegisterSnapshot register = fixture.Add(new FollowUp { Id = "v", Project = "pml-001", After = FollowUpMonth.SixMonths, VisitedOn = new(2026, 6, 29), Persists = true, Observation = "x" });
        IReadOnlyList<DueFollowUp> due = FollowUpSchedule.Of(register);
        Assert.Equal([new(2026, 7, 16), new(2027, 1, 16), new(2028, 1, 16)], due.Select(one => one.DueOn));
        Assert.Equal(["v", null, null], due.Select(one => one.Visit?.Id));
    }

    [Fact]
    public void A_sample_is_drawn_again_by_anyone_from_seed_and_identifiers_whatever_their_order()
    {
        string[] projects = [.. Enumerable.Range(1, 30).Select(number => $"pml-{number}")];
        IReadOnlyList<SampledProject> sample = ProjectSample.Draw(projects, "2026-11", 5);
        Assert.Equal(sample, ProjectSample.Draw([.. projects.Reverse()], "2026-11", 5));
        Assert.NotEqual(sample, ProjectSample.Draw(projects, "2026-12", 5));
        Assert.Equal(5, sample.Select(one => one.Project).Distinct().Count());
        Assert.All(sample, one => Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("2026-11:" + one.Project))), one.Hash));
        Assert.Equal(30, ProjectSample.Draw(projects, "x", 100).Count);
    }

    [Fact]
    public void A_named_case_needs_the_day_of_the_consent() =>
        Assert.Equal("consentedOn", Assert.Single(Assert.Throws<RecordFaultsException>(() => fixture.Add(new PublishedCase
        {
            Id = "n", TitleSpanish = "x", TitleEnglish = "x", Project = "pml-001", PublishedOn = new(2026, 3, 1), StorySpanish = "x", StoryEnglish = "x", NamesPlant = true,
        })).Faults).Field);
}
