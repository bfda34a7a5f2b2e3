using System.Text.Json;
using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.CalTrack;

/// <summary>
/// Six sample meters against OpenEEmeter 3.2.0. Parameters to 1e-9 relative; counterfactuals to 1e-9 beside the half unit of
/// the nine digits with which they were printed.
/// </summary>
public sealed class CalTrackReferenceTests
{
    private const double Tolerance = 1e-9;
    private const double HalfUnitOfNineDigits = 5e-9;

    public static TheoryData<string> Names => [.. CalTrackReference.Names];

    [NeedsTheory("shared:reference/mv/eemeter")]
    [MemberData(nameof(Names))]
    public void The_model_and_its_parameters_are_those_of_the_reference(string name)
    {
        CalTrackReference reference = CalTrackReference.Load(name);
        CalTrackFit fit = reference.Fit().Fit!;
        JsonElement expected = reference.Expected.GetProperty("params");
        Assert.Equal(expected.GetProperty("intercept").GetDouble(), fit.BasePerDay, Tolerance * fit.BasePerDay);
        Compare(expected, "beta_hdd", fit.HeatingPerDegreeDay, 0);
        Compare(expected, "beta_cdd", fit.CoolingPerDegreeDay, 0);
        Compare(expected, "heating_balance_point", fit.HeatingBalanceFahrenheit, double.NaN);
        Compare(expected, "cooling_balance_point", fit.CoolingBalanceFahrenheit, double.NaN);
        Assert.Equal(reference.Number("r2_adj"), fit.AdjustedR2, Tolerance);
        Assert.Equal((int)reference.Number("n_candidates"), fit.CandidateCount);
        Assert.Equal((int)reference.Number("n_qualified"), fit.QualifiedCount);
        Assert.Equal((int)reference.Number("n_baseline_rows"), fit.N);
        int place = 0;
        foreach (JsonElement best in reference.Expected.GetProperty("top5").EnumerateArray())
        {
            Assert.Equal(best[1].GetDouble(), fit.Best[place++].AdjustedR2, Tolerance);
        }

        Assert.Equal(5, place);
    }

    [NeedsTheory("shared:reference/mv/eemeter")]
    [MemberData(nameof(Names))]
    public void The_errors_of_the_fit_are_those_of_the_reference(string name)
    {
        // The reference counts slopes only as parameters.
        CalTrackReference reference = CalTrackReference.Load(name);
        CalTrackFit fit = reference.Fit().Fit!;
        Assert.Equal(reference.Number("totals_num_parameters"), fit.P - 1);
        AssertClose(reference.Number("totals_observed_mean"), fit.MeanUse);
        AssertClose(reference.Number("totals_rmse"), Math.Sqrt(fit.SumOfSquaredErrors / fit.N));
        AssertClose(reference.Number("totals_rmse_adj"), Math.Sqrt(fit.SumOfSquaredErrors / (fit.N - fit.P + 1)));
        AssertClose(reference.Number("totals_autocorr_resid"), fit.Lag1Autocorrelation);
        Assert.Equal(-reference.Number("totals_nmbe"), fit.ResidualSum / (fit.N * fit.MeanUse), 1e-12);
    }

    [NeedsTheory("shared:reference/mv/eemeter")]
    [MemberData(nameof(Names))]
    public void The_counterfactual_is_that_of_the_reference_wherever_there_is_temperature(string name)
    {
        CalTrackReference reference = CalTrackReference.Load(name);
        CalTrackFit fit = reference.Fit().Fit!;
        Period reporting = new(reference.Reporting[0].StartUtcMilliseconds, reference.Reporting[^1].EndUtcMilliseconds);
        CalTrackCounterfactual result = CalTrackCounterfactual.Of(fit, reference.Reporting, CalTrackReference.Weather, reporting);
        Dictionary<long, string[]> expected = reference.Counterfactual[1..].ToDictionary(row => CalTrackReference.Time(row[0]));
        int compared = 0;
        double missing = 0;
        foreach (CounterfactualRow row in result.Rows)
        {
            string[] values = expected[row.Interval.StartUtcMilliseconds];
            if (double.IsNaN(row.Use))
            {
                // The temperatures that are kept with the reference end before its last rows do.
                Assert.True(row.Interval.EndUtcMilliseconds > CalTrackReference.Weather.Covered.EndUtcMilliseconds, values[0]);
                missing += CalTrackReference.Value(values[2]);
                continue;
            }

            AssertPrinted(values[2], row.Use, values[0]);
            AssertPrinted(values[4], row.BaseLoad, values[0]);
            AssertPrinted(values[5], row.HeatingLoad, values[0]);
            AssertPrinted(values[6], row.CoolingLoad, values[0]);
            compared++;
        }

        Assert.Equal(reference.Number("n_reporting_rows"), result.Rows.Count);
        Assert.InRange(result.Rows.Count - compared, 0, 2);
        Assert.Equal(compared, result.RowCount);
        Assert.Empty(result.Reasons);
        double total = reference.Number("counterfactual_total");
        Assert.Equal(total, result.Counterfactual + missing, (Tolerance * total) + (HalfUnitOfNineDigits * missing));
        double saving = reference.Number("metered_savings");
        if (missing == 0)
        {
            Assert.Equal(saving, result.Savings, Tolerance * total);
        }
    }

    [NeedsTheory("shared:reference/mv/eemeter")]
    [MemberData(nameof(Names))]
    public void Five_two_month_bills_are_thin_data_and_the_other_samples_are_not(string name)
    {
        CalTrackOutcome outcome = CalTrackReference.Load(name).Fit();
        bool thin = name.EndsWith("bimonthly", StringComparison.Ordinal);
        Assert.NotNull(outcome.Fit);
        Assert.Equal(!thin, outcome.IsAccepted);
        Assert.All(outcome.Reasons, reason => Assert.Equal(ReasonKind.TooFewPoints, reason.Kind));
        Assert.Equal(thin, outcome.Warnings.Any(warning => warning.Detail.Contains("first 35 days", StringComparison.Ordinal)));
    }

    private static void Compare(JsonElement expected, string property, double actual, double absent)
    {
        if (expected.TryGetProperty(property, out JsonElement value))
        {
            AssertClose(value.GetDouble(), actual);
        }
        else
        {
            Assert.Equal(absent, actual);
        }
    }

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, Tolerance * Math.Abs(expected));

    private static void AssertPrinted(string expected, double actual, string row)
    {
        double value = CalTrackReference.Value(expected);
        double allowed = (Tolerance + HalfUnitOfNineDigits) * Math.Abs(value);
        Assert.True(Math.Abs(value - actual) <= allowed, $"{row}: {actual:R} against {expected}");
    }
}
