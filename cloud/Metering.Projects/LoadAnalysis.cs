namespace Metering.Projects;

/// <summary>The quarters of an hour of one period in order of size, in the resource's unit per quarter of an hour.</summary>
internal sealed record LoadAnalysis
{
    /// <summary>Steps from the largest to the smallest quarter of an hour.</summary>
    public const int Steps = 100;

    private const double BaseShare = 0.05;
    private const int NightSlots = 5 * 4;

    /// <summary>The period.</summary>
    public required DayPhase Phase { get; init; }

    /// <summary>Load that is exceeded in so many percent of the known quarters of an hour, 0 to 100: 101 values, falling.</summary>
    public required IReadOnlyList<double> Exceeded { get; init; }

    /// <summary>Base load: exceeded in 95 % of the time.</summary>
    public required double Base { get; init; }

    /// <summary>Night load: mean from midnight to five; NaN when no night is known.</summary>
    public required double Night { get; init; }

    /// <summary>Mean load.</summary>
    public required double Mean { get; init; }

    /// <summary>Known quarters of an hour.</summary>
    public required int Count { get; init; }

    /// <summary>The load of the baseline and of the reporting period; a period without any known quarter of an hour is left out.</summary>
    /// <param name="carpet">The quarters of an hour.</param>
    /// <param name="days">The days of the carpet, in its order.</param>
    public static IReadOnlyList<LoadAnalysis> Of(Carpet carpet, IReadOnlyList<ProjectDay> days)
    {
        List<LoadAnalysis> loads = [];
        foreach (DayPhase phase in (DayPhase[])[DayPhase.Baseline, DayPhase.Reporting])
        {
            List<double> known = [];
            double night = 0;
            int nights = 0;
            for (int day = 0; day < carpet.Days; day++)
            {
                for (int slot = 0; slot < Carpet.Slots && days[day].Phase == phase; slot++)
                {
                    double value = carpet.Values[(day * Carpet.Slots) + slot];
                    if (double.IsFinite(value))
                    {
                        known.Add(value);
                        night += slot < NightSlots ? value : 0;
                        nights += slot < NightSlots ? 1 : 0;
                    }
                }
            }

            if (known.Count > 0)
            {
                known.Sort();
                double[] exceeded = new double[Steps + 1];
                for (int step = 0; step < exceeded.Length; step++)
                {
                    exceeded[step] = At(known, 1 - (step / (double)Steps));
                }

                loads.Add(new()
                {
                    Phase = phase,
                    Exceeded = exceeded,
                    Base = At(known, BaseShare),
                    Night = nights == 0 ? double.NaN : night / nights,
                    Mean = known.Sum() / known.Count,
                    Count = known.Count,
                });
            }
        }

        return loads;
    }

    private static double At(List<double> ascending, double share) => ascending[(int)Math.Round((ascending.Count - 1) * share)];
}
