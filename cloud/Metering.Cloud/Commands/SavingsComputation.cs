using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Metering.Analytics.Towt;

namespace Metering.Cloud.Commands;

/// <summary>Computes what a request asks for.</summary>
internal sealed class SavingsComputation(SavingsRequest request, SavingsInputs inputs)
{
    private static readonly TimeSpan LongestDay = TimeSpan.FromHours(25);

    private SavingsOptions Options => new()
    {
        Model = request.Model,
        Confidence = request.ConfidencePercent / 100,
        DriversAreCandidates = request.Drivers is null,
        MeterClassPercent = request.MeterClassPercent,
        IsMeterReplaced = request.IsMeterReplaced,
        Claim = request.Claim,
    };

    /// <summary>The answer.</summary>
    /// <exception cref="CsvException">The file of decisions cannot be read.</exception>
    public SavingsAnswer Answer() => request.Model switch
    {
        ModelKind.TowtHourly or ModelKind.TowtDaily => SavingsAnswer.Of(Towt(), []),
        ModelKind.CalTrackHourly => SavingsAnswer.Of(CalTrackHours(), []),
        ModelKind.CalTrackDaily or ModelKind.CalTrackBilling => SavingsAnswer.Of(CalTrack(), []),
        _ => Own(),
    };

    private SavingsAnswer Own()
    {
        if (request.Kind != SavingsKind.Avoided)
        {
            return SavingsAnswer.Of(
                request.Kind == SavingsKind.Backcast
                    ? SavingsCalculator.Backcast(inputs.Table, request.Baseline, request.Reporting, Options)
                    : NormalisedSavings.Compute(inputs.Table, request.Baseline, request.Reporting, Conditions(), Options),
                []);
        }

        IReadOnlyList<NonRoutineAdjustment> adjustments = [];
        IReadOnlyList<Period> excluded = [];
        List<ToldEvent> events = [];
        if (request.Events == EventHandling.ApplyFile)
        {
            IReadOnlyList<EventDecision> decisions = CsvEvents.Read(request.EventsPath!, request.Zone, request.Baseline, TimeProvider.System.GetUtcNow());
            (adjustments, excluded) = EventProposals.Decide(decisions, request.Reporting);
            events.AddRange(decisions.Select(decision => new ToldEvent(decision.Event, decision, null)));
        }
        else if (request.Events != EventHandling.None)
        {
            IReadOnlyList<EventProposal> proposals = EventProposals.Propose(inputs.Table, request.Baseline, request.Reporting, Options);
            adjustments = request.Events == EventHandling.Apply ? EventProposals.Adjustments(proposals, request.Reporting) : [];
            events.AddRange(proposals.Select(proposal => new ToldEvent(proposal, null, null)));
        }

        SavingsOptions options = Options with { Adjustments = adjustments, Excluded = excluded };
        return SavingsAnswer.Of(SavingsCalculator.Avoided(inputs.Table, request.Baseline, request.Reporting, options), events);
    }

    // The conditions of the baseline period stand for the agreed ones.
    private ModelTable Conditions()
    {
        ModelTable table = inputs.Table;
        int[] rows = [.. Enumerable.Range(0, table.StartUtcMilliseconds.Count).Where(row => request.Baseline.Contains(table.StartUtcMilliseconds[row]))];
        return table with
        {
            StartUtcMilliseconds = [.. rows.Select(row => table.StartUtcMilliseconds[row])],
            Use = [.. rows.Select(row => table.Use[row])],
            Drivers = [.. table.Drivers.Select(driver => new Driver(driver.Name, [.. rows.Select(row => driver.Values[row])]))],
        };
    }

    private SavingsOutcome Towt()
    {
        TowtOptions options = new()
        {
            Zone = request.Zone,
            Temperature = SavingsInputs.TemperatureName,
            Unit = inputs.Temperatures!.Unit,
            Holidays = inputs.Holidays,
            LinearDrivers = [.. inputs.Table.Drivers.Select(driver => driver.Name).Where(name => !string.Equals(name, SavingsInputs.TemperatureName, StringComparison.Ordinal))],
        };
        TowtOutcome outcome = request.Model == ModelKind.TowtHourly
            ? TowtModel.FitHourly(inputs.Table, request.Baseline, request.Reporting, options)
            : TowtModel.FitDaily(inputs.Table, request.Baseline, request.Reporting, options);
        return TowtSavings.Compute(outcome, Options);
    }

    private SavingsOutcome CalTrackHours()
    {
        CalTrackHourlyOptions options = new()
        {
            Temperature = SavingsInputs.TemperatureName,
            Unit = inputs.Temperatures!.Unit,
            Zone = request.Zone,

            // The reference program counts an hour of zero use; so do we, to give its numbers.
            ZeroUseIsMissing = false,
        };
        return TowtSavings.Compute(CalTrackHourly.Fit(inputs.Table, request.Baseline, request.Reporting, options), Options);
    }

    private SavingsOutcome CalTrack()
    {
        bool isBilling = request.Model == ModelKind.CalTrackBilling;
        WeatherOutcome weather = Weather.From(inputs.Temperatures!);
        if (weather.Weather is null)
        {
            return new SavingsOutcome { Reasons = weather.Reasons, Warnings = weather.Warnings };
        }

        if (Intervals(isBilling) is not { } intervals)
        {
            return new SavingsOutcome
            {
                Reasons = [new Reason(ReasonKind.ConflictingRows, "Two rows begin at the same time, or rows are out of order. Sort the file and remove rows that come twice.")],
                Warnings = [],
            };
        }

        CalTrackSavingsOptions options = new()
        {
            IsBilling = isBilling,
            Method = new CalTrackOptions
            {
                Fuel = request.Fuel switch { Fuel.Gas => MeteredFuel.Gas, Fuel.Water => MeteredFuel.Water, _ => MeteredFuel.Electricity },
            },
            Savings = Options,
        };
        Period baseline = Whole(intervals, request.Baseline, request.Reporting.StartUtcMilliseconds);
        Period reporting = Whole(intervals, request.Reporting, long.MaxValue);
        return CalTrackSavings.Compute(intervals, weather.Weather, baseline, reporting, options);
    }

    // Rows are named by their start: one that begins in a period belongs to it whole, as long as it ends before the next period.
    private static Period Whole(List<MeteredInterval> intervals, Period period, long latestEnd)
    {
        long end = period.EndUtcMilliseconds;
        foreach (MeteredInterval interval in intervals)
        {
            if (period.Contains(interval.StartUtcMilliseconds) && !double.IsNaN(interval.Use) && interval.EndUtcMilliseconds <= latestEnd)
            {
                end = Math.Max(end, interval.EndUtcMilliseconds);
            }
        }

        return period with { EndUtcMilliseconds = end };
    }

    // A bill ends where the next begins; a day ends at the next row or, before a gap and at the end, with the plant's day.
    private List<MeteredInterval>? Intervals(bool isBilling)
    {
        IReadOnlyList<long> starts = inputs.Table.StartUtcMilliseconds;
        List<MeteredInterval> intervals = [];
        for (int row = 0; row < starts.Count; row++)
        {
            bool isLast = row + 1 == starts.Count;
            if (!isLast && starts[row + 1] <= starts[row])
            {
                return null;
            }

            bool follows = !isLast && starts[row + 1] - starts[row] <= LongestDay.TotalMilliseconds;
            if (isBilling ? !isLast : follows)
            {
                intervals.Add(new MeteredInterval(starts[row], starts[row + 1], inputs.Table.Use[row]));
            }
            else if (!isBilling)
            {
                long end = PlantCalendar.StartOfDay(PlantCalendar.DayOf(starts[row], request.Zone).AddDays(1), request.Zone);
                long whole = end - starts[row] >= TimeSpan.FromHours(23).TotalMilliseconds ? end : starts[row] + TimeSpan.MillisecondsPerDay;
                intervals.Add(new MeteredInterval(starts[row], whole, inputs.Table.Use[row]));
            }
        }

        return intervals;
    }
}
