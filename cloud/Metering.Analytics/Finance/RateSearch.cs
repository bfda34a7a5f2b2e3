namespace Metering.Analytics.Finance;

/// <summary>
/// All rates at which amounts by year have no present value. The amounts are a polynomial in v = 1 / (1 + rate); between the
/// zeros of its derivative it only rises or only falls, so each stretch holds at most one zero and bisection cannot miss it.
/// </summary>
internal static class RateSearch
{
    public const decimal LowestRate = -0.9m;
    public const decimal HighestRate = 10m;
    private const int Bisections = 64;
    private const int Places = 12;
    private const decimal SameRate = 2e-12m;

    // A value this small beside the largest coefficient is zero up to rounding: two zeros that fall together.
    private const decimal TouchingLimit = 1e-22m;

    /// <summary>Ascending, to 12 places, without repetition.</summary>
    public static IReadOnlyList<decimal> Roots(ReadOnlySpan<decimal> amounts)
    {
        decimal[] forward = Trimmed(amounts, reversed: false);
        decimal[] backward = Trimmed(amounts, reversed: true);
        List<decimal> rates = [];

        // Rates from zero on: v from 1 / 11 to 1. Rates below zero: w = 1 + rate from 0.1 to 1, in the reversed polynomial.
        // Either way the variable is at most one, so that nothing grows out of the range of decimals.
        foreach (decimal v in Zeros(forward, 1m / (1m + HighestRate), 1m))
        {
            Keep(rates, (1m / v) - 1m);
        }

        foreach (decimal w in Zeros(backward, 1m + LowestRate, 1m))
        {
            Keep(rates, w - 1m);
        }

        rates.Sort();
        return rates;
    }

    private static void Keep(List<decimal> rates, decimal rate)
    {
        decimal rounded = decimal.Round(rate, Places);
        foreach (decimal known in rates)
        {
            if (Math.Abs(known - rounded) <= SameRate)
            {
                return;
            }
        }

        rates.Add(rounded);
    }

    // Lowest power first, scaled so that the largest coefficient is one; zero amounts at both ends only shift the powers.
    private static decimal[] Trimmed(ReadOnlySpan<decimal> amounts, bool reversed)
    {
        int first = 0;
        int last = amounts.Length - 1;
        while (first < last && amounts[first] == 0m)
        {
            first++;
        }

        while (last > first && amounts[last] == 0m)
        {
            last--;
        }

        decimal[] coefficients = amounts[first..(last + 1)].ToArray();
        if (reversed)
        {
            Array.Reverse(coefficients);
        }

        Scale(coefficients);
        return coefficients;
    }

    private static void Scale(decimal[] coefficients)
    {
        decimal largest = 0m;
        foreach (decimal coefficient in coefficients)
        {
            largest = Math.Max(largest, Math.Abs(coefficient));
        }

        for (int power = 0; power < coefficients.Length && largest > 0m; power++)
        {
            coefficients[power] /= largest;
        }
    }

    private static List<decimal> Zeros(decimal[] coefficients, decimal low, decimal high)
    {
        if (coefficients.Length < 2)
        {
            return [];
        }

        List<decimal> edges = [low];
        if (SignChanges(coefficients) > 1)
        {
            edges.AddRange(Zeros(Derivative(coefficients), low, high));
        }

        // With one change of sign there is one zero above zero at most (Descartes), and the edges are enough.
        edges.Add(high);
        List<decimal> zeros = [];
        for (int edge = 0; edge < edges.Count; edge++)
        {
            decimal here = Value(coefficients, edges[edge]);
            if (Math.Abs(here) <= TouchingLimit)
            {
                zeros.Add(edges[edge]);
            }
            else if (edge + 1 < edges.Count)
            {
                decimal there = Value(coefficients, edges[edge + 1]);
                if (Math.Abs(there) > TouchingLimit && (here > 0m) != (there > 0m))
                {
                    zeros.Add(Bisect(coefficients, edges[edge], edges[edge + 1], here > 0m));
                }
            }
        }

        return zeros;
    }

    private static decimal Bisect(decimal[] coefficients, decimal low, decimal high, bool lowIsPositive)
    {
        for (int step = 0; step < Bisections; step++)
        {
            decimal middle = (low + high) / 2m;
            if ((Value(coefficients, middle) > 0m) == lowIsPositive)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2m;
    }

    private static decimal Value(decimal[] coefficients, decimal at)
    {
        decimal value = 0m;
        for (int power = coefficients.Length - 1; power >= 0; power--)
        {
            value = (value * at) + coefficients[power];
        }

        return value;
    }

    private static decimal[] Derivative(decimal[] coefficients)
    {
        decimal[] derivative = new decimal[coefficients.Length - 1];
        for (int power = 0; power < derivative.Length; power++)
        {
            derivative[power] = coefficients[power + 1] * (power + 1);
        }

        Scale(derivative);
        return derivative;
    }

    private static int SignChanges(decimal[] coefficients)
    {
        int changes = 0;
        decimal last = 0m;
        foreach (decimal coefficient in coefficients)
        {
            if (coefficient != 0m)
            {
                changes += last != 0m && (last > 0m) != (coefficient > 0m) ? 1 : 0;
                last = coefficient;
            }
        }

        return changes;
    }
}
