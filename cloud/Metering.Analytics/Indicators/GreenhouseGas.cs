namespace Metering.Analytics.Indicators;

/// <summary>
/// Greenhouse gases of a site: fuel x factor + power x grid factor + process. SOURCE: GHG Protocol Corporate Standard and Scope 2
/// Guidance (location and market based figures side by side); UNIDO/UNEP RECP primer (GHG indicator).
/// </summary>
public static class GreenhouseGas
{
    /// <summary>Emissions with the factors of the days of use and, beside them, with those of the baseline year.</summary>
    /// <param name="input">Uses, factors, contracts.</param>
    /// <exception cref="ArgumentNullException">No input.</exception>
    public static EmissionOutcome Compute(EmissionInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        List<IndicatorReason> reasons = [];
        List<IndicatorReason> notes = [];
        CheckInput(input, reasons);
        EmissionFigures? use = reasons.Count == 0 ? Figures(input, FactorPolicy.YearOfUse, reasons, notes) : null;
        EmissionFigures? frozen = use is null ? null : Figures(input, FactorPolicy.FrozenAtBaselineYear, reasons, notes);
        return new EmissionOutcome { YearOfUse = use, Frozen = frozen, Reasons = reasons, Notes = [.. notes.Distinct()] };
    }

    private static EmissionFigures? Figures(EmissionInput input, FactorPolicy policy, List<IndicatorReason> reasons, List<IndicatorReason> notes)
    {
        int before = reasons.Count;
        double fuel = 0;
        double location = 0;
        double market = 0;
        bool hasMarket = input.Contracts.Count > 0;
        double[] left = [.. input.Contracts.Select(contract => contract.Energy.To(MeasureUnit.Of(QuantityUnit.MegawattHour)).Value)];
        List<EmissionLine> lines = [];
        foreach (CarrierUse use in input.Uses)
        {
            DateSpan days = policy == FactorPolicy.YearOfUse ? use.Days : new DateSpan(input.BaselineDay, input.BaselineDay.AddDays(1));
            int known = reasons.Count;
            EmissionFactor? burnt = Find(input, use, EmissionKind.Fuel, days, reasons);
            EmissionFactor? grid = Find(input, use, EmissionKind.PowerByLocation, days, reasons);
            if (burnt is null == grid is null)
            {
                if (known == reasons.Count)
                {
                    reasons.Add(NoSingleFactor(use, days, burnt is not null));
                }

                continue;
            }

            EmissionFactor factor = burnt ?? grid!;
            double tonnes = Tonnes(use.Amount, factor);
            lines.Add(new EmissionLine(use, factor, tonnes));
            NoteSource(factor, notes);
            if (burnt is not null)
            {
                fuel += tonnes;
                continue;
            }

            location += tonnes;
            EmissionFactor? residual = Find(input, use, EmissionKind.PowerResidualMix, days, reasons);
            hasMarket |= residual is not null;
            market += MarketTonnes(input.Contracts, left, use, residual ?? factor);
        }

        if (reasons.Count > before)
        {
            return null;
        }

        NoteMarket(input.Contracts, left, hasMarket, notes);
        return new EmissionFigures
        {
            Policy = policy,
            FuelTonnes = fuel,
            ProcessTonnes = input.Process?.To(MeasureUnit.Of(QuantityUnit.TonneCarbonDioxideEquivalent)).Value ?? 0,
            PowerByLocationTonnes = location,
            PowerByMarketTonnes = hasMarket ? market : null,
            Lines = lines,
        };
    }

    // Contracts are counted in the order given, each only for uses that lie wholly inside its validity.
    private static double MarketTonnes(IReadOnlyList<PowerContract> contracts, double[] left, CarrierUse use, EmissionFactor rest)
    {
        double open = use.Amount.To(MeasureUnit.Of(QuantityUnit.MegawattHour)).Value;
        double tonnes = 0;
        for (int i = 0; i < contracts.Count; i++)
        {
            if (contracts[i].Validity.Contains(use.Days))
            {
                double covered = Math.Min(open, left[i]);
                left[i] -= covered;
                open -= covered;
                tonnes += covered * contracts[i].KilogramsPerMegawattHour / 1000;
            }
        }

        return tonnes + Tonnes(Quantity.Of(open, QuantityUnit.MegawattHour), rest);
    }

    private static double Tonnes(Quantity amount, EmissionFactor factor) =>
        amount.To(factor.Per).Value * factor.KilogramsCarbonDioxideEquivalent / 1000;

    private static EmissionFactor? Find(EmissionInput input, CarrierUse use, EmissionKind kind, DateSpan days, List<IndicatorReason> reasons)
    {
        EmissionFactor? found = null;
        int count = 0;
        foreach (EmissionFactor factor in input.Factors)
        {
            if (factor.Kind == kind && factor.Carrier == use.Carrier && factor.Validity.Overlaps(days))
            {
                if (found is not null && found.Validity.Overlaps(factor.Validity))
                {
                    reasons.Add(new IndicatorReason(IndicatorReasonKind.FactorsOverlap, FigureText.Line(
                        $"{use.Carrier}: two factors hold at once, {FigureText.Of(found.KilogramsCarbonDioxideEquivalent)} ({found.Note.Source}) and {FigureText.Of(factor.KilogramsCarbonDioxideEquivalent)} ({factor.Note.Source}) kg CO2e per {factor.Per.Symbol}. Choose one.")));
                    return null;
                }

                found = factor;
                count++;
            }
        }

        if (found is null)
        {
            return null;
        }

        if (count > 1 || !found.Validity.Contains(days))
        {
            reasons.Add(new IndicatorReason(IndicatorReasonKind.FactorChangesInside, FigureText.Line(
                $"{use.Carrier}: the factor changes or ends inside {days}. Hand in the use by month.")));
            return null;
        }

        if (found.Per.IsConvertibleTo(use.Amount.Unit) && (kind == EmissionKind.Fuel || found.Per.Dimension == Dimension.Energy))
        {
            return found;
        }

        reasons.Add(new IndicatorReason(IndicatorReasonKind.UnitMismatch, FigureText.Line(
            $"{use.Carrier} is used in {use.Amount.Unit.Symbol}, but its factor is stated per {found.Per.Symbol}; power is stated in a unit of energy.")));
        return null;
    }

    private static IndicatorReason NoSingleFactor(CarrierUse use, DateSpan days, bool both) => both
        ? new IndicatorReason(IndicatorReasonKind.FactorsOverlap, FigureText.Line(
            $"{use.Carrier} has a factor as a fuel and one as power. A carrier is one of the two."))
        : new IndicatorReason(IndicatorReasonKind.NoFactor, FigureText.Line(
            $"{use.Carrier}: no factor is valid in {days}. Without it there is no figure; another year's factor is not put in its place."));

    private static void CheckInput(EmissionInput input, List<IndicatorReason> reasons)
    {
        foreach (CarrierUse use in input.Uses)
        {
            AmountCheck.Check(use.Carrier, use.Amount, reasons);
            if (use.Days.DayCount <= 0)
            {
                reasons.Add(new IndicatorReason(IndicatorReasonKind.PeriodNotWhole, use.Carrier + ": the span of days is empty."));
            }
        }

        foreach (EmissionFactor factor in input.Factors)
        {
            AmountCheck.Check("factor of " + factor.Carrier, new Quantity(factor.KilogramsCarbonDioxideEquivalent, factor.Per), reasons);
        }

        foreach (PowerContract contract in input.Contracts)
        {
            AmountCheck.Check("factor of " + contract.Name, new Quantity(contract.KilogramsPerMegawattHour, contract.Energy.Unit), reasons);
            AmountCheck.CheckDimension(contract.Name, contract.Energy, Dimension.Energy, reasons);
        }

        if (input.Process is { } process)
        {
            AmountCheck.CheckDimension("process", process, Dimension.GreenhouseGas, reasons);
        }
    }

    private static void NoteSource(EmissionFactor factor, List<IndicatorReason> notes)
    {
        if (factor.Note.Mark is { } mark)
        {
            notes.Add(new IndicatorReason(IndicatorReasonKind.UnverifiedSource, FigureText.Line(
                $"{factor.Carrier}, {factor.Validity}: {FigureText.Of(factor.KilogramsCarbonDioxideEquivalent)} kg CO2e per {factor.Per.Symbol} is marked: {mark} ({factor.Note.Source}).")));
        }
    }

    private static void NoteMarket(IReadOnlyList<PowerContract> contracts, double[] left, bool hasMarket, List<IndicatorReason> notes)
    {
        if (!hasMarket)
        {
            notes.Add(new IndicatorReason(IndicatorReasonKind.LocationStandsIn,
                "There is no contract and no residual mix, hence no market figure; the location figure stands alone."));
        }

        for (int i = 0; i < contracts.Count; i++)
        {
            if (left[i] > 0)
            {
                notes.Add(new IndicatorReason(IndicatorReasonKind.ContractsExceedUse, FigureText.Line(
                    $"{contracts[i].Name}: {FigureText.Of(left[i])} MWh cover no use inside {contracts[i].Validity} and are not counted.")));
            }
        }
    }
}
