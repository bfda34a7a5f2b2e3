using Metering.Cloud.Hosting;
using Xunit;

namespace Metering.Tests.Influx;

public sealed class MirrorWatchTests
{
    [Fact]
    public void A_mirror_that_stands_still_is_told_once_and_once_again_when_it_goes_on()
    {
        MirrorWatch watch = new();
        (long Watermark, long Behind)[] looks = [(5, 0), (5, 3), (5, 4), (5, 9), (7, 7), (7, 8), (15, 0), (15, 0)];
        Assert.Equal(
            [MirrorNews.None, MirrorNews.Waits, MirrorNews.None, MirrorNews.None, MirrorNews.GoesOn, MirrorNews.Waits, MirrorNews.GoesOn, MirrorNews.None],
            looks.Select(look => watch.Look(look.Watermark, look.Behind)));
    }
}
