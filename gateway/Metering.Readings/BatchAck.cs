using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings;

/// <summary>
/// The cloud's word that batches are durable: only this frees a gateway's outbox, never the broker's PUBACK.
/// A signed note of the cloud's key:
/// <code>
/// metering/v1/ack
/// gateway tannery-1
/// epoch 1
/// through 42
/// head (SHA-256 of the note of batch 42, or 64 zeros when through is 0)
/// also 44 46
/// </code>
/// "also" lists batches beyond "through" that are durable too; the line ends after the word when there are none.
/// An answer to a gateway's question ends with a further line, "answers (the question's 16 digits)". It was read from the store
/// after the gateway asked, so it alone may name a lower number than the gateway knows: a cloud restored from an older backup
/// does, and the gateway sends again from there. Any other lower number may be an ack that another process overtook.
/// An answer to a gateway that asked for the log goes on with the three lines of a <see cref="LogStanding"/>; nobody else gets them.
/// </summary>
public sealed record BatchAck
{
    private static ReadOnlySpan<byte> Header => "metering/v1/ack"u8;

    /// <summary>How many batches beyond <see cref="Through"/> one ack may list.</summary>
    public const int MaximumAlso = 256;

    /// <summary>The gateway spoken to.</summary>
    public required string Gateway { get; init; }

    /// <summary>The key epoch the numbers belong to.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>Every batch up to and with this one is durable; 0 = none.</summary>
    public required long Through { get; init; }

    /// <summary>Note hash of batch <see cref="Through"/>, or <see cref="BatchManifest.NoPrevious"/>.</summary>
    public required string Head { get; init; }

    /// <summary>Further durable batches, ascending, each greater than <see cref="Through"/> + 1.</summary>
    public required IReadOnlyList<long> Also { get; init; }

    /// <summary>The question it answers, see <see cref="GatewayRequest.AskStanding"/>; null when nobody asked.</summary>
    public string? Answers { get; init; }

    /// <summary>Where the log stands; null when the question was another one. Never without <see cref="Answers"/>.</summary>
    public LogStanding? Log { get; init; }

    /// <summary>Writes and signs the ack.</summary>
    /// <param name="cloud">The cloud's name, an <see cref="Identifier"/>.</param>
    /// <param name="key">The cloud's private key.</param>
    public byte[] Sign(string cloud, ECDsa key) => SignedNote.Sign(Encoding.ASCII.GetBytes(ToText()), cloud, key);

    /// <summary>Reads an ack and checks its signature.</summary>
    /// <returns>The ack.</returns>
    /// <exception cref="WireFormatException">Not an ack, or not signed by this cloud.</exception>
    public static BatchAck Open(ReadOnlySpan<byte> note, string cloud, ECDsa key)
    {
        NoteFault fault = SignedNote.Verify(note, cloud, key);
        if (fault != NoteFault.None)
        {
            throw new WireFormatException($"the ack is not signed by {cloud}: {fault}");
        }

        _ = SignedNote.TrySplit(note, out int textLength, out _, out _);
        CanonicalLines lines = new(note[..textLength]);
        lines.Literal(Header);
        BatchAck ack = new()
        {
            Gateway = CanonicalLines.Id(lines.Field("gateway"u8), "gateway"),
            KeyEpoch = CanonicalLines.Count(lines.Field("epoch"u8), "epoch", int.MaxValue),
            Through = CanonicalLines.Integer(lines.Field("through"u8), "through"),
            Head = CanonicalLines.Hash(lines.Field("head"u8), "head"),
            Also = ParseAlso(lines.TakeLine()),
            Answers = lines.NextIs("answers"u8) ? CanonicalLines.Text(lines.Field("answers"u8), "answers") : null,
            Log = lines.NextIs("log"u8) ? LogStanding.Parse(ref lines) : null,
        };
        bool isAnswerWhole = ack.Answers is null ? ack.Log is null : GatewayRequest.IsAsk(ack.Answers);
        return ack.ToText() == Encoding.ASCII.GetString(note[..textLength]) && ack.Through >= 0 && isAnswerWhole
            ? ack
            : throw new WireFormatException("the ack is not in canonical form");
    }

    private static List<long> ParseAlso(ReadOnlySpan<byte> line)
    {
        List<long> also = [];
        ReadOnlySpan<byte> rest = line.StartsWith("also"u8) ? line[4..] : throw new WireFormatException("expected a line 'also ...'");
        while (!rest.IsEmpty)
        {
            if (rest[0] != (byte)' ' || also.Count == MaximumAlso)
            {
                throw new WireFormatException("expected a line 'also ...'");
            }

            int length = rest[1..].IndexOf((byte)' ');
            length = length < 0 ? rest.Length - 1 : length;
            also.Add(CanonicalLines.Integer(rest.Slice(1, length), "also"));
            rest = rest[(1 + length)..];
        }

        return also;
    }

    private string ToText()
    {
        StringBuilder text = new();
        _ = text.Append(CultureInfo.InvariantCulture, $"metering/v1/ack\ngateway {Gateway}\nepoch {KeyEpoch}\nthrough {Through}\nhead {Head}\nalso");
        foreach (long batch in Also)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $" {batch}");
        }

        _ = text.Append('\n');
        if (Answers is not null)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"answers {Answers}\n").Append(Log?.ToText());
        }

        return text.ToString();
    }
}
