using Metering.Analytics.Finance;
using Metering.Cloud.Pages;

namespace Metering.Cloud.Reports;

/// <summary>What a case sheet is made of besides the result.</summary>
internal sealed record CaseSheetInput
{
    /// <summary>Whether plant, project and their ids are left out.</summary>
    public required bool IsAnonymous { get; init; }

    /// <summary>What was invested; null when it is not known.</summary>
    public Money? Investment { get; init; }

    /// <summary>What is saved a year; null when it is not known.</summary>
    public Money? SavedAYear { get; init; }
}

/// <summary>One project on one page, for publication.</summary>
internal static class CaseSheet
{
    /// <summary>Builds the sheet; an anonymous one names sector and state only, and carries no id, no name and no exact day.</summary>
    public static ReportDocument Build(ProjectResult result, CaseSheetInput input)
    {
        Project project = result.Project;
        Text place = SavingsReport.Each(language => $"{(input.IsAnonymous ? ReportWords.Anonymous.In(language) : project.Plant.Name.In(language))} · {VerdictTexts.SectorName(project.Plant.Sector, language)} · {project.Plant.State}");
        DateOnly first = project.Reporting.First;
        DateOnly last = result.ReportedThrough ?? project.Reporting.Last;
        List<ReportFact> facts =
        [
            new("sector", ReportWords.SectorWord, ReportCell.Of(SavingsReport.Each(language => VerdictTexts.SectorName(project.Plant.Sector, language)))),
            new("state", ReportWords.StateWord, ReportCell.Of(project.Plant.State)),
            new("resource", ReportWords.ResourceWord, ReportCell.Of(VerdictTexts.ResourceName(project.Resource))),
        ];
        if (!input.IsAnonymous)
        {
            // What a plant writes about its own measure may name it.
            facts.Add(new("measure", ReportWords.MeasureWord, ReportCell.Of(project.Measure)));
        }

        if (result.Savings is { } savings)
        {
            facts.Add(new("saving-percent", ReportWords.OfAdjusted, ReportCell.Of(savings.SavingsPercent, "%", 1, 100 * savings.HalfWidth / Math.Abs(savings.Counterfactual))));
        }

        facts.Add(new("investment", ReportWords.Investment, input.Investment is { } investment ? ReportCell.Of(investment) : ReportCell.Missing));
        facts.Add(new("saved-a-year", ReportWords.MoneySaved, input.SavedAYear is { } saved ? ReportCell.Of(saved) : ReportCell.Missing));
        facts.Add(new("payback", ReportWords.Payback, PlacReport.Payback(input.Investment, input.SavedAYear)));
        return new()
        {
            Kind = ReportKind.CaseSheet,
            Subject = input.IsAnonymous ? "anonymous" : project.Id,
            Title = ReportWords.CaseTitle,
            Subtitle = place,
            First = input.IsAnonymous ? new(first.Year, first.Month, 1) : first,
            Last = input.IsAnonymous ? new DateOnly(last.Year, last.Month, 1).AddMonths(1).AddDays(-1) : last,
            IsSimulated = project.Plant.IsSimulated,
            RecomputeCommand = input.IsAnonymous || input.Investment is not null || input.SavedAYear is not null
                ? ""
                : $"cloud report --config cloud.yaml --project {project.Id} --kind case-sheet --out report.json && sha256sum report.json",
            Sections = [new() { Id = "result", Title = ReportWords.Result, Sentences = SavingsReport.Sentences(result), Facts = facts }],
        };
    }
}
