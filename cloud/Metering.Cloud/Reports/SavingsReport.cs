using System.Globalization;
using Metering.Cloud.Charts;
using Metering.Cloud.Evidence;
using Metering.Cloud.Pages;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Reports;

/// <summary>The savings report of a project: what its page shows, from the same result.</summary>
internal static partial class SavingsReport
{
    private const string Ratio = "1";

    /// <summary>Builds the report. Pure: equal results give equal reports.</summary>
    /// <param name="result">The result the page shows.</param>
    /// <param name="signOffs">Sign-offs as given.</param>
    public static ReportDocument Build(ProjectResult result, IReadOnlyList<SignOff> signOffs)
    {
        Project project = result.Project;
        List<ReportSection> sections = [Headline(result), About(project)];
        AddReasons(sections, result);
        AddMonths(sections, result);
        AddUndecided(sections, result);
        AddModel(sections, result);
        sections.Add(Coverage(result));
        AddSources(sections, result);
        sections.Add(Daily(result));
        return new()
        {
            Kind = ReportKind.Savings,
            Subject = project.Id,
            Title = ReportWords.SavingsTitle,
            Subtitle = Each(language => $"{project.Plant.Name.In(language)} · {project.Title.In(language)} · {project.Id}"),
            First = project.Reporting.First,
            Last = result.ReportedThrough ?? project.Reporting.Last,
            IsSimulated = project.Plant.IsSimulated,
            RecomputeCommand = $"cloud report --config cloud.yaml --project {project.Id} --kind savings --out report.json && sha256sum report.json",
            SignOffs = signOffs,
            Sections = sections,
        };
    }

    /// <summary>What may be said of the saving, in whole sentences; the first is the headline.</summary>
    public static IReadOnlyList<Text> Sentences(ProjectResult result)
    {
        string confidence = ConfidenceOf(result.Project);
        List<Text> sentences = [];
        switch (result.Verdict)
        {
            case Verdict.Saving or Verdict.MoreUse:
                Text pattern = result.Verdict == Verdict.Saving ? ReportWords.MeasuredSentence : ReportWords.MoreUseSentence;
                sentences.Add(ReportFormat.Both(pattern, format =>
                    [format.PlusMinus(Math.Abs(result.Savings!.Savings), result.Savings.HalfWidth, result.Unit), confidence]));
                break;
            case Verdict.NotDistinguishable:
                sentences.Add(ReportWords.NoClaimSentence);
                sentences.Add(ReportFormat.Both(ReportWords.ZeroInside, format =>
                    [format.PlusMinus(result.Savings!.Savings, result.Savings.HalfWidth, result.Unit), confidence]));
                break;
            default:
                sentences.Add(result.Verdict == Verdict.Refused ? ReportWords.RefusedSentence : ReportWords.WaitingSentence);
                break;
        }

        if (result is { Savings: not null, IsComplete: false, ReportedThrough: { } through })
        {
            sentences.Add(ReportFormat.Both(ReportWords.ProvisionalSentence, format => [format.Day(through), format.Day(result.Project.Reporting.Last)]));
        }

        return sentences;
    }

    /// <summary>A text whose forms are worked out for each language.</summary>
    public static Text Each(Func<Language, string> form) => new(form(Language.Spanish), form(Language.English));

    private static string ConfidenceOf(Project project) => Formatter.Number(project.ConfidencePercent, project.ConfidencePercent % 1 == 0 ? 0 : 1);

    private static ReportSection Headline(ProjectResult result)
    {
        List<ReportFact> facts = [new("verdict", Words.VerdictWord, ReportCell.Of(VerdictTexts.Word(result.Verdict)))];
        if (result.Savings is { } savings)
        {
            int decimals = Formatter.DecimalsFor(savings.HalfWidth);
            facts.Add(new("saving", Words.Saving, ReportCell.Of(savings.Savings, result.Unit, decimals, savings.HalfWidth)));
            facts.Add(new("saving-percent", ReportWords.OfAdjusted, ReportCell.Of(savings.SavingsPercent, "%", 1, 100 * savings.HalfWidth / Math.Abs(savings.Counterfactual))));
            facts.Add(new("metered", Words.Metered, ReportCell.Of(savings.Metered, result.Unit, decimals)));
            facts.Add(new("adjusted-baseline", Words.AdjustedBaseline, ReportCell.Of(savings.Counterfactual, result.Unit, decimals)));
            facts.Add(new("days-counted", Words.DaysCounted, ReportCell.Count(savings.MeteredByRow.Count, "days")));
        }

        facts.Add(new("evidence-grade", Words.EvidenceGrade, ReportCell.Of(GradeWords.Of(result.Grade))));
        facts.Add(new("valid-days", ReportWords.ValidDays, ReportCell.Of(result.ValidPercent, "%", 1)));
        return new() { Id = "result", Title = ReportWords.Result, Sentences = Sentences(result), Facts = facts };
    }

    private static ReportSection About(Project project) => new()
    {
        Id = "project",
        Title = ReportWords.ProjectData,
        Facts =
        [
            new("plant", ReportWords.PlantWord, ReportCell.Of(project.Plant.Name)),
            new("sector", ReportWords.SectorWord, ReportCell.Of(Each(language => VerdictTexts.SectorName(project.Plant.Sector, language)))),
            new("state", ReportWords.StateWord, ReportCell.Of(project.Plant.State)),
            new("measure", ReportWords.MeasureWord, ReportCell.Of(project.Measure)),
            new("resource", ReportWords.ResourceWord, ReportCell.Of(VerdictTexts.ResourceName(project.Resource))),
            new("zone", ReportWords.ZoneWord, ReportCell.Of(project.Plant.Zone.Id)),
            new("baseline-first", ReportWords.BaselineFirst, ReportCell.Of(project.Baseline.First)),
            new("baseline-last", ReportWords.BaselineLast, ReportCell.Of(project.Baseline.Last)),
            new("installation-first", ReportWords.InstallationFirst, ReportCell.Of(project.Installation.First)),
            new("installation-last", ReportWords.InstallationLast, ReportCell.Of(project.Installation.Last)),
            new("reporting-first", ReportWords.ReportingFirst, ReportCell.Of(project.Reporting.First)),
            new("reporting-last", ReportWords.ReportingLast, ReportCell.Of(project.Reporting.Last)),
            new("confidence", ReportWords.Confidence, ReportCell.Of(project.ConfidencePercent, "%", 0)),
        ],
    };

    private static void AddReasons(List<ReportSection> sections, ProjectResult result)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        rows.AddRange(result.Reasons.Select(reason => (IReadOnlyList<ReportCell>)
            [ReportCell.Of(ReportWords.RefusalWord), ReportCell.Of(ReasonTexts.Of(reason.Kind)), ReportCell.Of(new Text(reason.In(Language.Spanish) ?? reason.Detail, reason.Detail))]));
        rows.AddRange(result.Warnings.Select(reason => (IReadOnlyList<ReportCell>)
            [ReportCell.Of(ReportWords.WarningWord), ReportCell.Of(ReasonTexts.Of(reason.Kind)), ReportCell.Of(new Text(reason.In(Language.Spanish) ?? reason.Detail, reason.Detail))]));
        if (rows.Count > 0)
        {
            sections.Add(new()
            {
                Id = "reasons",
                Title = ReportWords.Reasons,
                Table = new([new("kind", ReportWords.Kind), new("reason", ReportWords.ReasonWord), new("detail", ReportWords.DetailWord)], rows),
            });
        }
    }

    private static void AddMonths(List<ReportSection> sections, ProjectResult result)
    {
        if (result.Savings is not { } savings)
        {
            return;
        }

        int decimals = Formatter.DecimalsFor(savings.HalfWidth);
        string unit = result.Unit;
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (MonthRow month in result.Months)
        {
            rows.Add(MonthCells(ReportCell.Of(Each(language => new Formatter(language).Month(month.Year, month.Month))), unit, decimals, month));
        }

        MonthRow total = new(0, 0, savings.Metered, savings.Counterfactual, savings.HalfWidth, result.Months.Sum(month => month.Days), result.Months.Sum(month => month.PossibleDays));
        rows.Add(MonthCells(ReportCell.Of(Words.TotalWord), unit, decimals, total));
        sections.Add(new()
        {
            Id = "months",
            Title = Words.MonthlySummary,
            Sentences = [Words.MonthsNote],
            Table = new(
                [
                    new("month", Words.MonthWord), new("metered", Words.Metered, unit), new("adjusted-baseline", Words.AdjustedBaseline, unit),
                    new("saving", Words.Saving, unit), new("half-width", ReportWords.PlusMinus, unit), new("percent", Words.Saving, "%"),
                    new("days", Words.DaysCounted, "days"), new("possible-days", ReportWords.PossibleDays, "days"),
                ],
                rows),
        });
    }

    // From the result alone, so that the same command makes the same bytes whoever signs; who signed states it in the signature.
    private static void AddUndecided(List<ReportSection> sections, ProjectResult result)
    {
        IReadOnlyList<Text> events = EventTexts.Undecided(result);
        if (events.Count > 0)
        {
            sections.Add(new() { Id = "undecided-events", Title = ReportWords.UndecidedEvents, Sentences = [.. events, ReportWords.UndecidedStatement] });
        }
    }

    private static ReportCell[] MonthCells(ReportCell name, string unit, int decimals, MonthRow month) =>
    [
        name, ReportCell.Of(month.Metered, unit, decimals), ReportCell.Of(month.Baseline, unit, decimals), ReportCell.Of(month.Saving, unit, decimals),
        ReportCell.Of(month.HalfWidth, unit, decimals), ReportCell.Of(month.Baseline > 0 ? 100 * month.Saving / month.Baseline : double.NaN, "%", 1),
        ReportCell.Count(month.Days, "days"), ReportCell.Count(month.PossibleDays, "days"),
    ];

    private static ReportSection Coverage(ProjectResult result)
    {
        List<ReportFact> facts = [];
        foreach (DayState state in Enum.GetValues<DayState>())
        {
            facts.Add(new(ProjectCsv.StateName(state), CoverageCalendar.StateName(state), ReportCell.Count(result.Days.Count(day => day.State == state), "days")));
        }

        return new() { Id = "coverage", Title = ReportWords.Coverage, Facts = facts };
    }

    private static ReportSection Daily(ProjectResult result)
    {
        string unit = result.Unit;
        List<ReportColumn> columns =
        [
            new("day", Words.DayWord), new("period", Words.PeriodWord), new("data", Words.DataWord), new("metered", Words.Metered, unit),
            new("adjusted-baseline", Words.AdjustedBaseline, unit), new("half-width", ReportWords.PlusMinus, unit),
        ];
        for (int driver = 0; driver < result.Project.Drivers.Count; driver++)
        {
            int index = driver;
            string driverUnit = result.DriverUnits[driver].Length == 0 ? Ratio : result.DriverUnits[driver];
            columns.Add(new("driver-" + result.Project.Drivers[driver].Id, Each(language => DriverNames.Of(result.Project.Drivers[index].Id, language)), driverUnit));
        }

        List<IReadOnlyList<ReportCell>> rows = new(result.Days.Count);
        foreach (ProjectDay day in result.Days)
        {
            ReportCell[] row = new ReportCell[columns.Count];
            row[0] = ReportCell.Of(day.Day);
            row[1] = ReportCell.Of(PhaseWord(day.Phase));
            row[2] = ReportCell.Of(CoverageCalendar.StateName(day.State));
            row[3] = ReportCell.Of(day.Use, unit, 1);
            row[4] = ReportCell.Of(day.Baseline, unit, 1);
            row[5] = ReportCell.Of(day.HalfWidth, unit, 1);
            for (int driver = 0; driver < day.Drivers.Count; driver++)
            {
                row[6 + driver] = ReportCell.Of(day.Drivers[driver], columns[6 + driver].Unit, 2);
            }

            rows.Add(row);
        }

        return new() { Id = "days", Title = ReportWords.DailyTitle, Place = SectionPlace.FilesOnly, Table = new(columns, rows) };
    }

    private static Text PhaseWord(DayPhase phase) => phase switch
    {
        DayPhase.Baseline => Words.BaselinePeriod,
        DayPhase.Installation => Words.Installation,
        DayPhase.Reporting => Words.ReportingPeriod,
        _ => Words.OutsidePeriod,
    };

    private static string Moment(long utcMilliseconds, Plant plant) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds), plant.Zone).ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
}
