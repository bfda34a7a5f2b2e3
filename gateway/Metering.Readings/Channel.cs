using System.Diagnostics;

namespace Metering.Readings;

/// <summary>What kind of register a channel reads.</summary>
public enum ChannelKind : byte
{
    /// <summary>A cumulative register: consumption is the difference of two readings.</summary>
    Counter = 0,

    /// <summary>An instantaneous value, such as a temperature.</summary>
    Gauge = 1,
}

/// <summary>What a channel is: everything needed to understand its integers without asking anyone.</summary>
public sealed record Channel
{
    /// <summary>The most decimal places a channel may have.</summary>
    public const int MaximumDecimalPlaces = 9;

    /// <summary>Identifier, unique within the gateway, see <see cref="Identifier"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The meter it belongs to, unique within the gateway.</summary>
    public required string Meter { get; init; }

    /// <summary>Unit of the value, one of <see cref="Units"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>Counter or gauge.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Decimal places k of value = integer x 10^-k, 0 to 9.</summary>
    public required int DecimalPlaces { get; init; }

    /// <summary>For a counter: the value at which it begins again at 0, in the same scaled integers; null when it never does or is unknown.</summary>
    public long? Modulus { get; init; }

    /// <summary>Device profile and its revision, such as "generic-energy/1".</summary>
    public required string Profile { get; init; }

    /// <summary>10^k, the divisor from scaled integer to unit.</summary>
    public long Divisor => PowersOfTen[DecimalPlaces];

    private static readonly long[] PowersOfTen =
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

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

    internal string KindText => Kind switch
    {
        ChannelKind.Counter => Modulus is long modulus ? string.Create(null, $"counter {modulus}") : "counter -",
        ChannelKind.Gauge => "gauge",
        _ => throw new UnreachableException(),
    };
}
