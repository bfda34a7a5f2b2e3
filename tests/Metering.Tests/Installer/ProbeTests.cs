using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Commands.Probing;
using Metering.Meters.Registers;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class ProbeTests
{
    // 42 FE 99 9A is the binary32 127.3 (computed with Python's struct), 42 6F EB 85 is 59.98.
    private static readonly ushort[] Volts = [0x42FE, 0x999A];
    private static readonly ushort[] Hertz = [0x426F, 0xEB85];

    [Theory]
    [InlineData(new ushort[] { 0x42FE, 0x999A }, WordOrder.Abcd)]
    [InlineData(new ushort[] { 0x999A, 0x42FE }, WordOrder.Cdab)]
    [InlineData(new ushort[] { 0xFE42, 0x9A99 }, WordOrder.Badc)]
    [InlineData(new ushort[] { 0x9A99, 0xFE42 }, WordOrder.Dcba)]
    public void The_word_order_of_a_voltage_is_recognised(ushort[] words, WordOrder order)
    {
        ProbeGuess best = ProbeGuess.All([Span(words)], 0, 2)[0];
        Assert.Equal((RegisterFormat.Float32, order, ProbeMark.Voltage), (best.Format, best.Order, best.Mark));
        Assert.Equal("127.3", best.ValueText);
    }

    [Fact]
    public void Every_format_and_order_is_shown()
    {
        IReadOnlyList<ProbeGuess> guesses = ProbeGuess.All([Span([1, 2, 3, 4])], 0, 0);
        Assert.Equal((2 * 2) + (5 * 4), guesses.Count);
        Assert.Contains(guesses, guess => guess is { Format: RegisterFormat.UInt32, Order: WordOrder.Cdab, Raw: 0x0002_0001 });
        Assert.Contains(guesses, guess => guess is { Format: RegisterFormat.UInt64, Order: WordOrder.Abcd, Raw: 0x0001_0002_0003_0004 });
    }

    [Fact]
    public void An_integer_in_hundredths_of_a_hertz_gets_its_decimals()
    {
        ProbeGuess best = ProbeGuess.All([Span([5991])], 0, 1)[0];
        Assert.Equal((ProbeMark.Frequency, 2, "59.91"), (best.Mark, best.Decimals, best.ValueText));
        Assert.Equal("  - { quantity: CHANGE-ME, address: 0, format: uint16, decimals: 2, unit: Hz, kind: gauge } # table: input, addressing: wire", ProbeReport.ProfileLine(best));
    }

    [Fact]
    public void A_counter_is_known_by_its_rising()
    {
        ProbeSpan span = new(ModbusTable.HoldingRegisters, 52, [0x0001, 0xE240], [0x0001, 0xE247]); // 123456 -> 123463
        ProbeGuess best = ProbeGuess.All([span], 52, 2)[0];
        Assert.Equal((ProbeMark.Rising, WordOrder.Abcd, 123456.0), (best.Mark, best.Order, best.Raw));
        Assert.True(best.Format is RegisterFormat.UInt32);
        Assert.Contains("kind: counter", ProbeReport.ProfileLine(best), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_order_is_called_impossible_not_guessed()
    {
        // 999A 42FE read as abcd is -1.6e-23: no meter shows that.
        ProbeGuess wrong = ProbeGuess.All([Span([0x999A, 0x42FE])], 0, 2).Single(guess => guess is { Format: RegisterFormat.Float32, Order: WordOrder.Abcd });
        Assert.Equal(ProbeMark.Impossible, wrong.Mark);
    }

    [Theory]
    [InlineData(69, -1)]
    [InlineData(71, 1)]
    public void A_manual_that_is_off_by_one_is_put_right_on_a_real_line(int register, int off)
    {
        ProbeGuess best = ProbeOnALine(register)[0];
        Assert.Equal((ModbusTable.InputRegisters, "59.98", (ushort)70, -off), (best.Table, best.ValueText, best.Address, best.Shift));
    }

    // Between two voltages, the low word of one and the high word of the next make a voltage, too: nobody can tell by the bits alone.
    [Fact]
    public void Where_the_bits_allow_two_readings_both_are_among_the_best_guesses()
    {
        ProbeGuess[] best = [.. ProbeOnALine(1).Take(3)];
        Assert.Contains(best, guess => guess is { Address: 0, Order: WordOrder.Abcd, ValueText: "127.3" });
        Assert.Contains(best, guess => guess is { Address: 1, Order: WordOrder.Cdab, ValueText: "126.8" });
    }

    [Fact]
    public void A_rising_counter_is_seen_by_reading_twice()
    {
        CountingMeter meter = new();
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, meter);
        server.Start();
        ToolLine line = new() { Serial = new(terminal.SlavePath, new SerialSettings()), AnswerTimeout = TimeSpan.FromSeconds(2) };
        using ModbusClient client = new(line.Transport());
        IReadOnlyList<ProbeSpan> spans = LineProbe.Read(client, line, new(1, [ModbusTable.HoldingRegisters], 10), out _);
        meter.Counter += 5;
        ProbeGuess best = ProbeGuess.All(LineProbe.ReadAgain(client, line, 1, spans), 10, 2)[0];
        Assert.Equal((ProbeMark.Rising, RegisterFormat.UInt32, (ushort)10), (best.Mark, best.Format, best.Address));
    }

    private static IReadOnlyList<ProbeGuess> ProbeOnALine(int register)
    {
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new MexicanMeter(3));
        server.Start();
        ToolLine line = new() { Serial = new(terminal.SlavePath, new SerialSettings()), AnswerTimeout = TimeSpan.FromSeconds(2) };
        using ModbusClient client = new(line.Transport());
        ProbePlace place = new(3, [ModbusTable.HoldingRegisters, ModbusTable.InputRegisters], (ushort)register);
        IReadOnlyList<ProbeSpan> spans = LineProbe.Read(client, line, place, out ModbusReply worst);
        Assert.True(worst.IsOk);
        return ProbeGuess.All(spans, register, 2);
    }

    private static ProbeSpan Span(ushort[] words) => new(ModbusTable.InputRegisters, 0, words, null);

    [Fact]
    public void Known_bits_of_voltage_and_frequency_are_both_plausible()
    {
        Assert.Equal(ProbeMark.Voltage, ProbeGuess.All([Span(Volts)], 0, 2)[0].Mark);
        Assert.Equal("59.98", ProbeGuess.All([Span(Hertz)], 0, 2)[0].ValueText);
    }

    /// <summary>A counter in registers 10 and 11, nothing else.</summary>
    private sealed class CountingMeter : IModbusDevice
    {
        internal uint Counter { get; set; } = 7_654_321;

        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
        {
            if (start < 10 || start + destination.Length > 12)
            {
                return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
            }

            for (int index = 0; index < destination.Length; index++)
            {
                destination[index] = unchecked((ushort)(start + index == 10 ? Counter >> 16 : Counter));
            }

            return ModbusAnswer.Ok;
        }
    }
}
