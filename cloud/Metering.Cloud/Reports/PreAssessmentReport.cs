using Metering.Analytics.Finance;

namespace Metering.Cloud.Reports;

/// <summary>An opportunity found at a plant; what is not known is null.</summary>
/// <param name="Measure">What could be done.</param>
/// <param name="Low">Smallest saving a year that is expected, in <paramref name="Unit"/>.</param>
/// <param name="High">Largest saving a year that is expected.</param>
/// <param name="Unit">Unit of the savings: kWh, m3.</param>
/// <param name="Investment">What it would cost.</param>
/// <param name="SavedAYear">What it would save a year.</param>
public sealed record Opportunity(Text Measure, double? Low, double? High, string Unit, Money? Investment, Money? SavedAYear);

/// <summary>A pre-assessment as the register holds it.</summary>
public sealed record PreAssessmentInput
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Plant.</summary>
    public required Text Plant { get; init; }

    /// <summary>Sector, for readers.</summary>
    public required Text Sector { get; init; }

    /// <summary>State of Mexico.</summary>
    public required string State { get; init; }

    /// <summary>Day of the visit.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Who visited.</summary>
    public required string Expert { get; init; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<Text> Findings { get; init; } = [];

    /// <summary>What could be done.</summary>
    public IReadOnlyList<Opportunity> Opportunities { get; init; } = [];

    /// <summary>What is recommended.</summary>
    public required Text Recommendation { get; init; }

    /// <summary>Sign-offs as given.</summary>
    public IReadOnlyList<SignOff> SignOffs { get; init; } = [];
}

/// <summary>The pre-assessment report.</summary>
internal static class PreAssessmentReport
{
    /// <summary>Builds the report.</summary>
    public static ReportDocument Build(PreAssessmentInput input)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (Opportunity one in input.Opportunities)
        {
            rows.Add([
                ReportCell.Of(one.Measure), ReportCell.Of(one.Low ?? double.NaN, one.Unit + "/a", 0), ReportCell.Of(one.High ?? double.NaN, one.Unit + "/a", 0),
                one.Investment is { } investment ? ReportCell.Of(investment) : ReportCell.Missing,
                one.SavedAYear is { } saved ? ReportCell.Of(saved) : ReportCell.Missing,
                PlacReport.Payback(one.Investment, one.SavedAYear),
            ]);
        }

        return new()
        {
            Kind = ReportKind.PreAssessment,
            Subject = input.Id,
            Title = ReportWords.PreAssessmentTitle,
            Subtitle = input.Plant,
            First = input.Day,
            Last = input.Day,
            SignOffs = input.SignOffs,
            Sections =
            [
                new()
                {
                    Id = "project",
                    Title = ReportWords.ProjectData,
                    Sentences = [ReportWords.EstimateNote],
                    Facts =
                    [
                        new("sector", ReportWords.SectorWord, ReportCell.Of(input.Sector)), new("state", ReportWords.StateWord, ReportCell.Of(input.State)),
                        new("day", ReportWords.DayWord, ReportCell.Of(input.Day)), new("expert", ReportWords.ExpertWord, ReportCell.Of(input.Expert)),
                    ],
                },
                new() { Id = "findings", Title = ReportWords.Findings, Sentences = input.Findings },
                new()
                {
                    Id = "opportunities",
                    Title = ReportWords.Opportunities,
                    Table = new(
                        [
                            new("measure", ReportWords.MeasureWord), new("low", ReportWords.SavingFrom), new("high", ReportWords.SavingTo), new("investment", ReportWords.Investment),
                            new("saved-a-year", ReportWords.MoneySaved), new("payback", ReportWords.Payback, "years"),
                        ],
                        rows),
                },
                new() { Id = "recommendation", Title = ReportWords.Recommendation, Sentences = [input.Recommendation] },
            ],
        };
    }
}
