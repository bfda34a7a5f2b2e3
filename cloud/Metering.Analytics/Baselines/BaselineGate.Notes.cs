using Metering.Analytics.Savings;

namespace Metering.Analytics.Baselines;

/// <summary>What stands beside an accepted number.</summary>
internal sealed partial class BaselineGate
{
    private const int FewRows = 24;
    private const double WideCvRmse = 0.25;
    private const double SurePValue = 0.05;
    private const double ShortestYearDays = 340;

    /// <summary>What a reader should know beside an accepted saving.</summary>
    public void WarnOfResult(SavingsResult result)
    {
        if (Math.Abs(result.Savings) <= result.HalfWidth)
        {
            Warn(ReasonKind.NotSignificant,
                $"The interval holds zero: at this confidence the data show neither a saving nor a loss.");
        }

        double days = Days(result);
        if (result.Kind == SavingsKind.Avoided && days < ShortestYearDays)
        {
            Warn(ReasonKind.PartYear,
                $"The reporting period has {days:0} days; the saving is stated for these alone. It is not carried over to a year, whose other seasons were not seen.");
        }

        if (result.LjungBoxProbability < ResidualBlocks.Significance)
        {
            Warn(ReasonKind.AutoregressionRejected,
                $"What is left after a first-order autoregression is still correlated (Ljung-Box p {result.LjungBoxProbability:G2}): a weekly pattern or a driver may be missing. The interval uses moving blocks of a week where they are wider.");
        }

        if (result.Variance.BetweenModels > result.Variance.Total / 2)
        {
            Warn(ReasonKind.ModelsDisagree,
                $"The best models disagree about the saving by more than the data scatter; look at the candidates.");
        }
    }

    /// <summary>What a reader should know beside an accepted number.</summary>
    public void WarnOfFit(BaselineFit fit)
    {
        if (fit.CvRmse > WideCvRmse)
        {
            Warn(ReasonKind.WideScatter,
                $"CV(RMSE) is {100 * fit.CvRmse:0.0} %; above {100 * WideCvRmse:0} % (ASHRAE Guideline 14, whole building) a driver is probably missing.");
        }

        for (int j = 0; j < fit.Terms.Count - fit.Events.Count; j++)
        {
            bool isLevel = fit.Terms[j].Kind == TermKind.Linear && fit.DriverMinimum[fit.Terms[j].Driver] >= 0
                && fit.DriverMaximum[fit.Terms[j].Driver] > 1;
            if (isLevel && !fit.DriverNames[fit.Terms[j].Driver].StartsWith("temp", StringComparison.OrdinalIgnoreCase)
                && fit.Coefficients[j + 1] < 0 && fit.PValues[j + 1] < SurePValue)
            {
                Warn(ReasonKind.UnphysicalSign,
                    $"Use falls as '{fit.TermName(j)}' rises. If that is production or degree days, a driver is missing or a column is mistaken.");
            }
        }

        if (fit.N <= FewRows)
        {
            Warn(ReasonKind.Indicative, $"The baseline has {fit.N} rows; the interval is indicative.");
        }
    }

    private static double Days(SavingsResult result)
    {
        IReadOnlyList<long> starts = result.StartUtcMilliseconds;
        if (starts.Count < 2)
        {
            return 0;
        }

        double span = starts[^1] - starts[0];
        return (span + (span / (starts.Count - 1))) / TimeSpan.MillisecondsPerDay;
    }
}
