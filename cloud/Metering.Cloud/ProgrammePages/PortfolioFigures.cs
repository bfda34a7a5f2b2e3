using Metering.Analytics.Indicators;
using Metering.Analytics.Portfolio;
using SumOfSavings = Metering.Analytics.Portfolio.PortfolioTotal;

namespace Metering.Cloud.ProgrammePages;

/// <summary>What the portfolio is added up in.</summary>
internal enum PortfolioKind
{
    /// <summary>Electricity, MWh.</summary>
    Electricity = 0,

    /// <summary>Water, m3.</summary>
    Water = 1,

    /// <summary>Effluent, m3.</summary>
    Effluent = 2,

    /// <summary>Gas in cubic metres as metered, m3.</summary>
    Gas = 3,

    /// <summary>Greenhouse gases of electricity and gas, t CO2e.</summary>
    Emissions = 4,

    /// <summary>Pesos.</summary>
    Pesos = 5,

    /// <summary>Dollars.</summary>
    Dollars = 6,

    /// <summary>COD kept back, kg.</summary>
    Load = 7,

    /// <summary>Gas in cubic metres at reference conditions, Nm3: not to be added to those as metered.</summary>
    ReferenceGas = 8,
}

/// <summary>The sum of one kind over some projects.</summary>
/// <param name="Outcome">The sum with its interval, what is missing and what may be counted twice.</param>
/// <param name="WithNumber">Projects in the sum.</param>
/// <param name="Asked">Projects that could have a number of the kind.</param>
internal sealed record PortfolioSum(PortfolioOutcome Outcome, int WithNumber, int Asked)
{
    /// <summary>The sum; null when there is none.</summary>
    public PortfolioResult? Result => Outcome.Result;
}

/// <summary>Adds up entries. Pure.</summary>
internal static class PortfolioFigures
{
    private const string Programme = "programme";

    /// <summary>Unit that a kind is added up and shown in.</summary>
    public static MeasureUnit UnitOf(PortfolioKind kind) => kind switch
    {
        PortfolioKind.Electricity => MeasureUnit.Of(QuantityUnit.MegawattHour),
        PortfolioKind.Emissions => MeasureUnit.Of(QuantityUnit.TonneCarbonDioxideEquivalent),
        PortfolioKind.Pesos => MeasureUnit.Money("MXN"),
        PortfolioKind.Dollars => MeasureUnit.Money("USD"),
        PortfolioKind.Load => MeasureUnit.Of(QuantityUnit.Kilogram),
        PortfolioKind.ReferenceGas => MeasureUnit.Of(QuantityUnit.ReferenceCubicMetre),
        _ => MeasureUnit.Of(QuantityUnit.CubicMetre),
    };

    /// <summary>Whether a project can have a number of the kind.</summary>
    public static bool Belongs(PortfolioEntry entry, PortfolioKind kind) => kind switch
    {
        PortfolioKind.Electricity => entry.Resource == Resource.Electricity,
        PortfolioKind.Emissions => entry.Resource is Resource.Electricity or Resource.Gas,
        PortfolioKind.Water => entry.Resource == Resource.Water,
        PortfolioKind.Effluent or PortfolioKind.Load => entry.Resource == Resource.Effluent,
        PortfolioKind.Gas or PortfolioKind.ReferenceGas => kind == KindOf(entry),
        _ => true,
    };

    /// <summary>What a project's metered figure is added up in.</summary>
    public static PortfolioKind KindOf(PortfolioEntry entry) => entry.Resource switch
    {
        Resource.Electricity => PortfolioKind.Electricity,
        Resource.Water => PortfolioKind.Water,
        Resource.Gas when MeasureUnit.TryParse(entry.Unit, out MeasureUnit unit) && unit.IsConvertibleTo(UnitOf(PortfolioKind.ReferenceGas)) => PortfolioKind.ReferenceGas,
        Resource.Gas => PortfolioKind.Gas,
        _ => PortfolioKind.Effluent,
    };

    /// <summary>The sum of a kind.</summary>
    /// <param name="entries">Projects; those of other kinds are left out.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="year">A calendar year; null for the reporting periods as a whole.</param>
    public static PortfolioSum Add(IEnumerable<PortfolioEntry> entries, PortfolioKind kind, int? year)
    {
        ProjectSaving[] savings = [.. entries.Where(entry => Belongs(entry, kind)).Select(entry => SavingOf(entry, kind, year))];
        PortfolioOutcome outcome = SumOfSavings.Compute(savings);
        return new(outcome, savings.Count(saving => saving.Saving is not null), savings.Length);
    }

    /// <summary>The COD a project kept back in a year, or (null) in all that its figure spans, kg; null when it cannot be stated.</summary>
    public static SavedPart? LoadPart(PortfolioEntry entry, int? year)
    {
        LoadFigure? figure = year is { } asked ? entry.Load?.Within(new(asked, 1, 1), new(asked, 12, 31), entry.Zone) : entry.Load;
        return figure?.Saving is { } saving ? new(year ?? 0, saving.Kilograms, saving.StandardError, saving.DegreesOfFreedom) : null;
    }

    private static ProjectSaving SavingOf(PortfolioEntry entry, PortfolioKind kind, int? year)
    {
        SavedPart? part = kind == PortfolioKind.Load ? LoadPart(entry, year) : year is { } asked ? entry.Years.FirstOrDefault(one => one.Year == asked) : entry.Whole;
        (double? value, double scale) = kind == PortfolioKind.Load ? (part?.Savings, 1) : ValueOf(entry, part, kind);
        DateSpan span = year is { } known ? DateSpan.OfYear(known) : new(entry.Reporting.First, entry.Reporting.Last.AddDays(1));
        return new()
        {
            Project = entry.Project,
            Programme = Programme,
            Resource = kind switch
            {
                PortfolioKind.Electricity => SavedResource.Electricity,
                PortfolioKind.Water => SavedResource.Water,
                PortfolioKind.Effluent or PortfolioKind.Load => SavedResource.EffluentLoad,
                PortfolioKind.Gas or PortfolioKind.ReferenceGas => SavedResource.Fuel,
                PortfolioKind.Emissions => SavedResource.GreenhouseGas,
                _ => SavedResource.Money,
            },
            Saving = value is { } number ? new Quantity(number, UnitOf(kind)) : null,
            WhyMissing = value is null ? "no number of this kind" : "",
            IndependentStandardError = part is null ? double.NaN : part.StandardError * scale,
            DegreesOfFreedom = part?.DegreesOfFreedom ?? double.PositiveInfinity,
            Reporting = span,
            Channels = [entry.Channel],
            // Savings of one plant are told apart by their meters; a boundary wider than a meter is not on record.
            Boundary = "",
        };
    }

    // The value, and by how much the standard error of the metered saving is multiplied.
    private static (double? Value, double Scale) ValueOf(PortfolioEntry entry, SavedPart? part, PortfolioKind kind)
    {
        if (part is null)
        {
            return (null, double.NaN);
        }

        if (kind is PortfolioKind.Electricity or PortfolioKind.Water or PortfolioKind.Effluent or PortfolioKind.Gas or PortfolioKind.ReferenceGas)
        {
            return MeasureUnit.TryParse(entry.Unit, out MeasureUnit unit) && unit.IsConvertibleTo(UnitOf(kind))
                ? (new Quantity(part.Savings, unit).To(UnitOf(kind)).Value, new Quantity(1, unit).To(UnitOf(kind)).Value)
                : (null, double.NaN);
        }

        double? value = kind == PortfolioKind.Emissions ? part.Tonnes : kind == PortfolioKind.Pesos ? part.Pesos : part.Dollars;
        return (value, value is { } number && part.Savings != 0 ? Math.Abs(number / part.Savings) : double.NaN);
    }
}
