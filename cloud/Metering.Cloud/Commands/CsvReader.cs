using System.IO.Compression;
using System.Text;

namespace Metering.Cloud.Commands;

/// <summary>A file that cannot be used, said to its owner: where, what, and what to do.</summary>
/// <param name="place">Where, with a colon behind it; empty when the sentence says it.</param>
/// <param name="spanish">What is wrong in Spanish, with the places of the English form.</param>
/// <param name="english">The same in English, with its values.</param>
internal sealed class CsvException(string place, string spanish, FormattableString english) : Exception(place + FormattableString.Invariant(english))
{
    /// <summary>What is wrong, with its place in the sentence.</summary>
    public CsvException(string spanish, FormattableString english)
        : this("", spanish, english)
    {
    }

    /// <summary>What is wrong, in a language.</summary>
    public string In(Language language) => place + language.Say(spanish, english);
}

/// <summary>
/// Reads a CSV as a stream: plain or gzip, a header row, comma, semicolon or tab, quotes as in RFC 4180 but no line breaks
/// inside a field. Everything has a limit, so that a wrong file is refused instead of filling the memory.
/// </summary>
internal sealed class CsvReader : IDisposable
{
    /// <summary>Most rows read by a command that computes on the spot; a year of seconds is 31 million and belongs in the store.</summary>
    public const int MaximumRows = 10_000_000;

    private const int MaximumLineBytes = 64 * 1024;
    private const int MaximumColumns = 2048;
    private const long MaximumBytes = 4L * 1024 * 1024 * 1024;
    private const int BufferBytes = 128 * 1024;
    private const int NamesShown = 12;

    private readonly Stream stream;
    private readonly string name;
    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly List<(int Start, int Length)> fields = [];
    private byte[] line = [];
    private int lineLength;
    private int position;
    private int filled;
    private long bytes;
    private byte delimiter;

    private readonly int maximumRows;

    private CsvReader(Stream stream, string name, int maximumRows)
    {
        this.stream = stream;
        this.name = name;
        this.maximumRows = maximumRows;
    }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Line of the current row, the header being line 1.</summary>
    public int Line { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    public static CsvReader Open(string path, int maximumRows = MaximumRows)
    {
        string file = Path.GetFileName(path);
        try
        {
            if (!File.Exists(path))
            {
                throw Directory.Exists(path)
                    ? new CsvException("{0} es una carpeta. Dé un archivo CSV.", $"{path} is a directory. Give a CSV file.")
                    : new CsvException("{0} no existe. Revise la ruta.", $"{path} does not exist. Check the path.");
            }

            Stream content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            CsvReader reader = new(IsGzip(content) ? new GZipStream(content, CompressionMode.Decompress) : content, file, maximumRows);
            try
            {
                reader.ReadHeader();
                return reader;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw new CsvException("{0} no se puede leer: {1}", $"{path} cannot be read: {failure.Message}");
        }
    }

    /// <summary>Index of a column.</summary>
    /// <exception cref="CsvException">There is none, or two.</exception>
    public int IndexOf(string column)
    {
        int found = -1;
        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i], column, StringComparison.Ordinal))
            {
                if (found >= 0)
                {
                    throw new CsvException("{0}(1,{1}): la columna «{2}» está dos veces. Cambie el nombre de una.", $"{name}(1,{i + 1}): the column '{column}' occurs twice. Rename one of them.");
                }

                found = i;
            }
        }

        if (found < 0)
        {
            string shown = string.Join(", ", Columns.Take(NamesShown)) + (Columns.Count > NamesShown ? $" and {Columns.Count - NamesShown} more" : "");
            throw new CsvException("{0}(1,1): no hay una columna «{1}»; las columnas son: {2}. ¿Quiso decir «{3}»?", $"{name}(1,1): there is no column '{column}'; the columns are: {shown}. Did you mean '{CsvNames.Nearest(column, Columns)}'?");
        }

        return found;
    }

    /// <summary>Moves to the next row that is not blank; false at the end.</summary>
    public bool Read()
    {
        try
        {
            while (ReadLine())
            {
                if (Line > maximumRows)
                {
                    throw new CsvException("{0}: más de {1} renglones. Dé un tiempo más corto, o un paso más largo.", $"{name}: more than {maximumRows} rows. Give a shorter time, or a longer step.");
                }

                if (lineLength == 0)
                {
                    continue;
                }

                Split();
                if (fields.Count == 1 && Field(0).IsEmpty && Columns.Count > 1)
                {
                    continue;
                }

                if (fields.Count != Columns.Count)
                {
                    throw At(
                        Math.Min(fields.Count, Columns.Count),
                        "el renglón tiene {0} campos y el encabezado {1}. Una coma decimal, o un nombre con el separador dentro, parte un campo: escriba los decimales con punto y ponga esos nombres entre comillas.",
                        $"the row has {fields.Count} fields and the header {Columns.Count}. A decimal comma, or a name with the delimiter in it, splits a field: write decimals with a point and put such names in quotes.");
                }

                return true;
            }

            return false;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw new CsvException("{0}({1},1): el archivo no se puede seguir leyendo: {2}", $"{name}({Line + 1},1): the file cannot be read further: {failure.Message}");
        }
    }

    /// <summary>A field of the current row without the blanks around it; valid until the next row.</summary>
    public ReadOnlySpan<byte> Field(int column)
    {
        (int start, int length) = fields[column];
        return line.AsSpan(start, length).Trim(" \t"u8);
    }

    /// <summary>A fault in a field of the current row. <paramref name="column"/> counts from 0.</summary>
    public CsvException At(int column, string spanish, FormattableString english) => new(FormattableString.Invariant($"{name}({Line},{column + 1}): "), spanish, english);

    /// <summary>A field as text for a message, shortened.</summary>
    public string Text(int column)
    {
        const int shown = 40;
        string text = Encoding.UTF8.GetString(Field(column));
        return text.Length > shown ? text[..shown] + "..." : text;
    }

    public void Dispose() => stream.Dispose();

    private static bool IsGzip(Stream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == magic.Length && magic[0] == 0x1F && magic[1] == 0x8B;
    }

    private void ReadHeader()
    {
        if (!ReadLine())
        {
            throw new CsvException("{0}: el archivo está vacío. Necesita un renglón de encabezado y renglones de valores.", $"{name}: the file is empty. It needs a header row and rows of values.");
        }

        if (line.AsSpan(0, Math.Min(2, lineLength)) is [0xFF, 0xFE] or [0xFE, 0xFF])
        {
            throw new CsvException("{0}: el texto es UTF-16. Guárdelo como «CSV UTF-8».", $"{name}: the text is UTF-16. Save it as 'CSV UTF-8'.");
        }

        foreach (byte character in line.AsSpan(0, lineLength))
        {
            if (character < ' ' && character != '\t')
            {
                throw new CsvException("{0}: no es un archivo de texto. Dé un CSV con renglón de encabezado, tal cual o .gz.", $"{name}: this is not a text file. Give a CSV with a header row, plain or .gz.");
            }
        }

        if (line.AsSpan(0, lineLength).StartsWith("\uFEFF"u8))
        {
            lineLength -= 3;
            Array.Copy(line, 3, line, 0, lineLength);
        }

        delimiter = FindDelimiter();
        Split();
        if (fields.Count > MaximumColumns)
        {
            throw new CsvException("{0}(1,1): {1} columnas; el límite es {2}.", $"{name}(1,1): {fields.Count} columns; the limit is {MaximumColumns}.");
        }

        string[] columns = new string[fields.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = CsvNames.Decode(Field(i));
        }

        Columns = columns;
    }

    private byte FindDelimiter()
    {
        byte best = (byte)',';
        int most = 0;
        foreach (byte candidate in ",;\t"u8)
        {
            bool quoted = false;
            int count = 0;
            foreach (byte character in line.AsSpan(0, lineLength))
            {
                quoted ^= character == '"';
                count += character == candidate && !quoted ? 1 : 0;
            }

            if (count > most)
            {
                most = count;
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Reads one line without its end into <see cref="line"/>.</summary>
    private bool ReadLine()
    {
        lineLength = 0;
        bool any = false;
        while (true)
        {
            if (position == filled)
            {
                position = 0;
                filled = stream.Read(buffer, 0, buffer.Length);
                bytes += filled;
                if (bytes > MaximumBytes)
                {
                    throw new CsvException("{0}: más de {1} bytes de texto. Dé un tiempo más corto.", $"{name}: more than {MaximumBytes} bytes of text. Give a shorter time.");
                }

                if (filled == 0)
                {
                    Line += any ? 1 : 0;
                    return any;
                }
            }

            any = true;
            ReadOnlySpan<byte> rest = buffer.AsSpan(position, filled - position);
            int end = rest.IndexOf((byte)'\n');
            Append(end < 0 ? rest : rest[..end]);
            if (end >= 0)
            {
                position += end + 1;
                Line++;
                lineLength -= lineLength > 0 && line[lineLength - 1] == '\r' ? 1 : 0;
                return true;
            }

            position = filled;
        }
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        if (lineLength + part.Length > MaximumLineBytes)
        {
            throw new CsvException("{0}({1},1): el renglón tiene más de {2} bytes. No es un CSV de lecturas.", $"{name}({Line + 1},1): the line is longer than {MaximumLineBytes} bytes. This is not a CSV of readings.");
        }

        if (line.Length < lineLength + part.Length)
        {
            Array.Resize(ref line, Math.Max(1024, 2 * (lineLength + part.Length)));
        }

        part.CopyTo(line.AsSpan(lineLength));
        lineLength += part.Length;
    }

    private void Split()
    {
        fields.Clear();
        int start = 0;
        while (true)
        {
            int end;
            if (start < lineLength && line[start] == '"')
            {
                end = SplitQuoted(start);
            }
            else
            {
                int length = line.AsSpan(start, lineLength - start).IndexOf(delimiter);
                end = length < 0 ? lineLength : start + length;
                fields.Add((start, end - start));
            }

            if (end >= lineLength)
            {
                return;
            }

            start = end + 1;
        }
    }

    /// <summary>Takes a quoted field, undoing doubled quotes in place. Gives where its delimiter stands.</summary>
    private int SplitQuoted(int start)
    {
        int write = start + 1;
        int read = start + 1;
        while (read < lineLength)
        {
            if (line[read] != '"')
            {
                line[write++] = line[read++];
            }
            else if (read + 1 < lineLength && line[read + 1] == '"')
            {
                line[write++] = (byte)'"';
                read += 2;
            }
            else if (read + 1 == lineLength || line[read + 1] == delimiter)
            {
                fields.Add((start + 1, write - start - 1));
                return read + 1;
            }
            else
            {
                break;
            }
        }

        throw At(
            fields.Count,
            "unas comillas no se cierran antes del fin del campo. Duplique las comillas que son parte del texto.",
            $"a quote is not closed before the end of the field. Double a quote that belongs to the text.");
    }
}
