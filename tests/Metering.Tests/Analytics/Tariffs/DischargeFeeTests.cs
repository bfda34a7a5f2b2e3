using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;
using Metering.Analytics.Tariffs;
using Xunit;

namespace Metering.Tests.Analytics.Tariffs;

public sealed class DischargeFeeTests
{
    private static readonly HolidayCalendar Holidays = HolidayCalendar.Read(CountryPack.Mexico.Table("holidays"));

    // The second quarter of 2024 ends on a Sunday.
    private static readonly DischargeQuarter Quarter = new()
    {
        Year = 2024,
        Quarter = 2,
        Previous = new DischargeReading(new DateOnly(2024, 3, 29), 10_000m),
        Close = new DischargeReading(new DateOnly(2024, 6, 28), 11_000m),
        RatePerM3 = new Money(2.5m, "MXN"),
        Credits =
        [
            new DischargeCredit("COD", 300m, 200m, new Money(0.005m, "MXN")),
            new DischargeCredit("TSS", 100m, 120m, new Money(0.004m, "MXN")),
        ],
    };

    [Theory]
    [InlineData(2024, 1, "2024-03-29")]
    [InlineData(2024, 2, "2024-06-28")]
    [InlineData(2024, 3, "2024-09-30")]
    [InlineData(2023, 4, "2023-12-29")]
    public void A_quarter_closes_on_its_last_business_day(int year, int quarter, string expected) =>
        Assert.Equal(expected, $"{DischargeFee.LastBusinessDay(year, quarter, Holidays):yyyy-MM-dd}");

    // By hand: 1,000 m3 x 2.5 = 2,500; (300 - 200) x 0.005 x 1,000 = 500; suspended solids are dirtier and earn nothing.
    [Fact]
    public void The_fee_is_volume_by_rate_less_the_credit_for_cleaner_water()
    {
        DischargeFee fee = DischargeFee.Compute(Quarter, Holidays).Value!;
        Assert.Equal((1000m, 2500m, 2000m), (fee.VolumeM3, fee.Gross.Amount, fee.Payable.Amount));
        Assert.Equal([500m, 0m], fee.Credits.Select(credit => credit.Amount));
        Assert.Contains("TSS", Assert.Single(fee.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_paid_when_limits_are_met_and_nothing_is_paid_back()
    {
        Assert.Equal(0m, DischargeFee.Compute(Quarter with { AreLimitsMet = true }, Holidays).Value!.Payable.Amount);
        Assert.Equal(0m, DischargeFee.Compute(Quarter with { RatePerM3 = new Money(0.1m, "MXN") }, Holidays).Value!.Payable.Amount);
    }

    [Fact]
    public void A_reading_of_another_day_or_a_register_that_fell_is_refused()
    {
        DischargeQuarter[] refused =
        [
            Quarter with { Close = new DischargeReading(new DateOnly(2024, 6, 30), 11_000m) },
            Quarter with { Previous = new DischargeReading(new DateOnly(2024, 3, 28), 10_000m) },
            Quarter with { Previous = new DischargeReading(new DateOnly(2024, 4, 1), 10_000m) },
            Quarter with { Close = new DischargeReading(new DateOnly(2024, 6, 28), 500m) },
        ];
        Assert.All(refused, quarter => Assert.Single(DischargeFee.Compute(quarter, Holidays).Refusals));
        Assert.True(DischargeFee.Compute(Quarter with { Previous = new DischargeReading(new DateOnly(2024, 3, 31), 10_000m) }, Holidays).IsGiven);
    }
}
