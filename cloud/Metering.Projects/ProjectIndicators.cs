namespace Metering.Projects;

/// <summary>An indicator before and after, each in the same unit. NaN where it is not known.</summary>
/// <param name="Name">"use-per-day", "use-per-output" or "adjusted-use-per-day".</param>
/// <param name="Driver">The driver whose output it is divided by; null for the others.</param>
/// <param name="Unit">Unit of both figures.</param>
/// <param name="Baseline">Over the known days of the baseline; of the adjusted one, what the model says of the reporting period.</param>
/// <param name="Reporting">Over the known days of the reporting period.</param>
internal sealed record ProjectIndicator(string Name, string? Driver, string Unit, double Baseline, double Reporting)
{
    /// <summary>Reporting over baseline less one, in percent: negative when less was used.</summary>
    public double ChangePercent => Baseline > 0 ? 100 * ((Reporting / Baseline) - 1) : double.NaN;
}

/// <summary>
/// The indicators that stand side by side (UNIDO and UNEP, Enterprise-Level Indicators for Resource Productivity and Pollution Intensity, 2010): the absolute use, the use per output
/// where the project has an output, and the use adjusted by its model.
/// </summary>
internal static class ProjectIndicators
{
    // What a plant makes. Other drivers (weather, working days) are conditions, and no product.
    private static readonly string[] OutputUnits = ["t", "kg", "m2", "pieces", "hides", "vehicles", "guest-nights", "bed-days"];

    /// <summary>The indicators of a result; empty before anything was measured.</summary>
    public static IReadOnlyList<ProjectIndicator> Of(ProjectResult result)
    {
        List<ProjectIndicator> indicators = [PerDay(result)];
        for (int driver = 0; driver < result.Project.Drivers.Count; driver++)
        {
            string unit = driver < result.DriverUnits.Count ? result.DriverUnits[driver] : "";
            if (result.Project.Drivers[driver].Kind is DriverKind.Production or DriverKind.Difference && Array.IndexOf(OutputUnits, unit) >= 0)
            {
                indicators.Add(PerOutput(result, driver, unit));
            }
        }

        if (result.Savings is { } savings)
        {
            int days = savings.MeteredByRow.Count;
            indicators.Add(new("adjusted-use-per-day", null, result.Unit + "/d", savings.Counterfactual / days, savings.Metered / days));
        }

        return indicators;
    }

    private static ProjectIndicator PerDay(ProjectResult result) => new(
        "use-per-day", null, result.Unit + "/d", Ratio(result.Days, DayPhase.Baseline, _ => 1), Ratio(result.Days, DayPhase.Reporting, _ => 1));

    private static ProjectIndicator PerOutput(ProjectResult result, int driver, string unit) => new(
        "use-per-output",
        result.Project.Drivers[driver].Id,
        $"{result.Unit}/{unit}",
        Ratio(result.Days, DayPhase.Baseline, day => day.Drivers[driver]),
        Ratio(result.Days, DayPhase.Reporting, day => day.Drivers[driver]));

    // Over the days on which both are known, so that a day without output data takes its use out too.
    private static double Ratio(IReadOnlyList<ProjectDay> days, DayPhase phase, Func<ProjectDay, double> divisor)
    {
        double use = 0;
        double output = 0;
        foreach (ProjectDay day in days)
        {
            double part = day.Phase == phase && double.IsFinite(day.Use) ? divisor(day) : double.NaN;
            if (double.IsFinite(part))
            {
                use += day.Use;
                output += part;
            }
        }

        return output > 0 ? use / output : double.NaN;
    }
}
