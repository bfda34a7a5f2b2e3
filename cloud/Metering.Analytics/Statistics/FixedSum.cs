namespace Metering.Analytics.Statistics;

/// <summary>
/// Sums whose order of additions is fixed by the length alone, so that every processor gives the same bits.
/// Eight running sums take every eighth element; they are joined as a tree; the rest is added last, in order.
/// </summary>
internal static class FixedSum
{
    private const int Lanes = 8;

    public static double Sum(ReadOnlySpan<double> values)
    {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            ReadOnlySpan<double> v = values.Slice(i, Lanes);
            a += v[0];
            b += v[1];
            c += v[2];
            d += v[3];
            e += v[4];
            f += v[5];
            g += v[6];
            h += v[7];
        }

        double sum = ((a + e) + (c + g)) + ((b + f) + (d + h));
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }

    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        right = right[..left.Length];
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            ReadOnlySpan<double> v = left.Slice(i, Lanes);
            ReadOnlySpan<double> w = right.Slice(i, Lanes);
            a += v[0] * w[0];
            b += v[1] * w[1];
            c += v[2] * w[2];
            d += v[3] * w[3];
            e += v[4] * w[4];
            f += v[5] * w[5];
            g += v[6] * w[6];
            h += v[7] * w[7];
        }

        double sum = ((a + e) + (c + g)) + ((b + f) + (d + h));
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    public static double SumOfSquares(ReadOnlySpan<double> values) => Dot(values, values);

    public static double Mean(ReadOnlySpan<double> values) => Sum(values) / values.Length;
}
