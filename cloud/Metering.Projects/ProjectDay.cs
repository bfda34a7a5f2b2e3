namespace Metering.Projects;

/// <summary>In which period of its project a day lies.</summary>
internal enum DayPhase
{
    /// <summary>In none of the three.</summary>
    Outside = 0,

    /// <summary>Baseline period: the model is fitted on it.</summary>
    Baseline = 1,

    /// <summary>The measure was being installed; used for nothing.</summary>
    Installation = 2,

    /// <summary>Reporting period: savings are counted on it.</summary>
    Reporting = 3,
}

/// <summary>What is known of the metered use of a day.</summary>
internal enum DayState
{
    /// <summary>Measured from midnight to midnight.</summary>
    Measured = 0,

    /// <summary>The total over a gap is known from the register; its share of this day was laid out evenly.</summary>
    Allocated = 1,

    /// <summary>The use is known, but a driver of the model is not: the day is left out of fit and saving.</summary>
    DriverMissing = 2,

    /// <summary>The use of the day is not known.</summary>
    Missing = 3,

    /// <summary>The day has not arrived yet.</summary>
    Ahead = 4,

    /// <summary>A person decided that its readings are wrong: left out of fit and saving.</summary>
    Excluded = 5,
}

/// <summary>One day of a project, in the plant's zone.</summary>
internal sealed record ProjectDay
{
    /// <summary>The local day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Its period.</summary>
    public required DayPhase Phase { get; init; }

    /// <summary>What is known of it.</summary>
    public required DayState State { get; init; }

    /// <summary>Metered use in the resource's unit; NaN when not known.</summary>
    public required double Use { get; init; }

    /// <summary>What the baseline model gives for the day; NaN without a model or without a driver.</summary>
    public double Baseline { get; init; } = double.NaN;

    /// <summary>Half-width of the interval of <see cref="Baseline"/> for a single day; NaN when not known.</summary>
    public double HalfWidth { get; init; } = double.NaN;

    /// <summary>Drivers in the order of the project; NaN when not known.</summary>
    public IReadOnlyList<double> Drivers { get; init; } = [];

    /// <summary>Baseline less use: the saving of a reporting day, less the residual of a baseline day. NaN when one is not known.</summary>
    public double Saving => Baseline - Use;

    /// <summary>Whether use and model are both known, so that the day counts.</summary>
    public bool Counts => double.IsFinite(Use) && double.IsFinite(Baseline);

    /// <summary>Whether two rows of days hold the same measurements; what a model says of them is not compared.</summary>
    public static bool AreSame(IReadOnlyList<ProjectDay> left, IReadOnlyList<ProjectDay> right)
    {
        bool same = left.Count == right.Count;
        for (int index = 0; index < left.Count && same; index++)
        {
            same = left[index].Day == right[index].Day && left[index].State == right[index].State
                && left[index].Use.Equals(right[index].Use) && left[index].Drivers.SequenceEqual(right[index].Drivers);
        }

        return same;
    }
}
