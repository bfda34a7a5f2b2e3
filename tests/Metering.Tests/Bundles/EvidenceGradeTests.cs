using Metering.Cloud.Evidence;
using Metering.Readings;
using Metering.Store;
using Xunit;

namespace Metering.Tests.Bundles;

public sealed class EvidenceGradeTests
{
    private static readonly Channel Metered = new() { Id = "energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Profile = "generic-energy/1" };

    [Theory]
    [InlineData(new[] { ReadingOrigin.Gateway }, 'B')]
    [InlineData(new[] { ReadingOrigin.Import }, 'D')]
    [InlineData(new[] { ReadingOrigin.Gateway, ReadingOrigin.Import }, 'D')]
    [InlineData(new ReadingOrigin[0], 'D')]
    public void A_channel_has_the_weakest_grade_of_the_keys_of_its_gateway(ReadingOrigin[] origins, char grade) =>
        Assert.Equal(grade, Grades.Of(Metered, [.. origins.Select((origin, index) => new GatewayEnrolment("leon", index + 1, "leon", "", origin))]));

    [Fact]
    public void A_channel_that_people_enter_is_D_until_the_hash_of_the_photo_travels() =>
        Assert.Equal('D', Grades.Of(Metered with { Profile = "manual/1" }, [new("leon", 1, "leon", "")]));

    [Theory]
    [InlineData('A', "signed by the meter itself")]
    [InlineData('B', "signed by the gateway that read the meter")]
    [InlineData('C', "read by a person beside a photo")]
    [InlineData('D', "imported, or entered without a photo")]
    public void Each_grade_says_what_it_means(char grade, string meaning) => Assert.Equal($"{grade}: {meaning}", GradeWords.Of(grade).In(Language.English));
}
