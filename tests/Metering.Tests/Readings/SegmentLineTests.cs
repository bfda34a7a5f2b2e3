using System.Text;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Readings;

public sealed class SegmentLineTests
{
    private const string Header = "metering/v1/segment\ngateway g\nbatch 1\nchannel c\nmeter m\nunit kWh\ndecimals 1\nkind gauge\nprofile p/1\n\n";

    [Theory]
    [InlineData("1,2,G", 2)]
    [InlineData("0,0,G", 0)]
    [InlineData("1,-2,G", -2)]
    [InlineData("1,999999999999999999,G", 999_999_999_999_999_999)]
    [InlineData("1,9223372036854775807,G", long.MaxValue)]
    [InlineData("1,-9223372036854775808,G", long.MinValue)]
    [InlineData("1,5,U.late", 5)]
    public void A_canonical_line_is_read(string line, long value)
    {
        ChannelSegment segment = ChannelSegment.Parse(Encoding.ASCII.GetBytes(Header + line + "\n"));
        Assert.Equal((1, value, true), (segment.Count, segment.ScaledValues.Span[0], segment.HasValues.Span[0]));
        Assert.Equal(Header + line + "\n", Encoding.ASCII.GetString(segment.ToBytes()));
    }

    [Theory]
    [InlineData("01,2,G")]
    [InlineData("1,02,G")]
    [InlineData("1,-0,G")]
    [InlineData("1,+2,G")]
    [InlineData("1,-,G")]
    [InlineData("1,,G")]
    [InlineData(",2,G")]
    [InlineData("1,2,G ")]
    [InlineData("1,2,GG")]
    [InlineData("1,2")]
    [InlineData("1,2,")]
    [InlineData("1,9223372036854775808,G")]
    [InlineData("1,2,G\n1,3,G")]
    [InlineData("1,2,G\n")]
    public void Any_other_spelling_is_refused(string line) =>
        _ = Assert.Throws<WireFormatException>(() => ChannelSegment.Parse(Encoding.ASCII.GetBytes(Header + line + "\n")));
}
