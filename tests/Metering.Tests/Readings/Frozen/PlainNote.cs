using System.Buffers.Text;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Tests.Readings.Frozen;

/// <summary>A signed note taken apart with the framework's DER reader and big integers. Not to be changed, see <see cref="PlainLines"/>.</summary>
internal static class PlainNote
{
    private const int MaximumLength = 1024 * 1024;
    private const int KeyIdLength = 4;
    private const int ScalarLength = 32;
    private static readonly byte[] SignatureLead = Encoding.UTF8.GetBytes("— ");

    /// <summary>Order n of the curve P-256 (SEC 2, 2.4.2).</summary>
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    public static bool TrySplit(ReadOnlySpan<byte> note, out int textLength, out string signer, out byte[] blob)
    {
        textLength = 0;
        signer = "";
        blob = [];
        if (note.Length is 0 or > MaximumLength || note[^1] != (byte)'\n')
        {
            return false;
        }

        int lineStart = note[..^1].LastIndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> line = note[lineStart..^1];
        if (lineStart < 2 || note[lineStart - 2] != (byte)'\n' || !line.StartsWith(SignatureLead))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[SignatureLead.Length..];
        int space = rest.IndexOf((byte)' ');
        if (space <= 0)
        {
            return false;
        }

        ReadOnlySpan<byte> encoded = rest[(space + 1)..];
        signer = Encoding.UTF8.GetString(rest[..space]);
        byte[] buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (Base64.DecodeFromUtf8(encoded, buffer, out int consumed, out int written) != System.Buffers.OperationStatus.Done
            || consumed != encoded.Length || !PlainLines.IsIdentifier(signer))
        {
            return false;
        }

        blob = buffer[..written];
        textLength = lineStart - 1;
        return Encoding.UTF8.GetBytes(Convert.ToBase64String(blob)).AsSpan().SequenceEqual(encoded);
    }

    public static NoteFault Verify(ReadOnlySpan<byte> note, string expectedSigner, ECDsa key)
    {
        if (!TrySplit(note, out int textLength, out string signer, out byte[] blob))
        {
            return NoteFault.Malformed;
        }

        if (!string.Equals(signer, expectedSigner, StringComparison.Ordinal))
        {
            return NoteFault.WrongSigner;
        }

        if (blob.Length <= KeyIdLength || !blob.AsSpan(0, KeyIdLength).SequenceEqual(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, KeyIdLength)))
        {
            return NoteFault.WrongKey;
        }

        if (!TryDecodeDer(blob.AsSpan(KeyIdLength), out byte[] raw))
        {
            return NoteFault.NotCanonical;
        }

        bool fits = key.VerifyData(note[..textLength], raw, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return fits ? NoteFault.None : NoteFault.BadSignature;
    }

    private static byte[] EncodeDer(BigInteger r, BigInteger s)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r);
            writer.WriteInteger(s);
        }

        return writer.Encode();
    }

    public static bool TryDecodeDer(ReadOnlySpan<byte> der, out byte[] raw)
    {
        raw = [];
        try
        {
            AsnReader reader = new(der.ToArray(), AsnEncodingRules.DER);
            AsnReader sequence = reader.ReadSequence();
            BigInteger r = sequence.ReadInteger();
            BigInteger s = sequence.ReadInteger();
            reader.ThrowIfNotEmpty();
            sequence.ThrowIfNotEmpty();
            if (r.Sign <= 0 || r >= Order || s.Sign <= 0 || s > Order / 2 || !EncodeDer(r, s).AsSpan().SequenceEqual(der))
            {
                return false;
            }

            raw = new byte[2 * ScalarLength];
            byte[] rBytes = r.ToByteArray(isUnsigned: true, isBigEndian: true);
            byte[] sBytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);
            rBytes.CopyTo(raw.AsSpan(ScalarLength - rBytes.Length));
            sBytes.CopyTo(raw.AsSpan(raw.Length - sBytes.Length));
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
