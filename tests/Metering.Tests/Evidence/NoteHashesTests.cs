using System.Buffers;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Evidence;

/// <summary>Notes and their hashes apart: what was signed comes back byte for byte.</summary>
public sealed class NoteHashesTests
{
    private static readonly string Hash = new('a', 63);

    [Fact]
    public void Only_a_hash_at_the_end_of_a_line_goes_apart()
    {
        string note = $"previous {Hash}0\nconfig {Hash}1\nname {Hash}\nshort {Hash}g\n{Hash}0\nboth {Hash}0 {Hash}1\n\n\u2014 g base64=\nend {Hash}0";
        (byte[] text, byte[] hashes) = Pack(note);
        Assert.Equal(note.Replace($"previous {Hash}0\n", "previous =\n", StringComparison.Ordinal).Replace($" {Hash}1\n", " =\n", StringComparison.Ordinal), Encoding.UTF8.GetString(text));
        Assert.Equal(3 * 32, hashes.Length);
        ArrayBufferWriter<byte> again = new();
        using MemoryStream stream = new(hashes);
        NoteHashes.Unpack(text, stream, again);
        Assert.Equal(note, Encoding.UTF8.GetString(again.WrittenSpan));
    }

    [Fact]
    public void What_could_be_taken_for_a_hash_and_a_hash_that_is_not_there_are_told()
    {
        Assert.Throws<WireFormatException>(() => Pack("software =\n"));
        using MemoryStream few = new(new byte[31]);
        Assert.Throws<WireFormatException>(() => NoteHashes.Unpack("previous =\n"u8, few, new ArrayBufferWriter<byte>()));
    }

    private static (byte[] Text, byte[] Hashes) Pack(string note)
    {
        ArrayBufferWriter<byte> text = new();
        ArrayBufferWriter<byte> hashes = new();
        NoteHashes.Pack(Encoding.UTF8.GetBytes(note), text, hashes);
        return (text.WrittenSpan.ToArray(), hashes.WrittenSpan.ToArray());
    }
}
