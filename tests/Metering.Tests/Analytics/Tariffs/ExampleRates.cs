using System.Text;
using Metering.Analytics.Tariffs;

namespace Metering.Tests.Analytics.Tariffs;

/// <summary>Invented rates; the true ones are imported by the user.</summary>
internal static class ExampleRates
{
    public const string Header = "tariff,division,month,charge,rate,unit,source\n";

    private static readonly (string Charge, string Unit)[] Charges =
    [
        ("supplier", "MXN/month"), ("energy-base", "MXN/kWh"), ("energy-intermedia", "MXN/kWh"), ("energy-punta", "MXN/kWh"),
        ("transmission", "MXN/kWh"), ("cenace", "MXN/kWh"), ("ancillary", "MXN/kWh"), ("capacity", "MXN/kW"),
        ("distribution", "MXN/kW"), ("vat", "%"),
    ];

    public static readonly string January =
        Month("2018-01", "500.25", "0.8123", "1.4567", "1.7891", "0.1601", "0.0075", "0.0049", "345.67", "98.76", "16");

    public static readonly string February =
        Month("2018-02", "501.00", "0.9001", "1.5002", "1.8003", "0.1601", "0.0076", "0.0050", "350.01", "99.99", "16");

    public static RateTable Table(string rows) => RateTable.Read("rates.csv", Header + rows);

    public static string Month(string month, params string[] rates)
    {
        StringBuilder rows = new();
        for (int index = 0; index < Charges.Length; index++)
        {
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"GDMTH,Example,{month},{Charges[index].Charge},{rates[index]},{Charges[index].Unit},invented\n");
        }

        return rows.ToString();
    }
}
