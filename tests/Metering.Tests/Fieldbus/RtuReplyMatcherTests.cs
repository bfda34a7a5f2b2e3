using Metering.Fieldbus.Modbus;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class RtuReplyMatcherTests
{
    // MODBUS Application Protocol V1.1b3, 6.3: three registers from 006B; unit 17, CRCs by an independent calculation.
    private static readonly byte[] Request = Convert.FromHexString("1103006B00037687");
    private static readonly byte[] Reply = Convert.FromHexString("110306AE415652434049AD");

    private static readonly ReadRequest Three = Registers(ModbusTable.HoldingRegisters, 3);

    [Fact]
    public void The_reply_is_found_where_it_begins()
    {
        Assert.Equal(new RtuMatch(RtuMatchKind.Reply, 0, 11, IsInSync: true, 0, HasBadCrc: false, 0, Echoes: 0), RtuReplyMatcher.Find(Reply, Request, Three));
        Assert.Equal(new RtuMatch(RtuMatchKind.Reply, 8, 11, IsInSync: true, 0, HasBadCrc: false, 0, Echoes: 1), RtuReplyMatcher.Find([.. Request, .. Reply], Request, Three));
        Assert.Equal(new RtuMatch(RtuMatchKind.Reply, 1, 11, IsInSync: false, 1, HasBadCrc: false, 0, Echoes: 0), RtuReplyMatcher.Find([0, .. Reply], Request, Three));
    }

    [Fact]
    public void No_part_of_the_reply_is_enough()
    {
        for (int length = 0; length < Reply.Length; length++)
        {
            Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(Reply.AsSpan(0, length), Request, Three).Kind);
            Assert.True(RtuReplyMatcher.IsReplyUnderWay(Reply.AsSpan(0, length), Request, Three));
        }

        Assert.False(RtuReplyMatcher.IsReplyUnderWay(Reply, Request, Three));
    }

    [Fact]
    public void Another_count_unit_or_function_does_not_fit()
    {
        Assert.Equal(1, RtuReplyMatcher.Find(Reply, Request, Registers(ModbusTable.HoldingRegisters, 4)).OwnUnitFrames);
        Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(Reply, [0x12, .. Request[1..]], Three).Kind);
        Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(Reply, [0x11, 0x04, .. Request[2..]], Registers(ModbusTable.InputRegisters, 3)).Kind);
    }

    // Until the other unit's frame is whole, what looks like a reply inside it is marked as doubtful; then it is stepped over.
    [Fact]
    public void A_reply_inside_another_units_frame_is_doubtful_and_then_gone()
    {
        byte[] outer = [0x20, 0x03, 14, 0, 1, .. Reply, 0, 0, 0];
        ModbusCrc.Append(outer);
        RtuMatch early = RtuReplyMatcher.Find(outer.AsSpan(0, 5 + Reply.Length), Request, Three);
        Assert.Equal(RtuMatchKind.Reply, early.Kind);
        Assert.False(early.IsInSync);
        Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(outer, Request, Three).Kind);
        Assert.Equal(outer.Length, RtuReplyMatcher.Find([.. outer, .. Reply], Request, Three).Offset);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Random_bytes_around_it_never_hide_or_change_the_reply(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 5000; round++)
        {
            byte[] noise = new byte[random.Next(0, 40)];
            random.NextBytes(noise);
            RtuMatch match = RtuReplyMatcher.Find([.. noise, .. Reply], Request, Three);
            Assert.True(match.Kind == RtuMatchKind.Reply && match.Offset == noise.Length, $"seed {seed}, round {round}");
            Assert.True(RtuReplyMatcher.Find(noise, Request, Three).Kind == RtuMatchKind.None, $"seed {seed}, round {round}");
        }
    }

    // A transceiver that switches while it sends spoils what it hears of itself.
    [Theory]
    [InlineData(0, 0x00)]
    [InlineData(3, 0xFF)]
    [InlineData(7, 0x00)]
    public void A_damaged_echo_is_stepped_over_like_a_whole_one(int offset, byte value)
    {
        byte[] echo = (byte[])Request.Clone();
        echo[offset] = value;
        echo[(offset + 1) % echo.Length] ^= 0x40;
        Assert.Equal(new RtuMatch(RtuMatchKind.Reply, 8, 11, IsInSync: true, 0, HasBadCrc: false, 0, Echoes: 1), RtuReplyMatcher.Find([.. echo, .. Reply], Request, Three));
        Assert.Equal(0, RtuReplyMatcher.Find(echo, Request, Three).Damaged);
    }

    [Theory]
    [InlineData("110305CD6B05000066")] // function 3 with an odd byte count, wrong CRC
    [InlineData("1101")]
    [InlineData("112B0E01")]
    public void Other_beginnings_are_no_reply(string hex) =>
        Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(Convert.FromHexString(hex), Request, Three).Kind);

    private static ReadRequest Registers(ModbusTable table, int count) => ReadRequest.Registers(table, 0x6B, count, TimeSpan.FromSeconds(1));
}
