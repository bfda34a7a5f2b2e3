using Metering.Cloud.Reports;
using Metering.Cloud.Texts;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The COD loads of effluent projects one by one: what they rest on, and why one has none.</summary>
internal static class LoadSection
{
    /// <summary>The part of the portfolio's page.</summary>
    /// <param name="entries">All projects; those of other resources are left out.</param>
    /// <param name="year">A calendar year; null for the reporting periods as a whole.</param>
    public static PageSection Of(IReadOnlyList<PortfolioEntry> entries, int? year) => new()
    {
        Id = "cod-load",
        Title = LoadWords.Title,
        Sentences = [LoadWords.Note, LoadWords.Error],
        Columns = [ProgrammeWords.Project, .. Columns],
        Rows = [.. entries.Where(entry => entry.Load is not null)
            .Select(entry => year is { } asked ? entry with { Load = entry.Load!.Within(new(asked, 1, 1), new(asked, 12, 31), entry.Zone) } : entry)
            .Select(entry => (IReadOnlyList<PageCell>)[PageCell.Of(entry.Title, "/projects/" + entry.Project), .. Cells(entry).Select(cell => new PageCell(cell))])],
        WhenEmpty = LoadWords.None,
    };

    /// <summary>The part of a report; the last row is the sum of verified projects.</summary>
    /// <param name="entries">Effluent projects with their loads within the days of the report.</param>
    public static ReportSection OfReport(IReadOnlyList<PortfolioEntry> entries)
    {
        PortfolioSum sum = PortfolioFigures.Add(entries.Where(entry => entry.IsVerified), PortfolioKind.Load, null);
        ReportCell total = sum.Result is { } result ? ReportCell.Of((double)result.Total, "kg", Formatter.DecimalsFor(result.HalfWidth), result.HalfWidth) : ReportCell.Missing;
        return new()
        {
            Id = "cod-load",
            Title = LoadWords.Title,
            Sentences = [LoadWords.Note, LoadWords.Error],
            Table = new(
                [
                    new("project", Words.ProjectWord), new("before", LoadWords.Before), new("after", LoadWords.After), new("samples-before", LoadWords.SamplesBefore, "samples"),
                    new("samples-after", LoadWords.SamplesAfter, "samples"), new("flow-meter", LoadWords.FlowMeter, "%"), new("avoided", LoadWords.Avoided), new("standing", LoadWords.Standing),
                ],
                [
                    .. entries.Select(entry => (IReadOnlyList<ReportCell>)[ReportCell.Of(SavingsReport.Each(language => $"{entry.Title.In(language)} ({entry.Project})")), .. Cells(entry)]),
                    [ReportCell.Of(LoadWords.Total), ReportCell.Missing, ReportCell.Missing, ReportCell.Missing, ReportCell.Missing, ReportCell.Missing, total, ReportCell.Missing],
                ]),
        };
    }

    private static Text[] Columns => [LoadWords.Before, LoadWords.After, LoadWords.SamplesBefore, LoadWords.SamplesAfter, LoadWords.FlowMeter, LoadWords.Avoided, LoadWords.Standing];

    private static ReportCell[] Cells(PortfolioEntry entry)
    {
        if (entry.Load is not { Saving: { } saving })
        {
            return [ReportCell.Missing, ReportCell.Missing, ReportCell.Missing, ReportCell.Missing, ReportCell.Missing, ReportCell.Missing, ReportCell.Of(entry.Load?.Why ?? LoadWords.NoDays)];
        }

        double halfWidth = PortfolioFigures.Add([entry], PortfolioKind.Load, null).Result?.HalfWidth ?? double.NaN;
        return
        [
            ReportCell.Of(saving.KilogramsBefore, "kg", 0), ReportCell.Of(saving.KilogramsAfter, "kg", 0),
            ReportCell.Count(saving.Before.Samples, "samples"), ReportCell.Count(saving.After.Samples, "samples"),
            saving.HasFlowError ? ReportCell.Of(Math.Max(saving.BeforeFlowPercent, saving.AfterFlowPercent) * Math.Sqrt(3), "%", 1) : ReportCell.Of(LoadWords.NoClass),
            ReportCell.Of(saving.Kilograms, "kg", double.IsFinite(halfWidth) ? Formatter.DecimalsFor(halfWidth) : 0, halfWidth),
            ReportCell.Of(entry.IsVerified ? LoadWords.Verified : LoadWords.Measured),
        ];
    }
}
