using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Reports;

/// <summary>Model, criteria and sources of the savings report.</summary>
internal static partial class SavingsReport
{
    private const int MostPlaces = 6;

    private static void AddModel(List<ReportSection> sections, ProjectResult result)
    {
        if (result.Fit is not { } fit)
        {
            return;
        }

        sections.Add(new()
        {
            Id = "model",
            Title = Words.Model,
            Facts =
            [
                new("n", ReportWords.Rows, ReportCell.Count(fit.N, "days")),
                new("p", ReportWords.Parameters, ReportCell.Count(fit.P, "parameters")),
                new("r2", ReportWords.Explained, ReportCell.Of(100 * fit.R2, "%", 1)),
                new("cv-rmse", ReportWords.Scatter, ReportCell.Of(100 * fit.CvRmse, "%", 1)),
                new("nmbe", ReportWords.Bias, ReportCell.Of(100 * fit.Nmbe, "%", 2)),
                new("autocorrelation", ReportWords.Autocorrelation, ReportCell.Of(100 * (result.Savings?.Autocorrelation ?? fit.Lag1Autocorrelation), "%", 0)),
            ],
            Table = Terms(result, fit),
        });
        sections.Add(new() { Id = "criteria", Title = Words.Criteria, Table = Criteria(result) });
    }

    private static ReportTable Terms(ProjectResult result, BaselineFit fit)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        for (int term = 0; term < fit.Coefficients.Count; term++)
        {
            int index = term;
            Text name = term == 0 ? Words.BaseLoad : Each(language => DriverNames.Of(fit.DriverNames[index - 1], language));
            string driver = term == 0 ? "" : result.DriverUnits[DriverIndex(result, fit.DriverNames[term - 1])];
            string unit = term == 0 ? $"{result.Unit}/d" : driver is "" or "day" ? result.Unit : $"{result.Unit}/{driver}";
            int decimals = DecimalsOf(fit.StandardErrors[term]);
            rows.Add([
                ReportCell.Of(name), ReportCell.Of(fit.Coefficients[term], unit, decimals), ReportCell.Of(fit.StandardErrors[term], unit, decimals),
                ReportCell.Of(fit.TStatistics[term], Ratio, 1), Probability(fit.PValues[term]),
            ]);
        }

        return new(
            [new("term", Words.Term), new("coefficient", ReportWords.Coefficient), new("standard-error", ReportWords.StandardError), new("t", new("t", "t"), Ratio), new("p", new("p", "p"), Ratio)],
            rows);
    }

    // A chosen model may leave drivers of the project out, so a term's place says nothing.
    private static int DriverIndex(ProjectResult result, string name) => result.Project.Drivers.ToList().FindIndex(driver => driver.Id == name);

    // Two digits of the standard error; never more than nine places.
    private static int DecimalsOf(double standardError) => standardError > 0 && double.IsFinite(standardError)
        ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(standardError)), 0, 9)
        : 2;

    // A probability is small, never nothing.
    private static ReportCell Probability(double p) => p < AcceptanceTexts.SmallestShown ? ReportCell.Of(AcceptanceTexts.BelowShown) : ReportCell.Of(p, Ratio, 4);

    // As many as it takes to say a limit as it is: 0.005 % is not 0.0 %.
    private static int PlacesOf(double limit) => Enumerable.Range(0, MostPlaces).FirstOrDefault(places => Math.Round(limit, places).Equals(limit), MostPlaces);

    private static ReportTable Criteria(ProjectResult result)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (AcceptanceTest test in result.Tests.Where(AcceptanceTexts.Applies))
        {
            bool isPercent = test.Name.EndsWith(", %", StringComparison.Ordinal);
            string unit = isPercent ? "%" : Ratio;
            int places = PlacesOf(test.Threshold);
            rows.Add([
                ReportCell.Of(AcceptanceTexts.Name(test.Name)),
                AcceptanceTexts.IsProbability(test.Name) ? Probability(test.Value) : ReportCell.Of(test.Value, unit, Math.Max(isPercent ? 2 : 4, places)),
                ReportCell.Of(AcceptanceTexts.Sign(test.Comparison)), ReportCell.Of(test.Threshold, unit, Math.Max(isPercent ? 1 : 2, places)), ReportCell.Of(AcceptanceTexts.Source(test.Source)), ReportCell.Of(test.Pass ? Words.Passes : Words.Fails),
            ]);
        }

        return new(
            [
                new("criterion", Words.Criterion), new("value", Words.ValueWord), new("direction", ReportWords.AtLeastOrMost), new("limit", Words.Limit),
                new("source", Words.SourceWord), new("outcome", Words.Outcome),
            ],
            rows);
    }

    private static void AddSources(List<ReportSection> sections, ProjectResult result)
    {
        List<IReadOnlyList<ReportCell>> channels = [];
        List<IReadOnlyList<ReportCell>> registers = [];
        foreach (ChannelEvidence channel in result.Evidence)
        {
            string unit = channel.Channel?.Unit ?? "";
            channels.Add([
                ReportCell.Of(channel.Name.Gateway), ReportCell.Of(channel.Name.Channel), ReportCell.Of(channel.Channel?.Meter ?? ""), ReportCell.Of(channel.Channel?.Profile ?? ""),
                ReportCell.Count(channel.Count, "readings"), ReportCell.Count(channel.UsableCount, "readings"), ReportCell.Count(channel.ThroughBatch, "batches"),
                ReportCell.Of(channel.Grade?.ToString() ?? ""), ReportCell.Of(channel.Version),
            ]);
            foreach (RegisterPoint point in channel.Registers)
            {
                registers.Add([
                    ReportCell.Of(channel.Name.Channel), ReportCell.Of(PointName(point)), ReportCell.Of(Moment(point.UtcMilliseconds, result.Project.Plant)),
                    ReportCell.Of(point.Value, unit, channel.Channel?.DecimalPlaces ?? 0),
                ]);
            }
        }

        sections.Add(new()
        {
            Id = "channels",
            Title = Words.Provenance,
            Place = SectionPlace.Sources,
            Sentences = [Evidence.GradeWords.Legend],
            Facts = [new("result-version", ReportWords.ResultVersion, ReportCell.Of(result.Version))],
            Table = new(
                [
                    new("gateway", Words.GatewayWord), new("channel", Words.ChannelWord), new("meter", Words.MeterWord), new("profile", ReportWords.Kind),
                    new("readings", Words.ReadingsWord, "readings"), new("usable", ReportWords.Usable, "readings"), new("batches", Words.SignedBatches, "batches"), new("evidence-grade", Words.EvidenceGrade), new("sha256", Words.DataVersion),
                ],
                channels),
        });
        AddProduction(sections, result);
        if (registers.Count > 0)
        {
            sections.Add(new()
            {
                Id = "registers",
                Title = ReportWords.Registers,
                Place = SectionPlace.Sources,
                Table = new([new("channel", Words.ChannelWord), new("point", ReportWords.PointWord), new("time", ReportWords.DayWord), new("register", ReportWords.RegisterWord)], registers),
            });
        }
    }

    private static void AddProduction(List<ReportSection> sections, ProjectResult result)
    {
        if (result.Production.Count > 0)
        {
            sections.Add(new()
            {
                Id = "production-records",
                Title = Words.ProductionRecords,
                Place = SectionPlace.Sources,
                Sentences = [Words.ProductionNote],
                Table = new(
                    [new("product", Words.ProductWord), new("records", Words.ProductionRecords, "records"), new("first", Words.FirstDayWord), new("last", Words.LastDayWord)],
                    [.. result.Production.Select(output => (IReadOnlyList<ReportCell>)
                    [
                        ReportCell.Of(output.Product), ReportCell.Count(output.Records.Count, "records"),
                        output.Records.Count == 0 ? ReportCell.Of(Words.NoneYet) : ReportCell.Of(output.Records[0].First),
                        output.Records.Count == 0 ? ReportCell.Of(Words.NoneYet) : ReportCell.Of(output.Records.Max(record => record.Last)),
                    ])]),
            });
        }
    }

    private static Text PointName(RegisterPoint point) => (point.Phase, point.IsFirst) switch
    {
        (DayPhase.Baseline, true) => Words.BaselineFirstRegister,
        (DayPhase.Baseline, false) => Words.BaselineLastRegister,
        (_, true) => Words.ReportingFirstRegister,
        _ => Words.ReportingLastRegister,
    };
}
