using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Explore;

/// <summary>Where the gateway said that it reads a channel: meter, unit id, registers, layout.</summary>
internal sealed record RegisterSource
{
    /// <summary>Its bus.</summary>
    public required string Bus { get; init; }

    /// <summary>Modbus unit id.</summary>
    public required int UnitId { get; init; }

    /// <summary>holding or input.</summary>
    public required string Table { get; init; }

    /// <summary>Address of the first register as it goes over the wire, 0-based.</summary>
    public required int Address { get; init; }

    /// <summary>Layout, such as float32.</summary>
    public required string Format { get; init; }

    /// <summary>Order of the bytes, such as abcd.</summary>
    public required string Order { get; init; }

    /// <summary>What the registers' number is multiplied by, transformer ratios included.</summary>
    public required (long Numerator, long Denominator) Factor { get; init; }

    /// <summary>Whether the value comes from these registers alone.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>When the gateway said so first, UTC milliseconds.</summary>
    public required long SaidUtcMilliseconds { get; init; }

    /// <summary>Number of registers; 0 for a layout this program does not know.</summary>
    public int Count => Format switch
    {
        "uint16" or "int16" => 1,
        "uint32" or "int32" or "float32" => 2,
        "uint64" or "int64" or "float64" => 4,
        _ => 0,
    };

    /// <summary>What a birth message says of a channel; null when it says nothing of its registers.</summary>
    public static RegisterSource? Of(GatewayBirth birth, Channel channel)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(birth.Message);
            JsonElement meter = document.RootElement.GetProperty("meters").EnumerateArray().FirstOrDefault(one => one.GetProperty("id").GetString() == channel.Meter);
            JsonElement told = document.RootElement.GetProperty("channels").EnumerateArray().FirstOrDefault(one => one.GetProperty("id").GetString() == channel.Id);
            if (meter.ValueKind != JsonValueKind.Object || told.ValueKind != JsonValueKind.Object || !told.TryGetProperty("register", out JsonElement register))
            {
                return null;
            }

            return new()
            {
                Bus = meter.GetProperty("bus").GetString()!,
                UnitId = meter.GetProperty("unit").GetInt32(),
                Table = register.GetProperty("table").GetString()!,
                Address = register.GetProperty("address").GetInt32(),
                Format = register.GetProperty("format").GetString()!,
                Order = register.GetProperty("order").GetString()!,
                Factor = (register.GetProperty("numerator").GetInt64(), register.GetProperty("denominator").GetInt64()),
                IsWhole = register.GetProperty("whole").GetBoolean(),
                SaidUtcMilliseconds = birth.ReceivedUtcMilliseconds,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null; // a message of another form says nothing
        }
    }

    /// <summary>
    /// The register words that a value came from, derived from the value and the layout; null when they cannot be: several parts, a factor that was rounded, a value outside the
    /// layout. Of a floating point layout the last bits may have been others, since a value is kept in the meter's resolution.
    /// </summary>
    public IReadOnlyList<ushort>? Words(Channel channel, long scaledValue)
    {
        (long numerator, long denominator) = Factor;
        if (!IsWhole || numerator <= 0 || denominator <= 0 || Count == 0 || channel.Form != ValueForm.Decimal)
        {
            return null;
        }

        bool isFloating = Format.StartsWith("float", StringComparison.Ordinal);
        Int128 product = (Int128)scaledValue * denominator;
        if (!isFloating && (denominator != 1 || product % numerator != 0))
        {
            return null;
        }

        double real = channel.ToDouble(scaledValue) * denominator / numerator;
        ulong? bits = Format switch
        {
            "float32" => BitConverter.SingleToUInt32Bits((float)real),
            "float64" => BitConverter.DoubleToUInt64Bits(real),
            _ => BitsOf(product / numerator),
        };
        return bits is ulong found ? Ordered(found) : null;
    }

    /// <summary>Words as they are written in traces: 0x0001 0x86A0.</summary>
    public static string TextOf(IReadOnlyList<ushort> words) => string.Join(' ', words.Select(word => "0x" + word.ToString("X4", CultureInfo.InvariantCulture)));

    private ulong? BitsOf(Int128 raw)
    {
        int width = 16 * Count;
        bool isSigned = Format[0] == 'i';
        Int128 least = isSigned ? -((Int128)1 << (width - 1)) : 0;
        Int128 most = ((Int128)1 << (isSigned ? width - 1 : width)) - 1;
        return raw >= least && raw <= most ? (ulong)(raw & (((Int128)1 << width) - 1)) : null;
    }

    // Most significant byte = a, as in a meter's profile.
    private ushort[] Ordered(ulong bits)
    {
        ushort[] words = new ushort[Count];
        for (int index = 0; index < words.Length; index++)
        {
            words[index] = (ushort)((bits >> (16 * (words.Length - 1 - index))) & ushort.MaxValue);
        }

        if (Order is "cdab" or "dcba")
        {
            Array.Reverse(words);
        }

        for (int index = 0; index < words.Length && Order is ("badc" or "dcba"); index++)
        {
            words[index] = BinaryPrimitives.ReverseEndianness(words[index]);
        }

        return words;
    }
}
