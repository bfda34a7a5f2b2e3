using System.Text;

namespace Metering.Fieldbus.Modbus;

/// <summary>One object of a device identification.</summary>
/// <param name="Id">0-6 have a meaning in the standard, 128-255 belong to the maker.</param>
/// <param name="Value">The bytes as sent, 0-245; the standard says ASCII for 0-127.</param>
public sealed record IdentificationObject(byte Id, ReadOnlyMemory<byte> Value)
{
    /// <summary>The value as text: UTF-8 without the zeros and blanks at its end; what is no text reads as replacement characters.</summary>
    public string Text => Encoding.UTF8.GetString(Value.Span).TrimEnd('\0', ' ');

    /// <summary>An object with the UTF-8 bytes of a text.</summary>
    public static IdentificationObject OfText(byte id, string text) => new(id, Encoding.UTF8.GetBytes(text));
}

/// <summary>Who a device says it is (MODBUS Application Protocol V1.1b3, 6.21).</summary>
/// <param name="ConformityLevel">1 basic, 2 regular, 3 extended; with 128 added when single objects can be asked for.</param>
/// <param name="Objects">In the order they were sent, each id once.</param>
public sealed record DeviceIdentification(byte ConformityLevel, IReadOnlyList<IdentificationObject> Objects)
{
    /// <summary>Object 0; null when it was not sent, as with the others.</summary>
    public string? VendorName => Find(0);

    /// <summary>Object 1.</summary>
    public string? ProductCode => Find(1);

    /// <summary>Object 2, major and minor revision.</summary>
    public string? Revision => Find(2);

    /// <summary>Object 3.</summary>
    public string? VendorUrl => Find(3);

    /// <summary>Object 4.</summary>
    public string? ProductName => Find(4);

    /// <summary>Object 5.</summary>
    public string? ModelName => Find(5);

    /// <summary>Object 6.</summary>
    public string? UserApplicationName => Find(6);

    private string? Find(byte id)
    {
        foreach (IdentificationObject item in Objects)
        {
            if (item.Id == id)
            {
                return item.Text;
            }
        }

        return null;
    }
}

/// <summary>
/// The answer to function 17 (V1.1b3, 6.13). Its shape belongs to the maker: an id of a length the standard leaves open, a byte that
/// tells whether the device runs (0 or 255), and whatever the maker adds.
/// </summary>
/// <param name="Data">Everything behind the byte count, 1-251 bytes.</param>
public sealed record ServerIdentity(ReadOnlyMemory<byte> Data)
{
    private const byte FirstPrintable = 0x20;
    private const byte LastPrintable = 0x7E;

    /// <summary>The printable ASCII characters of the data, in order, without blanks at the ends.</summary>
    public string Text
    {
        get
        {
            StringBuilder text = new();
            foreach (byte value in Data.Span)
            {
                _ = value is >= FirstPrintable and <= LastPrintable ? text.Append((char)value) : text;
            }

            return text.ToString().Trim();
        }
    }
}
