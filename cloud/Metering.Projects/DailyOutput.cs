namespace Metering.Projects;

/// <summary>Output of one product of a plant by its production records.</summary>
/// <param name="Product">The product, as a driver names it.</param>
/// <param name="Unit">Unit of the records; empty when there are none.</param>
/// <param name="Records">First day, last day and amount of each record that counts, in order of time.</param>
internal sealed record DailyOutput(string Product, string Unit, IReadOnlyList<(DateOnly First, DateOnly Last, double Amount)> Records)
{
    /// <summary>Longest record that is spread over its days: of a longer one nobody knows how its days differed.</summary>
    public const int MostDays = 7;

    /// <summary>Output of each day; NaN where no record says it, or two say it.</summary>
    public double[] Over(DayRange range)
    {
        double[] values = new double[range.Count];
        bool[] isTaken = new bool[range.Count];
        Array.Fill(values, double.NaN);
        foreach ((DateOnly first, DateOnly last, double amount) in Records)
        {
            int days = last.DayNumber - first.DayNumber + 1;
            for (int day = first.DayNumber; day <= last.DayNumber && days <= MostDays; day++)
            {
                int index = day - range.First.DayNumber;
                if (index >= 0 && index < values.Length)
                {
                    values[index] = isTaken[index] ? double.NaN : amount / days;
                    isTaken[index] = true;
                }
            }
        }

        return values;
    }

    /// <summary>Whether two rows of outputs are the same, record by record.</summary>
    public static bool AreSame(IReadOnlyList<DailyOutput> left, IReadOnlyList<DailyOutput> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => pair.First.Product == pair.Second.Product && pair.First.Unit == pair.Second.Unit && pair.First.Records.SequenceEqual(pair.Second.Records));
}
