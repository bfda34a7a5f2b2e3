using System.Buffers.Text;
using System.Formats.Asn1;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings;

/// <summary>What was wrong with a signed note.</summary>
public enum NoteFault
{
    /// <summary>Nothing: the note is signed by the expected key.</summary>
    None,

    /// <summary>The bytes are not of a note's form.</summary>
    Malformed,

    /// <summary>The signature line names another signer.</summary>
    WrongSigner,

    /// <summary>The signature line names another key of the signer.</summary>
    WrongKey,

    /// <summary>The signature is not in its one canonical form (base64 slack, DER slack or high S).</summary>
    NotCanonical,

    /// <summary>The signature does not fit the text.</summary>
    BadSignature,
}

/// <summary>
/// A text with one signature line, in the shape of C2SP's signed-note: the text ends with a line feed, then an empty
/// line, then "— name base64(key id || signature)". ECDSA P-256 over SHA-256, signature in DER, key id = first 4 bytes
/// of the SHA-256 of the public key's SubjectPublicKeyInfo. Stricter than C2SP in one thing: exactly one signature,
/// low S, canonical DER and base64, so that no second byte sequence says the same.
/// </summary>
public static class SignedNote
{
    /// <summary>The longest note accepted, in bytes.</summary>
    public const int MaximumLength = 1024 * 1024;

    private const int KeyIdLength = 4;
    private const int ScalarLength = 32;
    private static readonly byte[] SignatureLead = Encoding.UTF8.GetBytes("— ");

    /// <summary>Order n of the curve P-256 (SEC 2, 2.4.2).</summary>
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Half of <see cref="Order"/>, rounded down, big-endian: the greatest canonical s.</summary>
    private static readonly byte[] HalfOrder = (Order / 2).ToByteArray(isUnsigned: true, isBigEndian: true);

    private static readonly byte[] OrderBytes = Order.ToByteArray(isUnsigned: true, isBigEndian: true);

    /// <summary>Key ids of the keys in use: exporting a key costs a tenth of a verification.</summary>
    private static readonly ConditionalWeakTable<ECDsa, byte[]> KeyIds = [];

    /// <summary>The 4-byte key id of a public key. A key object must not be given another key afterwards.</summary>
    public static byte[] KeyId(ECDsa key) =>
        (byte[])KeyIds.GetValue(key, static unseen => SHA256.HashData(unseen.ExportSubjectPublicKeyInfo())[..KeyIdLength]).Clone();

    /// <summary>Signs a text.</summary>
    /// <param name="text">The text, ending with a line feed, without an empty line at its end.</param>
    /// <param name="signer">Name of the signer, an <see cref="Identifier"/>.</param>
    /// <param name="key">A P-256 private key.</param>
    /// <returns>The note: text, empty line and signature line.</returns>
    /// <exception cref="ArgumentException">The text does not end with a line feed.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> text, string signer, ECDsa key)
    {
        if (text.IsEmpty || text[^1] != (byte)'\n')
        {
            throw new ArgumentException("the text must end with a line feed", nameof(text));
        }

        byte[] raw = key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        BigInteger r = new(raw.AsSpan(0, ScalarLength), isUnsigned: true, isBigEndian: true);
        BigInteger s = new(raw.AsSpan(ScalarLength), isUnsigned: true, isBigEndian: true);
        s = BigInteger.Min(s, Order - s);
        byte[] blob = [.. KeyId(key), .. EncodeDer(r, s)];
        byte[] tail = Encoding.UTF8.GetBytes($"\n— {signer} {Convert.ToBase64String(blob)}\n");
        return [.. text, .. tail];
    }

    /// <summary>Splits a note into text and signature line without checking the signature.</summary>
    /// <returns>False when the bytes are not of a note's form.</returns>
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
            || consumed != encoded.Length || !Identifier.IsValid(signer))
        {
            return false;
        }

        blob = buffer[..written];
        textLength = lineStart - 1;
        return IsItsOneSpelling(blob, encoded);
    }

    /// <summary>Checks that the note is signed by this signer with this key.</summary>
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

        if (blob.Length <= KeyIdLength || !blob.AsSpan(0, KeyIdLength).SequenceEqual(KeyId(key)))
        {
            return NoteFault.WrongKey;
        }

        Span<byte> raw = stackalloc byte[2 * ScalarLength];
        if (!TryDecodeDer(blob.AsSpan(KeyIdLength), raw))
        {
            return NoteFault.NotCanonical;
        }

        bool fits = key.VerifyData(note[..textLength], raw, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return fits ? NoteFault.None : NoteFault.BadSignature;
    }

    /// <summary>Whether writing the bytes again gives the same base64: no white space, no slack bits in the last character.</summary>
    private static bool IsItsOneSpelling(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> encoded)
    {
        byte[] again = new byte[Base64.GetMaxEncodedToUtf8Length(blob.Length)];
        _ = Base64.EncodeToUtf8(blob, again, out _, out int length);
        return encoded.SequenceEqual(again.AsSpan(0, length));
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

    /// <summary>
    /// SEQUENCE { INTEGER r, INTEGER s } in DER (X.690, 8.3 and 10.1), into r and s of 32 bytes each. Accepts the one encoding only,
    /// r from 1 to n - 1 and s from 1 to n / 2: so the lengths are of one byte, as 2 x 35 bytes are fewer than 128.
    /// </summary>
    private static bool TryDecodeDer(ReadOnlySpan<byte> der, Span<byte> raw)
    {
        const byte Sequence = 0x30;
        Span<byte> r = raw[..ScalarLength];
        Span<byte> s = raw[ScalarLength..];
        return der.Length is > 2 and < 128 && der[0] == Sequence && der[1] == der.Length - 2
            && TryTakeInteger(der[2..], r, out ReadOnlySpan<byte> rest) && TryTakeInteger(rest, s, out rest) && rest.IsEmpty
            && r.SequenceCompareTo(OrderBytes) < 0 && s.SequenceCompareTo(HalfOrder) <= 0;
    }

    /// <summary>Takes a positive INTEGER of at most 32 bytes in its shortest form: a leading zero only before a byte of 0x80 or more.</summary>
    private static bool TryTakeInteger(ReadOnlySpan<byte> der, Span<byte> scalar, out ReadOnlySpan<byte> rest)
    {
        const byte Integer = 0x02;
        rest = default;
        if (der.Length < 3 || der[0] != Integer || der[1] == 0 || der[1] > der.Length - 2)
        {
            return false;
        }

        ReadOnlySpan<byte> digits = der.Slice(2, der[1]);
        rest = der[(2 + digits.Length)..];
        bool hasZero = digits[0] == 0;
        if ((hasZero && (digits.Length == 1 || digits[1] < 0x80)) || (!hasZero && digits[0] >= 0x80))
        {
            return false;
        }

        digits = hasZero ? digits[1..] : digits;
        if (digits.Length > scalar.Length)
        {
            return false;
        }

        scalar.Clear();
        digits.CopyTo(scalar[(scalar.Length - digits.Length)..]);
        return true;
    }
}
