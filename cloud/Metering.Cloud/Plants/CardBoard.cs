using Metering.Analytics.Intervals;
using Metering.Analytics.Portfolio;
using Metering.Cloud.Projects;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>
/// Electricity, water, gas and effluent of a plant, today and this month, against what was to be expected: a project's model where one meters the
/// resource, else the mean of the same weekday over the eight weeks before.
/// </summary>
internal sealed class CardBoard(ProjectBoard board)
{
    /// <summary>Weeks that an expectation is made of.</summary>
    public const int Weeks = 8;

    /// <summary>Fewest known days of a weekday that make an expectation.</summary>
    public const int FewestWeeks = 4;

    private const int WeekDays = 7;
    private const double Confidence = 0.9;

    /// <summary>The four cards of a plant, in the order of <see cref="Resource"/>.</summary>
    /// <param name="plant">The plant.</param>
    /// <param name="snapshot">The register.</param>
    public IReadOnlyList<ResourceCard> Of(Plant plant, RegisterSnapshot snapshot)
    {
        IReadOnlyList<StoredChannel> channels = board.Store.ChannelsOfPlant(plant.Id);
        Project[] projects = [.. board.Register.Projects.Where(project => project.Plant.Id == plant.Id)];
        return [.. Enum.GetValues<Resource>().Select(resource => Card(plant, resource, ResourceMeters.Of(channels, plant, resource, projects, snapshot), projects))];
    }

    private ResourceCard Card(Plant plant, Resource resource, IReadOnlyList<StoredChannel> channels, IReadOnlyList<Project> projects)
    {
        DateOnly today = PlantCalendar.DayOf(board.Clock.GetUtcNow().ToUnixTimeMilliseconds(), plant.Zone);
        DateOnly month = new(today.Year, today.Month, 1);
        DateOnly first = month.AddDays(-Weeks * WeekDays);
        ResourceCard empty = new() { Resource = resource, MonthFirst = month };
        (StoredChannel Channel, double[] Daily)? main = null;
        foreach (StoredChannel channel in channels)
        {
            double[] own = Days(channel, plant, first, today);
            if (main is not { } best || MeanOf(own) > MeanOf(best.Daily))
            {
                main = (channel, own);
            }
        }

        if (main is not { } chosen)
        {
            return empty;
        }

        int ahead = today.DayNumber - first.DayNumber;
        int begin = month.DayNumber - first.DayNumber;
        (double[] expected, double variance, double degrees) = Weekdays(chosen.Daily, begin);
        ProjectResult? model = projects.Where(project => project.Resource == resource && project.Use == new ChannelName(chosen.Channel.Gateway, chosen.Channel.Channel.Id))
            .Select(board.ResultOf).FirstOrDefault(result => result.Fit is not null && result.Days.Any(day => day.Day >= month && day.Day < today && day.Counts));
        CardSpan span = model is null ? ByWeekday(chosen.Daily, begin, expected, variance, degrees) : ByModel(model, month, today, expected);
        int shown = Math.Min(ResourceCard.ChartDays, ahead);
        double[] line = new double[shown];
        for (int index = 0; index < shown; index++)
        {
            int day = ahead - shown + index;
            line[index] = day >= begin ? expected[day - begin] : double.NaN;
        }

        (CardSpan now, long until, int weeks) = Today(chosen.Channel, plant, today);
        return empty with
        {
            Channel = chosen.Channel,
            Today = now,
            TodayUntilUtcMilliseconds = until,
            TodayWeeks = weeks,
            Month = span,
            Model = model?.Project,
            ChartFirst = today.AddDays(-shown),
            Daily = chosen.Daily[^shown..],
            Expectation = line,
        };
    }

    private double[] Days(StoredChannel channel, Plant plant, DateOnly first, DateOnly today)
    {
        double[] daily = new double[today.DayNumber - first.DayNumber];
        Array.Fill(daily, double.NaN);
        IntervalReadings days = Intervals(channel, plant, first, today, RollupStep.Day);
        for (int index = 0; index < days.Count; index++)
        {
            int day = PlantCalendar.DayOf(days.BordersUtcMilliseconds[index], plant.Zone).DayNumber - first.DayNumber;
            if (day >= 0 && day < daily.Length)
            {
                daily[day] = days.Value[index];
            }
        }

        return daily;
    }

    private IntervalReadings Intervals(StoredChannel channel, Plant plant, DateOnly first, DateOnly end, RollupStep step) => board.Store.ReadIntervals(new()
    {
        Gateway = channel.Gateway,
        Channel = channel.Channel.Id,
        FromUtcMilliseconds = PlantCalendar.StartOfDay(first, plant.Zone),
        ToUtcMilliseconds = PlantCalendar.StartOfDay(end, plant.Zone),
        Step = step,
        Zone = plant.Zone,
    });

    // Mean of each weekday over the weeks before the month, and the variance of days about their weekday's mean, all weekdays together.
    private static (double[] Expected, double Variance, double Degrees) Weekdays(double[] daily, int begin)
    {
        double[] expected = new double[Math.Max(0, daily.Length - begin)];
        double squares = 0;
        int degrees = 0;
        Array.Fill(expected, double.NaN);
        for (int weekday = 0; weekday < WeekDays; weekday++)
        {
            (double mean, double own, int count) = Spread(daily, weekday, begin);
            if (count < FewestWeeks)
            {
                continue;
            }

            squares += own;
            degrees += count - 1;
            for (int day = weekday; day < expected.Length; day += WeekDays)
            {
                expected[day] = mean;
            }
        }

        return (expected, degrees > 0 ? squares / degrees : double.NaN, degrees);
    }

    private static (double Mean, double Squares, int Count) Spread(double[] daily, int first, int end)
    {
        double sum = 0;
        int count = 0;
        for (int day = first; day < end; day += WeekDays)
        {
            sum += double.IsFinite(daily[day]) ? daily[day] : 0;
            count += double.IsFinite(daily[day]) ? 1 : 0;
        }

        double mean = count == 0 ? double.NaN : sum / count;
        double squares = 0;
        for (int day = first; day < end; day += WeekDays)
        {
            squares += double.IsFinite(daily[day]) ? (daily[day] - mean) * (daily[day] - mean) : 0;
        }

        return (mean, squares, count);
    }

    // A day differs from the mean of its weekday by its own scatter and by that of the mean, which all its weekdays of the month share.
    private static CardSpan ByWeekday(double[] daily, int begin, double[] expected, double variance, double degrees)
    {
        double use = 0;
        double expectation = 0;
        int days = 0;
        double spread = 0;
        for (int weekday = 0; weekday < WeekDays; weekday++)
        {
            int same = 0;
            for (int day = weekday; day < expected.Length; day += WeekDays)
            {
                if (double.IsFinite(daily[begin + day]) && double.IsFinite(expected[day]))
                {
                    use += daily[begin + day];
                    expectation += expected[day];
                    same++;
                }
            }

            int count = same == 0 ? 1 : Spread(daily, weekday, begin).Count;
            spread += same + ((double)same * same / count);
            days += same;
        }

        return days == 0
            ? CardSpan.Unknown with { PossibleDays = expected.Length }
            : new(use, expectation, Quantile(degrees) * Math.Sqrt(variance * spread), days, expected.Length);
    }

    private static CardSpan ByModel(ProjectResult model, DateOnly month, DateOnly today, double[] expected)
    {
        double use = 0;
        double expectation = 0;
        int days = 0;
        Array.Fill(expected, double.NaN);
        foreach (ProjectDay day in model.Days)
        {
            if (day.Day >= month && day.Day < today && day.Counts)
            {
                use += day.Use;
                expectation += day.Baseline;
                expected[day.Day.DayNumber - month.DayNumber] = day.Baseline;
                days++;
            }
        }

        double halfWidth = PartOfSaving.Of(model, month, today.AddDays(-1))?.HalfWidth ?? double.NaN;
        return new(use, expectation, halfWidth, days, expected.Length);
    }

    private (CardSpan Span, long UntilUtcMilliseconds, int Weeks) Today(StoredChannel channel, Plant plant, DateOnly today)
    {
        (double use, int slots, long until) = SinceMidnight(channel, plant, today, int.MaxValue);
        if (slots == 0 || !double.IsFinite(use))
        {
            return (CardSpan.Unknown, 0, 0);
        }

        double[] before = new double[Weeks];
        for (int week = 0; week < Weeks; week++)
        {
            (double value, int known, _) = SinceMidnight(channel, plant, today.AddDays(-WeekDays * (week + 1)), slots);
            before[week] = known == slots ? value : double.NaN;
        }

        double[] finite = [.. before.Where(double.IsFinite)];
        if (finite.Length < FewestWeeks)
        {
            return (new(use, double.NaN, double.NaN, 0, 1), until, finite.Length);
        }

        double mean = finite.Average();
        double variance = finite.Sum(value => (value - mean) * (value - mean)) / (finite.Length - 1);
        return (new(use, mean, Quantile(finite.Length - 1) * Math.Sqrt(variance * (1 + (1.0 / finite.Length))), 1, 1), until, finite.Length);
    }

    // Use of the first quarters of an hour of a day; it ends with the last one that is known, and a hole before that leaves all unknown.
    private (double Use, int Slots, long UntilUtcMilliseconds) SinceMidnight(StoredChannel channel, Plant plant, DateOnly day, int most)
    {
        IntervalReadings quarters = Intervals(channel, plant, day, day.AddDays(1), RollupStep.QuarterHour);
        int last = Math.Min(quarters.Count, most);
        while (last > 0 && !double.IsFinite(quarters.Value[last - 1]))
        {
            last--;
        }

        double sum = quarters.Count > 0 && quarters.BordersUtcMilliseconds[0] == PlantCalendar.StartOfDay(day, plant.Zone) ? 0 : double.NaN;
        for (int index = 0; index < last; index++)
        {
            sum += quarters.Value[index];
        }

        return (sum, last, last == 0 ? 0 : quarters.BordersUtcMilliseconds[last]);
    }

    // Student's t from the normal quantile. SOURCE: Abramowitz and Stegun 26.7.5, two terms; 0.2 % low at 7 degrees of freedom.
    private static double Quantile(double degrees)
    {
        double z = NormalQuantile.Of(1 - ((1 - Confidence) / 2));
        double cube = z * z * z;
        return z + ((cube + z) / (4 * degrees)) + (((5 * cube * z * z) + (16 * cube) + (3 * z)) / (96 * degrees * degrees));
    }

    private static double MeanOf(double[] daily)
    {
        double sum = 0;
        int count = 0;
        foreach (double value in daily)
        {
            sum += double.IsFinite(value) ? value : 0;
            count += double.IsFinite(value) ? 1 : 0;
        }

        return count == 0 ? 0 : sum / count;
    }
}
