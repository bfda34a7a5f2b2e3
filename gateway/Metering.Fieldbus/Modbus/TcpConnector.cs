using System.Net;
using System.Net.Sockets;

namespace Metering.Fieldbus.Modbus;

/// <summary>Opens blocking TCP connections with a timeout, and says plainly why one did not open.</summary>
internal static class TcpConnector
{
    internal static Socket Connect(string host, int port, int timeoutMilliseconds, ConnectingSocket connecting)
    {
        IPAddress[] addresses = Resolve(host);
        SocketException? last = null;
        foreach (IPAddress address in addresses)
        {
            // Blocking and never switched to asynchronous: an asynchronous call would make the handle non-blocking for good, and
            // each later receive would then take the way over the runtime's poll thread.
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (!connecting.TryBegin(socket))
            {
                socket.Dispose();
                throw Stopped(host, port);
            }

            try
            {
                socket.NoDelay = true;
                socket.SendTimeout = timeoutMilliseconds; // on Linux also the limit of connect()
                socket.Connect(new IPEndPoint(address, port));
                if (connecting.TryEnd())
                {
                    return socket;
                }

                socket.Dispose();
                throw Stopped(host, port);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch (ObjectDisposedException)
            {
                throw Stopped(host, port);
            }

            _ = connecting.TryEnd();
        }

        throw Explain(host, port, last!);
    }

    // Rounded up: 0 would mean to wait for ever.
    internal static int ToMilliseconds(TimeSpan duration) => Math.Max(1, (int)Math.Ceiling(duration.TotalMilliseconds));

    private static FieldbusException Stopped(string host, int port) =>
        new(FieldbusProblem.Other, $"The attempt to connect to {host} port {port} was stopped.");

    private static IPAddress[] Resolve(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return [address];
        }

        try
        {
            IPAddress[] addresses = Dns.GetHostAddresses(host);
            if (addresses.Length > 0)
            {
                return addresses;
            }
        }
        catch (SocketException e)
        {
            throw new FieldbusException(FieldbusProblem.NotFound, $"The host name {host} is not known. Check the spelling, or use the device's IP address.", e);
        }

        throw new FieldbusException(FieldbusProblem.NotFound, $"The host name {host} has no address. Use the device's IP address.");
    }

    private static FieldbusException Explain(string host, int port, SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new(FieldbusProblem.Refused, $"{host} refuses connections on port {port}. The device is on the network, but no Modbus TCP server listens there. Check the port (usually 502), and whether the device allows another client.", cause),
        SocketError.TimedOut or SocketError.WouldBlock or SocketError.InProgress => new(FieldbusProblem.TimedOut, $"{host} did not answer on port {port}. Check the address, the cable and any firewall between.", cause),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => new(FieldbusProblem.Unreachable, $"{host} cannot be reached from this machine. Check the cable, the address and the network mask.", cause),
        SocketError.AccessDenied => new(FieldbusProblem.PermissionDenied, $"The system forbids a connection to {host} port {port}. Check the firewall of this machine.", cause),
        _ => new(FieldbusProblem.Other, $"The connection to {host} port {port} failed: {cause.Message}", cause),
    };
}
