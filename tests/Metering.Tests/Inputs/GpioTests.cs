using System.Buffers.Binary;
using Metering.Meters.Inputs.Pulses;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Metering.Tests.Inputs;

public sealed class GpioTests
{
    private const uint Rising = 1;
    private const uint Falling = 2;
    private const long Millisecond = 1_000_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_line_request_has_the_layout_of_the_kernel_byte_for_byte()
    {
        byte[] request = new byte[GpioRequest.Length];
        Array.Fill<byte>(request, 0xAA);
        GpioRequest.Write(request, new(17, LineBias.PullUp, TimeSpan.FromMilliseconds(5), ListensToBothEdges: false, BeginsRising: false), "metering");

        byte[] expected = new byte[592];
        expected[0] = 17;
        "metering"u8.CopyTo(expected.AsSpan(256));
        expected[288] = 0b0010_0100; // INPUT (bit 2), EDGE_FALLING (bit 5)
        expected[289] = 0b0000_0001; // BIAS_PULL_UP (bit 8)
        expected[296] = 1; // num_attrs
        expected[320] = 3; // GPIO_V2_LINE_ATTR_ID_DEBOUNCE
        BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(328), 5000); // debounce_period_us
        expected[336] = 1; // mask: the first line
        expected[560] = 1; // num_lines
        BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(564), 1024); // event_buffer_size
        Assert.Equal(expected, request);
        Assert.Equal(0xC250B407, GpioRequest.GetLine);
        Assert.Equal(592u, (GpioRequest.GetLine >> 16) & 0x3FFF);
        Assert.Equal(68u, (GpioRequest.GetChipInfo >> 16) & 0x3FFF);
    }

    [Theory]
    [InlineData(LineBias.PullDown, true, false, 0b0001_0100, 0b0000_0010)]
    [InlineData(LineBias.None, false, true, 0b0011_0100, 0b0000_0100)]
    public void Flags_name_edges_and_bias(object bias, bool risingFirst, bool bothEdges, int low, int high)
    {
        byte[] request = new byte[GpioRequest.Length];
        GpioRequest.Write(request, new(4, (LineBias)bias, TimeSpan.Zero, bothEdges, risingFirst), "a consumer whose name is far too long for it");
        Assert.Equal((low, high, 0, 0), (request[288], request[289], request[296], request[287]));
    }

    [Fact]
    public void A_chip_s_label_and_the_line_s_descriptor_are_read_from_their_places()
    {
        byte[] info = new byte[GpioRequest.ChipInfoLength];
        "gpiochip0"u8.CopyTo(info);
        "pinctrl-rp1"u8.CopyTo(info.AsSpan(32));
        Assert.Equal("pinctrl-rp1", GpioRequest.Label(info));
        byte[] request = new byte[GpioRequest.Length];
        request[588] = 9;
        Assert.Equal(9, GpioRequest.Descriptor(request));
    }

    [Fact]
    public void Edges_that_the_kernel_numbered_but_did_not_keep_are_counted_as_missed()
    {
        PulseEdges edges = new(new());
        edges.Take(Event(1000 * Millisecond, Falling, 1));
        edges.Take(Event(2000 * Millisecond, Falling, 2));
        edges.Take(Event(9000 * Millisecond, Falling, 7));
        Assert.Equal((7L, 4L), (edges.Count, edges.Missed));
        PulseEdges overflown = new(new());
        overflown.Take(Event(0, Falling, 77));
        Assert.Equal((77L, 76L), (overflown.Count, overflown.Missed));
    }

    [Fact]
    public void Bounces_within_the_dead_time_are_no_pulses()
    {
        PulseEdges edges = new(new() { DeadTime = TimeSpan.FromMilliseconds(50) });
        foreach ((long time, uint sequence) in new (long, uint)[] { (100L, 1u), (103, 2), (149, 3), (151, 4), (300, 5) })
        {
            edges.Take(Event(time * Millisecond, Falling, sequence));
        }

        Assert.Equal((3L, 2L), (edges.Count, edges.Rejected));
    }

    [Fact]
    public void A_pulse_shorter_than_the_contact_s_is_a_disturbance()
    {
        PulseEdges edges = new(new() { MinimumWidth = TimeSpan.FromMilliseconds(20) });
        uint sequence = 0;
        foreach ((long time, uint id) in new (long, uint)[] { (100, Falling), (165, Rising), (300, Falling), (301, Rising), (500, Falling), (520, Rising), (600, Rising) })
        {
            edges.Take(Event(time * Millisecond, id, ++sequence));
        }

        Assert.Equal((2L, 1L, 0L), (edges.Count, edges.Rejected, edges.Missed));
    }

    [Fact]
    public async Task Events_are_counted_as_they_come_from_the_line()
    {
        (SafeFileHandle reader, SafeFileHandle writer) = Kernel.MakePipe();
        await using FileStream kernel = new(writer, FileAccess.Write, bufferSize: 0);
        using GpioLine line = new(reader, new());
        for (uint sequence = 1; sequence <= 500; sequence++)
        {
            kernel.Write(Event(sequence * Millisecond, Falling, sequence));
        }

        kernel.Write(Event(600 * Millisecond, Falling, 503));
        Assert.Equal((503L, 2L), Gather(line, 503));
        kernel.Write(Event(700 * Millisecond, Falling, 504));
        Assert.Equal((1L, 0L), Gather(line, 1));
    }

    [Fact]
    public void A_line_whose_chip_goes_away_is_gone()
    {
        (SafeFileHandle reader, SafeFileHandle writer) = Kernel.MakePipe();
        using GpioLine line = new(reader, new());
        writer.Dispose();
        Assert.True(SpinWait.SpinUntil(() => !line.Take().IsPresent, Deadline));
    }

    [Fact]
    public void A_chip_that_is_not_there_or_is_no_chip_is_no_line()
    {
        using InputTree tree = new();
        Assert.Null(GpioLine.TryOpen(tree.Folders.Root, "pinctrl-rp1", new(17, LineBias.PullUp, TimeSpan.Zero, false, false), new()));
        _ = tree.Write("dev/gpiochip0", "");
        Assert.Null(GpioLine.TryOpen(tree.Folders.Root, "gpiochip0", new(17, LineBias.PullUp, TimeSpan.Zero, false, false), new()));
    }

    internal static byte[] Event(long nanoseconds, uint id, uint lineSequence)
    {
        byte[] bytes = new byte[48];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, nanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), id);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), 17);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), lineSequence + 1000);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), lineSequence);
        return bytes;
    }

    private static (long Pulses, long Missed) Gather(GpioLine line, long pulses)
    {
        long seen = 0;
        long missed = 0;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                PulseTake take = line.Take();
                seen += take.Pulses;
                missed += take.Missed;
                return seen >= pulses;
            },
            Deadline));
        return (seen, missed);
    }
}
