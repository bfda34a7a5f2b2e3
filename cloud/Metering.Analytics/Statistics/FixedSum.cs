using System.Runtime.Intrinsics;

namespace Metering.Analytics.Statistics;

/// <summary>
/// Sums whose order of additions is fixed by the length alone, so that every processor gives the same bits.
/// Eight running sums take every eighth element; they are joined as a tree; the rest is added last, in order.
/// The eight sums are two vectors of four because each lane is a sum of its own: product and sum are rounded apart in every
/// lane, with vector instructions, with fewer of them or with none.
/// </summary>
internal static class FixedSum
{
    private const int Lanes = 8;
    private const int HalfLanes = 4;

    public static double Sum(ReadOnlySpan<double> values)
    {
        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            ReadOnlySpan<double> v = values.Slice(i, Lanes);
            low += Vector256.Create(v[..HalfLanes]);
            high += Vector256.Create(v[HalfLanes..]);
        }

        double sum = Join(low, high);
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }

    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        right = right[..left.Length];
        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        int i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            ReadOnlySpan<double> v = left.Slice(i, Lanes);
            ReadOnlySpan<double> w = right.Slice(i, Lanes);
            low += Vector256.Create(v[..HalfLanes]) * Vector256.Create(w[..HalfLanes]);
            high += Vector256.Create(v[HalfLanes..]) * Vector256.Create(w[HalfLanes..]);
        }

        double sum = Join(low, high);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    public static double SumOfSquares(ReadOnlySpan<double> values) => Dot(values, values);

    public static double Mean(ReadOnlySpan<double> values) => Sum(values) / values.Length;

    private static double Join(Vector256<double> low, Vector256<double> high)
    {
        Vector256<double> pair = low + high;
        return (pair[0] + pair[2]) + (pair[1] + pair[3]);
    }
}
