namespace Metering.Analytics.Indicators;

/// <summary>Withdrawal by source, discharge by destination, consumption. SOURCE: GRI 303: Water and Effluents 2018, disclosures 303-3, 303-4, 303-5.</summary>
public static class WaterBalance
{
    /// <summary>Largest number of flows.</summary>
    public const int MaximumFlows = 10_000;

    private const double LargestPercent = 1000;

    /// <summary>Adds up the main meters, explains the consumption, and checks each main meter against its sub-meters.</summary>
    /// <param name="flows">All flows over the same days. A missing one is listed and refuses the balance: it is not zero.</param>
    /// <exception cref="ArgumentException">No flows or too many, or a name that is not unique.</exception>
    public static WaterBalanceOutcome Compute(IReadOnlyList<WaterFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        Dictionary<string, WaterFlow> byName = [];
        if (flows.Count is 0 or > MaximumFlows || !flows.All(flow => byName.TryAdd(flow.Name, flow)))
        {
            throw new ArgumentException(FigureText.Line($"A balance has 1 to {MaximumFlows} flows, each with a name of its own."), nameof(flows));
        }

        List<IndicatorReason> reasons = [];
        foreach (WaterFlow flow in flows)
        {
            CheckFlow(flow, flows[0].Days, byName, reasons);
        }

        return reasons.Count > 0
            ? new WaterBalanceOutcome { Reasons = reasons, Notes = [] }
            : Balance(flows);
    }

    private static WaterBalanceOutcome Balance(IReadOnlyList<WaterFlow> flows)
    {
        SortedDictionary<(WaterDirection, WaterPlace, WaterQuality, bool), double> cells = [];
        double[] sums = new double[4];
        double stressed = 0;
        double variance = 0;
        bool hasKnown = false;
        foreach (WaterFlow flow in flows.Where(flow => flow.Main is null))
        {
            double volume = Megalitres(flow);
            sums[(int)flow.Direction] += volume;
            variance += Variance(flow);
            hasKnown |= flow.Direction == WaterDirection.KnownConsumption;
            if (flow.Direction is WaterDirection.Withdrawal or WaterDirection.Discharge)
            {
                (WaterDirection, WaterPlace, WaterQuality, bool) key = (flow.Direction, flow.Place, flow.Quality, flow.IsStressedArea);
                cells[key] = cells.GetValueOrDefault(key) + volume;
                double signed = flow.Direction == WaterDirection.Withdrawal ? volume : -volume;
                stressed += flow.IsStressedArea ? signed : 0;
            }
        }

        double withdrawal = sums[(int)WaterDirection.Withdrawal];
        double open = withdrawal - sums[(int)WaterDirection.Discharge] - sums[(int)WaterDirection.KnownConsumption] - sums[(int)WaterDirection.StorageRise];
        WaterBalanceResult result = new()
        {
            Days = flows[0].Days,
            WithdrawalMegalitres = withdrawal,
            DischargeMegalitres = sums[(int)WaterDirection.Discharge],
            StressedConsumptionMegalitres = stressed,
            StorageRiseMegalitres = sums[(int)WaterDirection.StorageRise],
            Cells = [.. cells.Select(cell => new WaterCell(cell.Key.Item1, cell.Key.Item2, cell.Key.Item3, cell.Key.Item4, cell.Value))],
            Closing = hasKnown ? Close("withdrawal = discharge + known consumption + rise of storage", withdrawal, open, variance) : null,
            Mains = Mains(flows),
        };
        return new WaterBalanceOutcome { Result = result, Reasons = [], Notes = Notes(result) };
    }

    private static List<ClosingError> Mains(IReadOnlyList<WaterFlow> flows)
    {
        List<ClosingError> errors = [];
        ILookup<string?, WaterFlow> behind = flows.ToLookup(flow => flow.Main);
        foreach (WaterFlow main in flows)
        {
            double rest = Megalitres(main);
            double variance = Variance(main);
            bool hasSubs = false;
            foreach (WaterFlow sub in behind[main.Name])
            {
                hasSubs = true;
                rest -= Megalitres(sub);
                variance += Variance(sub);
            }

            if (hasSubs)
            {
                errors.Add(Close(main.Name + " = sum of its sub-meters", Megalitres(main), rest, variance));
            }
        }

        return errors;
    }

    private static ClosingError Close(string name, double whole, double rest, double variance) => new()
    {
        Name = name,
        Megalitres = rest,
        Percent = whole > 0 && double.IsFinite(100 * rest / whole) ? 100 * rest / whole : null,
        StandardUncertaintyMegalitres = Math.Sqrt(variance),
    };

    private static double Megalitres(WaterFlow flow) => flow.Volume.To(MeasureUnit.Of(QuantityUnit.Megalitre)).Value;

    private static double Variance(WaterFlow flow)
    {
        double deviation = Megalitres(flow) * flow.StandardUncertaintyPercent / 100;
        return deviation * deviation;
    }

    private static void CheckFlow(WaterFlow flow, DateSpan days, Dictionary<string, WaterFlow> byName, List<IndicatorReason> reasons)
    {
        Quantity volume = flow.Direction == WaterDirection.StorageRise ? flow.Volume with { Value = Math.Abs(flow.Volume.Value) } : flow.Volume;
        AmountCheck.CheckDimension(flow.Name, volume, Dimension.Volume, reasons);
        if (flow.Days != days || days.DayCount <= 0)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.PeriodsDiffer, FigureText.Line(
                $"{flow.Name} covers {flow.Days}, the balance {days}.")));
        }

        if (flow.StandardUncertaintyPercent is < 0 or > LargestPercent || flow.DissolvedSolidsMilligramsPerLitre < 0)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.Negative, flow.Name + ": uncertainty or dissolved solids are negative, or the uncertainty is above 1000 %."));
        }

        if (flow.Direction is WaterDirection.Withdrawal or WaterDirection.Discharge && flow.Main is null && flow.Place == WaterPlace.None)
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.Missing, flow.Name + ": source or destination is not stated."));
        }

        if (flow.Main is { } main && !LeadsToMain(flow, byName))
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.Inconsistent, FigureText.Line(
                $"{flow.Name} stands behind \"{main}\", which is not in the balance, runs the other way or stands behind itself.")));
        }
    }

    private static bool LeadsToMain(WaterFlow flow, Dictionary<string, WaterFlow> byName)
    {
        WaterFlow at = flow;
        for (int step = 0; step <= byName.Count; step++)
        {
            if (at.Main is null)
            {
                return true;
            }

            if (!byName.TryGetValue(at.Main, out WaterFlow? next) || next.Direction != flow.Direction)
            {
                return false;
            }

            at = next;
        }

        return false;
    }

    private static List<IndicatorReason> Notes(WaterBalanceResult result)
    {
        List<IndicatorReason> notes = [];
        if (result.ConsumptionMegalitres < 0)
        {
            notes.Add(new IndicatorReason(IndicatorReasonKind.Inconsistent, FigureText.Line(
                $"More water went out than came in ({FigureText.Of(-result.ConsumptionMegalitres)} ML): a source is not metered, or rain and produced water are missing.")));
        }

        foreach (ClosingError error in result.Mains.Append(result.Closing).OfType<ClosingError>().Where(error => error.IsExplainedByMeters == false))
        {
            notes.Add(new IndicatorReason(IndicatorReasonKind.Inconsistent, FigureText.Line(
                $"{error.Name}: {FigureText.Of(error.Megalitres)} ML are left over, more than twice the uncertainty of the meters ({FigureText.Of(error.StandardUncertaintyMegalitres)} ML). Look for a leak, an unmetered branch or a wrong pulse ratio.")));
        }

        if (result.Cells.Any(cell => cell.Quality == WaterQuality.Unknown))
        {
            notes.Add(new IndicatorReason(IndicatorReasonKind.Missing,
                "Dissolved solids are not known for all flows; those are listed as neither fresh nor other water."));
        }

        return notes;
    }
}
