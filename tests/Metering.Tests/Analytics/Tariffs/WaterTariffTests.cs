using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;
using Metering.Analytics.Tariffs;
using Xunit;

namespace Metering.Tests.Analytics.Tariffs;

public sealed class WaterTariffTests
{
    private const string Rows =
        "id,value,unit,valid_from,valid_to,source,confidence,note,use_class,kind,from_m3\n"
        + "i.fixed,100,MXN/month,2024-01-01,2024-12-31,invented,read,,industry,fixed,\n"
        + "i.0,10,MXN/m3,2024-01-01,2024-12-31,invented,read,,industry,block,0\n"
        + "i.20,15,MXN/m3,2024-01-01,2024-12-31,invented,read,,industry,block,20\n"
        + "i.50,20,MXN/m3,2024-01-01,2024-12-31,invented,read,,industry,block,50\n"
        + "i.sewerage,20,%,2024-01-01,2024-12-31,invented,read,,industry,sewerage,\n"
        + "i.treatment,14,%,2024-01-01,2024-12-31,invented,read,,industry,treatment,\n";

    // By hand: 100 + 20 x 10 + 30 x 15 + 10 x 20 = 950; 20 % are 190, 14 % are 133.
    [Fact]
    public void Each_block_has_its_price_and_percentages_come_on_top()
    {
        WaterBill bill = Read(Rows, WaterBlockRule.EachBlockAtItsPrice).Value!.Bill(60m);
        Assert.Equal((950m, 190m, 133m, 1273m), (bill.Water.Amount, bill.Sewerage.Amount, bill.Treatment.Amount, bill.Total.Amount));
    }

    // 60 x 20 + 100 = 1,300; exactly 20 m3 still lie in the first block: 20 x 10 + 100.
    [Theory]
    [InlineData("60", "1300")]
    [InlineData("20", "300")]
    [InlineData("20.01", "400.15")]
    [InlineData("0", "100")]
    public void The_whole_volume_may_have_the_price_of_its_last_block(string volume, string water) => Assert.Equal(
        Number(water), Read(Rows, WaterBlockRule.WholeVolumeAtLastPrice).Value!.Bill(Number(volume)).Water.Amount);

    // 60 m3 cost 1,273; 45 m3 cost (100 + 200 + 375) x 1.34 = 904.5. At the average price the 15 m3 would be worth 318.25.
    [Fact]
    public void Water_saved_is_worth_the_dearest_blocks_it_left() => Assert.Equal(
        new Money(368.5m, "MXN"), Read(Rows, WaterBlockRule.EachBlockAtItsPrice).Value!.Saving(60m, 45m));

    [Theory]
    [InlineData("i.sewerage,20")]
    [InlineData("i.fixed,100")]
    public void A_part_that_does_not_stand_in_the_table_is_not_taken_for_zero(string row)
    {
        string without = string.Join('\n', Rows.Split('\n').Where(line => !line.StartsWith(row, StringComparison.Ordinal)));
        Assert.False(Read(without, WaterBlockRule.EachBlockAtItsPrice).IsGiven);
    }

    [Fact]
    public void A_day_outside_of_the_tariff_is_refused() => Assert.False(WaterTariff.Read(
        Table(Rows), "industry", WaterBlockRule.EachBlockAtItsPrice, new DateOnly(2025, 1, 1)).IsGiven);

    [Theory]
    [InlineData("15,MXN/m3", "15,MXN/L")]
    [InlineData("15,MXN/m3", "15,USD/m3")]
    [InlineData("block,20", "block,")]
    [InlineData("block,20", "blocks,20")]
    [InlineData("block,20", "block,0")]
    [InlineData("block,0", "block,5")]
    public void A_tariff_that_cannot_be_meant_is_refused(string from, string to) => Assert.Throws<ArgumentException>(
        () => Read(Rows.Replace(from, to, StringComparison.Ordinal), WaterBlockRule.EachBlockAtItsPrice));

    private static Answer<WaterTariff> Read(string rows, WaterBlockRule rule) =>
        WaterTariff.Read(Table(rows), "industry", rule, new DateOnly(2024, 5, 1));

    private static PackTable Table(string rows) => CountryPack.Read(new Dictionary<string, string> { ["w.csv"] = rows }).Table("w");

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
