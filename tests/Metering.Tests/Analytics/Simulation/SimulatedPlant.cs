using System.Globalization;
using System.Text;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Tests.Analytics.Simulation;

/// <summary>What drives the use of a simulated plant.</summary>
internal enum SimulatedKind
{
    /// <summary>Base and product 1.</summary>
    Production = 0,

    /// <summary>Base and cooling above a temperature.</summary>
    Cooling = 1,

    /// <summary>Base and heating below a temperature.</summary>
    Heating = 2,

    /// <summary>Heating below one temperature, cooling above a higher one.</summary>
    HeatingAndCooling = 3,

    /// <summary>Water: product 1 and working days.</summary>
    Water = 4,

    /// <summary>Product 1 and cooling above a temperature.</summary>
    ProductionAndCooling = 5,

    /// <summary>Two products.</summary>
    TwoProducts = 6,

    /// <summary>A base that is larger on working days, and product 1.</summary>
    WorkdayBase = 7,
}

/// <summary>A change that is not the project's.</summary>
internal enum SimulatedEventKind
{
    None = 0,

    /// <summary>From a day of the reporting period on.</summary>
    StepInReporting = 1,

    /// <summary>14 to 30 days of the baseline.</summary>
    TemporaryInBaseline = 2,

    /// <summary>14 to 30 days of the reporting period.</summary>
    TemporaryInReporting = 3,

    /// <summary>Grows evenly from a day of the reporting period to its end.</summary>
    DriftInReporting = 4,

    /// <summary>From a day of the baseline on, the reporting period included.</summary>
    StepInBaseline = 5,
}

/// <summary>A change that is not the project's: rows from <see cref="FirstRow"/> to before <see cref="EndRow"/>.</summary>
/// <param name="Kind">Which shape.</param>
/// <param name="FirstRow">First row with it.</param>
/// <param name="EndRow">First row without it.</param>
/// <param name="SizePerDay">Use added a day; of a drift what is added on its last day.</param>
internal sealed record SimulatedEvent(SimulatedEventKind Kind, int FirstRow, int EndRow, double SizePerDay)
{
    /// <summary>Use added on a row.</summary>
    public double On(int row)
    {
        if (row < FirstRow || row >= EndRow)
        {
            return 0;
        }

        return Kind == SimulatedEventKind.DriftInReporting ? SizePerDay * (row - FirstRow + 1) / (EndRow - FirstRow) : SizePerDay;
    }
}

/// <summary>What is drawn by chance and what is fixed; null means drawn.</summary>
internal sealed record SimulatedPlantOptions
{
    /// <summary>Fixed kind of event; none by default.</summary>
    public SimulatedEventKind Event { get; init; } = SimulatedEventKind.None;

    /// <summary>Size of the event as a share of mean use, with its sign; drawn like the kind asks when null.</summary>
    public double? EventShareOfUse { get; init; }

    /// <summary>Correlation of the noise from day to day: one of 0, .2, .4, .6, .8 when null.</summary>
    public double? Autocorrelation { get; init; }

    /// <summary>Standard deviation of the noise as a share of mean use: one of .04, .07, .10, .15 when null.</summary>
    public double? NoiseShareOfUse { get; init; }

    /// <summary>Share of use that the project saves: one of 0, .03, .05, .08, .2 when null.</summary>
    public double? SavingsFraction { get; init; }

    /// <summary>Share of days without a reading: none for half of the plants, else up to 8 %, when null.</summary>
    public double? MissingShare { get; init; }

    /// <summary>True: the noise of a day is in proportion to its expected use. False: the same on all days.</summary>
    public bool NoiseGrowsWithUse { get; init; }
}

/// <summary>
/// Two years of a plant by day with a known saving: baseline 2024-01-01 to 2024-12-30, installation until 2025-02-28, reporting
/// 2025-03-01 to 2026-02-28. Rows are days; their starts are given as midnights in UTC.
/// </summary>
internal sealed class SimulatedPlant
{
    private const long Day = TimeSpan.MillisecondsPerDay;

    /// <summary>What made this plant; belongs into every failure message.</summary>
    public required ulong Seed { get; init; }

    public required SimulatedKind Kind { get; init; }

    public required double Autocorrelation { get; init; }

    public required double NoiseShareOfUse { get; init; }

    public required double SavingsFraction { get; init; }

    public required SimulatedEvent Event { get; init; }

    /// <summary>Metered use; NaN on missing days.</summary>
    public required double[] Use { get; init; }

    /// <summary>Use without project, event and noise.</summary>
    public required double[] Expected { get; init; }

    /// <summary>Mean outdoor temperature, degrees Celsius.</summary>
    public required double[] TemperatureC { get; init; }

    public required double[] ProductionOne { get; init; }

    public required double[] ProductionTwo { get; init; }

    /// <summary>0, 0.5 or 1.</summary>
    public required double[] Workday { get; init; }

    /// <summary>The drivers that matter, with the true change points in place: least squares on them is the right model.</summary>
    public required IReadOnlyList<Driver> TrueDrivers { get; init; }

    /// <summary>Names of the columns that matter.</summary>
    public required IReadOnlyList<string> RelevantColumns { get; init; }

    public int Rows => Use.Length;

    public static int BaselineEndRow => SimulatedCalendar.RowOf(SimulatedCalendar.BaselineEnd);

    public static int ReportingStartRow => SimulatedCalendar.RowOf(SimulatedCalendar.ReportingStart);

    public static Period Baseline => new(StartOf(0), StartOf(BaselineEndRow));

    public static Period Reporting => new(StartOf(ReportingStartRow), StartOf(SimulatedCalendar.Days));

    /// <summary>
    /// True avoided use on the observed days of the reporting period: counterfactual without project and without event, less use
    /// without event.
    /// </summary>
    public double TrueSavings => SavingsFraction * ExpectedCounterfactual;

    /// <summary>Expected use without project and without event on the observed days of the reporting period.</summary>
    public double ExpectedCounterfactual
    {
        get
        {
            double sum = 0;
            for (int i = ReportingStartRow; i < Rows; i++)
            {
                sum += double.IsNaN(Use[i]) ? 0 : Expected[i];
            }

            return sum;
        }
    }

    /// <summary>Standard deviation of the noise on a day of mean use.</summary>
    public double NoisePerDay { get; init; }

    /// <summary>Draws a plant.</summary>
    public static SimulatedPlant Create(SimulatedKind kind, ulong seed, SimulatedPlantOptions? options = null) =>
        new PlantDrawing(kind, seed, options ?? new SimulatedPlantOptions()).Draw();

    /// <summary>Start of a row, UTC milliseconds since 1970-01-01.</summary>
    public static long StartOf(int row) => (SimulatedCalendar.First.DayNumber - new DateOnly(1970, 1, 1).DayNumber + row) * Day;

    /// <summary>Use and the drivers given (by default the right ones).</summary>
    public ModelTable ToTable(IReadOnlyList<Driver>? drivers = null) => new()
    {
        StartUtcMilliseconds = [.. Enumerable.Range(0, Rows).Select(StartOf)],
        Use = Use,
        Drivers = drivers ?? TrueDrivers,
    };

    /// <summary>All four columns as they stand in a file, relevant or not.</summary>
    public IReadOnlyList<Driver> Columns() =>
    [
        new("temp_c", TemperatureC), new("production_1", ProductionOne), new("production_2", ProductionTwo), new("workday", Workday),
    ];

    /// <summary>date,value,temp_c,production_1,production_2,workday; a missing value is an empty field.</summary>
    public string ToCsv()
    {
        StringBuilder text = new("date,value,temp_c,production_1,production_2,workday\n");
        for (int i = 0; i < Rows; i++)
        {
            string value = double.IsNaN(Use[i]) ? "" : Use[i].ToString("0.####", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture,
                $"{SimulatedCalendar.First.AddDays(i):yyyy-MM-dd},{value},{TemperatureC[i]:0.00},{ProductionOne[i]:0.000},{ProductionTwo[i]:0.000},{Workday[i]:0.0}\n");
        }

        return text.ToString();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kind} seed {Seed}: correlation {Autocorrelation}, noise {NoiseShareOfUse}, saving {SavingsFraction}, event {Event.Kind} from row {Event.FirstRow} of {Event.SizePerDay:0.###} a day");
}
