using Metering.Analytics.CountryPacks;
using Metering.Analytics.Effluent;
using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store;
using LabResult = Metering.Programme.Kinds.LabResult;
using Sample = Metering.Analytics.Effluent.LabResult;

namespace Metering.Cloud.Plants;

/// <summary>A parameter of a discharge: its newest result, its limits by kind, and what it carries away.</summary>
internal sealed record DischargeRow
{
    /// <summary>The parameter as it was written last.</summary>
    public required string Parameter { get; init; }

    /// <summary>Its newest result.</summary>
    public required LabResult Newest { get; init; }

    /// <summary>The newest judgement against each kind of limit; empty when the country pack has none for it.</summary>
    public required IReadOnlyList<ComplianceFinding> Findings { get; init; }

    /// <summary>Load of the month of its newest result; null when it cannot be stated.</summary>
    public LoadResult? Load { get; init; }

    /// <summary>Why there is no load; null when there is one.</summary>
    public EffluentReasonKind? NoLoad { get; init; }
}

/// <summary>The discharge of a plant against its limits.</summary>
internal sealed record DischargeBoard
{
    /// <summary>Days of results looked at.</summary>
    public const int Days = 400;

    private const string Authority = "MX";

    // An expanded uncertainty of a laboratory is two standard uncertainties (NMX-EC-17025-IMNC, JCGM 100:2008 6.3.3).
    private const double CoverageFactor = 2;

    /// <summary>Where the effluent goes; null when the register does not say.</summary>
    public required DischargeKind? Discharge { get; init; }

    /// <summary>Its parameters, by name.</summary>
    public required IReadOnlyList<DischargeRow> Rows { get; init; }

    /// <summary>The counter of the effluent; null when the plant has none.</summary>
    public required StoredChannel? Flow { get; init; }

    /// <summary>The discharge of a plant; samples without a time are taken at noon, composites over the whole day.</summary>
    /// <param name="store">The readings.</param>
    /// <param name="plant">The plant.</param>
    /// <param name="flow">Counter of its effluent in m3; null without.</param>
    /// <param name="register">The register.</param>
    /// <param name="now">The present.</param>
    public static DischargeBoard Of(IReadingStore store, Plant plant, StoredChannel? flow, RegisterSnapshot register, DateTimeOffset now)
    {
        DateOnly today = PlantCalendar.DayOf(now.ToUnixTimeMilliseconds(), plant.Zone);
        DischargeKind? discharge = register.Find<PlantRecord>(plant.Id)?.Discharge;
        LabResult[] results = [.. register.All<LabResult>().Where(result => result.Plant == plant.Id && result.SampledOn >= today.AddDays(-Days) && result.SampledOn <= today)];
        IReadOnlyList<FlowInterval> volumes = results.Length == 0 || flow?.Channel.Unit != "m3" ? [] : Volumes(store, plant, flow, results.Min(result => result.SampledOn), today);
        LoadOptions meter = new() { FlowSharedPercent = MeterClass.StandardUncertaintyPercent(ClassOf(flow, plant.Id, register)) };
        List<DischargeRow> rows = [];
        foreach (IGrouping<string, LabResult> group in results.GroupBy(result => DischargeCheck.ParameterOf(result.Parameter) ?? result.Parameter.ToUpperInvariant()).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            rows.Add(Row(plant, discharge, group, (volumes, meter), today));
        }

        return new() { Discharge = discharge, Rows = rows, Flow = flow };
    }

    // Accuracy class of the meter behind a counter, as its record has it.
    private static string? ClassOf(StoredChannel? flow, string plant, RegisterSnapshot register) =>
        flow is null ? null : ResourceMeters.MetersByChannel(register, plant).GetValueOrDefault(new(flow.Gateway, flow.Channel.Id))?.AccuracyClass;

    private static DischargeRow Row(Plant plant, DischargeKind? discharge, IGrouping<string, LabResult> group, (IReadOnlyList<FlowInterval> Flow, LoadOptions Options) metered, DateOnly today)
    {
        LabResult newest = group.OrderBy(result => result.SampledOn).ThenBy(result => result.Id, StringComparer.Ordinal).Last();
        DateOnly month = new(newest.SampledOn.Year, newest.SampledOn.Month, 1);
        Sample[] samples = [.. group.Select(result => SampleOf(result, group.Key, plant.Zone))];
        List<DischargeLimit> limits = DischargeCheck.PrefixOf(discharge) is { } prefix ? Limits(prefix, group.Key) : [];
        IReadOnlyList<ComplianceFinding> findings = limits.Count == 0 ? [] : Compliance.Judge(new()
        {
            Limits = limits,
            Results = samples,
            Flow = metered.Flow,
            Authority = Authority,
            ReceivingBody = limits[0].ReceivingBody,
            Period = Period.FromDays(month.AddMonths(-1), month.AddMonths(1).AddDays(-1), plant.Zone),
            Zone = plant.Zone,
        });
        DateOnly last = month.AddMonths(1).AddDays(-1);
        LoadOutcome load = EffluentLoad.Compute(new()
        {
            Period = Period.FromDays(month, last < today ? last : today, plant.Zone),
            Flow = metered.Flow,
            Options = metered.Options,
            Results = [.. samples.Where(sample => PlantCalendar.DayOf(sample.Taken.StartUtcMilliseconds, plant.Zone) >= month)],
        });
        return new()
        {
            Parameter = newest.Parameter,
            Newest = newest,
            Findings = [.. findings.GroupBy(finding => finding.Kind).Select(Newest).OrderBy(finding => finding.Kind)],
            Load = load.Result,
            NoLoad = load.Result is null ? load.Reasons.Select(reason => (EffluentReasonKind?)reason.Kind).FirstOrDefault() : null,
        };
    }

    // Of each kind the newest that could be judged; when none could, the newest with its reason.
    private static ComplianceFinding Newest(IEnumerable<ComplianceFinding> findings)
    {
        ComplianceFinding[] ordered = [.. findings.OrderBy(finding => finding.Day)];
        return ordered.LastOrDefault(finding => finding.Verdict != Analytics.Effluent.Verdict.CannotBeJudged) ?? ordered[^1];
    }

    /// <summary>A result as a sample: a composite stands for its whole day, a grab for noon.</summary>
    public static Sample SampleOf(LabResult result, string parameter, TimeZoneInfo zone)
    {
        long start = PlantCalendar.StartOfDay(result.SampledOn, zone);
        long end = PlantCalendar.StartOfDay(result.SampledOn.AddDays(1), zone);
        bool isGrab = result.Sample == SampleKind.Instant;
        long noon = start + ((end - start) / 2);
        return new()
        {
            Number = result.Id,
            Parameter = parameter,
            Sample = isGrab ? SampleType.Grab : SampleType.Composite,
            Taken = isGrab ? new(noon, noon) : new(start, end),
            Value = new((double)result.Value.Amount, result.IsBelowLimit),
            StandardUncertaintyPercent = (double?)result.UncertaintyPercent / CoverageFactor ?? double.NaN,
            Unit = UnitOf(result.Value.Unit),
            Method = result.Method,
            Laboratory = result.Laboratory,
        };
    }

    private static ConcentrationUnit UnitOf(string unit) => unit switch
    {
        "mg/L" => ConcentrationUnit.MilligramPerLitre,
        "mL/L" => ConcentrationUnit.MillilitrePerLitre,
        "pH" => ConcentrationUnit.Ph,
        "Cel" or "degC" => ConcentrationUnit.DegreeCelsius,
        "MPN/100mL" or "count/100mL" => ConcentrationUnit.CountPerHundredMillilitres,
        "TU" => ConcentrationUnit.ToxicityUnit,
        _ => ConcentrationUnit.Unspecified,
    };

    // A limit for any sample is held against instants; the lower bound of pH is a row of its own in the pack.
    private static List<DischargeLimit> Limits(string prefix, string parameter)
    {
        List<DischargeLimit> limits = [];
        foreach (PackRow row in CountryPack.Mexico.Table("discharge-limits").Rows)
        {
            (string body, string kind) = (prefix + "." + parameter, row["kind"]);
            bool isLow = row.Id == body + "-min." + kind;
            if (row.Value is not { } value || (!isLow && row.Id != body + "." + kind))
            {
                continue;
            }

            LimitKind own = kind switch { "day" => LimitKind.Daily, "month" => LimitKind.Monthly, _ => LimitKind.Instant };
            int same = limits.FindIndex(limit => limit.Kind == own && limit.Validity.Start == row.ValidFrom);
            DischargeLimit limit = same >= 0 ? limits[same] : new()
            {
                Authority = Authority,
                ReceivingBody = row["body"],
                Parameter = parameter,
                Kind = own,
                Unit = UnitOf(row.Unit),
                Validity = new(row.ValidFrom, row.ValidTo?.AddDays(1) ?? DateOnly.MaxValue),
                Note = new(row.Source, row.Confidence switch { PackConfidence.OfficialText => SourceConfidence.Official, PackConfidence.FromMemoryToVerify => SourceConfidence.FromMemory, _ => SourceConfidence.Secondary }),
            };
            limit = isLow ? limit with { Low = (double)value } : limit with { High = (double)value };
            if (same >= 0)
            {
                limits[same] = limit;
            }
            else
            {
                limits.Add(limit);
            }
        }

        return limits;
    }

    private static List<FlowInterval> Volumes(IReadingStore store, Plant plant, StoredChannel flow, DateOnly first, DateOnly last)
    {
        IntervalReadings days = store.ReadIntervals(new()
        {
            Gateway = flow.Gateway,
            Channel = flow.Channel.Id,
            FromUtcMilliseconds = PlantCalendar.StartOfDay(first, plant.Zone),
            ToUtcMilliseconds = PlantCalendar.StartOfDay(last.AddDays(1), plant.Zone),
            Step = RollupStep.Day,
            Zone = plant.Zone,
        });
        List<FlowInterval> volumes = [];
        for (int index = 0; index < days.Count; index++)
        {
            volumes.Add(new(new(days.BordersUtcMilliseconds[index], days.BordersUtcMilliseconds[index + 1]), days.Value[index]));
        }

        return volumes;
    }
}
