using System.Reflection;
using System.Text;

namespace Metering.Analytics.CountryPacks;

/// <summary>
/// The dated facts of one country: factors, calorific values, limits, tariff rules, holidays, bands. Every row carries its
/// validity, source and confidence; a fact that is not known has no row.
/// </summary>
public sealed class CountryPack
{
    private const string Ending = ".csv";
    private const string MexicanFolder = "country-packs/mx/";
    private const int MaximumFiles = 100;

    private static readonly string[] Required = ["id", "value", "unit", "valid_from", "valid_to", "source", "confidence", "note"];

    private static readonly Lazy<CountryPack> MexicanPack = new(ReadMexico);

    private readonly Dictionary<string, PackTable> tables;

    private CountryPack(Dictionary<string, PackTable> tables)
    {
        this.tables = tables;
        List<string> names = [.. tables.Keys];
        names.Sort(StringComparer.Ordinal);
        TableNames = names;
    }

    /// <summary>The pack of Mexico that is part of this library.</summary>
    public static CountryPack Mexico => MexicanPack.Value;

    /// <summary>Names of the tables, in alphabetical order.</summary>
    public IReadOnlyList<string> TableNames { get; }

    /// <summary>Reads a pack from the texts of its files. Other files than .csv are passed over.</summary>
    /// <param name="files">File name with its ending, to the text of the file.</param>
    /// <exception cref="ArgumentException">
    /// No .csv file, a missing column, a cell that cannot be read, or two rows of one id that hold on one day. The message names
    /// the file and the line.
    /// </exception>
    public static CountryPack Read(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        Dictionary<string, PackTable> read = new(StringComparer.Ordinal);
        foreach ((string file, string text) in files)
        {
            if (file.EndsWith(Ending, StringComparison.Ordinal))
            {
                string name = file[..^Ending.Length];
                read.Add(name, ReadTable(name, file, text));
            }
        }

        return read.Count is > 0 and <= MaximumFiles
            ? new CountryPack(read)
            : throw new ArgumentException($"a country pack has 1 to {MaximumFiles} .csv files; this one has {read.Count}", nameof(files));
    }

    /// <summary>A table by name, for example <c>grid-factors</c>.</summary>
    /// <param name="name">Name of the file without its ending.</param>
    /// <exception cref="ArgumentException">The pack has no such table.</exception>
    public PackTable Table(string name) => tables.TryGetValue(name, out PackTable? table)
        ? table
        : throw new ArgumentException($"the country pack has no {name}.csv; it has {string.Join(", ", TableNames)}", nameof(name));

    private static PackTable ReadTable(string name, string file, string text)
    {
        List<(int Line, string[] Cells)> lines = CommaSeparatedText.Read(file, text);
        Dictionary<string, int> columns = CommaSeparatedText.Columns(file, lines[0].Cells, Required);
        List<PackRow> rows = new(lines.Count - 1);
        for (int index = 1; index < lines.Count; index++)
        {
            rows.Add(new PackRow(file, lines[index].Line, columns, lines[index].Cells));
        }

        return new PackTable(name, lines[0].Cells, rows);
    }

    private static CountryPack ReadMexico()
    {
        Assembly assembly = typeof(CountryPack).Assembly;
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(MexicanFolder, StringComparison.Ordinal))
            {
                using Stream stream = assembly.GetManifestResourceStream(resource)
                    ?? throw new InvalidOperationException($"the resource {resource} cannot be opened");
                using StreamReader reader = new(stream, Encoding.UTF8);
                files.Add(resource[MexicanFolder.Length..], reader.ReadToEnd());
            }
        }

        return Read(files);
    }
}
