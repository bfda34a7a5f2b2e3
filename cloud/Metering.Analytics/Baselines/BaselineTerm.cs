using System.Globalization;

namespace Metering.Analytics.Baselines;

/// <summary>How a term of a baseline is made of the drivers.</summary>
public enum TermKind
{
    /// <summary>The driver itself.</summary>
    Linear = 0,

    /// <summary>The driver less the breakpoint where it lies below it, else 0: the heating side of a change-point model.</summary>
    Below = 1,

    /// <summary>The driver less the breakpoint where it lies above it, else 0: the cooling side of a change-point model.</summary>
    Above = 2,

    /// <summary>Two drivers multiplied: a slope of its own for each segment (shift, product, operating mode).</summary>
    Product = 3,
}

/// <summary>One term of a baseline: what its coefficient is multiplied with.</summary>
/// <param name="Kind">How it is made.</param>
/// <param name="Driver">Index of the driver in the model table.</param>
/// <param name="Breakpoint">Breakpoint in the driver's unit; NaN for terms without one.</param>
/// <param name="Second">Index of the second driver of a product; -1 for other terms.</param>
public readonly record struct BaselineTerm(TermKind Kind, int Driver, double Breakpoint, int Second)
{
    /// <summary>The driver itself.</summary>
    public static BaselineTerm Of(int driver) => new(TermKind.Linear, driver, double.NaN, -1);

    /// <summary>The term's value for a row of drivers; NaN when a driver is missing.</summary>
    /// <param name="drivers">One value per driver of the table.</param>
    public double Value(ReadOnlySpan<double> drivers) => At(drivers[Driver], Second < 0 ? 1 : drivers[Second]);

    /// <summary>Name for people: the driver, with its breakpoint or second factor.</summary>
    /// <param name="driverNames">Names of the drivers of the table.</param>
    public string Name(IReadOnlyList<string> driverNames) => Kind switch
    {
        TermKind.Linear => driverNames[Driver],
        TermKind.Below => string.Create(CultureInfo.InvariantCulture, $"{driverNames[Driver]}<{Breakpoint:0.####}"),
        TermKind.Above => string.Create(CultureInfo.InvariantCulture, $"{driverNames[Driver]}>{Breakpoint:0.####}"),
        _ => $"{driverNames[Driver]}*{driverNames[Second]}",
    };

    /// <summary>Smallest and largest value of the term over the box of its drivers' ranges.</summary>
    internal (double Low, double High) Range(IReadOnlyList<double> minimum, IReadOnlyList<double> maximum)
    {
        double first = At(minimum[Driver], Second < 0 ? 1 : minimum[Second]);
        double second = At(maximum[Driver], Second < 0 ? 1 : minimum[Second]);
        double third = At(minimum[Driver], Second < 0 ? 1 : maximum[Second]);
        double fourth = At(maximum[Driver], Second < 0 ? 1 : maximum[Second]);
        return (Math.Min(Math.Min(first, second), Math.Min(third, fourth)), Math.Max(Math.Max(first, second), Math.Max(third, fourth)));
    }

    /// <summary>The term's column over rows.</summary>
    internal double[] Column(IReadOnlyList<double[]> drivers)
    {
        double[] first = drivers[Driver];
        double[]? second = Second < 0 ? null : drivers[Second];
        double[] column = new double[first.Length];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = At(first[i], second is null ? 1 : second[i]);
        }

        return column;
    }

    private double At(double value, double factor) => Kind switch
    {
        TermKind.Linear => value,
        TermKind.Product => value * factor,
        _ when double.IsNaN(value) => value,
        TermKind.Below => value < Breakpoint ? value - Breakpoint : 0,
        _ => value > Breakpoint ? value - Breakpoint : 0,
    };
}

/// <summary>Which terms a baseline has, before it is fitted.</summary>
internal sealed record ModelDesign
{
    public required ModelKind Kind { get; init; }

    public required IReadOnlyList<BaselineTerm> Terms { get; init; }

    /// <summary>Different breakpoints: they were fitted too and count as parameters.</summary>
    public IReadOnlyList<(int Driver, double Value)> Breakpoints
    {
        get
        {
            List<(int Driver, double Value)>? found = null;
            for (int j = 0; j < Terms.Count; j++)
            {
                (int Driver, double Breakpoint) point = (Terms[j].Driver, Terms[j].Breakpoint);
                if (Terms[j].Kind is TermKind.Below or TermKind.Above && found?.Contains(point) != true)
                {
                    (found ??= []).Add(point);
                }
            }

            return found is null ? [] : found;
        }
    }

    /// <summary>Intercept, terms and breakpoints.</summary>
    public int ParameterCount => 1 + Terms.Count + Breakpoints.Count;

    /// <summary>Every driver as it is; the mean when there are none.</summary>
    public static ModelDesign Linear(int drivers) => new()
    {
        Kind = drivers == 0 ? ModelKind.Mean : ModelKind.Ols,
        Terms = [.. Enumerable.Range(0, drivers).Select(BaselineTerm.Of)],
    };

    public double[][] Columns(IReadOnlyList<double[]> drivers) => [.. Terms.Select(term => term.Column(drivers))];
}
