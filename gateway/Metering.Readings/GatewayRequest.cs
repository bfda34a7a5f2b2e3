using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings;

/// <summary>
/// What a gateway may ask of the cloud besides having its batches stored; one text a message on <see cref="Topics.Request"/>.
/// <code>
/// metering/v1/standing        metering/v1/enrol           metering/v1/rotate             metering/v1/lost
/// gateway tannery-1           gateway tannery-1           gateway tannery-1              gateway tannery-1
/// ask (16 hexadecimal)        key (SPKI, base64)          epoch 1                        epoch 1
///                             proof (HMAC, hexadecimal)   through 41                     first 12
///                                                         head (note hash of batch 41)   last 30
///                                                         key (SPKI, base64)             previous (note hash of batch 30)
/// </code>
/// The last three are signed notes: enrol by the key it names, rotate by the old key, lost by the key of its epoch. A further question
/// is "metering/v1/log", gateway, ask and "size N": the entries of the cloud's log that the gateway has seen, 0 for none. What people recorded (see
/// <see cref="Field.FieldRecord"/>) travels on the same topic, with a limit of its own.
/// </summary>
public static class GatewayRequest
{
    /// <summary>The longest request accepted, in bytes.</summary>
    public const int MaximumLength = 4 * 1024;

    /// <summary>First line of a question where the gateway's chain stands.</summary>
    public const string Standing = "metering/v1/standing";

    /// <summary>First line of a question where the cloud's transparency log stands. A kind of its own: a cloud that does not know it still answers <see cref="Standing"/>.</summary>
    public const string Log = "metering/v1/log";

    /// <summary>First line of an enrolment.</summary>
    public const string Enrol = "metering/v1/enrol";

    /// <summary>First line of a change of key.</summary>
    public const string Rotate = "metering/v1/rotate";

    /// <summary>First line of a statement that batches are lost.</summary>
    public const string Lost = "metering/v1/lost";

    internal const int AskLength = 16;

    /// <summary>Which request it is: its first line; empty when there is none.</summary>
    public static string KindOf(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        return end is > 0 and < 64 ? Encoding.ASCII.GetString(bytes[..end]) : "";
    }

    /// <summary>A new question mark: 16 hexadecimal digits that nobody can foresee.</summary>
    public static string NewAsk() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(AskLength / 2));

    /// <summary>Whether the text has the form of <see cref="NewAsk"/>.</summary>
    public static bool IsAsk(string text) => text.Length == AskLength && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>Asks where the gateway's chain stands; the answer is an ack that repeats <paramref name="ask"/>.</summary>
    public static byte[] AskStanding(string gateway, string ask) => Encoding.ASCII.GetBytes($"{Standing}\ngateway {gateway}\nask {ask}\n");

    /// <summary>Reads a question.</summary>
    /// <returns>Its mark.</returns>
    /// <exception cref="WireFormatException">Not a question of this gateway.</exception>
    public static string ParseStanding(ReadOnlySpan<byte> bytes, string gateway)
    {
        CanonicalLines lines = new(bytes);
        lines.Literal(Standing);
        string named = CanonicalLines.Text(lines.Field("gateway"u8), "gateway");
        string ask = CanonicalLines.Text(lines.Field("ask"u8), "ask");
        return named == gateway && IsAsk(ask) && lines.AtEnd ? ask : throw new WireFormatException("not a question of this gateway in canonical form");
    }

    /// <summary>Asks where the cloud's log stands; the answer is an ack that repeats <paramref name="ask"/> and has a <see cref="LogStanding"/>.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="ask">See <see cref="NewAsk"/>.</param>
    /// <param name="size">Entries the gateway has seen; the answer proves that they are still there. 0 for none.</param>
    public static byte[] AskLog(string gateway, string ask, long size) => Encoding.ASCII.GetBytes(Text($"{Log}\ngateway {gateway}\nask {ask}\nsize {size}\n"));

    /// <summary>Reads a question for the log.</summary>
    /// <returns>Its mark, and how many entries the gateway has seen.</returns>
    /// <exception cref="WireFormatException">Not a question of this gateway.</exception>
    public static (string Ask, long Size) ParseLog(ReadOnlySpan<byte> bytes, string gateway)
    {
        CanonicalLines lines = new(bytes);
        lines.Literal(Log);
        string named = CanonicalLines.Text(lines.Field("gateway"u8), "gateway");
        string ask = CanonicalLines.Text(lines.Field("ask"u8), "ask");
        long size = CanonicalLines.Integer(lines.Field("size"u8), "size");
        return named == gateway && IsAsk(ask) && size >= 0 && lines.AtEnd ? (ask, size) : throw new WireFormatException("not a question of this gateway in canonical form");
    }

    /// <summary>Base64 of the public key's SubjectPublicKeyInfo, as it stands in requests.</summary>
    internal static string KeyText(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    /// <summary>The public key in PEM, from <see cref="KeyText"/>.</summary>
    internal static string PemOf(string keyText)
    {
        try
        {
            byte[] bytes = Convert.FromBase64String(keyText);
            using ECDsa key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(bytes, out int read);
            return read == bytes.Length && key.KeySize == 256 && KeyText(key) == keyText
                ? SigningKey.PublicPem(key)
                : throw new WireFormatException("the key is not a P-256 key in its one canonical form");
        }
        catch (Exception e) when (e is FormatException or CryptographicException or PlatformNotSupportedException)
        {
            throw new WireFormatException("the key is not a P-256 key in its one canonical form", e);
        }
    }

    /// <summary>The text of a note, its signature checked.</summary>
    internal static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> note, string gateway, ECDsa key)
    {
        NoteFault fault = note.Length > MaximumLength ? NoteFault.Malformed : SignedNote.Verify(note, gateway, key);
        if (fault != NoteFault.None)
        {
            throw new WireFormatException($"the request is not signed by the key of {gateway}: {fault}");
        }

        _ = SignedNote.TrySplit(note, out int textLength, out _, out _);
        return note[..textLength];
    }

    /// <summary>The text of a note whose signature is checked later.</summary>
    internal static ReadOnlySpan<byte> UncheckedTextOf(ReadOnlySpan<byte> note) =>
        note.Length <= MaximumLength && SignedNote.TrySplit(note, out int textLength, out _, out _)
            ? note[..textLength]
            : throw new WireFormatException("the request is not a signed note");

    internal static string Text(FormattableString text) => FormattableString.Invariant(text);

    internal static long Positive(ReadOnlySpan<byte> text, string what) =>
        CanonicalLines.Integer(text, what) is long value and >= 1 ? value : throw new WireFormatException($"{what} counts from 1");

    internal static int Epoch(ReadOnlySpan<byte> text) => Positive(text, "epoch") is long value and < int.MaxValue ? (int)value : throw new WireFormatException("the epoch is too great");
}

/// <summary>A gateway makes itself known by a code that a person carried from the cloud to it.</summary>
public sealed record EnrolmentRequest
{
    private const int CodeCharacters = 20;
    private const int GroupLength = 4;

    // Crockford's base 32: no I, L, O or U, so that nothing can be mistaken when it is read aloud or typed.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The gateway that asks.</summary>
    public required string Gateway { get; init; }

    /// <summary>Its public key, P-256, in PEM.</summary>
    public required string PublicKeyPem { get; init; }

    /// <summary>HMAC-SHA-256 of gateway and key under the hash of the code, lower-case hexadecimal: the code itself never travels.</summary>
    public required string Proof { get; init; }

    /// <summary>A new code of 100 bits in five groups of four, such as "7K3M-90QW-...".</summary>
    public static string NewCode() => string.Join('-', RandomNumberGenerator.GetString(Alphabet, CodeCharacters).Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>What the cloud keeps of a code: SHA-256 over its letters and digits, lower-case hexadecimal. Null when the text is no code.</summary>
    public static string? HashOf(string code)
    {
        string plain = new([.. code.ToUpperInvariant().Where(c => c is not ('-' or ' ')).Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })]);
        return plain.Length == CodeCharacters && plain.AsSpan().IndexOfAnyExcept(Alphabet) < 0
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("metering/v1/code " + plain)))
            : null;
    }

    /// <summary>The proof for a gateway's key under a code's hash.</summary>
    public static string ProofOf(string gateway, string publicKeyPem, string codeHash)
    {
        using ECDsa key = SigningKey.Parse(publicKeyPem);
        return Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(codeHash), Encoding.ASCII.GetBytes($"{gateway} {GatewayRequest.KeyText(key)}")));
    }

    /// <summary>Writes and signs the request.</summary>
    public static byte[] Sign(string gateway, string codeHash, ECDsa key)
    {
        string proof = ProofOf(gateway, SigningKey.PublicPem(key), codeHash);
        return SignedNote.Sign(Encoding.ASCII.GetBytes(ToText(gateway, GatewayRequest.KeyText(key), proof)), gateway, key);
    }

    /// <summary>Reads a request and checks that the key it names signed it.</summary>
    /// <exception cref="WireFormatException">Not such a request.</exception>
    public static EnrolmentRequest Open(ReadOnlySpan<byte> note)
    {
        CanonicalLines lines = new(GatewayRequest.UncheckedTextOf(note));
        lines.Literal(GatewayRequest.Enrol);
        string gateway = CanonicalLines.Id(lines.Field("gateway"u8), "gateway");
        string keyText = CanonicalLines.Text(lines.Field("key"u8), "key");
        string proof = CanonicalLines.Hash(lines.Field("proof"u8), "proof");
        string pem = GatewayRequest.PemOf(keyText);
        using ECDsa key = SigningKey.Parse(pem);
        string text = Encoding.ASCII.GetString(GatewayRequest.TextOf(note, gateway, key));
        return text == ToText(gateway, keyText, proof)
            ? new() { Gateway = gateway, PublicKeyPem = pem, Proof = proof }
            : throw new WireFormatException("the request is not in canonical form");
    }

    private static string ToText(string gateway, string key, string proof) => $"{GatewayRequest.Enrol}\ngateway {gateway}\nkey {key}\nproof {proof}\n";
}

/// <summary>A gateway's old key names the new one, and with which batch the old one ends.</summary>
public sealed record KeyRotation
{
    /// <summary>The gateway.</summary>
    public required string Gateway { get; init; }

    /// <summary>Epoch of the old key; the new one is the next.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>Last batch the old key signed; 0 = none. It signs no other after it.</summary>
    public required long Through { get; init; }

    /// <summary>Note hash of that batch, or <see cref="BatchManifest.NoPrevious"/>: so the new chain hangs on the old one.</summary>
    public required string Head { get; init; }

    /// <summary>The new public key, P-256, in PEM.</summary>
    public required string PublicKeyPem { get; init; }

    /// <summary>Writes it and signs it with the old key.</summary>
    public byte[] Sign(ECDsa oldKey) => SignedNote.Sign(Encoding.ASCII.GetBytes(ToText()), Gateway, oldKey);

    /// <summary>Reads a rotation without checking its signature: to learn which key must have signed it.</summary>
    /// <exception cref="WireFormatException">Not a rotation in canonical form.</exception>
    public static KeyRotation Read(ReadOnlySpan<byte> note)
    {
        ReadOnlySpan<byte> text = GatewayRequest.UncheckedTextOf(note);
        CanonicalLines lines = new(text);
        lines.Literal(GatewayRequest.Rotate);
        KeyRotation rotation = new()
        {
            Gateway = CanonicalLines.Id(lines.Field("gateway"u8), "gateway"),
            KeyEpoch = GatewayRequest.Epoch(lines.Field("epoch"u8)),
            Through = CanonicalLines.Integer(lines.Field("through"u8), "through"),
            Head = CanonicalLines.Hash(lines.Field("head"u8), "head"),
            PublicKeyPem = GatewayRequest.PemOf(CanonicalLines.Text(lines.Field("key"u8), "key")),
        };
        bool isEmpty = rotation.Head == BatchManifest.NoPrevious;
        return rotation.Through >= 0 && isEmpty == (rotation.Through == 0) && Encoding.ASCII.GetBytes(rotation.ToText()).AsSpan().SequenceEqual(text)
            ? rotation
            : throw new WireFormatException("the rotation is not in canonical form");
    }

    /// <summary>Reads a rotation and checks that the old key signed it.</summary>
    /// <exception cref="WireFormatException">Not such a rotation.</exception>
    public static KeyRotation Open(ReadOnlySpan<byte> note, ECDsa oldKey)
    {
        KeyRotation rotation = Read(note);
        _ = GatewayRequest.TextOf(note, rotation.Gateway, oldKey);
        return rotation;
    }

    private string ToText()
    {
        using ECDsa key = SigningKey.Parse(PublicKeyPem);
        return GatewayRequest.Text($"{GatewayRequest.Rotate}\ngateway {Gateway}\nepoch {KeyEpoch}\nthrough {Through}\nhead {Head}\nkey {GatewayRequest.KeyText(key)}\n");
    }
}

/// <summary>A gateway states that batches a restored cloud asks for exist no more, so that the chain can go on behind them.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="KeyEpoch">Epoch of the batches.</param>
/// <param name="First">First lost batch.</param>
/// <param name="Last">Last lost batch.</param>
/// <param name="LastHash">Note hash of the last lost batch, as the batch after it names it.</param>
public sealed record LostBatches(string Gateway, int KeyEpoch, long First, long Last, string LastHash)
{
    /// <summary>Writes it and signs it with the key of the epoch.</summary>
    public byte[] Sign(ECDsa key) => SignedNote.Sign(Encoding.ASCII.GetBytes(ToText()), Gateway, key);

    /// <summary>Reads a statement without checking its signature: to learn which key must have signed it.</summary>
    /// <exception cref="WireFormatException">Not a statement in canonical form.</exception>
    public static LostBatches Read(ReadOnlySpan<byte> note)
    {
        ReadOnlySpan<byte> text = GatewayRequest.UncheckedTextOf(note);
        CanonicalLines lines = new(text);
        lines.Literal(GatewayRequest.Lost);
        LostBatches lost = new(
            CanonicalLines.Id(lines.Field("gateway"u8), "gateway"),
            GatewayRequest.Epoch(lines.Field("epoch"u8)),
            GatewayRequest.Positive(lines.Field("first"u8), "first"),
            GatewayRequest.Positive(lines.Field("last"u8), "last"),
            CanonicalLines.Hash(lines.Field("previous"u8), "previous"));
        return lost.First <= lost.Last && Encoding.ASCII.GetBytes(lost.ToText()).AsSpan().SequenceEqual(text)
            ? lost
            : throw new WireFormatException("the statement is not in canonical form");
    }

    /// <summary>Reads a statement and checks its signature.</summary>
    /// <exception cref="WireFormatException">Not such a statement.</exception>
    public static LostBatches Open(ReadOnlySpan<byte> note, ECDsa key)
    {
        LostBatches lost = Read(note);
        _ = GatewayRequest.TextOf(note, lost.Gateway, key);
        return lost;
    }

    private string ToText() => GatewayRequest.Text($"{GatewayRequest.Lost}\ngateway {Gateway}\nepoch {KeyEpoch}\nfirst {First}\nlast {Last}\nprevious {LastHash}\n");
}
