using System.Net;
using System.Net.Sockets;
using System.Text;
using Metering.Gateway.Service;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Status;

/// <summary>
/// A server for one small page: one request a connection, few connections at once, a deadline on each. Whoever sends slowly, much
/// or nonsense loses his connection and disturbs nobody; the threads that read meters are not this server's.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    /// <summary>Connections at once; further ones are closed unread.</summary>
    internal const int MaximumConnections = 16;

    /// <summary>Bytes of request line and headers.</summary>
    internal const int LongestHead = 8 * 1024;

    /// <summary>Bytes of a form.</summary>
    internal const int LongestBody = 16 * 1024;

    /// <summary>Time for a whole request to come, and again for its answer to be taken.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(200);

    private readonly Socket _listener;
    private readonly Func<HttpRequest, CancellationToken, ValueTask<HttpReply>> _answer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _one = new(1);
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    /// <param name="listen">Where; port 0 takes a free one.</param>
    /// <param name="answer">Answers a request; called for one request at a time.</param>
    /// <param name="clock">Measures the deadlines.</param>
    /// <param name="logger">For what a person should know.</param>
    /// <exception cref="SocketException">The address is taken, or is none of this computer's.</exception>
    internal HttpServer(IPEndPoint listen, Func<HttpRequest, CancellationToken, ValueTask<HttpReply>> answer, TimeProvider clock, ILogger logger)
    {
        (_answer, _clock, _logger) = (answer, clock, logger);
        _listener = new(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(listen);
            _listener.Listen(MaximumConnections);
        }
        catch (SocketException)
        {
            _listener.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens, with the port it was given.</summary>
    internal IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Connections open now.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    internal void Start() => _accepting = AcceptAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptAsync(_stopping.Token);
                if (Interlocked.Increment(ref _connections) > MaximumConnections)
                {
                    _ = Interlocked.Decrement(ref _connections);
                    socket.Dispose();
                    continue;
                }

                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // No descriptors left, for example: it passes.
                await Task.Delay(PauseAfterFault, _clock, CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                using CancellationTokenSource deadline = new(Patience, _clock);
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token);
                (HttpReply reply, bool isHead) = await ReplyAsync(socket, either.Token);
                _ = deadline.TryReset();
                deadline.CancelAfter(Patience);
                await SendAsync(socket, reply.Head(), either.Token);
                await SendAsync(socket, isHead ? default : reply.Body, either.Token);
                await CloseAsync(socket, either.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone, or too slow.
        }
        finally
        {
            _ = Interlocked.Decrement(ref _connections);
        }
    }

    private async Task<(HttpReply Reply, bool IsHead)> ReplyAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            if (await ReceiveAsync(socket, cancellationToken) is not HttpRequest request)
            {
                return (HttpReply.Text(400, "the request ends in the middle"), false);
            }

            // One page is drawn at a time, so that many who ask cost no more than one.
            await _one.WaitAsync(cancellationToken);
            try
            {
                return (await _answer(request, cancellationToken), request.Method == "HEAD");
            }
            finally
            {
                _ = _one.Release();
            }
        }
        catch (HttpRequestException e)
        {
            return (HttpReply.Text(e.Status, e.Message), false);
        }
#pragma warning disable CA1031 // the outermost catch of this server: a page that fails must not end a gateway that reads meters
        catch (Exception e) when (e is not (SocketException or OperationCanceledException or ObjectDisposedException))
#pragma warning restore CA1031
        {
            ServiceEvents.PageFailed(_logger, e.Message);
            return (HttpReply.Text(500, "the page failed; the gateway goes on"), false);
        }
    }

    private static async Task<HttpRequest?> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[LongestHead];
        int length = 0;
        int end = -1;
        while (end < 0)
        {
            if (length == buffer.Length)
            {
                throw new HttpRequestException(431, "the head is too long");
            }

            int received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (received == 0)
            {
                return null;
            }

            int from = Math.Max(0, length - 3);
            length += received;
            int found = buffer.AsSpan(from, length - from).IndexOf("\r\n\r\n"u8);
            end = found < 0 ? -1 : from + found;
        }

        HttpRequest request = HttpRequest.Parse(buffer.AsSpan(0, end), LongestBody);
        request.Peer = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        byte[] body = new byte[request.ContentLength];
        int there = Math.Min(body.Length, length - end - 4);
        buffer.AsSpan(end + 4, there).CopyTo(body);
        while (there < body.Length)
        {
            int received = await socket.ReceiveAsync(body.AsMemory(there), cancellationToken);
            if (received == 0)
            {
                return null;
            }

            there += received;
        }

        request.Body = Encoding.UTF8.GetString(body);
        return request;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    private static async Task CloseAsync(Socket socket, CancellationToken cancellationToken)
    {
        // Until the other side has closed, too: closing first with unread bytes would take the answer away from it.
        socket.Shutdown(SocketShutdown.Send);
        byte[] rest = new byte[512];
        while (await socket.ReceiveAsync(rest, cancellationToken) > 0)
        {
        }
    }
}
