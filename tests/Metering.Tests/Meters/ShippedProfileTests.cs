using Metering.Meters.Profiles;
using Xunit;

namespace Metering.Tests.Meters;

public sealed class ShippedProfileTests
{
    [Fact]
    public void Every_shipped_profile_can_be_read_and_names_its_source()
    {
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "profiles"), "*.yaml");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            DeviceProfile profile = ProfileFile.Load(file);
            Assert.True(profile.Source.Length > 20, file);
            Assert.NotEmpty(profile.ChannelsOf("m"));
            foreach (Metering.Readings.Channel channel in profile.ChannelsOf("m"))
            {
                channel.Check();
            }
        }
    }
}
