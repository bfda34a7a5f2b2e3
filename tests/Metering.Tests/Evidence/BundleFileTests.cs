using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Evidence;

#pragma warning disable CA1001 // Dispose of IDisposable disposes it.
public sealed class BundleFileTests : IDisposable
#pragma warning restore CA1001
{
    private const string Log = "bajio";
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => key.Dispose();

    [Fact]
    public void What_was_written_is_read_back_here_and_by_another_program()
    {
        string text = string.Concat(Enumerable.Range(0, 5000).Select(index => FormattableString.Invariant($"{index},{index * 7919 % 1000},G\n")));
        byte[] bytes = Bundle((BundleNames.Description, "{}"), (BundleNames.SegmentsOf("leon", 1, "mains.energy"), text));
        BundleFile file = Open(bytes);
        Assert.Equal([BundleNames.Description, "readings/leon.1/mains.energy.txt"], file.Names);
        Assert.Equal(text, Encoding.ASCII.GetString(file.Read("readings/leon.1/mains.energy.txt", 1_000_000)));
        (BundleSeal seal, NoteFault fault) = BundleSeal.Open(file.Seal.Span, key);
        Assert.Equal((NoteFault.None, file.SealedLength), (fault, seal.Length));
        Assert.Equal(seal.Hash, Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, (int)file.SealedLength))));

        using ZipArchive other = new(new MemoryStream(bytes));
        using StreamReader reader = new(other.GetEntry("readings/leon.1/mains.energy.txt")!.Open());
        Assert.Equal(text, reader.ReadToEnd());
    }

    [Fact]
    public void An_empty_file_is_written_and_read_as_any_other_program_does()
    {
        byte[] bytes = Bundle((BundleNames.Description, "{}"), (BundleNames.Proof, ""), (BundleNames.Result, "x"));
        Assert.True(Holds(bytes));
        Assert.Empty(Open(bytes).Read(BundleNames.Proof, 0));
        using ZipArchive other = new(new MemoryStream(bytes));
        Assert.Equal(0, other.GetEntry(BundleNames.Proof)!.Length);
    }

    [Fact]
    public void Every_changed_bit_and_every_shorter_or_longer_file_is_noticed()
    {
        byte[] bytes = Bundle((BundleNames.Description, "{\"a\":1}"), (BundleNames.Result, "{\"saving\":\"12.5\"}"));
        Assert.True(Holds(bytes));
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Holds(changed), $"bit {bit} of byte {bit / 8} of {bytes.Length}");
        }

        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(Holds(bytes[..length]), $"{length}");
        }

        Assert.False(Holds([.. bytes, 0]));
        Assert.False(Holds([0, .. bytes]));
    }

    [Theory]
    [InlineData("../bundle.json")]
    [InlineData("/bundle.json")]
    [InlineData("readings/leon.1/..txt")]
    [InlineData("readings/../keys/log.pem")]
    [InlineData("readings\\leon.1\\a.txt")]
    [InlineData("bodies/007")]
    [InlineData("anything")]
    [InlineData("BUNDLE.JSON")]
    public void A_name_that_is_none_of_a_bundle_is_neither_written_nor_read(string name)
    {
        _ = Assert.Throws<ArgumentException>(() => Bundle((name, "x")));
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write("x"u8);
        }

        _ = Assert.Throws<BundleFormatException>(() => Open(stream.ToArray()));
    }

    [Fact]
    public void A_name_twice_is_refused()
    {
        byte[] bytes = Bundle((BundleNames.BodyOf(1), "first"), (BundleNames.BodyOf(2), "second"));
        byte[] twice = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace("bodies/2", "bodies/1", StringComparison.Ordinal));
        Assert.Contains("twice", Assert.Throws<BundleFormatException>(() => Open(twice)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_headers_that_do_not_agree_are_refused()
    {
        byte[] bytes = Bundle((BundleNames.BodyOf(1), "first"), (BundleNames.BodyOf(2), "second"));
        bytes[30] = (byte)'B';
        Assert.Contains("do not agree", Assert.Throws<BundleFormatException>(() => Open(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_bytes_between_files_are_refused()
    {
        byte[] bytes = Bundle((BundleNames.BodyOf(1), "first"), (BundleNames.BodyOf(2), "second"));
        int second = bytes.AsSpan(1).IndexOf("PK\u0003\u0004"u8) + 1;
        byte[] hidden = [.. bytes.AsSpan(0, second), 1, 2, 3, .. bytes.AsSpan(second)];
        int end = hidden.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(hidden.AsSpan(end + 16), BinaryPrimitives.ReadUInt32LittleEndian(hidden.AsSpan(end + 16)) + 3);
        int central = hidden.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(hidden.AsSpan(central + 42), BinaryPrimitives.ReadUInt32LittleEndian(hidden.AsSpan(central + 42)) + 3);
        Assert.Contains("hidden", Assert.Throws<BundleFormatException>(() => Open(hidden)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_expands_without_end_is_refused_before_it_is_expanded()
    {
        using MemoryStream stream = new();
        BundleWriter writer = new(stream);
        writer.Add(BundleNames.Code, new byte[10_000_000]); // a year of a register that stands still: shrunk further than a bomb, and harmless
        Assert.Contains("bomb", Assert.Throws<BundleFormatException>(() => writer.Add(BundleNames.Result, new byte[BundleFile.HarmlessLength + 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_longer_or_other_than_its_headers_say_is_noticed_while_it_is_read()
    {
        byte[] bytes = Bundle((BundleNames.Result, "0123456789"));
        foreach (int place in new[] { 14, 22 })
        {
            byte[] changed = [.. bytes];
            int central = changed.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
            changed[place]--;
            changed[central + 2 + place]--;
            _ = Assert.Throws<BundleFormatException>(() => Open(changed).Read(BundleNames.Result, 100));
        }

        _ = Assert.Throws<BundleFormatException>(() => Open(bytes).Read(BundleNames.Result, 9));
        _ = Assert.Throws<BundleFormatException>(() => Open(bytes).Read(BundleNames.Code, 9));
    }

    private byte[] Bundle(params (string Name, string Content)[] files)
    {
        using MemoryStream stream = new();
        BundleWriter writer = new(stream);
        foreach ((string name, string content) in files)
        {
            writer.Add(name, Encoding.UTF8.GetBytes(content));
        }

        writer.Seal(Log, key);
        return stream.ToArray();
    }

    private static BundleFile Open(byte[] bytes) => BundleFile.Open(new MemoryStream(bytes));

    // Opens it, holds the seal against the bytes and reads every file.
    private bool Holds(byte[] bytes)
    {
        try
        {
            BundleFile file = Open(bytes);
            (BundleSeal seal, NoteFault fault) = BundleSeal.Open(file.Seal.Span, key);
            foreach (string name in file.Names)
            {
                _ = file.Read(name, 1_000_000);
            }

            return fault == NoteFault.None && seal.Length == file.SealedLength && seal.Hash == Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, (int)file.SealedLength)));
        }
        catch (BundleFormatException)
        {
            return false;
        }
    }
}
