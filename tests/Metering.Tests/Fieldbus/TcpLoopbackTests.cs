using System.Net;
using System.Net.Sockets;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class TcpLoopbackTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(ModbusTable.HoldingRegisters, 0, 1)]
    [InlineData(ModbusTable.HoldingRegisters, 3000, 125)]
    [InlineData(ModbusTable.InputRegisters, 65535, 1)]
    [InlineData(ModbusTable.InputRegisters, 65411, 125)]
    public void Our_client_reads_our_server(ModbusTable table, int start, int count)
    {
        using ModbusTcpServer server = StartServer(new AddressDevice());
        using ModbusClient client = Connect(server);
        ushort[] values = new ushort[count];
        Assert.Equal(ModbusReply.Ok, client.Read(table, 17, (ushort)start, values, Generous));
        Assert.True(AddressDevice.IsRight(17, table, start, values));
    }

    [Fact]
    public void A_register_the_device_does_not_have_is_exception_2()
    {
        using ModbusTcpServer server = StartServer(new AddressDevice(registerCount: 100));
        using ModbusClient client = Connect(server);
        Assert.Equal(new ModbusReply(ModbusOutcome.Exception, 2), client.ReadHoldingRegisters(1, 95, new ushort[6], Generous));
        Assert.Equal(ModbusReply.Ok, client.ReadHoldingRegisters(1, 95, new ushort[5], Generous));
    }

    [Fact]
    public void A_unit_that_is_not_there_times_out_and_the_others_go_on()
    {
        using ModbusTcpServer server = StartServer(new AddressDevice());
        using ModbusClient client = Connect(server);
        Assert.Equal(ModbusOutcome.Timeout, client.ReadHoldingRegisters(AddressDevice.SilentUnit, 0, new ushort[2], TimeSpan.FromMilliseconds(50)).Outcome);
        Assert.True(client.ReadHoldingRegisters(1, 0, new ushort[2], Generous).IsOk);
    }

    [Fact]
    public void Many_clients_are_served_at_once_and_each_gets_its_own_values()
    {
        using ModbusTcpServer server = StartServer(new AddressDevice());
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(1, 8).Select(unit => new Thread(() =>
        {
            using ModbusClient client = Connect(server);
            ushort[] values = new ushort[40];
            for (int start = 0; start < 300; start++)
            {
                bool isRight = client.ReadInputRegisters((byte)unit, (ushort)start, values, Generous).IsOk
                    && AddressDevice.IsRight((byte)unit, ModbusTable.InputRegisters, start, values);
                Interlocked.Add(ref wrong, isRight ? 0 : 1);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, wrong);
        Assert.Equal(8 * 300, server.Requests);
    }

    [Fact]
    public void Connections_over_the_limit_are_closed()
    {
        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new AddressDevice(), maximumConnections: 1);
        server.Start();
        using ModbusClient first = Connect(server);
        Assert.True(first.ReadHoldingRegisters(1, 0, new ushort[1], Generous).IsOk);
        using ModbusClient second = Connect(server);
        Assert.Equal(ModbusOutcome.Disconnected, second.ReadHoldingRegisters(1, 0, new ushort[1], Generous).Outcome);
        Assert.True(first.ReadHoldingRegisters(1, 0, new ushort[1], Generous).IsOk);
    }

    [Fact]
    public void Requests_in_one_piece_and_in_bytes_are_answered_in_order_and_unknown_functions_do_not_close()
    {
        using ModbusTcpServer server = StartServer(new AddressDevice());
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server.LocalEndPoint);
        socket.Send(Convert.FromHexString("00010000000607630000000100020000000607030000000100030000000607040000" + "0001"));
        Assert.Equal("000100000003" + "07E301", Read(socket, 9));
        Assert.Equal("000200000005070302" + Hex(3), Read(socket, 11));
        Assert.Equal("000300000005070402" + Hex(4), Read(socket, 11));
        foreach (byte value in Convert.FromHexString("000400000006070300000001"))
        {
            socket.Send([value]);
        }

        Assert.Equal("000400000005070302" + Hex(3), Read(socket, 11));

        static string Hex(byte function) => AddressDevice.Value(7, function, 0).ToString("X4");
    }

    [Fact]
    public void A_malformed_frame_closes_its_connection_only()
    {
        using ModbusTcpServer server = StartServer(new AddressDevice());
        using ModbusClient client = Connect(server);
        Assert.True(client.ReadHoldingRegisters(1, 0, new ushort[1], Generous).IsOk);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(server.LocalEndPoint);
        socket.Send(Convert.FromHexString("000100010006070300000001"));
        Assert.Equal(0, socket.Receive(new byte[1]));
        Assert.True(client.ReadHoldingRegisters(1, 0, new ushort[1], Generous).IsOk);
    }

    [Fact]
    public void A_server_that_comes_back_is_found_again()
    {
        ManualClock clock = new();
        int port;
        using (ModbusTcpServer server = StartServer(new AddressDevice()))
        {
            port = server.LocalEndPoint.Port;
        }

        using TcpTransport transport = new("127.0.0.1", port, new TcpTransportOptions { Clock = clock });
        Assert.Equal(ModbusOutcome.Disconnected, Ask());
        Assert.Equal(FieldbusProblem.Refused, transport.LastProblem!.Kind);
        Assert.True(transport.LastProblem.IsTransient);

        using ModbusTcpServer again = new(new IPEndPoint(IPAddress.Loopback, port), new AddressDevice());
        again.Start();
        Assert.Equal(ModbusOutcome.Disconnected, Ask()); // not yet: the first pause is 250 ms
        clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(ModbusOutcome.Ok, Ask());
        Assert.Null(transport.LastProblem);

        ModbusOutcome Ask() => transport.Exchange(1, ModbusTable.HoldingRegisters, 0, new ushort[1], Generous).Outcome;
    }

    [Fact]
    public void Pauses_between_attempts_double_up_to_their_limit()
    {
        ManualClock clock = new();
        ReconnectBackoff backoff = new(clock, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        foreach (int seconds in (int[])[1, 2, 3, 3])
        {
            backoff.Failed();
            clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.False(backoff.MayTry);
            clock.Advance(TimeSpan.FromTicks(1));
            Assert.True(backoff.MayTry);
        }

        backoff.Succeeded();
        Assert.True(backoff.MayTry);
    }

    [Fact]
    public void A_host_that_takes_no_connection_is_given_up_after_the_timeout()
    {
        // A listener that never accepts: once its queue is full the kernel drops further attempts, as a switched-off host would.
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using TcpTransport first = new("127.0.0.1", port, new TcpTransportOptions());
        first.Open();
        using TcpTransport second = new("127.0.0.1", port, new TcpTransportOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        FieldbusException problem = Assert.Throws<FieldbusException>(second.Open);
        Assert.Equal(FieldbusProblem.TimedOut, problem.Kind);
        Assert.Equal(ModbusOutcome.Disconnected, second.Exchange(1, ModbusTable.HoldingRegisters, 0, new ushort[1], Generous).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_attempt_to_connect_is_ended_at_once_when_the_line_is_halted(bool isRtu)
    {
        // As above: a listener whose queue is full.
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using TcpTransport first = new("127.0.0.1", port, new TcpTransportOptions());
        first.Open();
        TcpTransportOptions patient = new() { ConnectTimeout = TimeSpan.FromSeconds(60) };
        using IModbusTransport second = isRtu ? new RtuOverTcpTransport("127.0.0.1", port, patient) : new TcpTransport("127.0.0.1", port, patient);
        ModbusOutcome outcome = ModbusOutcome.Ok;
        using ManualResetEventSlim begun = new();
        Thread connecting = new(() =>
        {
            begun.Set();
            outcome = second.Exchange(1, ModbusTable.HoldingRegisters, 0, new ushort[1], Generous).Outcome;
        });
        connecting.Start();
        begun.Wait(Generous);
        connecting.Join(TimeSpan.FromMilliseconds(100)); // into the attempt, or not yet: both have to end
        second.Halt();
        Assert.True(connecting.Join(Generous), "the attempt went on");
        Assert.Equal(ModbusOutcome.Disconnected, outcome);
    }

    [Fact]
    public void An_address_in_use_is_told_as_such()
    {
        using ModbusTcpServer server = StartServer(new AddressDevice());
        using ModbusTcpServer second = new(server.LocalEndPoint, new AddressDevice());
        Assert.Equal(FieldbusProblem.Busy, Assert.Throws<FieldbusException>(second.Start).Kind);
    }

    internal static ModbusTcpServer StartServer(IModbusDevice device)
    {
        ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), device);
        server.Start();
        return server;
    }

    internal static ModbusClient Connect(ModbusTcpServer server) =>
        new(new TcpTransport("127.0.0.1", server.LocalEndPoint.Port, new TcpTransportOptions()));

    private static string Read(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length;)
        {
            int count = socket.Receive(bytes.AsSpan(filled));
            Assert.NotEqual(0, count);
            filled += count;
        }

        return Convert.ToHexString(bytes);
    }
}
