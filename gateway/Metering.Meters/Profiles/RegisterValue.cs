using Metering.Meters.Registers;
using Metering.Readings;

namespace Metering.Meters.Profiles;

/// <summary>Makes a value with its quality of the registers that a definition names.</summary>
public static class RegisterValue
{
    /// <summary>The most registers that one value may take, all its spans together.</summary>
    public const int MaximumRegisters = 32;

    /// <summary>Decodes one value. Allocates nothing.</summary>
    /// <param name="definition">What the registers mean.</param>
    /// <param name="registers">The registers of <see cref="RegisterDefinition.Spans"/>, one span after the other, each in the order of the wire.</param>
    /// <param name="scaledValue">The integer; 0 without meaning when there is none.</param>
    /// <param name="hasValue">Whether there is one. A value outside its limits is kept: a person who looks for the cause needs it,
    /// and its quality keeps it out of every sum.</param>
    public static ReadingQuality Decode(RegisterDefinition definition, ReadOnlySpan<ushort> registers, out long scaledValue, out bool hasValue)
    {
        QualityReason reason = RegisterDecoder.Decode(registers, definition.Format, definition.Order, definition.Decimals, out scaledValue);
        hasValue = reason == QualityReason.None;
        if (hasValue && Contains(definition.Sentinels, scaledValue))
        {
            reason = QualityReason.Sentinel;
            hasValue = false;
            scaledValue = 0;
        }
        else if (hasValue && (scaledValue < definition.Minimum || scaledValue > definition.Maximum))
        {
            reason = QualityReason.OutOfRange;
        }

        return reason == QualityReason.None ? ReadingQuality.Good : ReadingQuality.Bad(reason);
    }

    private static bool Contains(IReadOnlyList<long> sentinels, long value)
    {
        for (int index = 0; index < sentinels.Count; index++)
        {
            if (sentinels[index] == value)
            {
                return true;
            }
        }

        return false;
    }
}
