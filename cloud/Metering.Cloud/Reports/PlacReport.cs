using System.Globalization;
using Metering.Analytics.Finance;

namespace Metering.Cloud.Reports;

/// <summary>What one firm brings into the table. A figure that is not known is null, never zero.</summary>
public sealed record PlacFirm
{
    /// <summary>Group or edition of the programme.</summary>
    public required string Group { get; init; }

    /// <summary>Name of the firm.</summary>
    public required string Firm { get; init; }

    /// <summary>Number of projects.</summary>
    public required int Projects { get; init; }

    /// <summary>Water saved a year, m3.</summary>
    public double? WaterM3 { get; init; }

    /// <summary>Electricity saved a year, kWh.</summary>
    public double? EnergyKwh { get; init; }

    /// <summary>Emissions avoided a year, t CO2e.</summary>
    public double? EmissionsTonnes { get; init; }

    /// <summary>Waste avoided a year, t.</summary>
    public double? WasteTonnes { get; init; }

    /// <summary>Money saved a year.</summary>
    public Money? SavedAYear { get; init; }

    /// <summary>Money invested.</summary>
    public Money? Investment { get; init; }

    /// <summary>Day of the exchange rate the amounts were converted with; null when they are in their own currency.</summary>
    public DateOnly? RateDay { get; init; }
}

/// <summary>Table per firm and group in the shape of the PLAC: projects, m3, kWh, t CO2e, t of waste, money a year, investment, payback.</summary>
internal static class PlacReport
{
    /// <summary>Builds the table; totals per group and in all add up only what is given, and say of how many firms.</summary>
    public static ReportDocument Build(IReadOnlyList<PlacFirm> firms, (DateOnly First, DateOnly Last) period, string recomputeCommand)
    {
        PlacFirm[] ordered = [.. firms.OrderBy(firm => firm.Group, StringComparer.Ordinal).ThenBy(firm => firm.Firm, StringComparer.Ordinal)];
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (IGrouping<string, PlacFirm> group in ordered.GroupBy(firm => firm.Group, StringComparer.Ordinal))
        {
            rows.AddRange(group.Select(firm => Row(ReportCell.Of(firm.Group), ReportCell.Of(firm.Firm), [firm])));
            rows.Add(Row(ReportCell.Of(group.Key), ReportCell.Of(Texts.Words.TotalWord), [.. group]));
        }

        rows.Add(Row(ReportCell.Of(ReportWords.Portfolio), ReportCell.Of(Texts.Words.TotalWord), ordered));
        Text note = new(
            ReportWords.TotalOfGiven.In(Language.Spanish, Given(ordered)), ReportWords.TotalOfGiven.In(Language.English, Given(ordered)));
        return new()
        {
            Kind = ReportKind.Plac,
            Subject = "portfolio",
            Title = ReportWords.PlacTitle,
            Subtitle = ReportWords.Portfolio,
            First = period.First,
            Last = period.Last,
            RecomputeCommand = recomputeCommand,
            Sections = [new() { Id = "firms", Title = ReportWords.PlacTitle, Sentences = [note], Table = new(Columns(), rows) }],
        };
    }

    /// <summary>Investment over yearly saving in years; missing without both, with different currencies, or without a saving.</summary>
    public static ReportCell Payback(Money? investment, Money? savedAYear) =>
        investment is { } paid && savedAYear is { } saved && paid.Currency == saved.Currency && saved.Amount > 0
            ? ReportCell.Of((double)(paid.Amount / saved.Amount), "years", 1)
            : ReportCell.Missing;

    private static ReportColumn[] Columns() =>
    [
        new("group", ReportWords.Group), new("firm", ReportWords.Firm), new("projects", Texts.Words.Projects, "projects"),
        new("water", Texts.Words.Water, "m3"), new("electricity", Texts.Words.Electricity, "kWh"), new("emissions", ReportWords.Emissions, "tCO2e"),
        new("waste", ReportWords.Waste, "t"), new("saved-a-year", ReportWords.MoneySaved), new("investment", ReportWords.Investment),
        new("payback", ReportWords.Payback, "years"),
    ];

    private static object[] Given(PlacFirm[] firms)
    {
        int[] counts = [firms.Count(firm => firm.WaterM3 is not null), firms.Count(firm => firm.EnergyKwh is not null), firms.Count(firm => firm.EmissionsTonnes is not null), firms.Count(firm => firm.WasteTonnes is not null), firms.Length];
        return [.. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))];
    }

    private static ReportCell[] Row(ReportCell group, ReportCell name, PlacFirm[] firms)
    {
        ReportCell saved = Sum([.. firms.Select(firm => (firm.SavedAYear, firm.RateDay))], out Money? savedSum);
        ReportCell invested = Sum([.. firms.Select(firm => (firm.Investment, firm.RateDay))], out Money? investedSum);
        bool isPaired = firms.All(firm => firm.SavedAYear is null == firm.Investment is null);
        return
        [
            group, name, ReportCell.Count(firms.Sum(firm => firm.Projects), "projects"), Sum(firms.Select(firm => firm.WaterM3), "m3", 0),
            Sum(firms.Select(firm => firm.EnergyKwh), "kWh", 0), Sum(firms.Select(firm => firm.EmissionsTonnes), "tCO2e", 1), Sum(firms.Select(firm => firm.WasteTonnes), "t", 1),
            saved, invested, isPaired ? Payback(investedSum, savedSum) : ReportCell.Missing,
        ];
    }

    private static ReportCell Sum(IEnumerable<double?> values, string unit, int decimals)
    {
        double[] known = [.. values.OfType<double>()];
        return known.Length == 0 ? ReportCell.Missing : ReportCell.Of(known.Sum(), unit, decimals);
    }

    // Amounts of several currencies, or of rates of different days, have no sum.
    private static ReportCell Sum((Money? Money, DateOnly? RateDay)[] values, out Money? sum)
    {
        (Money Money, DateOnly? RateDay)[] known = [.. values.Where(value => value.Money is not null).Select(value => (value.Money!.Value, value.RateDay))];
        sum = null;
        if (known.Length == 0 || known.Any(value => value.Money.Currency != known[0].Money.Currency || value.RateDay != known[0].RateDay))
        {
            return ReportCell.Missing;
        }

        sum = known.Select(value => value.Money).Aggregate((left, right) => left + right);
        return ReportCell.Of(sum.Value, known[0].RateDay);
    }
}
