using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings.Field;

/// <summary>Which of the two things that people record at a gateway.</summary>
public enum FieldRecordKind
{
    /// <summary>A value read by eye, a laboratory's result, or a change of meter: a <see cref="FieldEntry"/>.</summary>
    Manual = 0,

    /// <summary>A <see cref="CommissioningRecord"/>.</summary>
    Commissioning,
}

/// <summary>
/// A signed note of what a person recorded at a gateway. It travels as it is, on <see cref="Topics.Request"/>; its first line says which kind it is, and
/// a <see cref="FieldReceipt"/> answers it.
/// </summary>
public sealed record FieldRecord
{
    /// <summary>
    /// The longest note, in bytes. More than other requests have: twenty photos with their names and eleven fields of 200 characters of four bytes make 16 kB.
    /// </summary>
    public const int MaximumLength = 32 * 1024;

    /// <summary>Which kind.</summary>
    public required FieldRecordKind Kind { get; init; }

    /// <summary>The gateway that signed it.</summary>
    public required string Gateway { get; init; }

    /// <summary>The channel it is about.</summary>
    public required string Channel { get; init; }

    /// <summary>Epoch of the key that signed it; null where it names none: then it is of the key whose id its signature line has.</summary>
    public int? KeyEpoch { get; init; }

    /// <summary>The entry; null for a commissioning record.</summary>
    public FieldEntry? Entry { get; init; }

    /// <summary>The commissioning record; null for an entry.</summary>
    public CommissioningRecord? Commissioning { get; init; }

    /// <summary>Name of a note: SHA-256 of all its bytes, lower-case hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> note) => Convert.ToHexStringLower(SHA256.HashData(note));

    /// <summary>Reads a note without checking its signature: to learn whose key must have signed it.</summary>
    /// <exception cref="WireFormatException">No note of these kinds in its one form, or too long.</exception>
    public static FieldRecord Read(ReadOnlySpan<byte> note)
    {
        if (note.Length > MaximumLength || !SignedNote.TrySplit(note, out int length, out _, out _))
        {
            throw new WireFormatException("the record is no signed note, or too long");
        }

        if (GatewayRequest.KindOf(note) == CommissioningRecord.FirstLine)
        {
            CommissioningRecord record = CommissioningRecord.Read(note);
            return new() { Kind = FieldRecordKind.Commissioning, Gateway = record.Gateway, Channel = record.Channel, Commissioning = record };
        }

        FieldEntry entry = FieldEntry.Parse(note[..length]);
        return new() { Kind = FieldRecordKind.Manual, Gateway = entry.Gateway, Channel = entry.Channel, KeyEpoch = entry.KeyEpoch, Entry = entry };
    }

    /// <summary>Whether a key of the gateway is the one that a note says it was signed with; whether the signature holds, <see cref="SignedNote.Verify"/> says.</summary>
    /// <param name="note">The note.</param>
    /// <param name="keyEpoch">Epoch of the key.</param>
    /// <param name="key">The key.</param>
    public bool IsOf(ReadOnlySpan<byte> note, int keyEpoch, ECDsa key) =>
        (KeyEpoch ?? keyEpoch) == keyEpoch && SignedNote.Verify(note, Gateway, key) is not (NoteFault.WrongKey or NoteFault.WrongSigner);
}

/// <summary>What became of a record that a gateway sent.</summary>
public enum FieldReceiptResult
{
    /// <summary>The cloud has it durably.</summary>
    Kept = 0,

    /// <summary>The cloud will never take it: its key is revoked, or there is no room for more of this gateway.</summary>
    Refused,
}

/// <summary>
/// The cloud's word on one record, on <see cref="Topics.Ack"/>, given after it is durable. A signed note of the cloud's key:
/// <code>
/// metering/v1/kept
/// gateway tannery-1
/// record (SHA-256 of the record's note)
/// result kept
/// </code>
/// A gateway that has sent none gets none, so that a program which does not know them never meets one.
/// </summary>
/// <param name="Gateway">The gateway spoken to.</param>
/// <param name="Record">See <see cref="FieldRecord.HashOf"/>.</param>
/// <param name="Result">What became of it.</param>
public sealed record FieldReceipt(string Gateway, string Record, FieldReceiptResult Result)
{
    /// <summary>First line of the text.</summary>
    public const string Header = "metering/v1/kept";

    private static readonly string[] Words = ["kept", "refused"];

    /// <summary>Writes and signs the receipt.</summary>
    /// <param name="cloud">The cloud's name.</param>
    /// <param name="key">Its private key.</param>
    public byte[] Sign(string cloud, ECDsa key) => SignedNote.Sign(Encoding.ASCII.GetBytes(ToText()), cloud, key);

    /// <summary>Reads a receipt and checks its signature.</summary>
    /// <exception cref="WireFormatException">Not a receipt, or not signed by this cloud.</exception>
    public static FieldReceipt Open(ReadOnlySpan<byte> note, string cloud, ECDsa key)
    {
        ReadOnlySpan<byte> text = GatewayRequest.TextOf(note, cloud, key);
        CanonicalLines lines = new(text);
        lines.Literal(Header);
        FieldReceipt receipt = new(
            CanonicalLines.Id(lines.Field("gateway"u8), "gateway"),
            CanonicalLines.Hash(lines.Field("record"u8), "record"),
            (FieldReceiptResult)Array.IndexOf(Words, CanonicalLines.Text(lines.Field("result"u8), "result")));
        return Enum.IsDefined(receipt.Result) && lines.AtEnd ? receipt : throw new WireFormatException("the receipt is not in canonical form");
    }

    private string ToText() => $"{Header}\ngateway {Gateway}\nrecord {Record}\nresult {Words[(int)Result]}\n";
}
