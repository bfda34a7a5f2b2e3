using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Prices, exchange rates and lab results of one state of the register, laid out once so that a thousand projects are valued without searching it a thousand times.</summary>
internal sealed class PortfolioValues
{
    private const string Pesos = "MXN";
    private readonly Dictionary<(string Plant, string Resource), List<ResourcePrice>> prices = [];
    private readonly ExchangeRate[] rates;

    /// <summary>Lays out the prices, rates and lab results of a register.</summary>
    public PortfolioValues(RegisterSnapshot register)
    {
        Loads = new(register);
        foreach (ResourcePrice price in register.All<ResourcePrice>())
        {
            if (price.Price.Currency == Pesos)
            {
                (string, string) key = (price.Plant, price.Resource.ToString());
                if (!prices.TryGetValue(key, out List<ResourcePrice>? known))
                {
                    prices[key] = known = [];
                }

                known.Add(price);
            }
        }

        rates = [.. register.All<ExchangeRate>().OrderBy(rate => rate.Day)];
    }

    /// <summary>Loads of COD.</summary>
    public LoadFigures Loads { get; }

    /// <summary>A part of a saving with its value in pesos, dollars and tonnes; each null where a price, a rate or a factor is missing.</summary>
    public SavedPart Valued(SavedPart part, Project project, string unit)
    {
        double? pesos = PesosOf(part, project);
        double? rate = part.Months.Count == 0 ? null : RateOn(part.Months[^1].Month.AddMonths(1).AddDays(-1));
        return part with { Pesos = pesos, Dollars = pesos / rate, Tonnes = part.Savings * EmissionFactors.TonnesPerUnit(project.Resource, unit, part.Year) };
    }

    private double? PesosOf(SavedPart part, Project project)
    {
        List<ResourcePrice>? known = prices.GetValueOrDefault((project.Plant.Id, project.Resource.ToString()));
        if (known is null || part.Months.Count == 0)
        {
            return null;
        }

        double sum = 0;
        foreach ((DateOnly month, double savings) in part.Months)
        {
            ResourcePrice? price = known.Find(one => one.From <= month && (one.To ?? DateOnly.MaxValue) >= month);
            if (price is null)
            {
                return null;
            }

            sum += savings * (double)price.Price.Amount;
        }

        return sum;
    }

    // The newest rate of the three months before the day: an older one says nothing about it.
    private double? RateOn(DateOnly day)
    {
        ExchangeRate? rate = Array.FindLast(rates, one => one.Day <= day);
        return rate is not null && rate.Day > day.AddMonths(-3) ? (double)rate.PesosPerDollar : null;
    }
}
