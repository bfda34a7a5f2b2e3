using Metering.Cloud.Evidence;
using Metering.Readings;
using Metering.Readings.Field;
using Metering.Store;
using Xunit;

namespace Metering.Tests.Bundles;

public sealed class EvidenceGradeTests
{
    private static readonly Channel Metered = new() { Id = "energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Profile = "generic-energy/1" };

    private static readonly Channel Level = new() { Id = "tank.level", Meter = "tank", Unit = "m3", Kind = ChannelKind.Gauge, DecimalPlaces = 1, Profile = "manual/1" };

    [Theory]
    [InlineData(new[] { ReadingOrigin.Gateway }, 'B')]
    [InlineData(new[] { ReadingOrigin.Import }, 'D')]
    [InlineData(new[] { ReadingOrigin.Gateway, ReadingOrigin.Import }, 'D')]
    [InlineData(new ReadingOrigin[0], 'D')]
    public void A_channel_has_the_weakest_grade_of_the_keys_of_its_gateway(ReadingOrigin[] origins, char grade) =>
        Assert.Equal(grade, EvidenceGrade.OfChannel(Metered, origins.Select(origin => EvidenceGrade.Of(Grades.WordOf(origin))), [], []));

    [Fact]
    public void A_channel_that_people_enter_is_C_when_a_photo_stands_behind_each_reading()
    {
        Assert.Equal('C', Of([new(10, 5), new(20, 6)], Entry(1, 10, 5), Entry(2, 20, 6)));
        Assert.Equal('D', Of([new(10, 5), new(20, 6)], Entry(1, 10, 5)));
        Assert.Equal('D', Of([]));
        Assert.Equal('D', Of([new(10, 5)], Entry(1, 10, 6)));
        Assert.Equal('D', Of([new(10, 5)], Entry(1, 11, 5)));
        Assert.Equal('D', Of([new(10, 5)], Entry(1, 10, 5) with { PhotoHash = null }));
        Assert.Equal('D', Of([new(10, 5)], Entry(1, 10, 5) with { Unit = "L" }));
        Assert.Equal('D', Of([new(10, 5)], Entry(1, 10, 5) with { Decimals = 0 }));
        Assert.Equal('D', EvidenceGrade.OfChannel(Level, ['D'], [new(10, 5)], [Entry(1, 10, 5)]));
        Assert.Equal('B', EvidenceGrade.OfChannel(Metered, ['B'], [], []));
    }

    [Fact]
    public void An_entry_that_a_later_one_took_the_place_of_covers_nothing()
    {
        FieldEntry correction = Entry(2, 10, 7) with { Supersedes = 1 };
        Assert.Equal('C', Of([new(10, 7)], Entry(1, 10, 5), correction));
        Assert.Equal('D', Of([new(10, 5)], Entry(1, 10, 5), correction));

        // Two state directories number anew: what came before is not what an earlier entry took the place of.
        Assert.Equal('C', Of([new(10, 5)], correction with { UtcMilliseconds = 3 }, Entry(1, 10, 5)));
    }

    [Fact]
    public void A_change_of_meter_beside_a_photo_covers_its_two_registers()
    {
        FieldEntry swap = Entry(1, 100, 0) with { Kind = FieldEntryKind.Swap, Value = null, FinalValue = 90, InitialValue = 3, Serial = "A-77" };
        Assert.Equal('C', Of([new(98, 90), new(99, 3)], swap));
        Assert.Equal('D', Of([new(98, 90), new(99, 4)], swap));
        Assert.Equal('C', Of([new(99, 3)], swap with { FinalValue = null }));
    }

    private static char Of(ManualReading[] readings, params FieldEntry[] entries) => EvidenceGrade.OfChannel(Level, ['B'], readings, entries);

    private static FieldEntry Entry(int number, long utcMilliseconds, long value) => new()
    {
        Gateway = "leon", KeyEpoch = 1, Number = number, Kind = FieldEntryKind.Reading, Channel = "tank.level", UtcMilliseconds = utcMilliseconds, Value = value, Unit = "m3", Decimals = 1,
        EnteredUtcMilliseconds = 0, Operator = "Ana", PhotoHash = new('a', 64),
    };

    [Theory]
    [InlineData('A', "signed by the meter itself")]
    [InlineData('B', "signed by the gateway that read the meter")]
    [InlineData('C', "read by a person beside a photo")]
    [InlineData('D', "imported, or entered without a photo")]
    public void Each_grade_says_what_it_means(char grade, string meaning) => Assert.Equal($"{grade}: {meaning}", GradeWords.Of(grade).In(Language.English));
}
