using System.Text.Json;

namespace Metering.Store.Influx;

/// <summary>
/// Reads the answer to a query as it comes, part by part, in MessagePack or JSON. With chunked=true the server sends one
/// object after the other, each with results[] of series[]; "partial" says that more of the same follows, so an answer
/// that ends with it was cut off (measured with influxd 1.6.7; docs.influxdata.com/influxdb/v1/tools/api/#query-http-endpoint).
/// An error may stand in any part, with HTTP 200 before it.
/// </summary>
internal sealed class InfluxAnswerReader(Action<InfluxSeries> visit)
{
    /// <summary>The longest part, in bytes: ten thousand rows take less than a tenth of it.</summary>
    public const int LongestPart = 32 * 1024 * 1024;

    private const int FirstBuffer = 64 * 1024;
    private static readonly JsonReaderOptions JsonOptions = new() { MaxDepth = MessagePackReader.MaximumDepth };

    private byte[] _buffer = new byte[FirstBuffer];
    private int _length;
    private bool _isPartial;
    private int _parts;

    /// <summary>The first error that the server wrote into its answer; null when there is none.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether the answer is whole: at least one part, and the last one said that nothing more follows.</summary>
    public bool IsWhole => _parts > 0 && !_isPartial;

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">The body of the answer.</param>
    /// <param name="isMessagePack">MessagePack; else JSON.</param>
    /// <param name="partArrived">Called after each whole part, so that a timeout can begin anew.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InfluxFormatException">The body is not such an answer.</exception>
    public async Task ReadAsync(Stream stream, bool isMessagePack, Action partArrived, CancellationToken cancellationToken)
    {
        int tried = 0;
        while (true)
        {
            int read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            _length += read;

            // A part that is not whole is looked at again only when it has doubled: the work stays linear.
            if (read == 0 || _length == _buffer.Length || _length >= 2 * tried)
            {
                int before = _parts;
                int used = isMessagePack ? TakeMessagePack() : TakeJson();
                _buffer.AsSpan(used.._length).CopyTo(_buffer);
                _length -= used;
                tried = _length;
                if (_parts > before)
                {
                    partArrived();
                }
            }

            if (read == 0)
            {
                break;
            }

            if (_length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _length < LongestPart ? 2 * _length : throw new InfluxFormatException($"a part of the answer is longer than {LongestPart} bytes"));
            }
        }

        if (_length > 0)
        {
            throw new InfluxFormatException("the answer ends within a part");
        }
    }

    private int TakeMessagePack()
    {
        int used = 0;
        while (used < _length)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(used.._length);
            int length = MessagePackReader.Measure(rest);
            if (length < 0)
            {
                break;
            }

            MessagePackReader reader = new(rest[..length]);
            ReadPart(ref reader);
            used += length;
        }

        return used;
    }

    private void ReadPart(ref MessagePackReader reader)
    {
        _parts++;
        int entries = reader.ReadMap();
        for (int entry = 0; entry < entries; entry++)
        {
            switch (reader.ReadText())
            {
                case "error":
                    Error ??= reader.ReadText();
                    break;
                case "results":
                    int results = reader.ReadArray();
                    for (int result = 0; result < results; result++)
                    {
                        ReadResult(ref reader);
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadResult(ref MessagePackReader reader)
    {
        _isPartial = false;
        int entries = reader.ReadMap();
        for (int entry = 0; entry < entries; entry++)
        {
            switch (reader.ReadText())
            {
                case "error":
                    Error ??= reader.ReadText();
                    break;
                case "partial":
                    _isPartial |= reader.ReadBoolean();
                    break;
                case "series":
                    int count = reader.ReadArray();
                    for (int series = 0; series < count; series++)
                    {
                        ReadSeries(ref reader);
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadSeries(ref MessagePackReader reader)
    {
        InfluxSeries series = new();
        int rows = 0;
        int entries = reader.ReadMap();
        for (int entry = 0; entry < entries; entry++)
        {
            switch (reader.ReadText())
            {
                case "name":
                    series.Name = reader.ReadText();
                    break;
                case "partial":
                    _isPartial |= reader.ReadBoolean();
                    break;
                case "tags":
                    for (int tags = reader.ReadMap(); tags > 0; tags--)
                    {
                        series.Tags[reader.ReadText()] = reader.ReadText();
                    }

                    break;
                case "columns":
                    for (int columns = reader.ReadArray(); columns > 0; columns--)
                    {
                        series.Columns.Add(reader.ReadText());
                    }

                    break;
                case "values":
                    rows = reader.ReadArray();
                    for (int row = 0; row < rows; row++)
                    {
                        for (int cells = reader.ReadArray(); cells > 0; cells--)
                        {
                            series.Cells.Add(reader.ReadCell());
                        }
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Give(series, rows);
    }

    private void Give(InfluxSeries series, int rows)
    {
        if (series.Cells.Count != (long)rows * series.Columns.Count)
        {
            throw new InfluxFormatException($"a series of the answer has {series.Columns.Count} columns and {series.Cells.Count} fields in {rows} rows");
        }

        visit(series);
    }

    private int TakeJson()
    {
        int used = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(used.._length);
            int blanks = rest.IndexOfAnyExcept(" \r\n\t"u8);
            if (blanks < 0)
            {
                return _length;
            }

            used += blanks;
            Utf8JsonReader reader = new(rest[blanks..], isFinalBlock: false, new JsonReaderState(JsonOptions));
            try
            {
                if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
                {
                    return used;
                }

                using (document)
                {
                    ReadPart(document.RootElement);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                throw new InfluxFormatException($"the answer is not the JSON of InfluxDB: {e.Message}", e);
            }

            used += (int)reader.BytesConsumed;
        }
    }

    private void ReadPart(JsonElement part)
    {
        _parts++;
        if (part.TryGetProperty("error", out JsonElement error))
        {
            Error ??= error.GetString();
        }

        if (!part.TryGetProperty("results", out JsonElement results))
        {
            return;
        }

        foreach (JsonElement result in results.EnumerateArray())
        {
            _isPartial = result.TryGetProperty("partial", out JsonElement partial) && partial.GetBoolean();
            if (result.TryGetProperty("error", out error))
            {
                Error ??= error.GetString();
            }

            if (result.TryGetProperty("series", out JsonElement list))
            {
                foreach (JsonElement series in list.EnumerateArray())
                {
                    ReadSeries(series);
                }
            }
        }
    }

    private void ReadSeries(JsonElement element)
    {
        InfluxSeries series = new() { Name = element.TryGetProperty("name", out JsonElement name) ? name.GetString() ?? "" : "" };
        _isPartial |= element.TryGetProperty("partial", out JsonElement partial) && partial.GetBoolean();
        if (element.TryGetProperty("tags", out JsonElement tags))
        {
            foreach (JsonProperty tag in tags.EnumerateObject())
            {
                series.Tags[tag.Name] = tag.Value.GetString() ?? "";
            }
        }

        foreach (JsonElement column in element.TryGetProperty("columns", out JsonElement columns) ? columns.EnumerateArray() : default)
        {
            series.Columns.Add(column.GetString() ?? "");
        }

        int rows = 0;
        foreach (JsonElement row in element.TryGetProperty("values", out JsonElement values) ? values.EnumerateArray() : default)
        {
            rows++;
            foreach (JsonElement cell in row.EnumerateArray())
            {
                series.Cells.Add(CellOf(cell));
            }
        }

        Give(series, rows);
    }

    private static InfluxCell CellOf(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null => default,
        JsonValueKind.True => InfluxCell.Of(true),
        JsonValueKind.False => InfluxCell.Of(false),
        JsonValueKind.Number => cell.TryGetInt64(out long whole) ? InfluxCell.Of(whole) : InfluxCell.Of(cell.GetDouble()),
        JsonValueKind.String => InfluxCell.Of(cell.GetString()!),
        _ => throw new InfluxFormatException("a field of the answer is an object"),
    };
}
