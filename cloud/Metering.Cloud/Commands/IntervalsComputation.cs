using System.Globalization;
using Metering.Analytics.CountryPacks;
using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;

namespace Metering.Cloud.Commands;

/// <summary>What `cloud intervals` answers.</summary>
internal sealed record IntervalsAnswer
{
    /// <summary>The intervals as the register gives them.</summary>
    public required IntervalSeries Series { get; init; }

    /// <summary>The intervals that count after edits and estimation; null when neither was asked for.</summary>
    public ValidatedSeries? Validated { get; init; }

    /// <summary>The edits in the order of their lines; null when no file was given.</summary>
    public IReadOnlyList<CsvEdit>? Edits { get; init; }

    /// <summary>Recorded changes of the meter; null when no file was given.</summary>
    public IReadOnlyList<RecordedReplacement>? Replacements { get; init; }

    /// <summary>What the checks found; null when they were not asked for.</summary>
    public IntervalsChecks? Checks { get; init; }

    /// <summary>An exact amount of register steps in the unit of the register.</summary>
    public static double Units(Int128 scaled, int exponent) =>
        double.Parse($"{scaled.ToString(CultureInfo.InvariantCulture)}E-{exponent.ToString(CultureInfo.InvariantCulture)}", NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>What the intervals that count add up to.</summary>
/// <param name="UseOfKnown">Use of the intervals that have a value.</param>
/// <param name="EstimatedUse">The part of it that no register has counted; the known part of an estimated interval is not in it.</param>
/// <param name="WithoutValue">Intervals that have none.</param>
internal sealed record IntervalsSummary(double UseOfKnown, double EstimatedUse, int WithoutValue)
{
    /// <summary>Use of all intervals; NaN while one has no value.</summary>
    public double Total => WithoutValue == 0 ? UseOfKnown : double.NaN;

    /// <summary>Share of the use that is estimated, 0 to 1; NaN when there is no use.</summary>
    public double EstimatedShare => UseOfKnown > 0 ? EstimatedUse / UseOfKnown : double.NaN;

    /// <summary>Adds up. What the register has counted is added exactly, in steps.</summary>
    public static IntervalsSummary Of(IntervalSeries series, ValidatedSeries validated)
    {
        Int128 steps = 0;
        double estimated = 0;
        double set = 0;
        int without = 0;
        for (int i = 0; i < validated.Count; i++)
        {
            bool isCounted = series.Code[i] is IntervalCode.Measured or IntervalCode.Allocated;
            IntervalCode code = validated.Code[i];
            if (double.IsNaN(validated.Value[i]))
            {
                without++;
            }
            else if (code is IntervalCode.Measured or IntervalCode.Allocated && isCounted && validated.Edit[i] == 0)
            {
                steps += series.KnownScaled[i];
            }
            else if (code == IntervalCode.Estimated)
            {
                bool hasPart = !isCounted && validated.Edit[i] == 0;
                steps += hasPart ? series.KnownScaled[i] : 0;
                estimated += validated.Value[i] - (hasPart ? IntervalsAnswer.Units(series.KnownScaled[i], series.Exponent) : 0);
            }
            else
            {
                set += validated.Value[i];
            }
        }

        return new IntervalsSummary(IntervalsAnswer.Units(steps, series.Exponent) + set + estimated, estimated, without);
    }
}

/// <summary>From a request to its answer: readings, intervals, edits, estimates, checks.</summary>
internal static class IntervalsComputation
{
    /// <exception cref="CsvException">A file cannot be used.</exception>
    /// <exception cref="CsvUsageException">The modulus is too large.</exception>
    public static IntervalsAnswer Run(IntervalsRequest request)
    {
        IReadOnlyList<RecordedReplacement>? recorded = request.ReplacementsPath is { } path ? IntervalsReplacements.Read(path, request.Zone) : null;
        int decimals = Math.Max(request.Modulus.Decimals, IntervalsReplacements.Decimals(recorded ?? []));
        CsvRegister register = ReadRegister(request, request.Register, decimals);
        try
        {
            IReadOnlySet<DateOnly> holidays = Holidays(request, register);
            CounterOptions options = Options(request, register, recorded ?? [], holidays);
            IntervalSeries series = IntervalBuilder.FromCounter(register.UtcMilliseconds, register.Register, [], options);
            if (!request.IsChecked && !request.IsEstimated && request.EditsPath is null)
            {
                return new IntervalsAnswer { Series = series, Replacements = recorded };
            }

            SeriesFrame frame = new() { Step = request.Step, Zone = request.Zone, Holidays = holidays };
            MeasuredSeries measured = MeasuredSeries.Of(request.Register, series, frame);
            IReadOnlyList<CsvEdit>? edits = request.EditsPath is { } edited ? CsvEdits.Read(edited, measured) : null;
            ValidatedSeries validated = Validate(request, series, measured, edits ?? []);
            return new IntervalsAnswer
            {
                Series = series,
                Replacements = recorded,
                Edits = edits,
                Validated = request.IsEstimated || edits is not null ? validated : null,
                Checks = request.IsChecked ? IntervalsChecks.Run(new IntervalsCheckInput(request, register, options, series, validated)) : null,
            };
        }
        catch (ArgumentException fault)
        {
            throw new CsvException("{0}: {1}", $"{Path.GetFileName(request.Path)}: {fault.Message}");
        }
    }

    /// <summary>Reads a register of the file; it must have a reading.</summary>
    public static CsvRegister ReadRegister(IntervalsRequest request, string column, int decimals)
    {
        CsvRegister register = CsvColumns.ReadRegister(request.Path, request.Time, column, request.Zone, decimals);
        return register.Register.Length == 0
            ? throw new CsvException("{0}: la columna «{1}» no tiene ninguna lectura. Revise el nombre de la columna.", $"{Path.GetFileName(request.Path)}: the column '{column}' has no reading. Check the column's name.")
            : register;
    }

    private static ValidatedSeries Validate(IntervalsRequest request, IntervalSeries series, MeasuredSeries measured, IReadOnlyList<CsvEdit> edits)
    {
        ValidatedSeries validated = EditLedger.Apply(ValidatedSeries.Of(measured), [.. edits.Select(edit => edit.Edit)]);
        IReadOnlyList<KnownTotal> totals = CsvEdits.Totals(edits, series, measured);
        return request.IsEstimated ? Estimation.Fill(validated, totals, new EstimationOptions()) : validated;
    }

    private static CounterOptions Options(
        IntervalsRequest request, CsvRegister register, IReadOnlyList<RecordedReplacement> recorded, IReadOnlySet<DateOnly> holidays)
    {
        (long mantissa, int decimals) = request.Modulus;
        long? modulus = mantissa == 0 ? null : ScaleModulus(mantissa, register.Exponent - decimals);
        return new CounterOptions
        {
            Step = request.Step,
            Exponent = register.Exponent,
            Modulus = modulus,
            MaximumRatePerHour = request.MaximumRatePerHour,
            Zone = request.Zone,
            GapAllocation = request.Gaps,
            Holidays = holidays,
            Replacements = IntervalsReplacements.Scale(recorded, register.Exponent, modulus),
        };
    }

    /// <summary>The holidays between the first and the last reading; none when not asked for.</summary>
    private static HashSet<DateOnly> Holidays(IntervalsRequest request, CsvRegister register)
    {
        if (!request.HasHolidays)
        {
            return [];
        }

        DateOnly first = PlantCalendar.DayOf(register.UtcMilliseconds.Min(), request.Zone);
        DateOnly last = PlantCalendar.DayOf(register.UtcMilliseconds.Max(), request.Zone);
        HolidayCalendar calendar = HolidayCalendar.Read(CountryPack.Mexico.Table("holidays"));
        return calendar.Covers(first) && calendar.Covers(last)
            ? [.. calendar.Between(first, last)]
            : throw new CsvException(
                "{0}: las lecturas van del {1:yyyy-MM-dd} al {2:yyyy-MM-dd}, y de una parte de ese tiempo no se conocen los días de descanso de --holidays MX. Quite la opción, o revise las fechas.", $"{Path.GetFileName(request.Path)}: the readings go from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}, and for a part of that the holidays of --holidays MX are not known. Leave the option out, or check the stamps.");
    }

    private static long ScaleModulus(long mantissa, int places) =>
        CsvColumns.TryScale(mantissa, places, out long scaled) && scaled <= IntervalBuilder.MaximumRegister
            ? scaled
            : throw new CsvUsageException(
                "--modulus: mayor que {0} pasos del registro. Revise su unidad.", $"--modulus: larger than {IntervalBuilder.MaximumRegister} steps of the register. Check its unit.");
}
