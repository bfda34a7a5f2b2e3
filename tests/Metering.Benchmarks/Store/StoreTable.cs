using System.Globalization;

namespace Metering.Benchmarks.Store;

/// <summary>Figures of several stores, line by line, with the ratio of each to ours.</summary>
internal sealed class StoreTable
{
    public const string Own = "ours";
    public const string Rows = "SQLite rows";
    public const string Influx = "InfluxDB";

    private readonly List<string> _lines = [];
    private readonly Dictionary<(string Line, string Store), double> _figures = [];

    /// <summary>Adds a figure; lines stand in the order they were first named in.</summary>
    public void Add(string line, string store, double figure)
    {
        if (!_lines.Contains(line))
        {
            _lines.Add(line);
        }

        _figures[(line, store)] = figure;
    }

    /// <summary>Prints the table; a ratio is the other store's figure divided by ours.</summary>
    public void Print()
    {
        Console.WriteLine($"{"",-64}{Own,12}{Rows,14}{"x ours",9}{Influx,14}{"x ours",9}");
        foreach (string line in _lines)
        {
            double own = _figures[(line, Own)];
            Console.WriteLine($"{line,-64}{Text(own),12}{Other(line, Rows, own)}{Other(line, Influx, own)}");
        }
    }

    private string Other(string line, string store, double own) =>
        _figures.TryGetValue((line, store), out double figure)
            ? string.Create(CultureInfo.InvariantCulture, $"{Text(figure),14}{figure / own,9:0.##}")
            : $"{"-",14}{"-",9}";

    private static string Text(double figure) => figure switch
    {
        >= 1000 => figure.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => figure.ToString("0.0", CultureInfo.InvariantCulture),
        _ => figure.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
