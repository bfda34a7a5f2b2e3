using System.Text;
using Metering.Meters.Inputs;
using Metering.Meters.Inputs.Pulses;
using Metering.Readings;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Metering.Tests.Inputs;

public sealed class PulseInputTests : IDisposable
{
    private const string Counter = "sys/bus/counter/devices/counter0/count0/";

    private readonly InputTree _tree = new();

    // 10 L a pulse on a dial of litres in m3: 1234.500 m3 at the beginning.
    private readonly PulseOptions _options = new()
    {
        Id = "water-inlet",
        Channel = InputTree.ChannelOf("m3", 3, ChannelKind.Counter),
        Source = PulseSource.Counter,
        Device = "counter0",
        Factor = new(10, 1),
        InitialIndex = 1_234_500,
    };

    public PulseInputTests()
    {
        _ = _tree.Write(Counter + "enable", "0\n");
        Count(40);
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_index_begins_at_the_dial_and_rises_with_the_pulses()
    {
        using PulseInput input = PulseInput.Open(_options, _tree.Folders);
        Assert.Equal("1234500 G", Read(input));
        Count(43);
        Assert.Equal("1234530 G", Read(input));
        Assert.Equal("1", File.ReadAllText(Path.Combine(_tree.Folders.Root, Counter + "enable")));
    }

    [Fact]
    public void A_kernel_counter_that_passes_32_bits_goes_on()
    {
        Count(uint.MaxValue - 1L);
        using PulseInput input = PulseInput.Open(_options, _tree.Folders);
        _ = Read(input);
        Count(3);
        Assert.Equal("1234550 G", Read(input));
    }

    [Fact]
    public void What_the_kernel_counted_while_the_program_was_away_is_not_lost()
    {
        using (PulseInput first = PulseInput.Open(_options, _tree.Folders))
        {
            Count(43);
            Assert.Equal("1234530 G", Read(first));
        }

        Count(50);
        using PulseInput second = PulseInput.Open(_options, _tree.Folders);
        Assert.Equal("1234600 G", Read(second));
    }

    [Fact]
    public void After_a_power_cut_the_index_stays_and_the_time_without_power_is_marked_unknown()
    {
        PulseInput first = PulseInput.Open(_options, _tree.Folders);
        Count(43);
        Assert.Equal("1234530 G", Read(first));
        Count(45);

        // No clean end: what stands on the disk is what the last reading left. The kernel's count begins anew.
        _tree.Boot("another");
        Count(7);
        using PulseInput second = PulseInput.Open(_options, _tree.Folders);
        Count(9);
        Assert.Equal("1234550 G.reset", Read(second));
        Count(10);
        Assert.Equal("1234560 G", Read(second));
        first.Dispose();
    }

    [Fact]
    public void A_damaged_count_begins_at_the_dial_and_says_so()
    {
        using (PulseInput first = PulseInput.Open(_options, _tree.Folders))
        {
            _ = Read(first);
        }

        byte[] file = File.ReadAllBytes(_tree.StateFile("water-inlet.pulses"));
        file[30] ^= 1;
        file[(file.Length / 2) + 30] ^= 1;
        File.WriteAllBytes(_tree.StateFile("water-inlet.pulses"), file);
        using PulseInput second = PulseInput.Open(_options, _tree.Folders);
        Assert.Equal("1234500 G.reset", Read(second));
    }

    [Fact]
    public void Another_dial_value_in_the_configuration_begins_a_new_count()
    {
        using (PulseInput first = PulseInput.Open(_options, _tree.Folders))
        {
            Count(45);
            _ = Read(first);
        }

        using PulseInput second = PulseInput.Open(_options with { InitialIndex = 7000 }, _tree.Folders);
        Assert.Equal("7000 G.reset", Read(second));
    }

    [Fact]
    public void A_line_that_is_not_there_is_disconnected_and_what_it_missed_unknown()
    {
        _tree.Delete(Counter + "count");
        using PulseInput input = PulseInput.Open(_options, _tree.Folders);
        Assert.Equal("B.disconnected", Read(input));
        Count(100);
        Assert.Equal("1234500 G.reset", Read(input));
        Count(101);
        Assert.Equal("1234510 G", Read(input));
    }

    [Fact]
    public void Missed_edges_of_a_line_are_counted_and_make_the_reading_an_estimate()
    {
        (SafeFileHandle reader, SafeFileHandle writer) = Kernel.MakePipe();
        using FileStream kernel = new(writer, FileAccess.Write, bufferSize: 0);
        using GpioLine line = new(reader, new());
        using PulseInput input = new(_options, _tree.Folders, () => line);
        kernel.Write(GpioTests.Event(1, 2, 1));
        Assert.Equal("1234510 G", ReadUntil(input, 1_234_510));
        kernel.Write(GpioTests.Event(2, 2, 4));
        Assert.Equal("1234540 U.estimated", ReadUntil(input, 1_234_540));
        Assert.Equal("1234540 G", Read(input));
    }

    [Fact]
    public void A_second_counter_on_the_contact_bridges_a_restart_as_an_estimate()
    {
        PulseOptions options = _options with { CrossCheckDevice = "pps1" };
        _ = _tree.Write("sys/class/pps/pps1/assert", "1732284000.123456789#500\n");
        PulseEdgesOnly line = new();
        using (PulseInput first = new(options, _tree.Folders, () => line))
        {
            line.Pulses = 3;
            Assert.Equal("1234530 G", Read(first));
        }

        _ = _tree.Write("sys/class/pps/pps1/assert", "1732284009.123456789#504\n");
        using PulseInput second = new(options, _tree.Folders, () => line);
        Assert.Equal("1234570 U.estimated", Read(second));
        Assert.Equal("1234570 G", Read(second));
    }

    [Theory]
    [InlineData("10", false, 3, 7, 70_000)]
    [InlineData("0.5", false, 3, 7, 3_500)]
    [InlineData("1000", true, 3, 1234, 1_234)]
    [InlineData("3", true, 3, 100, 33_333)]
    [InlineData("2.5", true, 1, 1_000_001, 4_000_004)]
    [InlineData("0.1", true, 0, 3, 30)]
    public void A_factor_is_exact_after_any_number_of_pulses(string value, bool perUnit, int decimals, long pulses, long steps)
    {
        Assert.True(ExactDecimal.TryParse(Encoding.ASCII.GetBytes(value), out ExactDecimal exact));
        PulseFactor factor = (perUnit ? PulseFactor.PulsesPer(exact, decimals) : PulseFactor.PerPulse(exact, decimals))!.Value;
        Assert.Equal(steps, factor.Steps(pulses));
    }

    [Fact]
    public void A_record_survives_being_cut_at_any_byte_of_its_last_write()
    {
        string path = _tree.Write("record", "");
        File.Delete(path);
        using (DurableRecord record = DurableRecord.Open(path))
        {
            record.Save("first"u8);
            record.Save("second"u8);
        }

        byte[] before = File.ReadAllBytes(path);
        using (DurableRecord record = DurableRecord.Open(path))
        {
            record.Save("third"u8);
        }

        byte[] after = File.ReadAllBytes(path);
        Assert.Equal("third", Encoding.ASCII.GetString(DurableRecord.Open(path).Payload!));
        for (int written = 0; written <= after.Length; written += 7)
        {
            File.WriteAllBytes(path, [.. after[..written], .. before[written..]]);
            using DurableRecord record = DurableRecord.Open(path);
            Assert.Contains(Encoding.ASCII.GetString(record.Payload!), new[] { "second", "third" });
        }
    }

    [Fact]
    public void A_record_that_grows_keeps_what_it_had_until_the_new_one_is_whole()
    {
        string path = _tree.Write("record", "");
        File.Delete(path);
        byte[] large = [.. Enumerable.Range(0, 5000).Select(index => unchecked((byte)index))];
        using (DurableRecord record = DurableRecord.Open(path))
        {
            record.Save("small"u8);
            record.Save(large);
        }

        using (DurableRecord record = DurableRecord.Open(path))
        {
            Assert.Equal(large, record.Payload);
            record.Save("again"u8);
        }

        Assert.Equal("again", Encoding.ASCII.GetString(DurableRecord.Open(path).Payload!));
    }

    private void Count(long value) => _tree.Write(Counter + "count", value + "\n");

    private static string Read(PulseInput input) => InputTree.Text(InputTree.Read(input));

    private static string ReadUntil(PulseInput input, long value)
    {
        string text = "";
        Assert.True(SpinWait.SpinUntil(() => (text = Read(input)).StartsWith(value.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal), TimeSpan.FromSeconds(20)));
        return text;
    }

    // A GPIO line's behaviour without its device: nothing is counted while it is not open.
    private sealed class PulseEdgesOnly : IPulseLine
    {
        public long Pulses { get; set; }

        public bool ContinueFrom(long rawCount) => false;

        public PulseTake Take()
        {
            PulseTake take = new(true, Pulses, 0, null);
            Pulses = 0;
            return take;
        }

        public void Dispose()
        {
        }
    }
}
