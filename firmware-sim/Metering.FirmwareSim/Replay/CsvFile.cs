using System.IO.Compression;
using System.Text;

namespace Metering.FirmwareSim.Replay;

/// <summary>One row: its line in the file, and the cells that were asked for.</summary>
internal readonly record struct CsvRow(int Line, string[] Cells);

/// <summary>Reads a CSV file with a header (RFC 4180: commas, double quotes; no line breaks within a cell), plain or gzipped.</summary>
internal static class CsvFile
{
    private const int MaximumRows = 20_000_000;
    private const byte GzipFirst = 0x1F;
    private const byte GzipSecond = 0x8B;

    /// <summary>Reads some columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names in the header; the cells come in this order.</param>
    /// <exception cref="SimulatorException">It cannot be read (74), or is no such file (65).</exception>
    internal static List<CsvRow> Read(string path, IReadOnlyList<string> columns)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            bool isZipped = file.ReadByte() == GzipFirst && file.ReadByte() == GzipSecond;
            file.Position = 0;
            using Stream bytes = isZipped ? new GZipStream(file, CompressionMode.Decompress) : file;
            using StreamReader reader = new(bytes, Encoding.UTF8);
            return Read(reader, path, columns);
        }
        catch (InvalidDataException e)
        {
            throw new SimulatorException(SimulatorException.WrongData, $"{path} is not a whole gzip file: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SimulatorException(SimulatorException.InputOutput, $"The file '{path}' cannot be read: {e.Message} Check the path given with --csv.");
        }
    }

    private static List<CsvRow> Read(StreamReader reader, string path, IReadOnlyList<string> columns)
    {
        List<string> cells = [];
        Split(reader.ReadLine() ?? "", cells);
        int[] positions = new int[columns.Count];
        for (int index = 0; index < positions.Length; index++)
        {
            positions[index] = cells.IndexOf(columns[index]);
            if (positions[index] < 0)
            {
                throw new SimulatorException(SimulatorException.WrongData, $"{path}(1): there is no column '{columns[index]}'; there are {string.Join(", ", cells)}");
            }
        }

        int width = cells.Count;
        List<CsvRow> rows = [];
        int line = 1;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (text.Length == 0)
            {
                continue;
            }

            Split(text, cells);
            if (cells.Count != width || rows.Count == MaximumRows)
            {
                throw new SimulatorException(SimulatorException.WrongData, $"{path}({line}): the row has {cells.Count} cells, the header {width}; at most {MaximumRows} rows are read");
            }

            rows.Add(new CsvRow(line, Array.ConvertAll(positions, position => cells[position])));
        }

        return rows.Count > 0 ? rows : throw new SimulatorException(SimulatorException.WrongData, $"{path} has no rows");
    }

    private static void Split(string line, List<string> cells)
    {
        cells.Clear();
        StringBuilder cell = new();
        bool isQuoted = false;
        for (int index = 0; index < line.Length; index++)
        {
            char c = line[index];
            if (c == '"' && isQuoted && index + 1 < line.Length && line[index + 1] == '"')
            {
                cell.Append(c);
                index++;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
    }
}
