using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;
using Metering.Readings;

namespace Metering.Meters.Profiles;

/// <summary>How far the register map of a profile may be trusted.</summary>
public enum ProfileTrust
{
    /// <summary>The map of a simulated meter.</summary>
    Simulated = 0,

    /// <summary>Copied from the maker's document; nobody has compared it with a meter's display yet.</summary>
    FromDocument,

    /// <summary>Compared with the display of a real meter.</summary>
    Commissioned,
}

/// <summary>How often a value is read, of the intervals that the configuration gives.</summary>
public enum RateClass
{
    /// <summary>At the interval of the gateway.</summary>
    Normal = 0,

    /// <summary>More often, where the configuration gives a fast interval; else as normal.</summary>
    Fast,

    /// <summary>Less often, where the configuration gives a slow interval; else as normal.</summary>
    Slow,
}

/// <summary>Registers that stand together and are read together.</summary>
/// <param name="Table">Holding or input registers.</param>
/// <param name="Address">Address of the first, 0-based.</param>
/// <param name="Count">How many, 1-125.</param>
public readonly record struct RegisterSpan(ModbusTable Table, ushort Address, int Count)
{
    /// <summary>Address behind the last.</summary>
    public int End => Address + Count;
}

/// <summary>One value of a meter: where it stands and what it means.</summary>
public sealed record RegisterDefinition
{
    /// <summary>What is measured, an <see cref="Identifier"/>; the channel is called meter.quantity.</summary>
    public required string Quantity { get; init; }

    /// <summary>Holding or input registers.</summary>
    public required ModbusTable Table { get; init; }

    /// <summary>Address of the first register as it goes over the wire, 0-based.</summary>
    public required ushort Address { get; init; }

    /// <summary>Layout.</summary>
    public required RegisterFormat Format { get; init; }

    /// <summary>Order of the bytes.</summary>
    public required WordOrder Order { get; init; }

    /// <summary>Decimal places k: value = integer x 10^-k, 0-9.</summary>
    public required int Decimals { get; init; }

    /// <summary>Unit, one of <see cref="Units"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>Counter or gauge.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Where a counter begins again at 0, in scaled integers; null when unknown.</summary>
    public long? Modulus { get; init; }

    /// <summary>The most a counter can rise in an hour by the rating of the device, in scaled integers; null when its documents do not say.</summary>
    public long? MaximumStepsPerHour { get; init; }

    /// <summary>Document the rating comes from; null without one.</summary>
    public string? MaximumRateSource { get; init; }

    /// <summary>Scaled integers by which the meter says "not available".</summary>
    public required IReadOnlyList<long> Sentinels { get; init; }

    /// <summary>Smallest possible scaled integer.</summary>
    public long Minimum { get; init; } = long.MinValue;

    /// <summary>Largest possible scaled integer.</summary>
    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>How often it is read.</summary>
    public RateClass Rate { get; init; }

    /// <summary>Further addresses of the same format whose values are added, such as a second tariff.</summary>
    public IReadOnlyList<ushort> FurtherAddresses { get; init; } = [];

    /// <summary>Digits behind the point; the value's own registers then count whole units.</summary>
    public FractionRegister? Fraction { get; init; }

    /// <summary>How often the total began again at 0.</summary>
    public RolloverRegister? Rollovers { get; init; }

    /// <summary>How good the meter says the value is.</summary>
    public StatusRegister? Status { get; init; }

    /// <summary>The unit the meter says it counts in.</summary>
    public UnitRegister? UnitCode { get; init; }

    /// <summary>The place of the decimal point.</summary>
    public ExponentRegister? Exponent { get; init; }

    /// <summary>What the registers' number is multiplied by: the profile's multiplier and, once known, the ratio of the transformers.
    /// <see cref="Minimum"/>, <see cref="Maximum"/> and <see cref="Modulus"/> are meant after it, <see cref="Sentinels"/> before.</summary>
    public ExactRatio Factor { get; init; } = ExactRatio.One;

    /// <summary>Which transformer ratios the configuration must give, as the meter does not count them in.</summary>
    public TransformerSide Side { get; init; }

    /// <summary>Registers as they come over the wire by which the meter says "not available", each as long as the value's own.</summary>
    public IReadOnlyList<IReadOnlyList<ushort>> SentinelWords { get; init; } = [];

    /// <summary>Where this value comes from when it is not the profile's source; else null.</summary>
    public string? Source { get; init; }

    /// <summary>How far this value may be trusted when that differs from the profile; else null.</summary>
    public ProfileTrust? Trust { get; init; }

    /// <summary>How sure this value's place and scale are when that differs from the profile; else null.</summary>
    public Confidence? Confidence { get; init; }

    /// <summary>
    /// The registers it takes, the value's own first. A value is decoded from all of them in this order, see <see cref="RegisterValue"/>.
    /// Parts that stand one behind the other in this order are one span, so that they come from one moment.
    /// </summary>
    public IReadOnlyList<RegisterSpan> Spans
    {
        get
        {
            List<RegisterSpan> spans = [new(Table, Address, Format.RegisterCount())];
            foreach (ushort address in FurtherAddresses)
            {
                Append(spans, address, Format);
            }

            Append(spans, Fraction?.Address, Fraction?.Format);
            Append(spans, Rollovers?.Address, Rollovers?.Format);
            Append(spans, Status?.Address, Status?.Format);
            Append(spans, UnitCode?.Address, UnitCode?.Format);
            Append(spans, Exponent?.Address, Exponent?.Format);
            return spans;
        }
    }

    /// <summary>
    /// The distance of two neighbouring values that the meter's floating point format can tell apart, at a size of the value: what a total
    /// may be wrong by whatever the class of the meter. 1 kWh at 10,000,000 kWh for binary32.
    /// </summary>
    /// <param name="value">A size in the channel's unit.</param>
    /// <returns>The step in the channel's unit; null for integers, whose step is the last decimal.</returns>
    public double? ResolutionAt(double value)
    {
        double raw = Math.Abs(value) * Factor.Denominator / Factor.Numerator;
        double? step = Fraction is not null ? null : Format switch
        {
            RegisterFormat.Float32 => (double)MathF.BitIncrement((float)raw) - (float)raw,
            RegisterFormat.Float64 => Math.BitIncrement(raw) - raw,
            _ => null,
        };
        return step * Factor.Numerator / Factor.Denominator;
    }

    private void Append(List<RegisterSpan> spans, ushort? address, RegisterFormat? format)
    {
        if (address is not ushort first || format is not RegisterFormat layout)
        {
            return;
        }

        RegisterSpan last = spans[^1];
        if (last.End == first)
        {
            spans[^1] = last with { Count = last.Count + layout.RegisterCount() };
        }
        else
        {
            spans.Add(new(Table, first, layout.RegisterCount()));
        }
    }
}

/// <summary>A kind of meter as data: its register map, where the map comes from, and what the meter tolerates.</summary>
public sealed record DeviceProfile
{
    /// <summary>Name, an <see cref="Identifier"/>, also the file's name without its ending.</summary>
    public required string Name { get; init; }

    /// <summary>Revision of the profile, from 1; raised with every change of meaning.</summary>
    public required int Revision { get; init; }

    /// <summary>Document, edition and page the map comes from.</summary>
    public required string Source { get; init; }

    /// <summary>How far it may be trusted.</summary>
    public required ProfileTrust Trust { get; init; }

    /// <summary>Registers without a meaning of ours that one request may read across, 0-64. 0 unless the meter is known to
    /// answer them: many meters answer such a request with exception 2, and the whole block is lost.</summary>
    public int MaximumHole { get; init; }

    /// <summary>Registers the meter gives in one request, 4-125.</summary>
    public int MaximumRegisters { get; init; } = 125;

    /// <summary>Whether one request may read several values. False for devices whose values are wider than the step of their addresses.</summary>
    public bool Coalesce { get; init; } = true;

    /// <summary>How long the device usually takes to begin its answer; null when its document does not say.</summary>
    public TimeSpan? Turnaround { get; init; }

    /// <summary>Silence it needs between two requests; null when its document does not say.</summary>
    public TimeSpan? MinimumGap { get; init; }

    /// <summary>How long it must be given to answer; null when the bus's answer timeout will do.</summary>
    public TimeSpan? AnswerTimeout { get; init; }

    /// <summary>Its maker; null in profiles of simulated meters.</summary>
    public string? Maker { get; init; }

    /// <summary>The family its models belong to; null when it stands alone.</summary>
    public string? Family { get; init; }

    /// <summary>The models this map is for.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Editions of the documents, firmware or protocol the map was taken from.</summary>
    public IReadOnlyList<string> Editions { get; init; } = [];

    /// <summary>What it measures; null in profiles of simulated meters.</summary>
    public Medium? Medium { get; init; }

    /// <summary>How sure the map is; null in profiles of simulated meters.</summary>
    public Confidence? Confidence { get; init; }

    /// <summary>How a device of this kind can be told from others; empty when no way is known.</summary>
    public IReadOnlyList<Identification> Identification { get; init; } = [];

    /// <summary>Registers whose writing resets or reconfigures the device.</summary>
    public IReadOnlyList<Hazard> Hazards { get; init; } = [];

    /// <summary>The values.</summary>
    public required IReadOnlyList<RegisterDefinition> Registers { get; init; }

    /// <summary>Name and revision as they stand in a channel, such as simulated-energy/1.</summary>
    public string Reference => string.Create(null, $"{Name}/{Revision}");

    /// <summary>The channels of a meter with this profile, in the order of <see cref="Registers"/>.</summary>
    public IReadOnlyList<Channel> ChannelsOf(string meter)
    {
        string reference = Reference;
        return
        [
            .. Registers.Select(register => new Channel
            {
                Id = $"{meter}.{register.Quantity}",
                Meter = meter,
                Unit = register.Unit,
                Kind = register.Kind,
                DecimalPlaces = register.Decimals,
                Modulus = register.Modulus,
                Profile = reference,
            }),
        ];
    }
}
