using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Tests.Projects;

/// <summary>A project over registers read at each midnight, derived from a seed: production explains use, the saving is known.</summary>
internal sealed class SampleProject
{
    public const double Saving = 0.15;

    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    private static readonly ChannelName Use = new("g", "m.use");
    private static readonly ChannelName Made = new("g", "m.made");
    private static readonly ChannelName Idle = new("g", "m.idle");

    private readonly Random random;
    private readonly int seed;

    public SampleProject(int seed)
    {
        this.seed = seed;
        random = new(seed);
    }

    /// <summary>Use added per day from <see cref="EventFirst"/> on: a change that no driver explains.</summary>
    public double EventUse { get; init; }

    public DateOnly EventFirst { get; init; } = new(2026, 6, 1);

    public DateOnly EventLast { get; init; } = new(2026, 12, 31);

    public static Project Project { get; } = new()
    {
        Id = "p",
        Plant = new("plant", new("p", "p"), "tannery", "Guanajuato", Zone, IsSimulated: true),
        Title = new("t", "t"),
        Measure = new("m", "m"),
        Resource = Resource.Electricity,
        Use = Use,
        Drivers = [new("production", DriverKind.Difference, Made, 0), new("occupancy", DriverKind.Difference, Idle, 0)],
        Baseline = new(new(2025, 1, 1), new(2025, 12, 31)),
        Installation = new(new(2026, 1, 1), new(2026, 1, 31)),
        Reporting = new(new(2026, 2, 1), new(2026, 10, 31)),
        ConfidencePercent = 90,
    };

    public static EventProposal Step(DateOnly first, EventPeriod period) => new()
    {
        Kind = EventKind.StepChange,
        Period = period,
        FromUtcMilliseconds = PlantCalendar.StartOfDay(first, Zone),
        ToUtcMilliseconds = null,
        LastUtcMilliseconds = PlantCalendar.StartOfDay(Project.Reporting.Last, Zone),
        SizePerInterval = 0,
        SizeHalfWidth = 0,
        Total = 0,
        ExpectedTotal = 0,
        TotalDateDeviation = 0,
        Intervals = 1,
        ShownUtcMilliseconds = [],
        LikelihoodGain = 0,
        Penalty = 0,
        IsNearInstallation = false,
    };

    public ProjectResult Analyse(params EventDecision[] decisions) =>
        ProjectAnalysis.Run(Project, Inputs(decisions), $"seed {seed}");

    public ProjectInputs Inputs(params EventDecision[] decisions)
    {
        List<long> instants = [];
        List<long> use = [];
        List<long> made = [];
        List<long> idle = [];
        (double uses, long pieces, long idles) = (1000, 5000, 300);
        for (DateOnly day = Project.Baseline.First; day <= Project.Reporting.Last.AddDays(1); day = day.AddDays(1))
        {
            instants.Add(PlantCalendar.StartOfDay(day, Zone));
            use.Add((long)Math.Round(uses * 100));
            made.Add(pieces);
            idle.Add(idles);
            int today = day.DayOfWeek == DayOfWeek.Sunday ? 0 : 300 + random.Next(200);
            double model = 400 + (1.5 * today) + (30 * Normal());
            uses += (model * (day >= Project.Reporting.First ? 1 - Saving : 1)) + (day >= EventFirst && day <= EventLast ? EventUse : 0);
            pieces += today;
            idles += 20 + random.Next(30);
        }

        return new()
        {
            Readings = new Dictionary<ChannelName, ChannelReadings>
            {
                [Use] = Readings("m.use", "kWh", 2, instants, use),
                [Made] = Readings("m.made", "pieces", 0, instants, made),
                [Idle] = Readings("m.idle", "pieces", 0, instants, idle),
            },
            Evidence = [],
            Decisions = decisions,
        };
    }

    private static ChannelReadings Readings(string id, string unit, int decimals, List<long> instants, List<long> values) => new(
        new() { Id = id, Meter = "m", Unit = unit, Kind = ChannelKind.Counter, DecimalPlaces = decimals, Profile = "p/1" },
        [.. instants],
        [.. values],
        [.. instants.Select(_ => true)]);

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
