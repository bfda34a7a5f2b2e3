using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Metering.Tests.Influx;

/// <summary>
/// Cuts the series of an answer into parts as chunked=true asks for, and writes them in JSON (one object a line) or in
/// MessagePack. The shape is that of influxd 1.6.7 as measured; 2.x and 3.x document the same.
/// </summary>
internal static class ContractAnswers
{
    private const long NanosecondsInMillisecond = 1_000_000;

    public static ContractAnswer Of(List<ContractResult> results, ContractRequest request, bool knowsMessagePack)
    {
        if (request.Query["epoch"] != "ms" || request.Query["chunked"] != "true")
        {
            throw new NotSupportedException("a query without epoch=ms and chunked=true");
        }

        int size = int.Parse(request.Query["chunk_size"]!, CultureInfo.InvariantCulture);
        bool isMessagePack = knowsMessagePack && request.Accept == "application/x-msgpack";
        List<(ContractResult Series, List<object?[]> Rows, bool HasMore)> chunks = [];
        foreach (ContractResult series in results)
        {
            for (int start = 0; start < series.Rows.Count; start += size)
            {
                chunks.Add((series, series.Rows.GetRange(start, Math.Min(size, series.Rows.Count - start)), start + size < series.Rows.Count));
            }
        }

        List<byte[]> parts = [];
        for (int index = 0; index < chunks.Count; index++)
        {
            Dictionary<string, object?> statement = new() { ["statement_id"] = 0L, ["series"] = new object?[] { SeriesOf(chunks[index]) } };
            if (index + 1 < chunks.Count)
            {
                statement["partial"] = true;
            }

            parts.Add(Encode(statement, isMessagePack));
        }

        if (parts.Count == 0)
        {
            parts.Add(Encode(new() { ["statement_id"] = 0L }, isMessagePack));
        }

        return new(200, isMessagePack ? "application/x-msgpack" : "application/json", parts);
    }

    /// <summary>HTTP 200 with the error inside.</summary>
    public static ContractAnswer Error(string text) => ContractAnswer.Json(200, JsonSerializer.Serialize(new { results = new[] { new { statement_id = 0, error = text } } }));

    /// <summary>The tree (dictionaries, arrays, texts, numbers) in MessagePack.</summary>
    public static byte[] MessagePack(object? tree)
    {
        using MemoryStream stream = new();
        Write(stream, tree);
        return stream.ToArray();
    }

    private static Dictionary<string, object?> SeriesOf((ContractResult Series, List<object?[]> Rows, bool HasMore) chunk)
    {
        Dictionary<string, object?> series = new() { ["name"] = chunk.Series.Name };
        if (chunk.Series.Tags is not null)
        {
            series["tags"] = chunk.Series.Tags.ToDictionary(tag => tag.Key, tag => (object?)tag.Value);
        }

        series["columns"] = chunk.Series.Columns.ToArray<object?>();
        series["values"] = chunk.Rows.Select(row => (object?)new object?[] { (long)row[0]! / NanosecondsInMillisecond }.Concat(row.Skip(1)).ToArray()).ToArray();
        if (chunk.HasMore)
        {
            series["partial"] = true;
        }

        return series;
    }

    private static byte[] Encode(Dictionary<string, object?> statement, bool isMessagePack)
    {
        Dictionary<string, object?> part = new() { ["results"] = new object?[] { statement } };
        return isMessagePack ? MessagePack(part) : Encoding.UTF8.GetBytes(JsonSerializer.Serialize(part) + "\n");
    }

    private static void Write(MemoryStream stream, object? value)
    {
        switch (value)
        {
            case null:
                stream.WriteByte(0xc0);
                break;
            case bool yes:
                stream.WriteByte(yes ? (byte)0xc3 : (byte)0xc2);
                break;
            case long whole and >= 0 and < 128:
                stream.WriteByte((byte)whole);
                break;
            case long whole:
                Span<byte> integer = stackalloc byte[9];
                integer[0] = 0xd3;
                BinaryPrimitives.WriteInt64BigEndian(integer[1..], whole);
                stream.Write(integer);
                break;
            case double number:
                Span<byte> real = stackalloc byte[9];
                real[0] = 0xcb;
                BinaryPrimitives.WriteDoubleBigEndian(real[1..], number);
                stream.Write(real);
                break;
            case string text:
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                Header(stream, bytes.Length, 0xa0, 32, 0xda);
                stream.Write(bytes);
                break;
            case Dictionary<string, object?> map:
                Header(stream, map.Count, 0x80, 16, 0xde);
                foreach ((string key, object? item) in map)
                {
                    Write(stream, key);
                    Write(stream, item);
                }

                break;
            case object?[] array:
                Header(stream, array.Length, 0x90, 16, 0xdc);
                foreach (object? item in array)
                {
                    Write(stream, item);
                }

                break;
            default:
                throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static void Header(MemoryStream stream, int count, int small, int smallLimit, byte large)
    {
        if (count < smallLimit)
        {
            stream.WriteByte((byte)(small + count));
            return;
        }

        Span<byte> header = stackalloc byte[3];
        header[0] = large;
        BinaryPrimitives.WriteUInt16BigEndian(header[1..], checked((ushort)count));
        stream.Write(header);
    }
}
