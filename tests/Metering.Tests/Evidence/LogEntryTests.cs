using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Log;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Evidence;

public sealed class LogEntryTests
{
    private static readonly string Hash = LogEntry.HashOf([], "body"u8);
    private static readonly LogEntry Entry = new(LogEntryKind.Plan, 1_767_225_600_123, "project/drives-2026", Hash);

    [Fact]
    public void An_entry_is_five_lines_and_reads_back()
    {
        Assert.Equal($"metering/v1/entry\nkind plan\nat 2026-01-01T00:00:00.123Z\nsubject project/drives-2026\nbody {Hash}\n", Encoding.ASCII.GetString(Entry.ToBytes()));
        Assert.Equal(Entry, LogEntry.Parse(Entry.ToBytes()));
    }

    [Theory]
    [InlineData("kind plan", "kind Plan")]
    [InlineData("kind plan", "kind plan ")]
    [InlineData("kind plan", "kind wish")]
    [InlineData(".123Z", ".12Z")]
    [InlineData("2026-01-01T", "2026-02-30T")]
    [InlineData("project/drives-2026", "project//drives-2026")]
    [InlineData("project/drives-2026", "project/drives 2026")]
    [InlineData("body ", "body 0")]
    [InlineData("metering/v1", "metering/v2")]
    public void Any_other_form_is_refused(string part, string instead) =>
        Assert.Throws<WireFormatException>(() => LogEntry.Parse(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Entry.ToBytes()).Replace(part, instead, StringComparison.Ordinal))));

    [Fact]
    public void Every_changed_bit_changes_the_entry_or_is_refused()
    {
        byte[] bytes = Entry.ToBytes();
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(changed, LogEntry.Parse(changed).ToBytes());
            }
            catch (WireFormatException)
            {
            }
        }
    }

    [Fact]
    public void A_salt_changes_the_hash_of_a_body() => Assert.NotEqual(Hash, LogEntry.HashOf(new byte[LogEntry.SaltLength], "body"u8));

    [Fact]
    public void A_checkpoint_reads_back_and_no_changed_bit_of_it_does()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Checkpoint checkpoint = new("bajio", 4211, MerkleHash.Leaf("x"u8), 1_767_225_600_123);
        byte[] note = checkpoint.Sign(key);
        Checkpoint read = Checkpoint.Open(note, key);
        Assert.Equal((checkpoint.Log, checkpoint.Size, checkpoint.UtcMilliseconds), (read.Log, read.Size, read.UtcMilliseconds));
        Assert.Equal(checkpoint.Root.ToArray(), read.Root.ToArray());
        _ = Assert.Throws<WireFormatException>(() => Checkpoint.Open(note, other));
        for (int bit = 0; bit < 8 * note.Length; bit++)
        {
            byte[] changed = [.. note];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            _ = Assert.Throws<WireFormatException>(() => Checkpoint.Open(changed, key));
        }
    }
}
