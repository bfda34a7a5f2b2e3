using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.Logframe;

/// <summary>What a row of the logframe comes to in a span of days, and the records it was counted from.</summary>
/// <param name="Value">The value; null when it cannot be stated, never zero for unknown.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Evidence">Records it was counted from.</param>
internal sealed record LogframeValue(decimal? Value, string Unit, IReadOnlyList<RecordKey> Evidence);

/// <summary>Counts rows of the logframe from the register. Nobody types a value in.</summary>
internal static class LogframeCount
{
    /// <summary>Whether the row is answered by metered results and not by records.</summary>
    public static bool IsMetered(LogframeQuery query) => query is LogframeQuery.ElectricitySaved or LogframeQuery.WaterSaved or LogframeQuery.EmissionsAvoided or LogframeQuery.LoadAvoided;

    /// <summary>The value of a row that records answer.</summary>
    /// <param name="register">The register.</param>
    /// <param name="query">What is counted; one that <see cref="IsMetered"/> denies.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, inclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row that metered results answer.</exception>
    public static LogframeValue Of(RegisterSnapshot register, LogframeQuery query, DateOnly first, DateOnly last)
    {
        bool Within(DateOnly? day) => day >= first && day <= last;
        return query switch
        {
            LogframeQuery.SelfAssessments => Each(register.All<SelfAssessment>().Where(one => one.IsDraft != true && Within(one.AnsweredOn)), "assessments"),
            LogframeQuery.PreAssessments => Each(register.All<PreAssessment>().Where(one => Within(one.VisitedOn)), "visits"),
            LogframeQuery.SelectedProjects => Once(register.All<SelectionDecision>().Where(one => one.Decision == SelectionOutcome.Selected && Within(one.DecidedOn)), one => one.Project, "projects"),
            LogframeQuery.ContractedProjects => Once(register.All<Contract>().Where(one => Within(one.SignedOn)), one => one.Project, "projects"),
            LogframeQuery.VerifiedProjects => Once(register.All<ProjectStep>().Where(one => one.State == ProjectState.Verified && Within(one.Day)), one => one.Project, "projects"),
            LogframeQuery.PersistingProjects => Persisting(register.All<FollowUp>().Where(one => Within(one.VisitedOn))),
            LogframeQuery.TrainedPeople => Once(
                register.All<Enrolment>().Where(one => Within(register.Find<CourseEdition>(one.Edition)?.FirstDay)), one => one.Person.Trim().ToUpperInvariant(), "people"),
            LogframeQuery.Certificates => Each(register.All<Enrolment>().Where(one => Within(one.CertifiedOn)), "certificates"),
            LogframeQuery.Events => Each(register.All<OutreachEvent>().Where(one => Within(one.Day)), "events"),
            LogframeQuery.Attendances => Each(register.All<EventAttendance>().Where(one => Within(register.Find<OutreachEvent>(one.Event)?.Day)), "people"),
            LogframeQuery.PublishedCases => Each(register.All<PublishedCase>().Where(one => Within(one.PublishedOn)), "cases"),
            LogframeQuery.CompanySharePaid => Paid(register.All<CostShareEntry>().Where(one => one.Entry == LedgerEntry.Paid && one.Payer == Payer.Company && Within(one.Day))),
            _ => throw new ArgumentOutOfRangeException(nameof(query), query, "metered results answer this row"),
        };
    }

    private static LogframeValue Each<TRecord>(IEnumerable<TRecord> found, string unit)
        where TRecord : class, IProgrammeRecord
    {
        RecordKey[] keys = [.. found.Select(Key)];
        return new(keys.Length, unit, keys);
    }

    // Several records of one project or person count once; all of them are evidence.
    private static LogframeValue Once<TRecord>(IEnumerable<TRecord> found, Func<TRecord, string> by, string unit)
        where TRecord : class, IProgrammeRecord
    {
        TRecord[] records = [.. found];
        return new(records.Select(by).Distinct(StringComparer.Ordinal).Count(), unit, [.. records.Select(Key)]);
    }

    // The last visit of the span decides.
    private static LogframeValue Persisting(IEnumerable<FollowUp> visits)
    {
        FollowUp[] last = [.. visits.GroupBy(visit => visit.Project, StringComparer.Ordinal).Select(group => group.OrderBy(visit => visit.VisitedOn).ThenBy(visit => visit.After).Last()).Where(visit => visit.Persists)];
        return new(last.Length, "projects", [.. last.Select(Key)]);
    }

    // Amounts of several currencies have no sum.
    private static LogframeValue Paid(IEnumerable<CostShareEntry> entries)
    {
        CostShareEntry[] paid = [.. entries];
        string[] currencies = [.. paid.Select(entry => entry.Amount.Currency).Distinct(StringComparer.Ordinal)];
        return new(currencies.Length > 1 ? null : paid.Sum(entry => entry.Amount.Amount), currencies.Length == 1 ? currencies[0] : "USD", [.. paid.Select(Key)]);
    }

    private static RecordKey Key<TRecord>(TRecord record)
        where TRecord : class, IProgrammeRecord => new(RecordKinds.Of(typeof(TRecord)).Name, record.Id);
}
