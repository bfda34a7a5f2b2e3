using Metering.Meters.Registers;
using Metering.Readings;

namespace Metering.Meters.Profiles;

/// <summary>Makes a value with its quality of the registers that a definition names.</summary>
public static class RegisterValue
{
    /// <summary>The most registers that one value may take, all its spans together.</summary>
    public const int MaximumRegisters = 32;

    /// <summary>
    /// Decodes one value. Allocates nothing. Integers stay exact, floating point is rounded once, sums are checked. What the meter says
    /// about the value counts before the value itself: a status that is not good, or a unit the profile was not made for.
    /// </summary>
    /// <param name="definition">What the registers mean.</param>
    /// <param name="registers">The registers of <see cref="RegisterDefinition.Spans"/>, one span after the other, each in the order of the wire.</param>
    /// <param name="scaledValue">The integer; 0 without meaning when there is none.</param>
    /// <param name="hasValue">Whether there is one. A value outside its limits, or one the meter calls bad, is kept: a person who looks for
    /// the cause needs it, and its quality keeps it out of every sum. A value in another unit is not kept: it would be a wrong number.</param>
    /// <returns>Good; bad with <see cref="QualityReason.Sentinel"/> (not available, or a status that says bad), <see cref="QualityReason.OutOfRange"/>
    /// (limits, infinity, overflow, an impossible part) or <see cref="QualityReason.UnexpectedReply"/> (another unit);
    /// uncertain without a reason when the meter says so.</returns>
    public static ReadingQuality Decode(RegisterDefinition definition, ReadOnlySpan<ushort> registers, out long scaledValue, out bool hasValue)
    {
        QualityClass state = QualityClass.Good;
        int decade = 0;
        int width = definition.Format.RegisterCount();
        int valueCount = width * (1 + definition.FurtherAddresses.Count)
            + (definition.Fraction?.Format.RegisterCount() ?? 0) + (definition.Rollovers?.Format.RegisterCount() ?? 0);
        QualityReason reason = ReadSide(definition, registers[valueCount..], ref state, ref decade);
        scaledValue = 0;
        if (reason == QualityReason.None)
        {
            reason = ReadValue(definition, registers, decade, out scaledValue);
        }

        hasValue = reason == QualityReason.None;
        if (hasValue && (scaledValue < definition.Minimum || scaledValue > definition.Maximum))
        {
            return ReadingQuality.Bad(QualityReason.OutOfRange);
        }

        return (reason, state) switch
        {
            (not QualityReason.None, _) => ReadingQuality.Bad(reason),
            (_, QualityClass.Good) => ReadingQuality.Good,
            (_, QualityClass.Uncertain) => ReadingQuality.Uncertain(QualityReason.None),
            _ => ReadingQuality.Bad(QualityReason.Sentinel),
        };
    }

    // Status, unit and exponent, in the order of the spans.
    private static QualityReason ReadSide(RegisterDefinition definition, ReadOnlySpan<ushort> registers, ref QualityClass state, ref int decade)
    {
        if (definition.Status is StatusRegister status)
        {
            long code = Integer(ref registers, status.Format, status.Order);
            state = Contains(status.Good, code) ? QualityClass.Good : Contains(status.Uncertain, code) ? QualityClass.Uncertain : QualityClass.Bad;
        }

        if (definition.UnitCode is UnitRegister unit)
        {
            long code = Integer(ref registers, unit.Format, unit.Order);
            bool isKnown = false;
            for (int index = 0; index < unit.Codes.Count && !isKnown; index++)
            {
                isKnown = unit.Codes[index].Code == code;
                decade = isKnown ? unit.Codes[index].Decade : decade;
            }

            if (!isKnown)
            {
                return QualityReason.UnexpectedReply;
            }
        }

        if (definition.Exponent is ExponentRegister exponent)
        {
            long power = Integer(ref registers, exponent.Format, exponent.Order) + definition.Decimals;
            if (power is < -RegisterDecoder.LargestDecade or > RegisterDecoder.LargestDecade)
            {
                return QualityReason.OutOfRange;
            }

            decade = (int)power;
        }

        return QualityReason.None;
    }

    private static QualityReason ReadValue(RegisterDefinition definition, ReadOnlySpan<ushort> registers, int decade, out long scaledValue)
    {
        scaledValue = 0;
        int width = definition.Format.RegisterCount();
        int wholeDecade = definition.Fraction is null ? decade : decade + definition.Decimals;
        Int128 sum = 0;
        for (int index = 0; index <= definition.FurtherAddresses.Count; index++)
        {
            QualityReason reason = ReadOne(definition, registers.Slice(index * width, width), wholeDecade, out long one);
            if (reason != QualityReason.None)
            {
                return reason;
            }

            sum += one;
        }

        ReadOnlySpan<ushort> rest = registers[(width * (1 + definition.FurtherAddresses.Count))..];
        if (definition.Fraction is FractionRegister fraction)
        {
            int count = fraction.Format.RegisterCount();
            QualityReason reason = RegisterDecoder.Decode(rest[..count], fraction.Format, fraction.Order, definition.Decimals, decade, definition.Factor, out long part);
            QualityReason whole = RegisterDecoder.Decode(rest[..count], fraction.Format, fraction.Order, 0, out long units);
            if (reason != QualityReason.None || whole != QualityReason.None || units is < -1 or > 1)
            {
                return reason == QualityReason.None ? QualityReason.OutOfRange : reason; // no digits behind a point
            }

            sum += part;
            rest = rest[count..];
        }

        if (definition.Rollovers is RolloverRegister rollovers)
        {
            sum += (Int128)Integer(ref rest, rollovers.Format, rollovers.Order) * rollovers.Modulus;
        }

        bool fits = sum >= long.MinValue && sum <= long.MaxValue;
        scaledValue = fits ? (long)sum : 0;
        return fits ? QualityReason.None : QualityReason.OutOfRange;
    }

    private static QualityReason ReadOne(RegisterDefinition definition, ReadOnlySpan<ushort> registers, int decade, out long scaledValue)
    {
        scaledValue = 0;
        for (int index = 0; index < definition.SentinelWords.Count; index++)
        {
            if (Equal(definition.SentinelWords[index], registers))
            {
                return QualityReason.Sentinel;
            }
        }

        if (definition.Sentinels.Count > 0)
        {
            QualityReason reason = RegisterDecoder.Decode(registers, definition.Format, definition.Order, definition.Decimals, out long raw);
            if (reason == QualityReason.None && Contains(definition.Sentinels, raw))
            {
                return QualityReason.Sentinel;
            }
        }

        return RegisterDecoder.Decode(registers, definition.Format, definition.Order, definition.Decimals, decade, definition.Factor, out scaledValue);
    }

    // Takes an integer part off the front. One that fits no 63 bits is no code of a list.
    private static long Integer(ref ReadOnlySpan<ushort> registers, RegisterFormat format, WordOrder order)
    {
        int count = format.RegisterCount();
        QualityReason reason = RegisterDecoder.Decode(registers[..count], format, order, 0, out long value);
        registers = registers[count..];
        return reason == QualityReason.None ? value : long.MaxValue;
    }

    private static bool Contains(IReadOnlyList<long> list, long value)
    {
        for (int index = 0; index < list.Count; index++)
        {
            if (list[index] == value)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Equal(IReadOnlyList<ushort> words, ReadOnlySpan<ushort> registers)
    {
        for (int index = 0; index < words.Count; index++)
        {
            if (words[index] != registers[index])
            {
                return false;
            }
        }

        return words.Count > 0;
    }
}
