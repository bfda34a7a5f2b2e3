using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Log;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Witness;

/// <summary>The lines of an ack that tell where the log stands, down to their bytes.</summary>
public sealed class LogAckTests : IDisposable
{
    private const string Cloud = "metering-cloud";
    private const string Ask = "0123456789abcdef";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_log_of_version_1_is_read_and_its_signature_holds()
    {
        WriteWhenAsked();
        using ECDsa key = SigningKey.Load(GoldenFile("log-ack-key.pem"));
        BatchAck ack = BatchAck.Open(File.ReadAllBytes(GoldenFile("log-ack.note")), Cloud, key);
        LogStanding log = Assert.IsType<LogStanding>(ack.Log);
        LogStanding made = LogBook.Of(13).Since(6);
        Assert.Equal((made.Log, made.Size, made.UtcMilliseconds, made.Since), (log.Log, log.Size, log.UtcMilliseconds, log.Since));
        Assert.Equal(made.Proof, log.Proof);
        Assert.Equal(LogContinuity.Continues, log.After(LogBook.Of(6).Since(0)));
        Assert.True(SignedNote.TrySplit(Signed(made), out int textLength, out _, out _));
        Assert.Equal(File.ReadAllText(GoldenFile("log-ack.txt")), Encoding.ASCII.GetString(Signed(made).AsSpan(0, textLength)));
    }

    [Fact]
    public void An_ack_without_the_log_has_the_bytes_it_had_before()
    {
        byte[] note = (Ack(null) with { Answers = null }).Sign(Cloud, _key);
        Assert.StartsWith($"metering/v1/ack\ngateway g\nepoch 1\nthrough 0\nhead {BatchManifest.NoPrevious}\nalso\n\n", Encoding.UTF8.GetString(note), StringComparison.Ordinal);
        Assert.Null(BatchAck.Open(note, Cloud, _key).Log);
    }

    [Theory]
    [InlineData("since 6", "since 06")]
    [InlineData("since 6", "since 6 ")]
    [InlineData("since 6", "since 14")]
    [InlineData("since 6", "since -1")]
    [InlineData("checkpoint 13", "checkpoint 0")]
    [InlineData("log metering-cloud", "log Metering")]
    [InlineData("= 1767225600000", "== 1767225600000")]
    [InlineData("1767225600000", "-5")]
    [InlineData("answers 0123456789abcdef\n", "")]
    public void Another_spelling_is_refused(string from, string to)
    {
        byte[] note = Signed(LogBook.Of(13).Since(6));
        Assert.True(SignedNote.TrySplit(note, out int length, out _, out _));
        string text = Encoding.ASCII.GetString(note.AsSpan(0, length));
        Assert.Contains(from, text, StringComparison.Ordinal);
        byte[] changed = SignedNote.Sign(Encoding.ASCII.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), Cloud, _key);
        _ = Assert.Throws<WireFormatException>(() => BatchAck.Open(changed, Cloud, _key));
    }

    [Fact]
    public void A_proof_of_nothing_has_no_hashes()
    {
        LogStanding log = LogBook.Of(13).Since(0);
        Assert.Equal(log.Size, BatchAck.Open(Signed(log), Cloud, _key).Log!.Size);
        _ = Assert.Throws<WireFormatException>(() => BatchAck.Open(Signed(log with { Proof = [new byte[32]] }), Cloud, _key));
    }

    [Fact]
    public void A_question_for_the_log_is_read_in_one_spelling_only()
    {
        Assert.Equal("metering/v1/log\ngateway g\nask 0123456789abcdef\nsize 6\n", Encoding.ASCII.GetString(GatewayRequest.AskLog("g", Ask, 6)));
        Assert.Equal((Ask, 6), GatewayRequest.ParseLog(GatewayRequest.AskLog("g", Ask, 6), "g"));
        foreach (string text in (string[])["metering/v1/log\ngateway h\nask 0123456789abcdef\nsize 6\n", "metering/v1/log\ngateway g\nask 0123456789abcdef\nsize -6\n", "metering/v1/log\ngateway g\nask 0123456789abcdef\nsize 6\n\n", "metering/v1/log\ngateway g\nask 01\nsize 6\n"])
        {
            _ = Assert.Throws<WireFormatException>(() => GatewayRequest.ParseLog(Encoding.ASCII.GetBytes(text), "g"));
        }
    }

    [Fact]
    public void Every_size_continues_every_smaller_one_and_no_other_log()
    {
        for (int size = 1; size <= 20; size++)
        {
            for (int before = 1; before <= size; before++)
            {
                LogStanding later = LogBook.Of(size).Since(before);
                Assert.Equal(LogContinuity.Continues, later.After(LogBook.Of(before).Since(0)));
                LogContinuity expected = size == before ? LogContinuity.Forked : LogContinuity.Unproven;
                Assert.Equal(expected, later.After(LogBook.Of(before, fork: 0).Since(0)));
                Assert.Equal(LogContinuity.OtherLog, later.After(LogBook.Of(before).Since(0) with { Log = "another" }));
                Assert.Equal(before == size ? LogContinuity.Continues : LogContinuity.WentBack, LogBook.Of(before).Since(0).After(LogBook.Of(size).Since(0)));
            }
        }
    }

    private byte[] Signed(LogStanding log) => Ack(log).Sign(Cloud, _key);

    private static BatchAck Ack(LogStanding? log) => new() { Gateway = "g", KeyEpoch = 1, Through = 0, Head = BatchManifest.NoPrevious, Also = [], Answers = Ask, Log = log };

    private static string GoldenFile(string name) => Repository.Path("tests", "golden", "wire", "v1", name);

    /// <summary>Makes the files when there are none; never writes over one.</summary>
    private void WriteWhenAsked()
    {
        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") == "write" && !File.Exists(GoldenFile("log-ack.note")))
        {
            byte[] note = Signed(LogBook.Of(13).Since(6));
            _ = SignedNote.TrySplit(note, out int length, out _, out _);
            File.WriteAllBytes(GoldenFile("log-ack.note"), note);
            File.WriteAllBytes(GoldenFile("log-ack.txt"), note[..length]);
            File.WriteAllText(GoldenFile("log-ack-key.pem"), SigningKey.PublicPem(_key));
        }
    }
}

/// <summary>A log of so many entries, whole or with one entry that is another.</summary>
internal sealed record LogBook(MerkleTree Tree)
{
    internal static LogBook Of(int size, int fork = -1)
    {
        MerkleTree tree = new();
        for (int index = 0; index < size; index++)
        {
            _ = tree.Append(Encoding.ASCII.GetBytes(index == fork ? "another entry" : $"entry {index}"));
        }

        return new(tree);
    }

    /// <summary>As the cloud answers: of a size above its own it has no proof.</summary>
    internal LogStanding Since(long asked)
    {
        long size = asked <= Tree.Count ? asked : 0;
        return new("metering-cloud", Tree.Count, Tree.Root(Tree.Count), 1_767_225_600_000, size, size == 0 ? [] : Tree.ConsistencyProof(size, Tree.Count));
    }
}
