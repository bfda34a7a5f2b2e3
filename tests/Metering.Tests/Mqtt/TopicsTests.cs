using Metering.Mqtt.Session;
using Xunit;

namespace Metering.Tests.Mqtt;

public sealed class TopicsTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("a/b/+")]
    [InlineData("+/b/#")]
    [InlineData("#")]
    [InlineData("$share/workers/a/#")]
    public void Valid_filters_pass(string filter) => Topics.CheckFilter(filter);

    [Theory]
    [InlineData("a+")]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("$share/workers")]
    [InlineData("$share//a")]
    [InlineData("$share/+/a")]
    [InlineData("a\0")]
    [InlineData("")]
    public void Wrong_filters_are_an_argument_error(string filter) => Assert.ThrowsAny<ArgumentException>(() => Topics.CheckFilter(filter));

    [Theory]
    [InlineData("a/+")]
    [InlineData("#")]
    [InlineData("")]
    public void Wrong_names_are_an_argument_error(string name) => Assert.ThrowsAny<ArgumentException>(() => Topics.CheckName(name));

    [Fact]
    public void Broken_unicode_is_an_argument_error() => Assert.ThrowsAny<ArgumentException>(() => Topics.CheckName("a" + (char)0xD800));

    [Fact]
    public void The_length_of_a_name_is_counted_in_bytes() => Assert.Equal(4, Topics.CheckName("ñ/é"[..2] + "a"));
}
