using System.Net;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Fieldbus;

public enum Wire
{
    Tcp,
    Rtu,
    RtuOverTcp,
}

/// <summary>What the client can ask, over each of the three wires, from our own server.</summary>
public sealed class EveryWireTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(Wire.Tcp)]
    [InlineData(Wire.Rtu)]
    [InlineData(Wire.RtuOverTcp)]
    public void Registers_and_bits_of_all_tables_are_read_right(Wire wire)
    {
        using WireHouse house = new(wire, new AddressDevice());
        foreach (int count in (int[])[1, 7, 8, 9, 125])
        {
            ushort[] registers = new ushort[count];
            Assert.Equal(ModbusReply.Ok, house.Client.ReadHoldingRegisters(3, 500, registers, Generous));
            Assert.True(AddressDevice.IsRight(3, ModbusTable.HoldingRegisters, 500, registers));
            Assert.Equal(ModbusReply.Ok, house.Client.ReadInputRegisters(3, 500, registers, Generous));
            Assert.True(AddressDevice.IsRight(3, ModbusTable.InputRegisters, 500, registers));
            bool[] bits = new bool[count * 16];
            Assert.Equal(ModbusReply.Ok, house.Client.ReadCoils(3, 500, bits, Generous));
            Assert.Equal(Bits(ModbusTable.Coils, 500, bits.Length), bits);
            bits = new bool[count];
            Assert.Equal(ModbusReply.Ok, house.Client.ReadDiscreteInputs(3, 500, bits, Generous));
            Assert.Equal(Bits(ModbusTable.DiscreteInputs, 500, bits.Length), bits);
        }
    }

    [Theory]
    [InlineData(Wire.Tcp)]
    [InlineData(Wire.Rtu)]
    [InlineData(Wire.RtuOverTcp)]
    public void A_device_says_who_it_is_in_as_many_replies_as_it_needs(Wire wire)
    {
        using WireHouse house = new(wire, new MemoryDevice());
        Assert.Equal(ModbusReply.Ok, house.Client.ReadIdentification(1, IdentificationAccess.Extended, Generous, out DeviceIdentification? all));
        Assert.Equal(37, all!.Objects.Count);
        Assert.Equal(MemoryDevice.Identification.Objects.Select(item => (item.Id, item.Text)), all.Objects.Select(item => (item.Id, item.Text)));
        Assert.Equal(0x83, all.ConformityLevel);
        Assert.True(house.Functions()[43] > 10, "one reply cannot have held all that");
        Assert.Equal(ModbusReply.Ok, house.Client.ReadIdentification(1, IdentificationAccess.Regular, Generous, out DeviceIdentification? regular));
        Assert.Equal(("Metering", "MEM", "V1.2", "Memory 7", 7), (regular!.VendorName, regular.ProductCode, regular.Revision, regular.ModelName, regular.Objects.Count));
        Assert.Equal(ModbusReply.Ok, house.Client.ReadIdentification(1, IdentificationAccess.Basic, Generous, out DeviceIdentification? basic));
        Assert.Null(basic!.ModelName);
        Assert.Equal(ModbusReply.Ok, house.Client.ReadServerId(1, Generous, out ServerIdentity? server));
        Assert.Equal(MemoryDevice.ServerId, server!.Text);
    }

    [Theory]
    [InlineData(Wire.Tcp)]
    [InlineData(Wire.Rtu)]
    [InlineData(Wire.RtuOverTcp)]
    public void A_device_without_identities_answers_exception_1(Wire wire)
    {
        using WireHouse house = new(wire, new AddressDevice());
        Assert.Equal(new ModbusReply(ModbusOutcome.Exception, 1), house.Client.ReadIdentification(1, IdentificationAccess.Basic, Generous, out DeviceIdentification? nobody));
        Assert.Equal(new ModbusReply(ModbusOutcome.Exception, 1), house.Client.ReadServerId(1, Generous, out ServerIdentity? none));
        Assert.Null(nobody);
        Assert.Null(none);
    }

    [Theory]
    [InlineData(Wire.Tcp)]
    [InlineData(Wire.Rtu)]
    [InlineData(Wire.RtuOverTcp)]
    public void A_thousand_reads_allocate_nothing(Wire wire)
    {
        using WireHouse house = new(wire, new AddressDevice());
        Span<ushort> values = stackalloc ushort[20];
        Span<bool> bits = stackalloc bool[20];
        int failed = 0;
        long before = 0;
        for (int request = -100; request < 1000; request++)
        {
            before = request == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
            failed += house.Client.ReadHoldingRegisters(3, 7, values, Generous).IsOk ? 0 : 1;
            failed += house.Client.ReadCoils(3, 7, bits, Generous).IsOk ? 0 : 1;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, failed);
    }

    // The client must not be able to write: whatever is asked of it, these are all the functions a device ever sees.
    [Theory]
    [InlineData(Wire.Tcp)]
    [InlineData(Wire.Rtu)]
    [InlineData(Wire.RtuOverTcp)]
    public void Whatever_the_client_is_asked_only_reading_functions_reach_the_wire(Wire wire)
    {
        using WireHouse house = new(wire, new MemoryDevice());
        IModbusTransport transport = house.Client.Transport;
        for (int table = 0; table < 256; table++)
        {
            Try(() => transport.Exchange(1, (ModbusTable)table, 0, new ushort[1], Generous));
            Try(() => transport.ExchangeBits(1, (ModbusTable)table, 0, new bool[1], Generous));
            Try(() => transport.ExchangeIdentity(1, IdentityQuestion.Objects((IdentificationAccess)table, 0), new byte[253], Generous, out _));
        }

        Assert.Equal(ModbusReply.Ok, house.Client.ReadServerId(1, Generous, out _));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 17, 43 }, house.Functions().Keys.Order().ToArray());

        static void Try(Action ask)
        {
            try
            {
                ask();
            }
            catch (ArgumentException)
            {
                // refused before anything was sent
            }
        }
    }

    [Theory]
    [InlineData(Wire.Tcp)]
    [InlineData(Wire.Rtu)]
    [InlineData(Wire.RtuOverTcp)]
    public void A_line_that_waits_is_halted_at_once_from_another_thread(Wire wire)
    {
        using WireHouse house = new(wire, new AddressDevice());
        Assert.True(house.Client.ReadHoldingRegisters(1, 0, new ushort[1], Generous).IsOk);
        ModbusOutcome outcome = ModbusOutcome.Ok;
        long asked = house.Client.Transport.Counters.Requests + 1;
        Thread waiting = new(() => outcome = house.Client.ReadHoldingRegisters(AddressDevice.SilentUnit, 0, new ushort[1], TimeSpan.FromMinutes(30)).Outcome);
        waiting.Start();
        Assert.True(SpinWait.SpinUntil(() => house.Client.Transport.Counters.Requests >= asked, Generous));
        house.Client.Transport.Halt();
        Assert.True(waiting.Join(Generous), "the wait went on");
        Assert.Equal(ModbusOutcome.Disconnected, outcome);
        Assert.Equal(ModbusOutcome.Disconnected, house.Client.ReadHoldingRegisters(1, 0, new ushort[1], Generous).Outcome);
    }

    private static bool[] Bits(ModbusTable table, int start, int count) =>
        [.. Enumerable.Range(start, count).Select(address => AddressDevice.Value(3, (byte)table, address) != 0)];
}

/// <summary>A server on one of the three wires and a client connected to it.</summary>
internal sealed class WireHouse : IDisposable
{
    private readonly PseudoTerminal? _terminal;
    private readonly ModbusRtuServer? _serial;
    private readonly ModbusTcpServer? _tcp;

    internal WireHouse(Wire wire, IModbusDevice device)
    {
        if (wire == Wire.Rtu)
        {
            _terminal = new PseudoTerminal();
            _serial = new ModbusRtuServer(_terminal, device);
            _serial.Start();
            SerialPort port = new(_terminal.SlavePath, new SerialSettings { BaudRate = 115200, Parity = SerialParity.Even });
            Client = new ModbusClient(new RtuTransport(port, new RtuTransportOptions { SilenceBeforeRequest = TimeSpan.Zero }));
            return;
        }

        _tcp = new ModbusTcpServer(new IPEndPoint(IPAddress.Loopback, 0), device, framing: wire == Wire.Tcp ? ModbusTcpFraming.Mbap : ModbusTcpFraming.Rtu);
        _tcp.Start();
        int port2 = _tcp.LocalEndPoint.Port;
        TcpTransportOptions options = new();
        Client = new ModbusClient(wire == Wire.Tcp
            ? new TcpTransport("127.0.0.1", port2, options)
            : new RtuOverTcpTransport("127.0.0.1", port2, options, new SerialSettings { BaudRate = 115200 }, new RtuTransportOptions { SilenceBeforeRequest = TimeSpan.Zero }));
    }

    internal ModbusClient Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        _tcp?.Dispose();
        _serial?.Dispose();
        _terminal?.Dispose();
    }

    /// <summary>Function codes the server was asked, with how often.</summary>
    internal Dictionary<byte, long> Functions()
    {
        ModbusServerCounters counters = (_serial?.Counters ?? _tcp?.Counters)!;
        return counters.FunctionsSeen().ToDictionary(function => function, counters.RequestsOf);
    }
}
