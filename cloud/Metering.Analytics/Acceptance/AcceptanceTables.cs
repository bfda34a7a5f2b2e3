namespace Metering.Analytics.Acceptance;

/// <summary>
/// The criteria of the usual protocols, each with its threshold. They are shown beside a saving; none of them is asked whether a
/// number is given, because a model may pass all of them and still be wrong.
/// </summary>
public static class AcceptanceTables
{
    private const string Guideline14 = "ASHRAE Guideline 14, table of calibration tolerances, as quoted by mepvault.com";
    private const string Guideline14Whole = "ASHRAE Guideline 14, whole-building path; limits as quoted in practice, not compared with the text of the guideline";
    private const string NmecPractice = "nmecr overview vignette, practice of California's normalised metered energy consumption programmes";
    private const string CalTrackText = "CalTRACK 2.0, 4.3.2";
    private const string Own = "Own rule: the tolerance of Guideline 14 for the bias, asked of blocks left out of the fit";

    private const double MonthlyCvRmse = 15;
    private const double HourlyCvRmse = 30;
    private const double MonthlyNmbe = 5;
    private const double HourlyNmbe = 10;
    private const double WholeBuildingCvRmse = 25;
    private const double WholeBuildingBias = 0.005;
    private const double WholeBuildingUncertainty = 50;
    private const double NmecCvRmse = 25;
    private const double NmecNmbe = 0.5;
    private const double SiteCvRmse = 100;
    private const double NonWiresUncertainty = 15;
    private const double PayForPerformanceUncertainty = 25;

    /// <summary>All tables, in the order of <see cref="AcceptanceStandard"/>.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> All(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return [.. Guideline14Model(fit), .. WholeBuilding(fit), .. SepTests.Of(fit), .. CalTrack(fit), .. Nmec(fit), OutOfSample(fit)];
    }

    /// <summary>ASHRAE Guideline 14: CV(RMSE) at most 15 % monthly and 30 % hourly, |NMBE| at most 5 % and 10 %; it has no limit for days.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> Guideline14Model(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        const AcceptanceStandard standard = AcceptanceStandard.Ashrae14Model;
        const string cv = "CV(RMSE), %";
        const string bias = "|NMBE| with n - p, %";
        double nmbe = Math.Abs(fit.NmbePercentOfDegreesOfFreedom);
        if (fit.Frequency == RowFrequency.Daily)
        {
            const string note = "The guideline gives limits for months and hours, none for days.";
            return
            [
                AcceptanceTest.Without(standard, cv, fit.CvRmsePercent, Comparison.AtMost, note, Guideline14),
                AcceptanceTest.Without(standard, bias, nmbe, Comparison.AtMost, note, Guideline14),
            ];
        }

        bool monthly = fit.Frequency == RowFrequency.Monthly;
        return
        [
            AcceptanceTest.Of(standard, cv, fit.CvRmsePercent, Comparison.AtMost, monthly ? MonthlyCvRmse : HourlyCvRmse, Guideline14),
            AcceptanceTest.Of(standard, bias, nmbe, Comparison.AtMost, monthly ? MonthlyNmbe : HourlyNmbe, Guideline14),
        ];
    }

    /// <summary>ASHRAE Guideline 14, whole building: CV(RMSE) at most 25 %, net bias at most 0.005 %, uncertainty at most 50 % of the saving at 68 %.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> WholeBuilding(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        const AcceptanceStandard standard = AcceptanceStandard.Ashrae14WholeBuilding;
        return
        [
            AcceptanceTest.Of(standard, "CV(RMSE), %", fit.CvRmsePercent, Comparison.AtMost, WholeBuildingCvRmse, Guideline14Whole),
            AcceptanceTest.Of(standard, "|net bias| of use, %", Math.Abs(fit.NmbePercentOfUse), Comparison.AtMost, WholeBuildingBias, Guideline14Whole),
            AcceptanceTest.Of(standard, "Half-width of the 68 % interval, % of the saving", fit.SavingsUncertaintyPercent68, Comparison.AtMost, WholeBuildingUncertainty, Guideline14Whole),
        ];
    }

    /// <summary>CalTRACK 2.0: CV(RMSE) at most 100 % for a site; for a portfolio 15 % (non-wires alternatives) and 25 % (pay for performance) of its saving.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> CalTrack(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        const AcceptanceStandard standard = AcceptanceStandard.CalTrack;
        AcceptanceTest site = AcceptanceTest.Of(standard, "CV(RMSE) of a site, %", fit.CvRmsePercent, Comparison.AtMost, SiteCvRmse, CalTrackText);
        const string nonWires = "Portfolio uncertainty, non-wires alternative, % of the saving";
        const string performance = "Portfolio uncertainty, pay for performance, % of the saving";
        if (fit.PortfolioUncertaintyPercent is not double uncertainty)
        {
            const string note = "The fit is not part of a portfolio.";
            return
            [
                site,
                AcceptanceTest.Without(standard, nonWires, double.NaN, Comparison.AtMost, note, CalTrackText),
                AcceptanceTest.Without(standard, performance, double.NaN, Comparison.AtMost, note, CalTrackText),
            ];
        }

        return
        [
            site,
            AcceptanceTest.Of(standard, nonWires, uncertainty, Comparison.AtMost, NonWiresUncertainty, CalTrackText),
            AcceptanceTest.Of(standard, performance, uncertainty, Comparison.AtMost, PayForPerformanceUncertainty, CalTrackText),
        ];
    }

    /// <summary>Normalised metered energy consumption: CV(RMSE) below 25 %, |NMBE| below 0.5 %.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> Nmec(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        const AcceptanceStandard standard = AcceptanceStandard.Nmec;
        return
        [
            AcceptanceTest.Of(standard, "CV(RMSE), %", fit.CvRmsePercent, Comparison.Below, NmecCvRmse, NmecPractice),
            AcceptanceTest.Of(standard, "|NMBE| with n - p, %", Math.Abs(fit.NmbePercentOfDegreesOfFreedom), Comparison.Below, NmecNmbe, NmecPractice),
        ];
    }

    /// <summary>Bias on blocks left out of the fit: at most 5 % for months and days, 10 % for hours. In sample it is zero for any least squares with an intercept.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static AcceptanceTest OutOfSample(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        double threshold = fit.Frequency == RowFrequency.Hourly ? HourlyNmbe : MonthlyNmbe;
        return AcceptanceTest.Of(
            AcceptanceStandard.OutOfSample, "|NMBE| of use in blocks left out, %", Math.Abs(fit.OutOfSampleNmbePercent), Comparison.AtMost, threshold, Own);
    }
}
