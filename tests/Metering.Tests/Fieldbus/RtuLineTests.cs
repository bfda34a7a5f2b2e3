using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class RtuLineTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(ModbusTable.HoldingRegisters, 0, 1)]
    [InlineData(ModbusTable.InputRegisters, 65411, 125)]
    public void Our_client_reads_our_server_over_a_pseudo_terminal(ModbusTable table, int start, int count)
    {
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new AddressDevice());
        server.Start();
        using ModbusClient client = Open(terminal);
        ushort[] values = new ushort[count];
        Assert.Equal(ModbusReply.Ok, client.Read(table, 17, (ushort)start, values, Generous));
        Assert.True(AddressDevice.IsRight(17, table, start, values));
    }

    [Fact]
    public void Several_units_share_a_line_and_a_missing_one_does_not_disturb_them()
    {
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new AddressDevice(registerCount: 200));
        server.Start();
        using ModbusClient client = Open(terminal);
        ushort[] values = new ushort[10];
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(ModbusOutcome.Timeout, client.ReadHoldingRegisters(AddressDevice.SilentUnit, 0, values, TimeSpan.FromMilliseconds(30)).Outcome);
            for (byte unit = 1; unit <= 5; unit++)
            {
                Assert.True(client.ReadHoldingRegisters(unit, 190, values, Generous).IsOk);
                Assert.True(AddressDevice.IsRight(unit, ModbusTable.HoldingRegisters, 190, values));
                Assert.Equal(new ModbusReply(ModbusOutcome.Exception, 2), client.ReadHoldingRegisters(unit, 191, values, Generous));
            }
        }
    }

    [Fact]
    public void The_server_finds_a_request_behind_noise_and_in_pieces_and_answers_unknown_functions()
    {
        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new AddressDevice());
        server.Start();
        using SerialPort port = SerialPort.Open(terminal.SlavePath, new SerialSettings());
        byte[] request = [7, 3, 0, 0, 0, 1, 0, 0];
        ModbusCrc.Append(request);
        byte[] reply = ScriptedRtuSlave.Reply(request);

        Send(port, [0x00, 0x5A, .. request]);
        Assert.Equal(reply, Receive(port, reply.Length));
        foreach (byte value in request)
        {
            Send(port, [value]);
        }

        Assert.Equal(reply, Receive(port, reply.Length));
        byte[] broadcast = [0, 3, 0, 0, 0, 1, 0, 0];
        ModbusCrc.Append(broadcast);
        Send(port, [.. broadcast, .. request]);
        Assert.Equal(reply, Receive(port, reply.Length));
        byte[] unknown = [7, 0x65, 1, 2, 3, 0, 0];
        ModbusCrc.Append(unknown);
        Send(port, unknown);
        Assert.Equal([7, 0xE5, 1], Receive(port, 5)[..3]);
    }

    /// <summary>A slave that answers in order but late, not at all, with noise, damaged, doubled or refused, as chance has it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_the_line_does_no_wrong_value_is_accepted(int seed)
    {
        Random random = new(seed);
        Queue<byte[]> late = new();
        using ScriptedRtuSlave slave = new((_, request) => Misbehave(random, late, request));
        using RtuTransport transport = RtuFaultTests.Open(slave);
        Random ask = new(seed + 1000);
        int right = 0;
        for (int read = 0; read < 150; read++)
        {
            byte unit = (byte)ask.Next(1, 4);
            ushort[] values = new ushort[ask.Next(1, 5)];
            ushort start = (ushort)ask.Next(0, 96);
            ModbusReply reply = transport.Exchange(unit, ModbusTable.InputRegisters, start, values, TimeSpan.FromMilliseconds(15));
            if (reply.IsOk)
            {
                right++;
                Assert.True(AddressDevice.IsRight(unit, ModbusTable.InputRegisters, start, values), $"seed {seed}, read {read}: wrong values");
            }
        }

        Assert.True(right > 0, $"seed {seed}: nothing was read at all");
    }

    internal static byte[][] Misbehave(Random random, Queue<byte[]> late, byte[] request)
    {
        bool isRefused = ScriptedRtuSlave.Start(request) + ScriptedRtuSlave.Count(request) > 100;
        byte[] reply = isRefused ? ScriptedRtuSlave.Exception(request, 2) : ScriptedRtuSlave.Reply(request);
        List<byte[]> sent = [];
        int chance = random.Next(12);
        if (chance == 0)
        {
            return []; // lost for good
        }

        if (chance == 1)
        {
            late.Enqueue(reply); // kept back; leaves, in order, with a later one
            return [];
        }

        // A device answers in order: what it kept back goes first.
        while (late.TryDequeue(out byte[]? kept))
        {
            sent.Add(kept);
        }

        switch (chance)
        {
            case 2:
                sent.Add([0x00]);
                sent.Add(reply);
                break;
            case 3:
                sent.Add(ScriptedRtuSlave.Damaged(reply));
                break;
            case 4:
                sent.Add([.. reply, .. reply]);
                break;
            case 5:
                sent.Add(request);
                sent.Add(reply);
                break;
            case 6:
                sent.Add(reply[..(reply.Length / 2)]);
                break;
            default:
                sent.Add(reply);
                break;
        }

        return [.. sent];
    }

    private static ModbusClient Open(PseudoTerminal terminal) =>
        new(new RtuTransport(SerialPort.Open(terminal.SlavePath, new SerialSettings { BaudRate = 115200 }), new RtuTransportOptions()));

    private static void Send(SerialPort port, byte[] bytes) => Assert.Equal(SerialStatus.Ok, port.Write(bytes, Generous));

    private static byte[] Receive(SerialPort port, int length)
    {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length;)
        {
            Assert.Equal(SerialStatus.Ok, port.Read(bytes.AsSpan(filled), Generous, out int count));
            filled += count;
        }

        return bytes;
    }
}
