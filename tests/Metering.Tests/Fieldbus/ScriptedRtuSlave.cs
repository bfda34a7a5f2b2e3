using System.Buffers.Binary;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;

namespace Metering.Tests.Fieldbus;

/// <summary>A slave on a real pseudo-terminal that answers each request the way a script says, with any bytes.</summary>
internal sealed class ScriptedRtuSlave : IDisposable
{
    internal const int RequestLength = 8;
    private readonly PseudoTerminal _terminal = new();
    private readonly Func<int, byte[], byte[][]> _script;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="script">Gets the index of the request and its bytes, gives the chunks to send.</param>
    internal ScriptedRtuSlave(Func<int, byte[], byte[][]> script)
    {
        _script = script;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    internal string Path => _terminal.SlavePath;

    public void Dispose()
    {
        _stopping = true;
        _thread.Join(TimeSpan.FromSeconds(5));
        _terminal.Dispose();
    }

    /// <summary>Sends bytes nobody asked for.</summary>
    internal void Send(byte[] bytes) => Assert(_terminal.Write(bytes, TimeSpan.FromSeconds(1)));

    internal static int Count(byte[] request) => BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4));

    internal static int Start(byte[] request) => BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));

    /// <summary>The right reply; the parameters bend it (the CRC is right all the same).</summary>
    internal static byte[] Reply(byte[] request, int extraRegisters = 0, int unitOffset = 0, int functionOffset = 0)
    {
        int count = Count(request) + extraRegisters;
        byte[] reply = new byte[5 + (2 * count)];
        reply[0] = (byte)(request[0] + unitOffset);
        reply[1] = (byte)(request[1] + functionOffset);
        reply[2] = (byte)(2 * count);
        for (int index = 0; index < count; index++)
        {
            ushort value = AddressDevice.Value(reply[0], reply[1], Start(request) + index);
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(3 + (2 * index)), value);
        }

        ModbusCrc.Append(reply);
        return reply;
    }

    internal static byte[] Exception(byte[] request, byte code)
    {
        byte[] reply = [request[0], (byte)(request[1] | 0x80), code, 0, 0];
        ModbusCrc.Append(reply);
        return reply;
    }

    internal static byte[] Damaged(byte[] reply)
    {
        byte[] damaged = (byte[])reply.Clone();
        damaged[^3] ^= 0x10;
        return damaged;
    }

    private static void Assert(SerialStatus status)
    {
        if (status != SerialStatus.Ok)
        {
            throw new IOException($"The pseudo-terminal did not take the bytes: {status}.");
        }
    }

    private void Run()
    {
        byte[] request = new byte[RequestLength];
        int length = 0;
        int index = 0;
        while (!_stopping)
        {
            if (_terminal.Read(request.AsSpan(length), TimeSpan.FromMilliseconds(50), out int count) != SerialStatus.Ok)
            {
                continue;
            }

            length += count;
            if (length < RequestLength)
            {
                continue;
            }

            length = 0;
            foreach (byte[] chunk in _script(index++, (byte[])request.Clone()))
            {
                Assert(_terminal.Write(chunk, TimeSpan.FromSeconds(1)));
            }
        }
    }
}
