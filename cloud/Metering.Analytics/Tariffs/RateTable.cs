using System.Globalization;
using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>The charges of a bill.</summary>
public enum Charge
{
    /// <summary>Fixed charge of the supplier, per month. Written <c>supplier</c>.</summary>
    Supplier = 0,

    /// <summary>Energy without hours (GDMTO), per kWh. Written <c>energy</c>.</summary>
    Energy = 1,

    /// <summary>Energy in base, per kWh. Written <c>energy-base</c>.</summary>
    EnergyBase = 2,

    /// <summary>Energy in intermedia, per kWh. Written <c>energy-intermedia</c>.</summary>
    EnergyIntermedia = 3,

    /// <summary>Energy in punta, per kWh. Written <c>energy-punta</c>.</summary>
    EnergyPunta = 4,

    /// <summary>Capacity, per kW. Written <c>capacity</c>.</summary>
    Capacity = 5,

    /// <summary>Distribution, per kW. Written <c>distribution</c>.</summary>
    Distribution = 6,

    /// <summary>Transmission, per kWh. Written <c>transmission</c>.</summary>
    Transmission = 7,

    /// <summary>Operation of the grid operator CENACE, per kWh. Written <c>cenace</c>.</summary>
    GridOperator = 8,

    /// <summary>Ancillary services outside the market, per kWh. Written <c>ancillary</c>.</summary>
    Ancillary = 9,

    /// <summary>Value added tax on the charges, percent. Written <c>vat</c>.</summary>
    ValueAddedTax = 10,

    /// <summary>Municipal levy for street lighting on the charges, percent. Written <c>street-lighting</c>.</summary>
    StreetLighting = 11,

    /// <summary>Surcharge when metered on the low side of the transformer. Computed, never imported.</summary>
    LowSideSurcharge = 12,

    /// <summary>Penalty (positive) or bonus (negative) for the power factor. Computed, never imported.</summary>
    PowerFactor = 13,
}

/// <summary>One imported rate.</summary>
/// <param name="Tariff">The tariff.</param>
/// <param name="Division">The division, as the user writes it.</param>
/// <param name="Month">First day of the month it holds for.</param>
/// <param name="Charge">The charge.</param>
/// <param name="Rate">Rate in the currency of the table per kWh, kW or month, or percent.</param>
/// <param name="Source">Where it comes from; may be empty.</param>
public sealed record TariffRate(CfeTariff Tariff, string Division, DateOnly Month, Charge Charge, decimal Rate, string Source);

/// <summary>
/// Monthly rates of the user's tariff and division. None are shipped: they change every month and differ by division.
/// </summary>
public sealed class RateTable
{
    private static readonly string[] Header = ["tariff", "division", "month", "charge", "rate", "unit", "source"];
    private static readonly string[] ChargeNames =
    [
        "supplier", "energy", "energy-base", "energy-intermedia", "energy-punta", "capacity", "distribution", "transmission",
        "cenace", "ancillary", "vat", "street-lighting", "low-side-surcharge", "power-factor",
    ];

    private static readonly string[] PerUnits = ["month", "kWh", "kWh", "kWh", "kWh", "kW", "kW", "kWh", "kWh", "kWh", "", "", "", ""];

    private readonly Dictionary<(CfeTariff, string, DateOnly, Charge), TariffRate> rates = [];

    private RateTable(string currency) => Currency = currency;

    /// <summary>The one currency of all rates, ISO 4217.</summary>
    public string Currency { get; }

    /// <summary>Number of rates.</summary>
    public int Count => rates.Count;

    /// <summary>
    /// Reads comma-separated text with the header <c>tariff,division,month,charge,rate,unit,source</c>, for example
    /// <c>GDMTH,Bajio,2025-01,energy-punta,1.9876,MXN/kWh,bill of January</c>. Percentages have the unit <c>%</c>.
    /// </summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="text">Text of the file.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing, a cell cannot be read, a unit does not fit its charge, a rate stands there twice or the currencies
    /// differ. Names file and line.
    /// </exception>
    public static RateTable Read(string file, string text)
    {
        List<(int Line, string[] Cells)> lines = CommaSeparatedText.Read(file, text);
        Dictionary<string, int> columns = CommaSeparatedText.Columns(file, lines[0].Cells, Header);
        RateTable? table = null;
        for (int index = 1; index < lines.Count; index++)
        {
            (int line, string[] cells) = lines[index];
            string Cell(string name) => cells[columns[name]];
            ArgumentException Fault(string what) => new($"{file} line {line}: {what}");

            TariffRate rate = ReadRate(Cell, Fault);
            string? currency = CurrencyOf(Cell("unit"), rate.Charge, Fault);
            if (currency is not null)
            {
                table ??= new RateTable(currency);
            }

            if (table is null)
            {
                throw Fault("the first rate must be an amount, so that the currency is known");
            }

            if (currency is not null && currency != table.Currency)
            {
                throw Fault($"{currency} beside {table.Currency}; a rate table has one currency");
            }

            if (!table.rates.TryAdd((rate.Tariff, rate.Division, rate.Month, rate.Charge), rate))
            {
                throw Fault($"{Describe(rate.Tariff, rate.Division, rate.Month, rate.Charge)} stands there twice");
            }
        }

        return table ?? throw new ArgumentException($"{file}: there are no rates");
    }

    /// <summary>A rate, or a sentence that names the row that is missing.</summary>
    /// <param name="tariff">The tariff.</param>
    /// <param name="division">The division, exactly as in the table.</param>
    /// <param name="month">Any day of the month.</param>
    /// <param name="charge">The charge.</param>
    public Answer<TariffRate> At(CfeTariff tariff, string division, DateOnly month, Charge charge)
    {
        DateOnly first = new(month.Year, month.Month, 1);
        return rates.TryGetValue((tariff, division, first, charge), out TariffRate? rate)
            ? Answer<TariffRate>.Of(rate)
            : Answer<TariffRate>.Refuse($"the rate table has no row {Describe(tariff, division, first, charge)}.");
    }

    internal static string NameOf(Charge charge) => ChargeNames[(int)charge];

    internal static string PerUnitOf(Charge charge) => PerUnits[(int)charge];

    private static string Describe(CfeTariff tariff, string division, DateOnly month, Charge charge) =>
        $"{CfeRules.Name(tariff).ToUpperInvariant()},{division},{month:yyyy-MM},{NameOf(charge)}";

    private static TariffRate ReadRate(Func<string, string> cell, Func<string, ArgumentException> fault)
    {
        CfeTariff tariff = cell("tariff") switch
        {
            "GDMTH" => CfeTariff.Gdmth,
            "GDMTO" => CfeTariff.Gdmto,
            string other => throw fault($"tariff is '{other}'; it must be GDMTH or GDMTO"),
        };
        int charge = Array.IndexOf(ChargeNames, cell("charge"));
        if (charge is < 0 or >= (int)Charge.LowSideSurcharge)
        {
            throw fault($"charge is '{cell("charge")}'; it must be one of {string.Join(", ", ChargeNames[..(int)Charge.LowSideSurcharge])}");
        }

        if (!DateOnly.TryParseExact(cell("month"), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly month))
        {
            throw fault($"month is '{cell("month")}'; write it as 2025-01");
        }

        return decimal.TryParse(cell("rate"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal rate)
            ? new TariffRate(tariff, cell("division"), month, (Charge)charge, rate, cell("source"))
            : throw fault($"rate is '{cell("rate")}', which is not a number such as 1.9876");
    }

    // Null for a percentage.
    private static string? CurrencyOf(string unit, Charge charge, Func<string, ArgumentException> fault)
    {
        string per = PerUnitOf(charge);
        if (per.Length == 0)
        {
            return unit == "%" ? null : throw fault($"the unit of {NameOf(charge)} is '{unit}'; it must be %");
        }

        int slash = unit.IndexOf('/', StringComparison.Ordinal);
        return slash == 3 && unit[4..] == per
            ? Money.CheckedCurrency(unit[..3])
            : throw fault($"the unit of {NameOf(charge)} is '{unit}'; it must be a currency and /{per}, for example MXN/{per}");
    }
}
