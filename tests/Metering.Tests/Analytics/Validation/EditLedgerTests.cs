using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;
using Xunit;

namespace Metering.Tests.Analytics.Validation;

public class EditLedgerTests
{
    private static readonly double[] Values = PlantWeeks.Values(1, 1);
    private static readonly ValidatedSeries Series = ValidatedSeries.Of(PlantWeeks.Series(Values));

    [Fact]
    public void An_edit_makes_a_new_version_and_the_values_as_they_came_stay()
    {
        ValidatedSeries edited = EditLedger.Apply(Series, [Edit(1, 3, 5, 42), Edit(2, 4, 6, double.NaN)]);
        Assert.Equal([42, double.NaN, double.NaN], edited.Value[3..6].ToArray());
        Assert.Equal([IntervalCode.Edited, IntervalCode.Rejected, IntervalCode.Rejected], edited.Code[3..6].ToArray());
        Assert.Equal([1, 2, 2], edited.Edit[3..6].ToArray());
        Assert.Equal((0, 2), (Series.Version, edited.Version));
        Assert.Equal(Values, Series.Value.ToArray());
        Assert.Equal(Values, edited.Source.Value.ToArray());
    }

    [Fact]
    public void Withdrawing_an_edit_brings_back_what_lay_under_it()
    {
        IntervalEdit[] edits = [Edit(1, 3, 5, 42), Edit(2, 4, 6, double.NaN), Withdraw(3, 2)];
        ValidatedSeries edited = EditLedger.Apply(Series, edits);
        Assert.Equal([42, 42, Values[5]], edited.Value[3..6].ToArray());
        Assert.Equal(3, edited.Version);
        ValidatedSeries all = EditLedger.Apply(Series, [.. edits, Withdraw(4, 1)]);
        Assert.Equal(Values, all.Value.ToArray());
        Assert.Equal(Series.Code.ToArray(), all.Code.ToArray());
    }

    [Fact]
    public void An_estimate_that_is_edited_is_edited_and_a_rejected_value_can_be_estimated()
    {
        ValidatedSeries rejected = EditLedger.Apply(Series, [Edit(1, 30, 32, double.NaN)]);
        ValidatedSeries filled = Estimation.Fill(rejected, [], new EstimationOptions());
        Assert.Equal(IntervalCode.Estimated, filled.Code[30]);
        ValidatedSeries edited = EditLedger.Apply(filled, [Edit(1, 30, 31, 7)]);
        Assert.Equal((IntervalCode.Edited, 7.0, 0.0, EstimationMethod.None), (edited.Code[30], edited.Value[30], edited.Variance[30], edited.Method[30]));
        Assert.Equal(3, edited.Version);
    }

    [Fact]
    public void An_edit_without_person_or_reason_or_one_that_makes_no_sense_is_refused()
    {
        IntervalEdit good = Edit(1, 3, 5, 42);
        AssertRefused("names no person", good with { Person = " " });
        AssertRefused("gives no reason", good with { Reason = "" });
        AssertRefused("no number", good with { ValuePerInterval = double.PositiveInfinity });
        AssertRefused("sets none", good with { Kind = EditKind.Reject });
        AssertRefused("higher number", good, good);
        AssertRefused("before the one above", good, Edit(2, 3, 5, 1) with { MadeUtcMilliseconds = good.MadeUtcMilliseconds - 1 });
        AssertRefused("not there", good, Withdraw(2, 7));
        AssertRefused("withdrawn already", good, Withdraw(2, 1), Withdraw(3, 1));
        AssertRefused("not there", good, Withdraw(2, 1), Withdraw(3, 2));
        AssertRefused("border", good with { FromUtcMilliseconds = PlantWeeks.At(3) + 1 });
        AssertRefused("border", good with { ToUtcMilliseconds = good.FromUtcMilliseconds });
        AssertRefused("no known kind", good with { Kind = (EditKind)9 });
        AssertRefused("withdraws and changes", good with { Withdraws = 1 });
    }

    private static void AssertRefused(string why, params IntervalEdit[] edits)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => EditLedger.Apply(Series, edits));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private static IntervalEdit Edit(int number, int from, int to, double value) => new()
    {
        Number = number,
        Kind = double.IsNaN(value) ? EditKind.Reject : EditKind.SetValue,
        FromUtcMilliseconds = PlantWeeks.At(from),
        ToUtcMilliseconds = PlantWeeks.At(to),
        ValuePerInterval = value,
        Person = "M. Ibarra",
        Reason = "Main switch was tested.",
        MadeUtcMilliseconds = PlantWeeks.At(1000 + number),
        Rule = ValidationRule.Spike,
        RuleVersion = 1,
    };

    private static IntervalEdit Withdraw(int number, int other) => new()
    {
        Number = number,
        Kind = EditKind.Withdraw,
        Withdraws = other,
        Person = "M. Ibarra",
        Reason = "Wrong day.",
        MadeUtcMilliseconds = PlantWeeks.At(1000 + number),
    };
}
