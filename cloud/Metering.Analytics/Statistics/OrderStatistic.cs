namespace Metering.Analytics.Statistics;

/// <summary>One element of the sorted order, without sorting the rest (Hoare's selection). Reorders what it is given.</summary>
internal static class OrderStatistic
{
    /// <summary>The element that would stand at <paramref name="index"/> if the values were sorted. No value is NaN.</summary>
    public static T Of<T>(Span<T> values, int index)
        where T : struct, IComparable<T>
    {
        int low = 0;
        int high = values.Length - 1;
        while (low < high)
        {
            T pivot = MedianOfThree(values[low], values[low + ((high - low) / 2)], values[high]);
            int left = low;
            int right = high;
            while (left <= right)
            {
                while (values[left].CompareTo(pivot) < 0)
                {
                    left++;
                }

                while (values[right].CompareTo(pivot) > 0)
                {
                    right--;
                }

                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    left++;
                    right--;
                }
            }

            if (index <= right)
            {
                high = right;
            }
            else if (index >= left)
            {
                low = left;
            }
            else
            {
                break;
            }
        }

        return values[index];
    }

    private static T MedianOfThree<T>(T a, T b, T c)
        where T : struct, IComparable<T>
    {
        T low = a.CompareTo(b) < 0 ? a : b;
        T high = a.CompareTo(b) < 0 ? b : a;
        return c.CompareTo(low) < 0 ? low : c.CompareTo(high) > 0 ? high : c;
    }
}
