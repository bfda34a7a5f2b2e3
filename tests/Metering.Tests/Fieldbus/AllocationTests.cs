using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class AllocationTests
{
    private const int Requests = 1000;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_thousand_reads_over_TCP_allocate_nothing()
    {
        using ModbusTcpServer server = TcpLoopbackTests.StartServer(new AddressDevice());
        using ModbusClient client = TcpLoopbackTests.Connect(server);
        Assert.Equal(0, MeasureReads(client));
    }

    [Fact]
    public void A_thousand_reads_over_a_serial_line_allocate_nothing()
    {
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new AddressDevice());
        server.Start();
        RtuTransportOptions options = new() { SilenceBeforeRequest = TimeSpan.Zero };
        using ModbusClient client = new(new RtuTransport(SerialPort.Open(terminal.SlavePath, new SerialSettings()), options));
        Assert.Equal(0, MeasureReads(client));
    }

    private static long MeasureReads(ModbusClient client)
    {
        Span<ushort> values = stackalloc ushort[20];
        int failed = 0;
        long before = 0;
        for (int request = -100; request < Requests; request++)
        {
            if (request == 0)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            failed += client.ReadHoldingRegisters(3, (ushort)(request + 100), values, Generous).IsOk ? 0 : 1;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, failed);
        return allocated;
    }
}
