using System.Net.Http.Headers;
using System.Security.Cryptography;
using Metering.Evidence.Log;
using Metering.Readings;

namespace Metering.Cloud.Evidence;

/// <summary>An authority gave no time stamp: it cannot be reached, refused, or answered something else.</summary>
internal sealed class TimeStampException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Asks a time-stamp authority over HTTP (RFC 3161, 3.4). Only the hash of a checkpoint leaves the house, never anything that it is over.</summary>
/// <param name="address">Address of the authority.</param>
internal sealed class TimeStampAuthority(Uri address)
{
    private const int NonceLength = 8;

    // A bundle is made without a stamp rather than late.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = LongestWait,
        MaxResponseContentBufferSize = TimeStamp.MaximumLength,
    };

    /// <summary>The authority at an address; null without one.</summary>
    public static TimeStampAuthority? Of(Uri? address) => address is null ? null : new(address);

    /// <summary>The authority's answer over some bytes, checked: granted, over these bytes, for this question, and signed.</summary>
    /// <param name="data">What is to be stamped.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeStampException">There is none; the message says why.</exception>
    public async Task<byte[]> AskAsync(byte[] data, CancellationToken cancellationToken)
    {
        (byte[] question, Func<byte[], TimeStamp> open) = TimeStamp.Ask(data, RandomNumberGenerator.GetBytes(NonceLength));
        try
        {
            using ByteArrayContent content = new(question);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
            using HttpResponseMessage response = await Client.PostAsync(address, content, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new TimeStampException(FormattableString.Invariant($"{address} answered with status {(int)response.StatusCode}"));
            }

            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return open(answer).SignerOf(data) is not null
                ? answer
                : throw new TimeStampException($"{address} gave a time stamp whose signature does not hold, or without its certificate");
        }
        catch (Exception e) when (e is HttpRequestException or WireFormatException)
        {
            throw new TimeStampException($"{address}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeStampException(FormattableString.Invariant($"{address} did not answer within {LongestWait.TotalSeconds:0} s"), e);
        }
    }
}
