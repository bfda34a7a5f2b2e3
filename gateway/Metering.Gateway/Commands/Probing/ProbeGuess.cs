using System.Globalization;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Diagnosis;
using Metering.Meters.Registers;

namespace Metering.Gateway.Commands.Probing;

/// <summary>What speaks for one way of decoding.</summary>
internal enum ProbeMark
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A voltage of a usual supply.</summary>
    Voltage,

    /// <summary>The frequency of a supply.</summary>
    Frequency,

    /// <summary>It rose between the two readings, and not by much.</summary>
    Rising,

    /// <summary>It cannot be: no number, or beyond anything a meter shows.</summary>
    Impossible,
}

/// <summary>Registers read twice from one place.</summary>
/// <param name="Table">Holding or input registers.</param>
/// <param name="Address">Address of the first, 0-based.</param>
/// <param name="First">What they held.</param>
/// <param name="Second">What they held some seconds later; null when it was not asked or not answered.</param>
internal sealed record ProbeSpan(ModbusTable Table, ushort Address, ushort[] First, ushort[]? Second);

/// <summary>One way of decoding the registers of one place.</summary>
internal sealed record ProbeGuess
{
    private const int Weight = 4;
    private const int LongestScale = 3;
    private const double LargestCredible = 1e13;
    private const double SmallestCredible = 1e-6;
    private const double LargestShareOfRise = 0.01;
    private const double SmallestRiseLimit = 1000;

    public required ModbusTable Table { get; init; }

    public required ushort Address { get; init; }

    /// <summary>Registers between this place and the one asked for: -1, 0 or 1.</summary>
    public required int Shift { get; init; }

    public required RegisterFormat Format { get; init; }

    public required WordOrder Order { get; init; }

    /// <summary>The value as the registers hold it.</summary>
    public required double Raw { get; init; }

    /// <summary>The value some seconds later.</summary>
    public double? Later { get; init; }

    /// <summary>Decimal places with which an integer becomes what the mark says; 0 for the value as it stands.</summary>
    public int Decimals { get; init; }

    public ProbeMark Mark { get; init; }

    /// <summary>How much speaks for it; the largest is the best guess.</summary>
    public int Score { get; init; }

    /// <summary>The value with its decimals, as text that reads back.</summary>
    internal string ValueText => Format is RegisterFormat.Float32 ? ((float)Raw).ToString("G7", CultureInfo.InvariantCulture)
        : Decimals == 0 ? Raw.ToString("G15", CultureInfo.InvariantCulture)
        : (Raw / Math.Pow(10, Decimals)).ToString($"F{Decimals}", CultureInfo.InvariantCulture);

    /// <summary>
    /// Every way of decoding what was read, the best guess first. Of neighbours that speak equally, the one before comes first: a manual that
    /// counts from 1 is the usual reason.
    /// </summary>
    /// <param name="spans">What was read.</param>
    /// <param name="register">The register asked for.</param>
    /// <param name="count">How many registers the value should take, 0 when not known.</param>
    internal static IReadOnlyList<ProbeGuess> All(IEnumerable<ProbeSpan> spans, int register, int count)
    {
        List<ProbeGuess> guesses = [];
        foreach (ProbeSpan span in spans)
        {
            foreach (RegisterFormat format in Formats.Where(format => format.RegisterCount() <= span.First.Length))
            {
                foreach (WordOrder order in Orders.Where(order => format.RegisterCount() > 1 || order is WordOrder.Abcd or WordOrder.Badc))
                {
                    guesses.Add(Decode(span, format, order, span.Address - register, count));
                }
            }
        }

        return [.. guesses.OrderByDescending(guess => guess.Score).ThenBy(guess => guess.Shift == 1 ? 2 : -guess.Shift).ThenBy(guess => guess.Order).ThenBy(guess => guess.Format)];
    }

    private static readonly RegisterFormat[] Formats =
        [RegisterFormat.UInt16, RegisterFormat.Int16, RegisterFormat.UInt32, RegisterFormat.Int32, RegisterFormat.UInt64, RegisterFormat.Float32, RegisterFormat.Float64];

    private static readonly WordOrder[] Orders = [WordOrder.Abcd, WordOrder.Cdab, WordOrder.Badc, WordOrder.Dcba];

    private static ProbeGuess Decode(ProbeSpan span, RegisterFormat format, WordOrder order, int shift, int count)
    {
        double raw = Value(span.First, format, order);
        double? later = span.Second is null ? null : Value(span.Second, format, order);
        (ProbeMark mark, int decimals, int score) = Judge(raw, later, format);
        if (score > 0)
        {
            score = Math.Max(1, (Weight * (score - Doubts(span.First, format, order, count))) + (shift == 0 ? 2 : 0) + (order == WordOrder.Abcd ? 1 : 0));
        }

        return new()
        {
            Table = span.Table, Address = span.Address, Shift = shift, Format = format, Order = order, Raw = raw, Later = later, Mark = mark, Decimals = decimals, Score = score,
        };
    }

    private static (ProbeMark Mark, int Decimals, int Score) Judge(double raw, double? later, RegisterFormat format)
    {
        bool isFloat = format is RegisterFormat.Float32 or RegisterFormat.Float64;
        if (!double.IsFinite(raw) || Math.Abs(raw) > LargestCredible || (isFloat && raw != 0 && Math.Abs(raw) < SmallestCredible))
        {
            return (ProbeMark.Impossible, 0, 0);
        }

        (ProbeMark Mark, int Decimals, int Score) best = default;
        for (int decimals = 0; decimals <= (isFloat ? 0 : LongestScale); decimals++)
        {
            PlausibleValue plausible = Plausibility.Of(raw / Math.Pow(10, decimals));
            bool isFrequency = plausible.Kind == PlausibleKind.Frequency;

            // A binary32 that lies at a supply's value by chance is rare; an integer that does is not, least of all one without decimals.
            int score = !plausible.IsPlausible ? 0 : (2 * plausible.Score) + (isFloat ? 3 : decimals switch { 0 => -3, LongestScale => -2, _ => -1 }) + (isFrequency ? 1 : 0);
            if (score > best.Score)
            {
                best = (isFrequency ? ProbeMark.Frequency : ProbeMark.Voltage, decimals, score);
            }
        }

        double rise = later - raw ?? 0;
        bool isRising = raw > 0 && rise > 0 && rise <= Math.Max(SmallestRiseLimit, raw * LargestShareOfRise);
        int risingScore = isRising ? 4 + (isFloat ? 1 : 0) + (format.RegisterCount() == 1 ? -1 : 1) : 0;
        return risingScore > best.Score ? (ProbeMark.Rising, 0, risingScore) : best;
    }

    // What speaks against a way of decoding that gave a possible value.
    private static int Doubts(ushort[] words, RegisterFormat format, WordOrder order, int count)
    {
        int doubts = order is WordOrder.Badc or WordOrder.Dcba ? 1 : 0;
        doubts += count > 0 && format.RegisterCount() != count ? 3 : 0;

        // The low word of a measured binary32 is hardly ever 0: more likely it is the neighbour's word.
        ulong bits = RegisterDecoder.Compose(words.AsSpan(0, format.RegisterCount()), order);
        doubts += format is RegisterFormat.Float32 or RegisterFormat.Float64 && (bits & ushort.MaxValue) == 0 ? 2 : 0;

        // A number of four registers whose upper half is 0 is more simply one of two.
        doubts += format is RegisterFormat.UInt64 && bits <= uint.MaxValue ? 1 : 0;
        return doubts;
    }

    // The codec gives scaled integers with at most nine decimals; for a look at any bits the plain value is wanted.
    private static double Value(ushort[] registers, RegisterFormat format, WordOrder order)
    {
        ulong bits = RegisterDecoder.Compose(registers.AsSpan(0, format.RegisterCount()), order);
        return format switch
        {
            RegisterFormat.Float32 => BitConverter.UInt32BitsToSingle((uint)bits),
            RegisterFormat.Float64 => BitConverter.UInt64BitsToDouble(bits),
            RegisterFormat.Int16 => unchecked((short)bits),
            RegisterFormat.Int32 => unchecked((int)bits),
            RegisterFormat.Int64 => unchecked((long)bits),
            _ => bits,
        };
    }
}
