using System.Globalization;
using Metering.Analytics.Baselines;

namespace Metering.Cloud.Texts;

/// <summary>Terms and kinds of models in the words of the reader.</summary>
internal static class ModelTexts
{
    private const string EventPrefix = "event-";

    /// <summary>Name of a term: driver, driver above or below its breakpoint, product, or event.</summary>
    public static string Term(BaselineFit fit, int term, Language language) => Term(fit, term, language, name => Driver(name, language));

    /// <summary>As <see cref="Term(BaselineFit, int, Language)"/> in English, in the words that hashes of models are made of; they never change.</summary>
    public static string HashedTerm(BaselineFit fit, int term) => Term(
        fit, term, Language.English, name => name.StartsWith(EventPrefix, StringComparison.Ordinal) ? Driver(name, Language.English) : DriverNames.Hashed(name));

    /// <summary>Name of a term of a candidate, which is told as "driver", "driver&lt;breakpoint", "driver&gt;breakpoint" or "driver*driver".</summary>
    public static string Term(string name, Language language)
    {
        int place = name.IndexOfAny(['<', '>', '*']);
        if (place < 0)
        {
            return Driver(name, language);
        }

        string first = Driver(name[..place], language);
        string rest = name[(place + 1)..];
        return name[place] switch
        {
            '<' => Words.BelowTerm.In(language, first, Point(rest)),
            '>' => Words.AboveTerm.In(language, first, Point(rest)),
            _ => $"{first} × {Driver(rest, language)}",
        };
    }

    /// <summary>Name of a kind of model.</summary>
    public static Text Kind(ModelKind kind) => kind switch
    {
        ModelKind.Mean => Words.KindMean,
        ModelKind.ChangePoint => Words.KindChangePoint,
        _ => Words.KindLinear,
    };

    /// <summary>Unit of a coefficient: use per day, per unit of its driver.</summary>
    public static string Unit(ProjectResult result, int term, Language language)
    {
        BaselineTerm own = result.Fit!.Terms[term];
        bool isPerUnit = own.Second < 0 && own.Driver < result.Project.Drivers.Count && result.Project.Drivers[own.Driver].Kind is DriverKind.Difference or DriverKind.Production;
        return isPerUnit
            ? $"{UnitNames.Of(result.Unit, language)}/{UnitNames.OneOf(result.DriverUnits[own.Driver], language)}"
            : UnitNames.PerDay(result.Unit, language) + Divisor(result, own.Driver, language) + (own.Second < 0 ? "" : Divisor(result, own.Second, language));
    }

    /// <summary>Why a candidate was chosen or not, by the rule that chooses.</summary>
    public static string Why(IReadOnlyList<CandidateModel> candidates, int index, Language language)
    {
        const double worstBlocks = 1.05;
        const double equalBic = 2;
        CandidateModel own = candidates[index];
        double lowest = candidates.Min(candidate => candidate.Bic);
        return index == 0 ? Words.CandidateChosen.In(language)
            : own.CrossValidatedCvRmse > worstBlocks * candidates.Min(candidate => candidate.CrossValidatedCvRmse) ? Words.CandidateWorseBlocks.In(language)
            : own.Bic > lowest + equalBic ? Words.CandidateHigherBic.In(language, Formatter.Number(own.Bic - lowest, 1))
            : Words.CandidateMoreParameters.In(language);
    }

    private static string Term(BaselineFit fit, int term, Language language, Func<string, string> nameOf)
    {
        BaselineTerm own = fit.Terms[term];
        string first = nameOf(fit.DriverNames[own.Driver]);
        return own.Kind switch
        {
            TermKind.Linear => first,
            TermKind.Above => Words.AboveTerm.In(language, first, Formatter.Significant(own.Breakpoint, 4)),
            TermKind.Below => Words.BelowTerm.In(language, first, Formatter.Significant(own.Breakpoint, 4)),
            _ => $"{first} × {nameOf(fit.DriverNames[own.Second])}",
        };
    }

    private static string Point(string breakpoint) =>
        double.TryParse(breakpoint, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? Formatter.Significant(value, 4) : breakpoint;

    // The indicator of an event has no unit; that of a calendar neither.
    private static string Divisor(ProjectResult result, int driver, Language language)
    {
        if (driver >= result.Project.Drivers.Count || result.Project.Drivers[driver].Kind == DriverKind.Workday)
        {
            return "";
        }

        string unit = UnitNames.Of(result.DriverUnits[driver], language);
        return result.Project.Drivers[driver].Kind is DriverKind.Difference or DriverKind.Production ? $"/({unit}/d)" : "/" + unit;
    }

    private static string Driver(string name, Language language) => name.StartsWith(EventPrefix, StringComparison.Ordinal)
        ? Words.EventTerm.In(language, name[EventPrefix.Length..])
        : DriverNames.Of(name, language);
}
