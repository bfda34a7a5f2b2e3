using System.Buffers.Binary;
using System.Text;

namespace Metering.Meters.Inputs.Pulses;

/// <summary>Resistor of the line inside the chip.</summary>
public enum LineBias : byte
{
    /// <summary>To the supply: for contacts that pull to ground.</summary>
    PullUp = 0,
    /// <summary>To ground.</summary>
    PullDown,
    /// <summary>None: there is one outside.</summary>
    None,
}

/// <summary>How a line is asked for.</summary>
/// <param name="Offset">Number of the line on its chip.</param>
/// <param name="Bias">Resistor.</param>
/// <param name="Debounce">Time the line must stay before an edge counts, done by the kernel; zero for none.</param>
/// <param name="ListensToBothEdges">Both edges, or only the one a pulse begins with.</param>
/// <param name="BeginsRising">Which edge a pulse begins with.</param>
public readonly record struct GpioLineWish(int Offset, LineBias Bias, TimeSpan Debounce, bool ListensToBothEdges, bool BeginsRising);

/// <summary>
/// Bytes of the GPIO character device, version 2 (linux/gpio.h, in the kernel since 5.10): struct gpio_v2_line_request has 592 bytes,
/// offsets at 0, consumer at 256, config at 288 (flags u64 at 288, num_attrs u32 at 296, attrs at 320 of 24 bytes each: id u32, padding,
/// value at 8, mask u64 at 16), num_lines u32 at 560, event_buffer_size u32 at 564, fd s32 at 588. The same on 32 and 64 bits.
/// </summary>
internal static class GpioRequest
{
    internal const int Length = 592;
    internal const int DescriptorOffset = 588;

    /// <summary>_IOWR(0xB4, 0x07, struct gpio_v2_line_request).</summary>
    internal const uint GetLine = 0xC250B407;

    /// <summary>_IOR(0xB4, 0x01, struct gpiochip_info): name at 0, label at 32, 32 bytes each, lines u32 at 64.</summary>
    internal const uint GetChipInfo = 0x8044B401;
    internal const int ChipInfoLength = 68;

    /// <summary>The most events the kernel keeps for a line (GPIO_V2_LINES_MAX x 16).</summary>
    internal const int EventBufferSize = 1024;

    private const int ConsumerOffset = 256;
    private const int ConsumerLength = 32;
    private const int FlagsOffset = 288;
    private const int AttributeCountOffset = 296;
    private const int AttributesOffset = 320;
    private const int LineCountOffset = 560;
    private const int EventBufferSizeOffset = 564;
    private const uint DebounceAttribute = 3;
    private const int LabelOffset = 32;
    private const int NameLength = 32;

    private const ulong Input = 1 << 2;
    private const ulong EdgeRising = 1 << 4;
    private const ulong EdgeFalling = 1 << 5;
    private const ulong BiasPullUp = 1 << 8;
    private const ulong BiasPullDown = 1 << 9;
    private const ulong BiasDisabled = 1 << 10;

    /// <summary>Writes a request.</summary>
    /// <param name="request"><see cref="Length"/> bytes.</param>
    /// <param name="wish">The line.</param>
    /// <param name="consumer">Shown by gpioinfo as the user of the line.</param>
    internal static void Write(Span<byte> request, in GpioLineWish wish, string consumer)
    {
        request[..Length].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, wish.Offset);
        _ = Encoding.ASCII.GetBytes(consumer.AsSpan(0, Math.Min(consumer.Length, ConsumerLength - 1)), request[ConsumerOffset..]);
        ulong edges = wish.ListensToBothEdges ? EdgeRising | EdgeFalling : wish.BeginsRising ? EdgeRising : EdgeFalling;
        ulong bias = wish.Bias switch { LineBias.PullUp => BiasPullUp, LineBias.PullDown => BiasPullDown, LineBias.None => BiasDisabled, _ => 0 };
        BinaryPrimitives.WriteUInt64LittleEndian(request[FlagsOffset..], Input | edges | bias);
        if (wish.Debounce > TimeSpan.Zero)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(request[AttributeCountOffset..], 1);
            Span<byte> attribute = request[AttributesOffset..];
            BinaryPrimitives.WriteUInt32LittleEndian(attribute, DebounceAttribute);
            BinaryPrimitives.WriteUInt32LittleEndian(attribute[8..], (uint)wish.Debounce.TotalMicroseconds);
            BinaryPrimitives.WriteUInt64LittleEndian(attribute[16..], 1);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(request[LineCountOffset..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(request[EventBufferSizeOffset..], EventBufferSize);
    }

    /// <summary>The descriptor the kernel wrote into an answered request.</summary>
    internal static int Descriptor(ReadOnlySpan<byte> request) => BinaryPrimitives.ReadInt32LittleEndian(request[DescriptorOffset..]);

    /// <summary>The label in a chip's answer.</summary>
    internal static string Label(ReadOnlySpan<byte> chipInfo)
    {
        ReadOnlySpan<byte> label = chipInfo.Slice(LabelOffset, NameLength);
        int end = label.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? label : label[..end]);
    }
}
