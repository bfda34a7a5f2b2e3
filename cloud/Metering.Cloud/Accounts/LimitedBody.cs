using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Metering.Cloud.Accounts;

/// <summary>
/// The body of a request, with a limit that answers in words. A server that answers a long body and closes lets the sender's system throw the answer away with the
/// connection (RFC 9112, 9.6), and a browser reads no answer before it has sent all; so what is left of a refused body is read to its end and dropped.
/// </summary>
/// <param name="inner">The body as it comes.</param>
/// <param name="largest">Bytes that are handed on.</param>
/// <param name="stated">Length that the sender states, bytes; null when he states none.</param>
internal sealed class LimitedBody(Stream inner, long largest, long? stated) : Stream
{
    /// <summary>What is read and dropped after a refusal; whoever sends more meets a closed connection.</summary>
    private const long MostDropped = 1024L * 1024 * 1024;

    /// <summary>Time that reading and dropping may take: 200 MB at 6 Mbit/s.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);

    private long taken;

    /// <summary>Puts the limit before a body that is about to be read.</summary>
    public static void Limit(HttpContext http, long largest)
    {
        LetRead(http);

        http.Request.Body = new LimitedBody(http.Request.Body, largest, http.Request.ContentLength);
    }

    /// <summary>Ends an answer that was given without the body, and drops what still comes of it.</summary>
    public static async Task DropAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return;
        }

        LetRead(http);

        Stream rest = http.Request.Body is LimitedBody { Inner: var whole } ? whole : http.Request.Body;
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        ending.CancelAfter(MostTime);
        byte[] dropped = System.Buffers.ArrayPool<byte>.Shared.Rent(65_536);
        try
        {
            // A sender that listens while it sends (curl) reads the answer now and stops.
            await http.Response.CompleteAsync();
            while (await rest.ReadAsync(dropped, ending.Token) > 0)
            {
                // nothing is kept
            }
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or ConnectionAbortedException or OperationCanceledException)
        {
            // He has gone, or sends without end: the answer is written, and the connection closes.
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(dropped);
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private Stream Inner => inner;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check(stated ?? 0);
        int read = await inner.ReadAsync(buffer, cancellationToken);
        taken += read;
        Check(taken);
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The server's own limit would close the connection before an answer is read; where reading has begun it stands as it is.</summary>
    private static void LetRead(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = MostDropped;
        }
    }

    private void Check(long length)
    {
        if (length > largest)
        {
            throw new BadHttpRequestException("The body is longer than any that is taken here.", StatusCodes.Status413PayloadTooLarge);
        }
    }
}
