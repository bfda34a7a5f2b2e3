namespace Metering.Readings;

/// <summary>How the cloud's transparency log stands beside what was seen of it before.</summary>
public enum LogContinuity
{
    /// <summary>It holds everything that was seen before, in the same places.</summary>
    Continues = 0,

    /// <summary>It has fewer entries than before: it was restored from an older copy, or cut off.</summary>
    WentBack,

    /// <summary>As many entries as before, but not the same ones.</summary>
    Forked,

    /// <summary>More entries than before, without a proof that the old ones are among them in their places.</summary>
    Unproven,

    /// <summary>A log of another name.</summary>
    OtherLog,
}

/// <summary>
/// Where the cloud's transparency log stands, as an ack tells a gateway that asked for it (see <see cref="GatewayRequest.AskLog"/>):
/// <code>
/// log metering-cloud
/// checkpoint 1234 (root in base64) 1704070801234
/// since 1200 (hash in base64) (hash in base64)
/// </code>
/// The hashes prove that the first 1,200 entries are those of the log as it was then (RFC 6962, 2.1.2). "since 0" has none.
/// </summary>
/// <param name="Log">Name of the log, an <see cref="Identifier"/>.</param>
/// <param name="Size">Number of entries, 1 or more.</param>
/// <param name="Root">Root of the tree over them, 32 bytes.</param>
/// <param name="UtcMilliseconds">When, by the log's clock, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Since">Entries the proof begins from, 0 to <paramref name="Size"/>.</param>
/// <param name="Proof">Hashes of 32 bytes.</param>
public sealed record LogStanding(string Log, long Size, ReadOnlyMemory<byte> Root, long UtcMilliseconds, long Since, IReadOnlyList<byte[]> Proof)
{
    private const char Space = ' ';

    /// <summary>How this later standing goes on from an earlier one.</summary>
    /// <param name="earlier">What was believed before; its size is the one that was asked with.</param>
    public LogContinuity After(LogStanding earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        if (earlier.Log != Log)
        {
            return LogContinuity.OtherLog;
        }

        if (Size <= earlier.Size)
        {
            return Size < earlier.Size ? LogContinuity.WentBack : Root.Span.SequenceEqual(earlier.Root.Span) ? LogContinuity.Continues : LogContinuity.Forked;
        }

        return Since == earlier.Size && MerkleProof.VerifyConsistency(earlier.Size, earlier.Root.Span, Size, Root.Span, Proof) ? LogContinuity.Continues : LogContinuity.Unproven;
    }

    /// <summary>The three lines of an ack.</summary>
    internal string ToText()
    {
        string proof = string.Concat(Proof.Select(hash => Space + Convert.ToBase64String(hash)));
        return GatewayRequest.Text($"log {Log}\ncheckpoint {Size} {Convert.ToBase64String(Root.Span)} {UtcMilliseconds}\nsince {Since}{proof}\n");
    }

    /// <summary>Reads the three lines; whether they are in their one spelling is seen by writing them again.</summary>
    /// <exception cref="WireFormatException">They are not of their form.</exception>
    internal static LogStanding Parse(ref CanonicalLines lines)
    {
        string log = CanonicalLines.Id(lines.Field("log"u8), "log");
        Span<Range> places = stackalloc Range[3];
        ReadOnlySpan<byte> checkpoint = lines.Fields("checkpoint"u8, places);
        long size = CanonicalLines.Integer(checkpoint[places[0]], "size");
        byte[] root = Hash(CanonicalLines.Text(checkpoint[places[1]], "root"));
        long utcMilliseconds = CanonicalLines.Integer(checkpoint[places[2]], "checkpoint's time");
        if (!lines.NextIs("since"u8))
        {
            throw new WireFormatException("expected a line 'since ...'");
        }

        string[] since = CanonicalLines.Text(lines.TakeLine(), "since").Split(Space);
        byte[][] proof = since.Length <= MerkleProof.MaximumLength + 2 ? [.. since.Skip(2).Select(Hash)] : throw new WireFormatException("the proof is longer than any tree's");
        LogStanding standing = new(log, size, root, utcMilliseconds, CanonicalLines.Integer(System.Text.Encoding.ASCII.GetBytes(since[1]), "since"), proof);
        bool isEmpty = standing.Since == 0 || standing.Since == size;
        return size > 0 && utcMilliseconds >= 0 && standing.Since >= 0 && standing.Since <= size && (!isEmpty || proof.Length == 0)
            ? standing
            : throw new WireFormatException("size, time or proof of the log is outside its range");
    }

    private static byte[] Hash(string text)
    {
        byte[] hash = new byte[MerkleHash.Length + 1];
        return Convert.TryFromBase64String(text, hash, out int length) && length == MerkleHash.Length
            ? hash[..MerkleHash.Length]
            : throw new WireFormatException("a hash of the log is not 32 bytes in base64");
    }
}
