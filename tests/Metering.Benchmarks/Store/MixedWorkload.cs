using Metering.Readings;

namespace Metering.Benchmarks.Store;

/// <summary>What a point of the workload measures.</summary>
internal enum PointKind
{
    /// <summary>Energy register in 0.1 kWh that rolls over at 999,999.9.</summary>
    Energy,

    /// <summary>Water register in 0.01 m3.</summary>
    Water,

    /// <summary>Electric power, at the resolution asked for.</summary>
    Power,

    /// <summary>Flow in 0.01 m3/h.</summary>
    Flow,

    /// <summary>pH in 0.01.</summary>
    Acidity,
}

/// <summary>The readings of one point, ascending; each has a value.</summary>
internal sealed record PointReadings(long[] UtcMilliseconds, long[] ScaledValues, ReadingQuality[] Qualities)
{
    public int Count => UtcMilliseconds.Length;
}

/// <summary>
/// Twenty points of a plant with shifts, nights and Sundays, one reading a minute: four each of an energy and a water
/// register, power, flow and pH. A year of a point has 0.4 % single misses and 26 gaps of some hours (both without a reading),
/// 0.1 % of the readings suspect, and 2 resets and rollovers where it is a register. From integers and a seed alone, so that
/// every run and machine sees the same readings.
/// </summary>
/// <param name="hasNoisyPower">Power with all 24 bits of a meter's float32 register, in mW; else to 1 W, as a profile would ask for it.</param>
/// <param name="seed">Another seed, another plant.</param>
internal sealed class MixedWorkload(bool hasNoisyPower, ulong seed = 1)
{
    public const int PointCount = 20;
    public const int MinutesPerDay = 1440;
    public const long Start = 1_704_067_200_000;
    public const long Minute = 60_000;
    private const int KindCount = 5;
    private const int MinutesPerYear = 525_600;
    private const int GapsPerYear = 26;
    private const int ResetsPerYear = 2;
    private const int ShortestGapMinutes = 20;
    private const int GapSpreadMinutes = 310;
    private const int MissesPerThousand = 4;
    private const int SuspectsPerThousand = 1;
    private const long EnergyModulus = 10_000_000;
    private const long WaterModulus = 10_000_000;

    public static PointKind KindOf(int point) => (PointKind)(point % KindCount);

    /// <summary>The points as channels.</summary>
    public Channel[] Channels() => [.. Enumerable.Range(0, PointCount).Select(ChannelOf)];

    /// <summary>The readings of a point from <see cref="Start"/> on.</summary>
    public PointReadings Generate(int point, int days)
    {
        int minutes = days * MinutesPerDay;
        long[] instants = new long[minutes];
        long[] values = new long[minutes];
        ReadingQuality[] qualities = new ReadingQuality[minutes];
        Noise noise = new(seed, point);
        Meter meter = new(KindOf(point), point, hasNoisyPower);
        int count = 0;
        int gap = 0;
        for (int minute = 0; minute < minutes; minute++)
        {
            long value = meter.Next(minute, ref noise);
            gap = gap > 0 ? gap - 1 : noise.Below(MinutesPerYear) < GapsPerYear ? ShortestGapMinutes + noise.Below(GapSpreadMinutes) : 0;
            if (gap > 0 || noise.Below(1000) < MissesPerThousand)
            {
                continue;
            }

            instants[count] = Start + (minute * Minute);
            values[count] = value;
            qualities[count++] = noise.Below(1000) < SuspectsPerThousand ? ReadingQuality.Uncertain(QualityReason.Late) : ReadingQuality.Good;
        }

        return new(instants[..count], values[..count], qualities[..count]);
    }

    private Channel ChannelOf(int point)
    {
        PointKind kind = KindOf(point);
        (string name, string unit, int decimals, long? modulus) = kind switch
        {
            PointKind.Energy => ("active-energy-import", "kWh", 1, EnergyModulus),
            PointKind.Water => ("volume", "m3", 2, WaterModulus),
            PointKind.Power => ("active-power", "kW", hasNoisyPower ? 6 : 3, (long?)null),
            PointKind.Flow => ("flow", "m3/h", 2, null),
            _ => ("acidity", "pH", 2, null),
        };
        return new()
        {
            Id = $"point{point}.{name}",
            Meter = $"point{point}",
            Unit = unit,
            Kind = modulus is null ? ChannelKind.Gauge : ChannelKind.Counter,
            DecimalPlaces = decimals,
            Modulus = modulus,
            Profile = "simulated-plant/1",
        };
    }

    /// <summary>SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).</summary>
    private struct Noise(ulong seed, int point)
    {
        private ulong _state = unchecked((seed * 0x9E3779B97F4A7C15UL) ^ ((ulong)(point + 1) << 40));

        public int Below(int limit) => (int)((Next() >> 33) % (ulong)limit);

        /// <summary>Close to normal: mean 0, standard deviation as given, from four uniform numbers of 16 bits.</summary>
        public long Normal(long deviation)
        {
            ulong bits = Next();
            long sum = (long)(bits & 0xFFFF) + (long)((bits >> 16) & 0xFFFF) + (long)((bits >> 32) & 0xFFFF) + (long)(bits >> 48);

            // The sum of four has a mean of 131,070 and a standard deviation of 65,536 / sqrt(3) = 37,837.
            return (sum - 131_070) * deviation / 37_837;
        }

        private ulong Next()
        {
            unchecked
            {
                _state += 0x9E3779B97F4A7C15UL;
                ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
                mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
                return mixed ^ (mixed >> 31);
            }
        }
    }

    /// <summary>One meter, minute by minute; everything in thousandths of its unit or finer.</summary>
    private struct Meter(PointKind kind, int point, bool isNoisy)
    {
        private const long MilliwattMinutesPerStep = 6_000_000;
        private const long LitresTimesSixtyPerStep = 600;
        private readonly int _size = 1 + (point / KindCount);
        private long _register = kind == PointKind.Energy ? EnergyModulus - 1_000_000 : 4_000_000;
        private long _fraction;
        private long _wander;

        public long Next(int minute, ref Noise noise)
        {
            int load = LoadPercent(minute);
            switch (kind)
            {
                case PointKind.Energy:
                    bool isReset = noise.Below(MinutesPerYear) < ResetsPerYear;
                    return Count(Milliwatts(load, ref noise), MilliwattMinutesPerStep, EnergyModulus, isReset);
                case PointKind.Water:
                    isReset = noise.Below(MinutesPerYear) < ResetsPerYear;
                    return Count(LitresPerHour(load, ref noise), LitresTimesSixtyPerStep, WaterModulus, isReset);
                case PointKind.Power:
                    // A float32 register of watts carries 24 bits; all of them are kept or the value is rounded to 1 W.
                    float watts = Milliwatts(load, ref noise) / 1000f;
                    return isNoisy ? (long)Math.Round((double)watts * 1000) : (long)Math.Round((double)watts);
                case PointKind.Flow:
                    return LitresPerHour(load, ref noise) / 10;
                default:
                    // Slow changes of the bath within +-1.2, and 0.02 of noise of the probe.
                    _wander = Math.Clamp(_wander + noise.Normal(4), -1200, 1200);
                    return (7400 + _wander + noise.Normal(20)) / 10;
            }
        }

        private static int LoadPercent(int minute)
        {
            int day = minute / MinutesPerDay % 7;
            int hour = minute % MinutesPerDay / 60;
            return day == 6 ? 8 : hour switch
            {
                < 6 => 15,
                < 14 => 100,
                < 22 => 80,
                _ => 15,
            };
        }

        private readonly long Milliwatts(int load, ref Noise noise)
        {
            long level = 300_000L * _size * load;
            return level + noise.Normal(level / 100);
        }

        private readonly long LitresPerHour(int load, ref Noise noise) =>
            load < 10 ? 0 : Math.Max(0, (18L * _size * load) + noise.Normal(60));

        private long Count(long rate, long ratePerStep, long modulus, bool isReset)
        {
            _fraction += rate;
            long steps = _fraction / ratePerStep;
            _fraction -= steps * ratePerStep;
            _register = isReset ? 0 : (_register + steps) % modulus;
            return _register;
        }
    }
}
