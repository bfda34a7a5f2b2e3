namespace Metering.Analytics.Indicators;

/// <summary>What a unit measures. Only units of one dimension are converted into each other.</summary>
public enum Dimension
{
    /// <summary>Not stated; nothing can be done with it.</summary>
    None = 0,

    /// <summary>Energy.</summary>
    Energy = 1,

    /// <summary>Volume as it flowed, of water or of liquid fuel.</summary>
    Volume = 2,

    /// <summary>Volume of gas at the reference conditions of its contract or factor; never mixed with plain volume.</summary>
    ReferenceGasVolume = 3,

    /// <summary>Mass.</summary>
    Mass = 4,

    /// <summary>Greenhouse gases as mass of carbon dioxide of equal effect; not the same as mass.</summary>
    GreenhouseGas = 5,

    /// <summary>Counted pieces (hides, shirts, parts).</summary>
    Pieces = 6,

    /// <summary>Counted vehicles.</summary>
    Vehicles = 7,

    /// <summary>Guest-nights of a hotel.</summary>
    GuestNights = 8,

    /// <summary>Bed-days of a hospital.</summary>
    BedDays = 9,

    /// <summary>Money of one currency.</summary>
    Money = 10,
}

/// <summary>The units an indicator can be expressed in.</summary>
public enum QuantityUnit
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>kWh.</summary>
    KilowattHour = 1,

    /// <summary>MWh.</summary>
    MegawattHour = 2,

    /// <summary>MJ.</summary>
    Megajoule = 3,

    /// <summary>GJ.</summary>
    Gigajoule = 4,

    /// <summary>L.</summary>
    Litre = 5,

    /// <summary>m3.</summary>
    CubicMetre = 6,

    /// <summary>ML, a thousand m3, the unit of GRI 303.</summary>
    Megalitre = 7,

    /// <summary>Nm3: a cubic metre of gas at reference conditions.</summary>
    ReferenceCubicMetre = 8,

    /// <summary>kg.</summary>
    Kilogram = 9,

    /// <summary>t.</summary>
    Tonne = 10,

    /// <summary>kg CO2e.</summary>
    KilogramCarbonDioxideEquivalent = 11,

    /// <summary>t CO2e.</summary>
    TonneCarbonDioxideEquivalent = 12,

    /// <summary>One piece.</summary>
    Piece = 13,

    /// <summary>One vehicle.</summary>
    Vehicle = 14,

    /// <summary>One guest-night.</summary>
    GuestNight = 15,

    /// <summary>One bed-day.</summary>
    BedDay = 16,

    /// <summary>One unit of a currency; made by <see cref="MeasureUnit.Money"/> only.</summary>
    Money = 17,
}

/// <summary>A unit, with its currency when it is money. The default value is "not stated" and is refused everywhere.</summary>
public readonly record struct MeasureUnit
{
    private MeasureUnit(QuantityUnit unit, string? currency, int? priceYear)
    {
        Unit = unit;
        Currency = currency;
        PriceYear = priceYear;
    }

    /// <summary>The unit.</summary>
    public QuantityUnit Unit { get; }

    /// <summary>ISO 4217 code; null when the unit is not money.</summary>
    public string? Currency { get; }

    /// <summary>The year in whose prices the money is stated; null for money of the day. Different years are not added.</summary>
    public int? PriceYear { get; }

    /// <summary>What the unit measures.</summary>
    public Dimension Dimension => Unit switch
    {
        QuantityUnit.KilowattHour or QuantityUnit.MegawattHour or QuantityUnit.Megajoule or QuantityUnit.Gigajoule => Dimension.Energy,
        QuantityUnit.Litre or QuantityUnit.CubicMetre or QuantityUnit.Megalitre => Dimension.Volume,
        QuantityUnit.ReferenceCubicMetre => Dimension.ReferenceGasVolume,
        QuantityUnit.Kilogram or QuantityUnit.Tonne => Dimension.Mass,
        QuantityUnit.KilogramCarbonDioxideEquivalent or QuantityUnit.TonneCarbonDioxideEquivalent => Dimension.GreenhouseGas,
        QuantityUnit.Piece => Dimension.Pieces,
        QuantityUnit.Vehicle => Dimension.Vehicles,
        QuantityUnit.GuestNight => Dimension.GuestNights,
        QuantityUnit.BedDay => Dimension.BedDays,
        QuantityUnit.Money => Dimension.Money,
        _ => Dimension.None,
    };

    /// <summary>How the unit is printed, in the spelling of <see cref="Readings.Units"/> where that list has it.</summary>
    public string Symbol => Unit switch
    {
        QuantityUnit.KilowattHour => "kWh",
        QuantityUnit.MegawattHour => "MWh",
        QuantityUnit.Megajoule => "MJ",
        QuantityUnit.Gigajoule => "GJ",
        QuantityUnit.Litre => "L",
        QuantityUnit.CubicMetre => "m3",
        QuantityUnit.Megalitre => "ML",
        QuantityUnit.ReferenceCubicMetre => "Nm3",
        QuantityUnit.Kilogram => "kg",
        QuantityUnit.Tonne => "t",
        QuantityUnit.KilogramCarbonDioxideEquivalent => "kg CO2e",
        QuantityUnit.TonneCarbonDioxideEquivalent => "t CO2e",
        QuantityUnit.Piece => "pieces",
        QuantityUnit.Vehicle => "vehicles",
        QuantityUnit.GuestNight => "guest-nights",
        QuantityUnit.BedDay => "bed-days",
        QuantityUnit.Money => PriceYear is { } year ? FigureText.Line($"{Currency} of {year}") : Currency!,
        _ => "(no unit)",
    };

    // Size in the smallest unit of the dimension (kJ, L, kg, ...), whole so that powers of ten stay exact.
    private long Scale => Unit switch
    {
        QuantityUnit.KilowattHour => 3_600,
        QuantityUnit.MegawattHour => 3_600_000,
        QuantityUnit.Megajoule or QuantityUnit.CubicMetre or QuantityUnit.Tonne or QuantityUnit.TonneCarbonDioxideEquivalent => 1_000,
        QuantityUnit.Gigajoule or QuantityUnit.Megalitre => 1_000_000,
        _ => 1,
    };

    /// <summary>A unit that is not money.</summary>
    /// <param name="unit">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">Money (use <see cref="Money"/>), unspecified, or no unit of the list.</exception>
    public static MeasureUnit Of(QuantityUnit unit) => unit is > QuantityUnit.Unspecified and < QuantityUnit.Money
        ? new MeasureUnit(unit, null, null)
        : throw new ArgumentOutOfRangeException(nameof(unit), unit, "A unit of the list other than money is needed.");

    /// <summary>A currency.</summary>
    /// <param name="currency">ISO 4217 code, three capital letters.</param>
    /// <param name="priceYear">Year of constant prices, 1900 to 2199; null for money of the day.</param>
    /// <exception cref="ArgumentException">Not three capital letters, or a year out of range.</exception>
    public static MeasureUnit Money(string currency, int? priceYear = null)
    {
        ArgumentNullException.ThrowIfNull(currency);
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper) || priceYear is < 1900 or > 2199)
        {
            throw new ArgumentException("A currency is three capital letters (ISO 4217); a price year lies between 1900 and 2199.", nameof(currency));
        }

        return new MeasureUnit(QuantityUnit.Money, currency, priceYear);
    }

    /// <summary>The unit with this symbol, other than money.</summary>
    /// <param name="symbol">As in <see cref="Symbol"/>; case counts.</param>
    /// <param name="unit">The unit found, else the unspecified one.</param>
    public static bool TryParse(string symbol, out MeasureUnit unit)
    {
        for (QuantityUnit candidate = QuantityUnit.KilowattHour; candidate < QuantityUnit.Money; candidate++)
        {
            unit = Of(candidate);
            if (unit.Symbol == symbol)
            {
                return true;
            }
        }

        unit = default;
        return false;
    }

    /// <summary>Whether an amount in this unit can be stated in another one without a further factor.</summary>
    /// <param name="other">The other unit.</param>
    public bool IsConvertibleTo(MeasureUnit other) => Dimension != Dimension.None && Dimension == other.Dimension
        && Currency == other.Currency && PriceYear == other.PriceYear;

    /// <summary>Symbol.</summary>
    public override string ToString() => Symbol;

    internal double Convert(double value, MeasureUnit to)
    {
        if (!IsConvertibleTo(to))
        {
            throw new ArgumentException(FigureText.Line($"{Symbol} cannot be stated in {to.Symbol}."), nameof(to));
        }

        if (Scale % to.Scale == 0)
        {
            return value * (Scale / to.Scale);
        }

        return to.Scale % Scale == 0 ? value / (to.Scale / Scale) : value * Scale / to.Scale;
    }
}

/// <summary>An amount with its unit; NaN is "missing".</summary>
/// <param name="Value">The amount.</param>
/// <param name="Unit">Its unit.</param>
public readonly record struct Quantity(double Value, MeasureUnit Unit)
{
    /// <summary>An amount in a unit that is not money.</summary>
    /// <param name="value">The amount; NaN when missing.</param>
    /// <param name="unit">Its unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">No unit of the list, or money.</exception>
    public static Quantity Of(double value, QuantityUnit unit) => new(value, MeasureUnit.Of(unit));

    /// <summary>The same amount in another unit.</summary>
    /// <param name="unit">The unit wanted.</param>
    /// <exception cref="ArgumentException">The units measure different things, or different money.</exception>
    public Quantity To(MeasureUnit unit) => new(Unit.Convert(Value, unit), unit);
}

/// <summary>The unit of a ratio, such as m3 per t.</summary>
/// <param name="Numerator">Unit above the line.</param>
/// <param name="Denominator">Unit below the line.</param>
public readonly record struct RatioUnit(MeasureUnit Numerator, MeasureUnit Denominator)
{
    /// <summary>How the unit is printed: "m3/t".</summary>
    public string Symbol => Numerator.Symbol + "/" + Denominator.Symbol;

    /// <summary>Symbol.</summary>
    public override string ToString() => Symbol;

    internal bool IsConvertibleTo(RatioUnit other) =>
        Numerator.IsConvertibleTo(other.Numerator) && Denominator.IsConvertibleTo(other.Denominator);

    internal double Convert(double value, RatioUnit to) =>
        Numerator.Convert(value, to.Numerator) / Denominator.Convert(1, to.Denominator);
}
