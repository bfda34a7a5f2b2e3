using System.Globalization;
using Metering.Analytics.Indicators;
using Metering.Analytics.Portfolio;
using Metering.Cloud.Evidence;
using Metering.Cloud.Pages;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Reports;

/// <summary>What a project claims and what was estimated for it, in the unit of its meter and for the period of the report.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="Claimed">Saving the plant or consultant claims; null when none is stated.</param>
/// <param name="Estimated">Saving estimated before the project; null when none is stated.</param>
public sealed record ProjectClaim(string ProjectId, double? Claimed, double? Estimated);

/// <summary>One row of the logframe, as given.</summary>
/// <param name="Code">Code of the indicator.</param>
/// <param name="Indicator">What is counted.</param>
/// <param name="Unit">Unit of the figures: projects, kWh, m3.</param>
/// <param name="Start">Figure at the start; null when not known.</param>
/// <param name="Target">Target of the period; null when none is set.</param>
/// <param name="Achieved">Figure of the period; null when not known.</param>
/// <param name="Means">Means of verification.</param>
public sealed record LogframeRow(string Code, Text Indicator, string Unit, double? Start, double? Target, double? Achieved, Text Means);

/// <summary>What a report of a portfolio is made of.</summary>
internal sealed record PortfolioReportInput
{
    /// <summary>Half-yearly or annual.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly First { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly Last { get; init; }

    /// <summary>Results of all projects, those without a number too.</summary>
    public required IReadOnlyList<ProjectSummary> Results { get; init; }

    /// <summary>Claims and estimates.</summary>
    public IReadOnlyList<ProjectClaim> Claims { get; init; } = [];

    /// <summary>The logframe.</summary>
    public IReadOnlyList<LogframeRow> Logframe { get; init; } = [];

    /// <summary>What the targets of the logframe are targets of, in words; null when they are those of the report's own days.</summary>
    public Text? TargetNote { get; init; }

    /// <summary>Effluent projects with their COD load within the days of the report; empty without a register.</summary>
    public IReadOnlyList<ProgrammePages.PortfolioEntry> Loads { get; init; } = [];

    /// <summary>Sign-offs as given.</summary>
    public IReadOnlyList<SignOff> SignOffs { get; init; } = [];
}

/// <summary>The funder's half-yearly and annual report.</summary>
internal static class PortfolioReport
{
    private const string Programme = "programme";

    /// <summary>Builds the report. Pure.</summary>
    public static ReportDocument Build(PortfolioReportInput input)
    {
        List<Entry> entries = [.. input.Results.Select(result => new Entry(result, result.PartIn(input.First, input.Last)))];
        List<ReportSection> sections = [Totals(input, entries)];
        sections.Add(Groups("sectors", (ReportWords.BySector, ReportWords.SectorWord), entries, entry => SavingsReport.Each(language => VerdictTexts.SectorName(entry.Result.Project.Plant.Sector, language)), input));
        sections.Add(Groups("states", (ReportWords.ByState, ReportWords.StateWord), entries, entry => new(entry.Result.Project.Plant.State, entry.Result.Project.Plant.State), input));
        sections.Add(Years(input));
        sections.Add(Projects(input, entries));
        sections.Add(DoubleCounts(input, entries));
        if (input.Loads.Count > 0)
        {
            sections.Add(ProgrammePages.LoadSection.OfReport(input.Loads));
        }

        if (input.Logframe.Count > 0)
        {
            sections.Add(Logframe(input.Logframe, input.TargetNote));
        }

        sections.Add(Health(input.Results));
        string period = PeriodName(input);
        bool isPlain = input.Claims.Count == 0 && input.SignOffs.Count == 0;
        return new()
        {
            Kind = input.Kind,
            Subject = "portfolio-" + period,
            Title = input.Kind == ReportKind.HalfYearly ? ReportWords.HalfYearTitle : ReportWords.AnnualTitle,
            Subtitle = new($"{ReportWords.Portfolio.In(Language.Spanish)} · {period}", $"{ReportWords.Portfolio.In(Language.English)} · {period}"),
            First = input.First,
            Last = input.Last,
            IsSimulated = input.Results.Any(result => result.Project.Plant.IsSimulated),
            RecomputeCommand = isPlain
                ? $"cloud report --config cloud.yaml --portfolio --kind {ReportJson.KindName(input.Kind)} --period {period} --out report.json && sha256sum report.json"
                : "",
            SignOffs = input.SignOffs,
            Sections = sections,
        };
    }

    private static string PeriodName(PortfolioReportInput input) => input.Kind == ReportKind.HalfYearly
        ? ReportFiles.HalfYearOf(input.First)
        : input.First.Year.ToString(CultureInfo.InvariantCulture);

    private static ReportSection Totals(PortfolioReportInput input, List<Entry> entries)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (IGrouping<(Resource Resource, string Unit), Entry> group in ByResource(entries))
        {
            Entry[] members = [.. group];
            PortfolioResult? total = Compute(members, input).Result;
            rows.Add([
                ReportCell.Of(VerdictTexts.ResourceName(group.Key.Resource)), Verified(total, group.Key.Unit),
                total is null ? ReportCell.Missing : ReportCell.Of(total.AtLeast, group.Key.Unit, Formatter.DecimalsFor(total.HalfWidth)),
                total is null ? ReportCell.Missing : ReportCell.Of(total.MeetsPrecision ? ReportWords.Yes : ReportWords.No),
                ReportCell.Of(Grades.Weakest(members.Where(member => member.Saving is not null).Select(member => member.Result))?.ToString() ?? ""),
                Stated(members, input.Claims, group.Key.Unit, claim => claim.Claimed), Stated(members, input.Claims, group.Key.Unit, claim => claim.Estimated),
                ReportCell.Count(members.Count(member => member.Saving is not null), "projects"), ReportCell.Count(members.Length, "projects"),
            ]);
        }

        return new()
        {
            Id = "totals",
            Title = ReportWords.TotalsTitle,
            Sentences = [ReportWords.TotalsNote, GradeWords.Legend],
            Table = new(
                [
                    new("resource", ReportWords.ResourceWord), new("verified", ReportWords.Measured), new("at-least", ReportWords.ExpectedToBe), new("meets", ReportWords.Meets),
                    new("evidence-grade", Words.EvidenceGrade), new("claimed", ReportWords.Claimed), new("estimated", ReportWords.Estimated), new("with-number", ReportWords.WithNumber, "projects"), new("projects", ReportWords.AllProjects, "projects"),
                ],
                rows),
        };
    }

    private static ReportCell Verified(PortfolioResult? total, string unit) => total is null
        ? ReportCell.Missing
        : ReportCell.Of((double)total.Total, unit, Formatter.DecimalsFor(total.HalfWidth), total.HalfWidth);

    // A sum of claims stands only when every project of the resource states one: a part would be read as the whole.
    private static ReportCell Stated(Entry[] members, IReadOnlyList<ProjectClaim> claims, string unit, Func<ProjectClaim, double?> pick)
    {
        double sum = 0;
        foreach (Entry member in members)
        {
            ProjectClaim? claim = claims.FirstOrDefault(one => one.ProjectId == member.Result.Project.Id);
            if (claim is null || pick(claim) is not { } value)
            {
                return ReportCell.Missing;
            }

            sum += value;
        }

        return ReportCell.Of(sum, unit, 0);
    }

    private static ReportSection Groups(string id, (Text Title, Text Column) words, List<Entry> entries, Func<Entry, Text> nameOf, PortfolioReportInput input)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (IGrouping<(Resource Resource, string Unit), Entry> group in ByResource(entries))
        {
            foreach (IGrouping<Text, Entry> part in group.GroupBy(nameOf).OrderBy(part => part.Key.In(Language.Spanish), StringComparer.Ordinal))
            {
                Entry[] members = [.. part];
                rows.Add([
                    ReportCell.Of(part.Key), ReportCell.Of(VerdictTexts.ResourceName(group.Key.Resource)), Verified(Compute(members, input).Result, group.Key.Unit),
                    ReportCell.Count(members.Count(member => member.Saving is not null), "projects"), ReportCell.Count(members.Length, "projects"),
                ]);
            }
        }

        return new() { Id = id, Title = words.Title, Table = new(PartColumns(words.Column), rows) };
    }

    private static ReportSection Years(PortfolioReportInput input)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        int firstYear = input.Results.Count == 0 ? input.Last.Year : input.Results.Min(result => result.Project.Reporting.First.Year);
        for (int year = Math.Min(firstYear, input.Last.Year); year <= input.Last.Year; year++)
        {
            DateOnly last = new(year, 12, 31);
            PortfolioReportInput part = input with { First = new(year, 1, 1), Last = last < input.Last ? last : input.Last };
            List<Entry> entries = [.. input.Results.Select(result => new Entry(result, result.PartIn(part.First, part.Last)))];
            foreach (IGrouping<(Resource Resource, string Unit), Entry> group in ByResource(entries))
            {
                Entry[] members = [.. group];
                rows.Add([
                    ReportCell.Of(year.ToString(CultureInfo.InvariantCulture)), ReportCell.Of(VerdictTexts.ResourceName(group.Key.Resource)), Verified(Compute(members, part).Result, group.Key.Unit),
                    ReportCell.Count(members.Count(member => member.Saving is not null), "projects"), ReportCell.Count(members.Length, "projects"),
                ]);
            }
        }

        return new() { Id = "years", Title = ReportWords.ByYear, Table = new(PartColumns(ReportWords.YearWord), rows) };
    }

    private static ReportColumn[] PartColumns(Text name) =>
        [new("name", name), new("resource", ReportWords.ResourceWord), new("verified", ReportWords.Measured), new("with-number", ReportWords.WithNumber, "projects"), new("projects", ReportWords.AllProjects, "projects")];

    private static ReportSection Projects(PortfolioReportInput input, List<Entry> entries)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (Entry entry in entries)
        {
            string unit = entry.Result.Unit;
            ProjectClaim? claim = input.Claims.FirstOrDefault(one => one.ProjectId == entry.Result.Project.Id);
            rows.Add([
                ReportCell.Of(NameOf(entry.Result.Project)), ReportCell.Of(entry.Result.Project.Plant.Name),
                entry.Saving is { } saving ? ReportCell.Of(saving.Savings, unit, Formatter.DecimalsFor(saving.HalfWidth), saving.HalfWidth) : ReportCell.Missing,
                ReportCell.Of(WordOf(entry)), ReportCell.Of(entry.Result.Grade?.ToString() ?? ""),
                ReportCell.Of(claim?.Claimed ?? double.NaN, unit, 0), ReportCell.Of(claim?.Estimated ?? double.NaN, unit, 0),
                ReportCell.Of(entry.Result.Version),
            ]);
        }

        return new()
        {
            Id = "projects",
            Title = ReportWords.ByProject,
            Table = new(
                [
                    new("project", Words.ProjectWord), new("plant", ReportWords.PlantWord), new("verified", ReportWords.Measured), new("verdict", Words.VerdictWord),
                    new("evidence-grade", Words.EvidenceGrade), new("claimed", ReportWords.Claimed), new("estimated", ReportWords.Estimated), new("sha256", ReportWords.ResultVersion),
                ],
                rows),
        };
    }

    // Whoever reads knows the title, whoever looks it up needs the id.
    private static Text NameOf(Project project) => SavingsReport.Each(language => $"{project.Title.In(language)} ({project.Id})");

    // The word belongs to the figure beside it: that of the part which lies in the report's days, not of the project's whole reporting period.
    private static Text WordOf(Entry entry) => entry switch
    {
        { Saving: { } part } => VerdictTexts.Word(part.Verdict),
        { Result.Savings: not null } => ReportWords.OutsidePeriod,
        _ => VerdictTexts.Word(entry.Result.Verdict),
    };

    private static ReportSection DoubleCounts(PortfolioReportInput input, List<Entry> entries)
    {
        Text NameOfId(string id) => NameOf(input.Results.First(result => result.Project.Id == id).Project);

        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (IGrouping<(Resource Resource, string Unit), Entry> group in ByResource(entries))
        {
            foreach (DoubleCount found in Compute([.. group], input).DoubleCounts.Where(found => found.Kind != DoubleCountKind.CannotBeRuledOut))
            {
                rows.Add([ReportCell.Of(NameOfId(found.First.Project)), ReportCell.Of(NameOfId(found.Second.Project)), ReportCell.Of(found.Detail)]);
            }
        }

        ReportTable table = new([new("first", ReportWords.First), new("second", ReportWords.Second), new("detail", ReportWords.DetailWord)], rows);
        return new() { Id = "double-counting", Title = ReportWords.DoubleCounting, Sentences = rows.Count == 0 ? [ReportWords.NoDoubleCounting] : [], Table = rows.Count == 0 ? null : table };
    }

    private static ReportSection Logframe(IReadOnlyList<LogframeRow> logframe, Text? note) => new()
    {
        Id = "logframe",
        Title = ReportWords.Logframe,
        Sentences = note is null ? [] : [note],
        Table = new(
            [
                new("code", ReportWords.Code), new("indicator", ReportWords.Indicator), new("start", ReportWords.Start), new("target", note is null ? ReportWords.Target : ReportWords.YearTarget),
                new("achieved", ReportWords.Actual), new("means", ReportWords.Means),
            ],
            [.. logframe.Select(row => (IReadOnlyList<ReportCell>)
            [
                ReportCell.Of(row.Code), ReportCell.Of(row.Indicator), ReportCell.Of(row.Start ?? double.NaN, row.Unit, 0), ReportCell.Of(row.Target ?? double.NaN, row.Unit, 0),
                ReportCell.Of(row.Achieved ?? double.NaN, row.Unit, 0), ReportCell.Of(row.Means),
            ])]),
    };

    private static ReportSection Health(IReadOnlyList<ProjectSummary> results) => new()
    {
        Id = "data-health",
        Title = ReportWords.DataHealth,
        Table = new(
            [
                new("project", Words.ProjectWord), new("valid", ReportWords.ValidDays, "%"), new("readings", Words.ReadingsWord, "readings"), new("usable", ReportWords.Usable, "readings"),
                new("through", ReportWords.ReportingLast),
            ],
            [.. results.Select(result => (IReadOnlyList<ReportCell>)
            [
                ReportCell.Of(NameOf(result.Project)), ReportCell.Of(result.ValidPercent, "%", 1), ReportCell.Count(result.Readings, "readings"),
                ReportCell.Count(result.UsableReadings, "readings"), result.ReportedThrough is { } day ? ReportCell.Of(day) : ReportCell.Missing,
            ])]),
    };

    private static IEnumerable<IGrouping<(Resource Resource, string Unit), Entry>> ByResource(List<Entry> entries) =>
        entries.GroupBy(entry => (entry.Result.Project.Resource, entry.Result.Unit)).OrderBy(group => group.Key.Resource).ThenBy(group => group.Key.Unit, StringComparer.Ordinal);

    private static PortfolioOutcome Compute(Entry[] members, PortfolioReportInput input) =>
        global::Metering.Analytics.Portfolio.PortfolioTotal.Compute([.. members.Select(member => SavingOf(member, input))]);

    private static ProjectSaving SavingOf(Entry entry, PortfolioReportInput input)
    {
        Project project = entry.Result.Project;
        bool isUnit = MeasureUnit.TryParse(entry.Result.Unit, out MeasureUnit unit);
        return new()
        {
            Project = project.Id,
            Programme = Programme,
            Resource = project.Resource switch
            {
                Resource.Electricity => SavedResource.Electricity,
                Resource.Water => SavedResource.Water,
                Resource.Gas => SavedResource.Fuel,
                _ => SavedResource.EffluentLoad,
            },
            Saving = entry.Saving is { } saving && isUnit ? new Quantity(saving.Savings, unit) : null,
            WhyMissing = entry.Saving is null ? "no number in the period" : isUnit ? "" : $"the unit {entry.Result.Unit} cannot be added",
            IndependentStandardError = entry.Saving?.StandardError ?? double.NaN,
            DegreesOfFreedom = entry.Saving?.DegreesOfFreedom ?? double.PositiveInfinity,
            Reporting = new(input.First, input.Last.AddDays(1)),
            Channels = [$"{project.Use.Gateway}/{project.Use.Channel}"],
            Boundary = project.Plant.Id,
        };
    }

    /// <summary>A project and its saving in the period; null when it has none.</summary>
    private sealed record Entry(ProjectSummary Result, PartOfSaving? Saving);
}
