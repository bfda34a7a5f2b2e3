using System.Diagnostics;
using System.Globalization;

namespace Metering.Readings;

/// <summary>What kind of register a channel reads.</summary>
public enum ChannelKind : byte
{
    /// <summary>A cumulative register: consumption is the difference of two readings.</summary>
    Counter = 0,

    /// <summary>An instantaneous value, such as a temperature.</summary>
    Gauge = 1,
}

/// <summary>What a channel's integers stand for. The numbers are kept in outboxes and stores: only ever added to.</summary>
public enum ValueForm : byte
{
    /// <summary>value = integer x 10^-k: every meter's register, and every imported column that fits.</summary>
    Decimal = 0,

    /// <summary>
    /// The 64 bits of an IEEE 754 double in an order-preserving form, see <see cref="Binary64"/>: for imported gauges whose values
    /// no k holds exactly. Never a counter's: the sum of its differences would not be exact.
    /// </summary>
    Binary64 = 1,
}

/// <summary>What a channel is: everything needed to understand its integers without asking anyone.</summary>
public sealed record Channel
{
    /// <summary>The most decimal places a channel may have.</summary>
    public const int MaximumDecimalPlaces = 18;

    /// <summary>What stands in place of the decimal places on the wire when the form is <see cref="ValueForm.Binary64"/>.</summary>
    public const string Binary64Text = "binary64";

    /// <summary>What stands in place of the decimal places in a store's integer column when the form is <see cref="ValueForm.Binary64"/>.</summary>
    public const int Binary64Code = -1;

    /// <summary>Up to here an integer is exact as a double, so that one division rounds once: 2^53.</summary>
    private const long ExactIntegers = 1L << 53;

    /// <summary>The most decimal places that a meter's profile may give; only imports need more.</summary>
    public const int MaximumMeterDecimalPlaces = 9;

    /// <summary>Identifier, unique within the gateway, see <see cref="Identifier"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The meter it belongs to, unique within the gateway.</summary>
    public required string Meter { get; init; }

    /// <summary>Unit of the value, one of <see cref="Units"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>Counter or gauge.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Decimal places k of value = integer x 10^-k, 0 to 18; 0 when the form is <see cref="ValueForm.Binary64"/>.</summary>
    public required int DecimalPlaces { get; init; }

    /// <summary>What the integers stand for.</summary>
    public ValueForm Form { get; init; }

    /// <summary>For a counter: the value at which it begins again at 0, in the same scaled integers; null when it never does or is unknown.</summary>
    public long? Modulus { get; init; }

    /// <summary>Device profile and its revision, such as "generic-energy/1".</summary>
    public required string Profile { get; init; }

    /// <summary>10^k, the divisor from scaled integer to unit.</summary>
    public long Divisor => PowersOfTen[DecimalPlaces];

    /// <summary>The decimal places, or <see cref="Binary64Text"/>: what stands in a segment's header.</summary>
    public string DecimalsText => Form == ValueForm.Binary64 ? Binary64Text : DecimalPlaces.ToString(CultureInfo.InvariantCulture);

    /// <summary>The decimal places, or <see cref="Binary64Code"/>: what a store keeps.</summary>
    public int DecimalsCode => Form == ValueForm.Binary64 ? Binary64Code : DecimalPlaces;

    private static readonly long[] PowersOfTen = Powers();

    /// <summary>
    /// The value as a double: the one nearest to the exact decimal, or the very bits of a <see cref="ValueForm.Binary64"/>. This is
    /// the only place that turns a channel's integers into doubles.
    /// </summary>
    /// <param name="scaledValue">An integer of this channel.</param>
    /// <returns>The value in the channel's unit; finite for every integer that a batch may carry.</returns>
    public double ToDouble(long scaledValue)
    {
        if (Form == ValueForm.Binary64)
        {
            return Binary64.FromOrdered(scaledValue);
        }

        // Both are exact as doubles, so the division rounds once (IEEE 754, 5.1). Larger integers would be rounded twice.
        return scaledValue is >= -ExactIntegers and <= ExactIntegers || DecimalPlaces == 0
            ? scaledValue / (double)PowersOfTen[DecimalPlaces]
            : new ExactDecimal(scaledValue, DecimalPlaces).ToDouble();
    }

    /// <summary>The integer of this channel that stands for a double exactly: <see cref="ToDouble"/> gives the same double back.</summary>
    /// <returns>False when no integer of this channel does; also for NaN and infinities.</returns>
    public bool TryToScaled(double value, out long scaledValue)
    {
        scaledValue = 0;
        if (Form == ValueForm.Binary64)
        {
            scaledValue = double.IsFinite(value) ? Binary64.ToOrdered(value) : 0;
            return double.IsFinite(value);
        }

        return ExactDecimal.TryFrom(value, out ExactDecimal exact) && exact.TryScale(DecimalPlaces, out scaledValue);
    }

    /// <summary>This channel with the decimal places or the form that a store's integer column names.</summary>
    public Channel WithDecimalsCode(int code) => code == Binary64Code
        ? this with { DecimalPlaces = 0, Form = ValueForm.Binary64 }
        : this with { DecimalPlaces = code, Form = ValueForm.Decimal };

    /// <summary>Checks identifiers, unit, decimal places and modulus.</summary>
    /// <exception cref="ArgumentException">A field is outside its range; the message names it.</exception>
    public void Check()
    {
        _ = Identifier.Require(Id, nameof(Id));
        _ = Identifier.Require(Meter, nameof(Meter));
        if (!Units.IsKnown(Unit))
        {
            throw new ArgumentException($"unit '{Unit}' is not known; known units: {string.Join(", ", Units.All)}", nameof(Unit));
        }

        if (DecimalPlaces is < 0 or > MaximumDecimalPlaces)
        {
            throw new ArgumentException($"decimal places {DecimalPlaces} are outside 0 to {MaximumDecimalPlaces}", nameof(DecimalPlaces));
        }

        if (Form == ValueForm.Binary64 && (Kind != ChannelKind.Gauge || DecimalPlaces != 0))
        {
            throw new ArgumentException("binary64 values belong to a gauge and have no decimal places", nameof(Form));
        }

        if (Modulus is <= 0 || (Modulus is not null && Kind != ChannelKind.Counter))
        {
            throw new ArgumentException("a modulus is a positive number and belongs to a counter only", nameof(Modulus));
        }

        string[] profile = Profile.Split('/');
        if (profile.Length != 2 || !Array.TrueForAll(profile, part => Identifier.IsValid(part)))
        {
            throw new ArgumentException($"profile '{Profile}' is not of the form name/revision", nameof(Profile));
        }
    }

    private static long[] Powers()
    {
        long[] powers = new long[MaximumDecimalPlaces + 1];
        powers[0] = 1;
        for (int place = 1; place < powers.Length; place++)
        {
            powers[place] = checked(10 * powers[place - 1]);
        }

        return powers;
    }

    internal string KindText => Kind switch
    {
        ChannelKind.Counter => Modulus is long modulus ? string.Create(null, $"counter {modulus}") : "counter -",
        ChannelKind.Gauge => "gauge",
        _ => throw new UnreachableException(),
    };
}
