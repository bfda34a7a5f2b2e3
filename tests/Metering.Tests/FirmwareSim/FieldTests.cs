using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.FirmwareSim.Control;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Plants;
using Metering.FirmwareSim.Registers;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.FirmwareSim;

public sealed class FieldTests
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_gateway_sets_the_instant_and_reads_the_registers_of_that_instant_over_Modbus_TCP()
    {
        PlantModel plant = PlantFixture.Plant("leon-tannery");
        using FieldHost host = new([(plant, false)], TimeProvider.System);
        using ControlClient control = new(host.Control);
        using ModbusClient modbus = new(new TcpTransport("127.0.0.1", host.Plants[0].TcpPort!.Value, new TcpTransportOptions()));
        Assert.Equal("ok", control.Ask("plant leon-tannery"));
        ushort[] registers = new ushort[6];
        foreach (int slot in new[] { 0, 50_000, 3, 70_079 })
        {
            long instant = plant.FirstUtcMilliseconds + (slot * (long)SimulationWindow.SlotMilliseconds);
            Assert.Equal("ok", control.Ask($"at {instant}"));
            Assert.True(modbus.ReadHoldingRegisters(1, 0, registers, AnswerTimeout).IsOk);
            long expected = plant.Counter(FieldChannel.ActiveEnergy).Register(instant - plant.FirstUtcMilliseconds);
            Assert.Equal(expected, ((long)registers[0] << 16) | registers[1]);
        }
    }

    [Fact]
    public void In_a_gap_a_meter_answers_exception_0x0B_and_the_others_go_on()
    {
        PlantModel plant = PlantFixture.Plant("leon-tannery");
        Fault gap = plant.Faults.First(fault => fault.Kind == FaultKind.Gap && fault.Channel == FieldChannel.Water);
        FieldPlant field = new(plant, TimeProvider.System);
        ushort[] registers = new ushort[4];
        Assert.True(field.TryShow(gap.FromUtcMilliseconds));
        Assert.Equal(ModbusExceptionCode.GatewayTargetFailedToRespond, field.Read(2, ModbusTable.HoldingRegisters, 100, registers).ExceptionCode);
        Assert.Equal(ModbusAnswer.Ok, field.Read(1, ModbusTable.HoldingRegisters, 0, registers));
        Assert.True(field.TryShow(gap.UntilUtcMilliseconds));
        Assert.Equal(ModbusAnswer.Ok, field.Read(2, ModbusTable.HoldingRegisters, 100, registers));
    }

    [Fact]
    public void The_hotel_answers_on_a_serial_line_and_one_meter_of_it_falls_silent()
    {
        PlantModel plant = PlantFixture.Plant("san-luis-hotel");
        using FieldHost host = new([(plant, true)], TimeProvider.System);
        using ControlClient control = new(host.Control);
        SerialSettings settings = new() { BaudRate = 19200, Parity = SerialParity.Even };
        using ModbusClient modbus = new(new RtuTransport(new SerialPort(host.Plants[0].SerialDevice!, settings), new RtuTransportOptions()));
        Assert.Equal("ok", control.Ask("plant san-luis-hotel"));
        Fault silence = plant.Faults.First(fault => fault.Kind == FaultKind.Silence);
        ushort[] registers = new ushort[2];
        Assert.Equal("ok", control.Ask($"at {silence.UntilUtcMilliseconds}"));
        Assert.True(modbus.ReadHoldingRegisters(3, 0, registers, AnswerTimeout).IsOk);
        long expected = plant.Counter(FieldChannel.Gas).Register(silence.UntilUtcMilliseconds - plant.FirstUtcMilliseconds);
        Assert.Equal(expected, ((long)registers[0] << 16) | registers[1]);
        Assert.Equal("ok", control.Ask($"at {silence.FromUtcMilliseconds}"));
        Assert.Equal(ModbusOutcome.Timeout, modbus.ReadHoldingRegisters(3, 0, registers, TimeSpan.FromMilliseconds(50)).Outcome);
        Assert.Equal(4 * SimulationWindow.SlotMilliseconds, silence.UntilUtcMilliseconds - silence.FromUtcMilliseconds);
        Assert.Equal("ok", control.Ask($"at {silence.UntilUtcMilliseconds}"));
        Assert.True(modbus.ReadHoldingRegisters(3, 0, registers, AnswerTimeout).IsOk);
    }

    [Fact]
    public void Live_registers_follow_the_wall_clock_within_a_slot()
    {
        PlantModel plant = PlantFixture.Plant("silao-automotive");
        ManualClock clock = new(plant.Window.UntilUtcMilliseconds + (10 * 60 * 60 * 1000));
        FieldPlant field = new(plant, clock);
        ushort[] registers = new ushort[2];
        long previous = -1;
        for (int step = 0; step < 50; step++)
        {
            Assert.Equal(ModbusAnswer.Ok, field.Read(1, ModbusTable.HoldingRegisters, 0, registers));
            long value = ((long)registers[0] << 16) | registers[1];
            Assert.True(value > previous, $"step {step}: {previous} then {value}");
            previous = value;
            clock.UtcMilliseconds += 15_000;
        }

        clock.UtcMilliseconds = plant.EndUtcMilliseconds;
        Assert.Equal(ModbusExceptionCode.ServerDeviceFailure, field.Read(1, ModbusTable.HoldingRegisters, 0, registers).ExceptionCode);
    }

    [Fact]
    public void Registers_that_are_not_there_are_refused_and_unknown_units_stay_silent()
    {
        FieldPlant field = new(PlantFixture.Plant("leon-tannery"), new ManualClock(PlantFixture.TwoYears.StartUtcMilliseconds));
        ushort[] registers = new ushort[2];
        Assert.Equal(ModbusExceptionCode.IllegalDataAddress, field.Read(1, ModbusTable.HoldingRegisters, 500, registers).ExceptionCode);
        Assert.Equal(ModbusExceptionCode.IllegalDataAddress, field.Read(5, ModbusTable.HoldingRegisters, 10, registers).ExceptionCode);
        Assert.True(field.Read(77, ModbusTable.HoldingRegisters, 0, registers).IsSilence);
        Assert.False(field.HasUnit(77));
    }

    [Fact]
    public void Setting_an_instant_and_reading_allocate_nothing()
    {
        PlantModel plant = PlantFixture.Plant("leon-tannery");
        FieldPlant field = new(plant, TimeProvider.System);
        ControlSession session = new(new Dictionary<string, FieldPlant>(StringComparer.Ordinal) { [plant.Id] = field });
        session.Answer("plant leon-tannery"u8);
        byte[] line = System.Text.Encoding.ASCII.GetBytes($"at {plant.FirstUtcMilliseconds + 900_000}");
        byte[] other = System.Text.Encoding.ASCII.GetBytes($"at {plant.FirstUtcMilliseconds + 1_800_000}");
        ushort[] registers = new ushort[6];
        Cycle();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < 1000; index++)
        {
            Cycle();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            session.Answer(line);
            field.Read(1, ModbusTable.HoldingRegisters, 0, registers);
            session.Answer(other);
            field.Read(1, ModbusTable.HoldingRegisters, 0, registers);
        }
    }

    [Fact]
    public void The_control_port_says_what_it_does_not_understand_and_goes_on()
    {
        PlantModel plant = PlantFixture.Plant("leon-tannery");
        using FieldHost host = new([(plant, false)], TimeProvider.System);
        using ControlClient control = new(host.Control);
        Assert.StartsWith("error", control.Ask("at 1"), StringComparison.Ordinal);
        Assert.StartsWith("error", control.Ask("live"), StringComparison.Ordinal);
        Assert.StartsWith("error", control.Ask("plant nowhere"), StringComparison.Ordinal);
        Assert.Equal("ok", control.Ask("plant leon-tannery"));
        Assert.StartsWith("error", control.Ask("at tomorrow"), StringComparison.Ordinal);
        Assert.StartsWith("error", control.Ask("at 1"), StringComparison.Ordinal); // 1970
        Assert.StartsWith("error", control.Ask("at"), StringComparison.Ordinal);
        Assert.StartsWith("error", control.Ask(""), StringComparison.Ordinal);
        Assert.Equal("ok", control.Ask("live"));
        Assert.Equal("ok", control.Ask($"at {plant.FirstUtcMilliseconds}\nlive"));
        Assert.Equal("ok", control.Receive());
        Assert.StartsWith("error", control.Ask(new string('x', ControlSession.MaximumLine)), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_plant_has_its_own_time()
    {
        PlantModel tannery = PlantFixture.Plant("leon-tannery");
        PlantModel hospital = PlantFixture.Plant("queretaro-hospital");
        using FieldHost host = new([(tannery, false), (hospital, false)], TimeProvider.System);
        using ControlClient first = new(host.Control);
        using ControlClient second = new(host.Control);
        long instant = tannery.FirstUtcMilliseconds;
        Assert.Equal("ok", first.Ask("plant leon-tannery"));
        Assert.Equal("ok", second.Ask("plant queretaro-hospital"));
        Assert.Equal("ok", first.Ask($"at {instant}"));
        Assert.Equal("ok", second.Ask($"at {instant + 86_400_000L}"));
        ushort[] registers = new ushort[2];
        Assert.Equal(ModbusAnswer.Ok, host.Plants[0].Plant.Read(1, ModbusTable.HoldingRegisters, 0, registers));
        Assert.Equal(tannery.Counter(FieldChannel.ActiveEnergy).Register(0), ((long)registers[0] << 16) | registers[1]);
    }

    [Theory]
    [InlineData("UInt16", "Abcd", 65_537L, new ushort[] { 1 })]
    [InlineData("Int16", "Abcd", -2L, new ushort[] { 0xFFFE })]
    [InlineData("UInt32", "Abcd", 0x0A0B0C0DL, new ushort[] { 0x0A0B, 0x0C0D })]
    [InlineData("UInt32", "Cdab", 0x0A0B0C0DL, new ushort[] { 0x0C0D, 0x0A0B })]
    [InlineData("UInt32", "Badc", 0x0A0B0C0DL, new ushort[] { 0x0B0A, 0x0D0C })]
    [InlineData("UInt32", "Dcba", 0x0A0B0C0DL, new ushort[] { 0x0D0C, 0x0B0A })]
    [InlineData("Int32", "Abcd", -1L, new ushort[] { 0xFFFF, 0xFFFF })]
    [InlineData("UInt64", "Abcd", 0x0102030405060708L, new ushort[] { 0x0102, 0x0304, 0x0506, 0x0708 })]
    [InlineData("Float32", "Abcd", 125L, new ushort[] { 0x4148, 0 })] // 12.5
    public void Values_lie_in_registers_as_the_profile_says(string formatName, string orderName, long value, ushort[] expected)
    {
        RegisterFormat format = Enum.Parse<RegisterFormat>(formatName);
        RegisterOrder order = Enum.Parse<RegisterOrder>(orderName);
        ChannelMap map = new() { Quantity = "q", Unit = "1", Decimals = 1, Kind = ChannelKind.Gauge, Address = 0, Format = format, Order = order };
        ushort[] registers = new ushort[RegisterCodec.Count(format)];
        RegisterCodec.Write(value, map, registers);
        Assert.Equal(expected, registers);
    }
}
