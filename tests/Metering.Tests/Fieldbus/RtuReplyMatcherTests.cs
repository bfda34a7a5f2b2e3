using Metering.Fieldbus.Modbus;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class RtuReplyMatcherTests
{
    // MODBUS Application Protocol V1.1b3, 6.3: three registers from 006B; unit 17, CRCs by an independent calculation.
    private static readonly byte[] Request = Convert.FromHexString("1103006B00037687");
    private static readonly byte[] Reply = Convert.FromHexString("110306AE415652434049AD");

    [Fact]
    public void The_reply_is_found_where_it_begins()
    {
        Assert.Equal(new RtuMatch(RtuMatchKind.Reply, 0, 11, IsInSync: true, 0, HasBadCrc: false, 0), RtuReplyMatcher.Find(Reply, Request, 3));
        Assert.Equal(new RtuMatch(RtuMatchKind.Reply, 8, 11, IsInSync: true, 0, HasBadCrc: false, 0), RtuReplyMatcher.Find([.. Request, .. Reply], Request, 3));
        Assert.Equal(new RtuMatch(RtuMatchKind.Reply, 1, 11, IsInSync: false, 1, HasBadCrc: false, 0), RtuReplyMatcher.Find([0, .. Reply], Request, 3));
    }

    [Fact]
    public void No_part_of_the_reply_is_enough()
    {
        for (int length = 0; length < Reply.Length; length++)
        {
            Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(Reply.AsSpan(0, length), Request, 3).Kind);
            Assert.True(RtuReplyMatcher.IsReplyUnderWay(Reply.AsSpan(0, length), Request, 3));
        }

        Assert.False(RtuReplyMatcher.IsReplyUnderWay(Reply, Request, 3));
    }

    [Fact]
    public void Another_count_unit_or_function_does_not_fit()
    {
        Assert.Equal(1, RtuReplyMatcher.Find(Reply, Request, 4).OwnUnitFrames);
        Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(Reply, [0x12, .. Request[1..]], 3).Kind);
        Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(Reply, [0x11, 0x04, .. Request[2..]], 3).Kind);
    }

    // Until the other unit's frame is whole, what looks like a reply inside it is marked as doubtful; then it is stepped over.
    [Fact]
    public void A_reply_inside_another_units_frame_is_doubtful_and_then_gone()
    {
        byte[] outer = [0x20, 0x03, 14, 0, 1, .. Reply, 0, 0, 0];
        ModbusCrc.Append(outer);
        RtuMatch early = RtuReplyMatcher.Find(outer.AsSpan(0, 5 + Reply.Length), Request, 3);
        Assert.Equal(RtuMatchKind.Reply, early.Kind);
        Assert.False(early.IsInSync);
        Assert.Equal(RtuMatchKind.None, RtuReplyMatcher.Find(outer, Request, 3).Kind);
        Assert.Equal(outer.Length, RtuReplyMatcher.Find([.. outer, .. Reply], Request, 3).Offset);
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
            RtuMatch match = RtuReplyMatcher.Find([.. noise, .. Reply], Request, 3);
            Assert.True(match.Kind == RtuMatchKind.Reply && match.Offset == noise.Length, $"seed {seed}, round {round}");
            Assert.True(RtuReplyMatcher.Find(noise, Request, 3).Kind == RtuMatchKind.None, $"seed {seed}, round {round}");
        }
    }
}
