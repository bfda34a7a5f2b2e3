using System.Globalization;
using Metering.Readings;

namespace Metering.Meters.Inputs;

/// <summary>
/// A DS18B20 temperature probe through the kernel's w1_therm (Documentation/w1/slaves/w1_therm.rst): "temperature" in thousandths of
/// a degree, or the older "w1_slave" with the check sum's verdict. 85.000 is what the probe shows after power-on before its first
/// conversion (datasheet, table 1): bad, unless the probe was close to it before. -127 is what drivers show for a probe that does not answer.
/// </summary>
public sealed class OneWireInput : ISlotInput
{
    private const long PowerOn = 85_000;
    private const long NoAnswer = -127_000;
    private const long Coldest = -55_000;
    private const long Hottest = 125_000;
    private const long Close = 5_000;

    private readonly string _folder;
    private long _lastGood = long.MinValue / 2;

    /// <summary>Prepares the reading of a probe.</summary>
    /// <param name="channel">In degC with three decimal places.</param>
    /// <param name="device">Its name on the bus, such as 28-0123456789ab.</param>
    /// <param name="folders">Where the kernel's files are.</param>
    public OneWireInput(Channel channel, string device, InputFolders folders)
    {
        Channels = [channel];
        _folder = Path.Combine(folders.Root, "sys/bus/w1/devices", device);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Channel> Channels { get; }

    /// <inheritdoc/>
    public void Read(long slotUtcMilliseconds, int firstChannelIndex, Span<Reading> destination)
    {
        QualityReason reason = QualityReason.Disconnected;
        long? thousandths = KernelText.TryReadInteger(Path.Combine(_folder, "temperature")) ?? ReadSlave(out reason);
        destination[0] = thousandths is long value
            ? Judge(new(slotUtcMilliseconds, value, firstChannelIndex, ReadingQuality.Good, HasValue: true))
            : Reading.Missing(slotUtcMilliseconds, firstChannelIndex, reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held open.
    }

    private Reading Judge(in Reading reading)
    {
        long value = reading.ScaledValue;
        if (value == NoAnswer || (value == PowerOn && Math.Abs(value - _lastGood) > Close))
        {
            return Reading.Missing(reading.UtcMilliseconds, reading.ChannelIndex, QualityReason.Sentinel);
        }

        if (value is < Coldest or > Hottest)
        {
            return reading with { Quality = ReadingQuality.Bad(QualityReason.OutOfRange) };
        }

        _lastGood = value;
        return reading;
    }

    // Two lines: "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES" and the same bytes with "t=23125".
    private long? ReadSlave(out QualityReason reason)
    {
        reason = QualityReason.Disconnected;
        string? text = KernelText.TryRead(Path.Combine(_folder, "w1_slave"));
        string[] lines = text?.Split('\n') ?? [];
        if (lines.Length < 2)
        {
            return null;
        }

        reason = QualityReason.Crc;
        int mark = lines[1].LastIndexOf("t=", StringComparison.Ordinal);
        return lines[0].EndsWith("YES", StringComparison.Ordinal) && mark >= 0
            && long.TryParse(lines[1].AsSpan(mark + 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long thousandths)
            ? thousandths
            : null;
    }
}
