using System.Net;
using System.Net.Sockets;
using Metering.Mqtt;
using Xunit;

namespace Metering.Tests.Mqtt;

/// <summary>A TCP server that does what a test tells it, byte by byte. It reads packets with a few lines of its own, not with the code under test.</summary>
internal sealed class ScriptedBroker : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public ScriptedBroker() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public MqttClientOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        ClientId = "test",
        SessionExpiry = TimeSpan.FromHours(1),
        UserName = "user",
        Password = "do-not-print-me",
    };

    /// <summary>Takes the next connection, reads its CONNECT and answers with these bytes in hexadecimal.</summary>
    public async Task<ScriptedConnection> AcceptAsync(string answer)
    {
        TcpClient client = await listener.AcceptTcpClientAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
        client.NoDelay = true;
        ScriptedConnection connection = new(client);
        connection.Connect = await connection.ReadHexAsync();
        Assert.StartsWith("10", connection.Connect, StringComparison.Ordinal);
        await connection.SendAsync(answer);
        return connection;
    }

    public void Dispose() => listener.Dispose();
}

internal sealed class ScriptedConnection(TcpClient client) : IDisposable
{
    private readonly NetworkStream stream = client.GetStream();

    /// <summary>The CONNECT it began with, in hexadecimal.</summary>
    public string Connect { get; set; } = "";

    public Task SendAsync(string hexadecimal) => stream.WriteAsync(Hex.Bytes(hexadecimal)).AsTask().WaitAsync(ScriptedBroker.Patience);

    /// <summary>One whole packet, header included. Throws at the end of the stream.</summary>
    public async Task<byte[]> ReadAsync()
    {
        List<byte> packet = [await ReadByteAsync()];
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            packet.Add(await ReadByteAsync());
            length |= (packet[^1] & 0x7F) << shift;
            if (packet[^1] < 0x80)
            {
                break;
            }
        }

        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body).AsTask().WaitAsync(ScriptedBroker.Patience);
        return [.. packet, .. body];
    }

    public async Task<string> ReadHexAsync() => Convert.ToHexString(await ReadAsync());

    public async Task<bool> IsClosedByPeerAsync()
    {
        try
        {
            return await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(ScriptedBroker.Patience) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<byte> ReadByteAsync()
    {
        byte[] one = new byte[1];
        await stream.ReadExactlyAsync(one).AsTask().WaitAsync(ScriptedBroker.Patience);
        return one[0];
    }
}

internal static class Hex
{
    public static byte[] Bytes(string hexadecimal) => Convert.FromHexString(hexadecimal.Replace(" ", string.Empty, StringComparison.Ordinal));

    public static string Plain(string hexadecimal) => hexadecimal.Replace(" ", string.Empty, StringComparison.Ordinal);
}
