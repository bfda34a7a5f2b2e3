using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Metering.Readings;

namespace Metering.Evidence.Log;

/// <summary>
/// A time stamp of a third party over a signed checkpoint (RFC 3161): the authority saw these bytes at an instant by its own clock. Whether the authority is one to be believed is not looked at here: that needs its
/// certificate from outside.
/// </summary>
public sealed class TimeStamp
{
    /// <summary>Most bytes of an authority's answer: a token with a chain of certificates takes some 6,000.</summary>
    public const int MaximumLength = 64 * 1024;

    private const string Sha256 = "2.16.840.1.101.3.4.2.1"; // id-sha256, RFC 5754
    private const string StampContent = "1.2.840.113549.1.9.16.1.4"; // id-ct-TSTInfo, RFC 3161, 2.4.2
    private readonly Rfc3161TimestampToken _token;

    private TimeStamp(Rfc3161TimestampToken token) => _token = token;

    /// <summary>The authority's instant.</summary>
    public DateTimeOffset At => _token.TokenInfo.Timestamp;

    /// <summary>Certificates that came with the answer, to build a chain from.</summary>
    public X509Certificate2Collection Certificates => _token.AsSignedCms().Certificates;

    /// <summary>A question to an authority over some bytes.</summary>
    /// <param name="data">What is to be stamped.</param>
    /// <param name="nonce">Random bytes that the answer must repeat, 8 or more.</param>
    /// <returns>The question (DER, to be sent as application/timestamp-query), and the bytes of an answer held against it.</returns>
    public static (byte[] Question, Func<byte[], TimeStamp> Open) Ask(ReadOnlySpan<byte> data, ReadOnlyMemory<byte> nonce)
    {
        Rfc3161TimestampRequest request = Rfc3161TimestampRequest.CreateFromData(data, HashAlgorithmName.SHA256, nonce: nonce, requestSignerCertificates: true);
        return (request.Encode(), answer =>
        {
            try
            {
                return new(request.ProcessResponse(answer, out _));
            }
            catch (CryptographicException e)
            {
                throw new WireFormatException($"the answer is no time stamp for this question ({e.Message.TrimEnd('.')})", e);
            }
        });
    }

    /// <summary>Reads an authority's answer (TimeStampResp, DER).</summary>
    /// <returns>The stamp; null when it is one, but was altered after it was signed.</returns>
    /// <exception cref="WireFormatException">It is none, or the authority refused.</exception>
    public static TimeStamp? Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            AsnReader whole = new(answer, AsnEncodingRules.BER);
            AsnReader parts = whole.ReadSequence();
            whole.ThrowIfNotEmpty();
            bool isInteger = parts.ReadSequence().TryReadInt32(out int status);
            if (!isInteger || status is not (0 or 1))
            {
                throw new WireFormatException("the authority did not grant a time stamp");
            }

            ReadOnlyMemory<byte> token = parts.ReadEncodedValue();
            parts.ThrowIfNotEmpty();
            return Rfc3161TimestampToken.TryDecode(token, out Rfc3161TimestampToken? decoded, out int length) && length == token.Length ? new(decoded)
                : IsStamp(token) ? null
                : throw new WireFormatException("the authority's answer holds no time stamp");
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw new WireFormatException($"not the answer of a time-stamp authority ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>Whether the stamp is over these bytes, by SHA-256.</summary>
    public bool IsOver(ReadOnlySpan<byte> data) =>
        _token.TokenInfo.HashAlgorithmId.Value == Sha256 && _token.TokenInfo.GetMessageHash().Span.SequenceEqual(SHA256.HashData(data));

    /// <summary>The certificate, of those that came with it, that signed the stamp over these bytes and is meant for time stamps; null when there is none.</summary>
    public X509Certificate2? SignerOf(ReadOnlySpan<byte> data)
    {
        try
        {
            return _token.VerifySignatureForData(data, out X509Certificate2? signer) ? signer : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // The framework takes no stamp whose signature does not hold: what it is otherwise is told by its content.
    private static bool IsStamp(ReadOnlyMemory<byte> token)
    {
        SignedCms message = new();
        message.Decode(token.Span);
        return message.ContentInfo.ContentType.Value == StampContent;
    }
}
