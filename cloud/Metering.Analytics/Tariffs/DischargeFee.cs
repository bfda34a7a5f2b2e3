using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>A reading of the discharge meter at the close of a quarter.</summary>
/// <param name="Day">Local day of the reading.</param>
/// <param name="RegisterM3">The register, m3, from 0.</param>
public readonly record struct DischargeReading(DateOnly Day, decimal RegisterM3);

/// <summary>Credit for water cleaner than that of the activity: (characteristic - real) x factor x volume.</summary>
/// <param name="Parameter">What, for example COD or TSS.</param>
/// <param name="CharacteristicMgPerLitre">Concentration the fee assumes, mg/L, from 0.</param>
/// <param name="RealMgPerLitre">Flow-weighted concentration of the quarter, mg/L, from 0.</param>
/// <param name="FactorPerM3AndMgPerLitre">Credit per m3 and mg/L.</param>
public sealed record DischargeCredit(
    string Parameter, decimal CharacteristicMgPerLitre, decimal RealMgPerLitre, Money FactorPerM3AndMgPerLitre);

/// <summary>What the fee of a quarter is computed from. Rates and factors are the user's: none are shipped.</summary>
public sealed record DischargeQuarter
{
    /// <summary>Year.</summary>
    public required int Year { get; init; }

    /// <summary>Quarter, 1 to 4.</summary>
    public required int Quarter { get; init; }

    /// <summary>Closing reading of the quarter before, taken from its last business day to its last day.</summary>
    public required DischargeReading Previous { get; init; }

    /// <summary>Reading on the last business day of the quarter.</summary>
    public required DischargeReading Close { get; init; }

    /// <summary>Fee per m3 of the class of activity.</summary>
    public required Money RatePerM3 { get; init; }

    /// <summary>Credits; empty for none.</summary>
    public IReadOnlyList<DischargeCredit> Credits { get; init; } = [];

    /// <summary>Whether all limits were met in the quarter, which exempts.</summary>
    public bool AreLimitsMet { get; init; }
}

/// <summary>The federal fee for discharging in one quarter (Ley Federal de Derechos, articles 277-A, 277-B and 278-B).</summary>
public sealed record DischargeFee
{
    /// <summary>Discharged volume, m3: one closing reading less the other.</summary>
    public required decimal VolumeM3 { get; init; }

    /// <summary>Volume x rate, rounded to cents.</summary>
    public required Money Gross { get; init; }

    /// <summary>Credits in the order asked, from 0, rounded to cents. Dirtier water than characteristic earns none and costs none here.</summary>
    public required IReadOnlyList<Money> Credits { get; init; }

    /// <summary>What is to be paid, from 0.</summary>
    public required Money Payable { get; init; }

    /// <summary>What a reader must know, one sentence in English each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The last day of a quarter that is neither Saturday, Sunday nor holiday.</summary>
    /// <param name="year">Year.</param>
    /// <param name="quarter">Quarter, 1 to 4.</param>
    /// <param name="holidays">Holidays.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such quarter, or no holiday rule covers it.</exception>
    public static DateOnly LastBusinessDay(int year, int quarter, HolidayCalendar holidays)
    {
        ArgumentNullException.ThrowIfNull(holidays);
        DateOnly day = LastDay(year, quarter);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || holidays.IsHoliday(day))
        {
            day = day.AddDays(-1);
        }

        return day;
    }

    /// <summary>Computes the fee of a quarter.</summary>
    /// <param name="quarter">Readings, rate and credits.</param>
    /// <param name="holidays">Holidays, for the last business days.</param>
    /// <returns>The fee, or why it is refused: a reading of another day, or a register that fell.</returns>
    /// <exception cref="ArgumentException">A negative register or concentration, or different currencies.</exception>
    public static Answer<DischargeFee> Compute(DischargeQuarter quarter, HolidayCalendar holidays)
    {
        ArgumentNullException.ThrowIfNull(quarter);
        ArgumentOutOfRangeException.ThrowIfNegative(quarter.Previous.RegisterM3);
        ArgumentOutOfRangeException.ThrowIfNegative(quarter.RatePerM3.Amount);
        if (Refusal(quarter, holidays) is string refusal)
        {
            return Answer<DischargeFee>.Refuse(refusal);
        }

        decimal volume = quarter.Close.RegisterM3 - quarter.Previous.RegisterM3;
        Money gross = (quarter.RatePerM3 * volume).Rounded();
        Money payable = gross;
        List<Money> credits = [];
        List<string> notes = [];
        foreach (DischargeCredit credit in quarter.Credits)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(credit.RealMgPerLitre);
            decimal cleaner = Math.Max(0m, credit.CharacteristicMgPerLitre - credit.RealMgPerLitre);
            Money amount = (credit.FactorPerM3AndMgPerLitre * (cleaner * volume)).Rounded();
            credits.Add(amount);
            payable -= amount;
            if (cleaner == 0m)
            {
                notes.Add($"{credit.Parameter} of {credit.RealMgPerLitre} mg/L is not below the characteristic {credit.CharacteristicMgPerLitre} mg/L: no credit.");
            }
        }

        Money nothing = Money.Zero(gross.Currency);
        if (quarter.AreLimitsMet)
        {
            notes.Add("All limits were met, so nothing is to be paid.");
        }
        else if (payable < nothing)
        {
            notes.Add($"The credits exceed the fee by {-payable}; nothing is paid back.");
        }

        return Answer<DischargeFee>.Of(new DischargeFee
        {
            VolumeM3 = volume,
            Gross = gross,
            Credits = credits,
            Payable = quarter.AreLimitsMet || payable < nothing ? nothing : payable,
            Notes = notes,
        });
    }

    private static DateOnly LastDay(int year, int quarter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quarter, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quarter, 4);
        return new DateOnly(year, 3 * quarter, DateTime.DaysInMonth(year, 3 * quarter));
    }

    private static string? Refusal(DischargeQuarter quarter, HolidayCalendar holidays)
    {
        DateOnly close = LastBusinessDay(quarter.Year, quarter.Quarter, holidays);
        (int year, int before) = quarter.Quarter == 1 ? (quarter.Year - 1, 4) : (quarter.Year, quarter.Quarter - 1);
        if (quarter.Close.Day != close)
        {
            return $"the closing reading is of {quarter.Close.Day:yyyy-MM-dd}; the last business day of the quarter is {close:yyyy-MM-dd}.";
        }

        DateOnly from = LastBusinessDay(year, before, holidays);
        DateOnly to = LastDay(year, before);
        if (quarter.Previous.Day < from || quarter.Previous.Day > to)
        {
            return $"the reading before is of {quarter.Previous.Day:yyyy-MM-dd}; it must be of {from:yyyy-MM-dd} to {to:yyyy-MM-dd}, the close of that quarter.";
        }

        return quarter.Close.RegisterM3 < quarter.Previous.RegisterM3
            ? $"the register fell from {quarter.Previous.RegisterM3} to {quarter.Close.RegisterM3} m3: it was replaced, reset or rolled over, so the difference is not the volume."
            : null;
    }
}
