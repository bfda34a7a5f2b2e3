using System.Net.Sockets;
using Metering.Fieldbus.Modbus;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Fieldbus;

/// <summary>Bytes worked out by hand from the examples of MODBUS Application Protocol V1.1b3, clause 6.</summary>
public sealed class ServerFunctionTests
{
    private readonly MemoryDevice _device = new();
    private readonly ModbusServerCounters _counters = new();
    private readonly Lock _writing = new();

    [Theory]
    [InlineData("0500ACFF00", "0500ACFF00")] // 6.5
    [InlineData("0600010003", "0600010003")] // 6.6
    [InlineData("0F0013000A02CD01", "0F0013000A")] // 6.11
    [InlineData("100001000204000A0102", "1000010002")] // 6.12
    [InlineData("16000400F20025", "16000400F20025")] // 6.16
    [InlineData("07", "076D")] // 6.7
    [InlineData("080000A537", "080000A537")] // 6.8
    [InlineData("11", "11064D454D2D37FF")] // 6.13
    [InlineData("2B0E0402", "2B0E0483000001020456312E32")] // 6.21, one object
    [InlineData("2B0E0100", "2B0E018300000300084D65746572696E6701034D454D020456312E32")] // 6.21, basic
    public void The_server_answers_the_examples_of_clause_6(string request, string response) => Assert.Equal(response, Ask(request));

    [Theory]
    [InlineData("0500AC0001", "8503")] // neither on nor off
    [InlineData("0503E8FF00", "8502")]
    [InlineData("0F0013000A01CD", "8F03")] // too few bytes
    [InlineData("0F001307B1F7", "8F03")] // 1,969 coils
    [InlineData("10FFFF000204000A0102", "9002")] // past 65535
    [InlineData("10000100010300", "9003")]
    [InlineData("1000010000", "9003")]
    [InlineData("16000400F200", "9603")]
    [InlineData("170000007E0000000102", "9703")]
    [InlineData("0700", "8703")]
    [InlineData("0800040000", "8801")] // listen only would silence the device
    [InlineData("08000B0001", "8803")]
    [InlineData("2B0D00", "AB01")] // CANopen
    [InlineData("2B0E0500", "AB03")]
    [InlineData("2B0E0455", "AB02")]
    [InlineData("14", "9401")]
    [InlineData("18", "9801")]
    [InlineData("63", "E301")]
    public void What_it_cannot_do_is_an_exception(string request, string response) => Assert.Equal(response, Ask(request));

    // 6.17: the write comes first, so the read sees it.
    [Fact]
    public void Writing_and_reading_in_one_request_writes_first() =>
        Assert.Equal("1706" + "000000FF0000", Ask("17" + "00030003" + "000400010200FF"));

    [Fact]
    public void A_mask_changes_only_its_bits()
    {
        _device.Holding[4] = 0x0012;
        _ = Ask("16000400F20025"); // the example: 12 and F2, or 25, gives 17
        Assert.Equal(0x0017, _device.Holding[4]);
    }

    [Fact]
    public void Coils_are_written_lowest_bit_first()
    {
        _ = Ask("0F0013000A02CD01");
        Assert.Equal([1, 0, 1, 1, 0, 0, 1, 1, 1, 0], _device.Coils[0x13..0x1D]);
    }

    [Fact]
    public void A_device_that_only_reads_refuses_every_write_and_unknown_units_stay_silent()
    {
        byte[] response = new byte[ServerPdu.MaximumLength];
        ServerPdu pdu = new(new AddressDevice(), _counters, _writing);
        foreach (string request in (string[])["0500ACFF00", "0600010003", "0F0013000A02CD01", "100001000204000A0102", "16000400F20025", "17000300030004000102" + "00FF", "07", "11", "2B0E0100"])
        {
            byte[] bytes = Convert.FromHexString(request);
            Assert.Equal(2, pdu.Answer(1, bytes, response));
            Assert.Equal([(byte)(bytes[0] | 0x80), 1], response[..2]);
            Assert.Equal(ServerPdu.Silence, pdu.Answer(AddressDevice.SilentUnit, bytes, response));
        }
    }

    [Fact]
    public void The_counters_of_function_8_count_and_can_be_cleared()
    {
        _ = Ask("0300000001");
        _ = Ask("63");
        Assert.Equal("08000B0003", Ask("08000B0000")); // messages, this one included
        Assert.Equal("08000D0001", Ask("08000D0000")); // exceptions
        Assert.Equal("08000A0000", Ask("08000A0000"));
        Assert.Equal("08000D0000", Ask("08000D0000"));
        Assert.Equal([3, 8, 0x63], _counters.FunctionsSeen());
        Assert.Equal(4, _counters.RequestsOf(8));
    }

    [Fact]
    public void Over_a_connection_unknown_functions_do_not_close_it()
    {
        using ModbusTcpServer server = TcpLoopbackTests.StartServer(_device);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(server.LocalEndPoint);
        byte[] reply = new byte[9];
        for (int function = 0x41; function < 0x49; function++)
        {
            socket.Send([0, (byte)function, 0, 0, 0, 2, 1, (byte)function]);
            Assert.Equal(9, socket.Receive(reply));
            Assert.Equal([0, (byte)function, 0, 0, 0, 3, 1, (byte)(function | 0x80), 1], reply);
        }

        Assert.Equal(8, server.Counters.FunctionsSeen().Count);
    }

    [Fact]
    public void Two_connections_that_mask_one_register_lose_no_bit()
    {
        using ModbusTcpServer server = TcpLoopbackTests.StartServer(_device);
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(half => new Thread(() =>
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(server.LocalEndPoint);
            byte[] reply = new byte[14];
            for (int round = 0; round < 400; round++)
            {
                int bit = 1 << ((round % 8) + (8 * half));
                bool isSet = round / 8 % 2 == 0;
                int and = 0xFFFF ^ bit;
                int or = isSet ? bit : 0;
                socket.Send([0, 0, 0, 0, 0, 8, 1, 22, 0, 9, (byte)(and >> 8), (byte)(and & 0xFF), (byte)(or >> 8), (byte)(or & 0xFF)]);
                Assert.Equal(14, socket.Receive(reply));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, _device.Holding[9]); // 50 rounds of 8 bits: the last one cleared them
    }

    private string Ask(string request)
    {
        byte[] response = new byte[ServerPdu.MaximumLength];
        int length = new ServerPdu(_device, _counters, _writing).Answer(1, Convert.FromHexString(request), response);
        return Convert.ToHexString(response.AsSpan(0, length));
    }
}
