using System.Diagnostics;
using Metering.Readings;

namespace Metering.Meters.Inputs;

/// <summary>A current loop as configured.</summary>
public sealed record AnalogueOptions
{
    /// <summary>A gauge.</summary>
    public required Channel Channel { get; init; }

    /// <summary>What the driver's name file says, such as ads1015 (that driver names the ADS1115 so, too); null when the node is given.</summary>
    public string? DeviceName { get; init; }

    /// <summary>End of the device-tree node's path, such as adc@48; null when the name is given.</summary>
    public string? DeviceNode { get; init; }

    /// <summary>Channel as the driver names it, such as voltage0 or voltage0-voltage1.</summary>
    public required string Input { get; init; }

    /// <summary>Resistor across which the converter measures.</summary>
    public required double ShuntOhm { get; init; }

    /// <summary>Value at 4 mA, in the channel's unit.</summary>
    public required double ValueAt4Milliampere { get; init; }

    /// <summary>Value at 20 mA, in the channel's unit.</summary>
    public required double ValueAt20Milliampere { get; init; }

    /// <summary>Conversions averaged for a reading, 1 to 64.</summary>
    public int SampleCount { get; init; } = 1;
}

/// <summary>
/// A 4-20 mA loop through a converter of the kernel's industrial I/O (Documentation/ABI/testing/sysfs-bus-iio): millivolts are
/// (raw + offset) x scale. Limits of NAMUR NE 43: below 3.6 mA and above 21 mA the transmitter reports a fault, up to 3.8 and from 20.5 mA
/// it is at the end of its range. Below 1 mA no current flows: the wire is open, and there is no value.
/// </summary>
public sealed class AnalogueInput : ISlotInput
{
    /// <summary>The most conversions in one reading.</summary>
    public const int MaximumSampleCount = 64;
    private const double OpenWireMilliampere = 1.0;
    private const double LowFaultMilliampere = 3.6;
    private const double LowEndMilliampere = 3.8;
    private const double HighEndMilliampere = 20.5;
    private const double HighFaultMilliampere = 21.0;

    private readonly AnalogueOptions _options;
    private readonly string _devices;
    private string? _device;

    /// <summary>Prepares the reading; the device is looked for at the first one.</summary>
    /// <param name="options">The loop.</param>
    /// <param name="folders">Where the kernel files are.</param>
    public AnalogueInput(AnalogueOptions options, InputFolders folders)
    {
        _options = options;
        _devices = Path.Combine(folders.Root, "sys/bus/iio/devices");
        Channels = [options.Channel];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Channel> Channels { get; }

    /// <inheritdoc/>
    public void Read(long slotUtcMilliseconds, int firstChannelIndex, Span<Reading> destination)
    {
        // Numbers of devices change when they are plugged anew: the place is looked for again whenever it does not answer.
        double? current = ReadCurrent();
        if (current is null)
        {
            _device = Find();
            current = ReadCurrent();
        }

        destination[0] = current is double milliampere ? Judge(slotUtcMilliseconds, firstChannelIndex, milliampere) : Reading.Missing(slotUtcMilliseconds, firstChannelIndex, QualityReason.Disconnected);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held open.
    }

    private Reading Judge(long slot, int channelIndex, double milliampere)
    {
        if (milliampere < OpenWireMilliampere)
        {
            return Reading.Missing(slot, channelIndex, QualityReason.Disconnected);
        }

        double share = (milliampere - 4) / 16;
        double value = _options.ValueAt4Milliampere + (share * (_options.ValueAt20Milliampere - _options.ValueAt4Milliampere));
        double scaled = Math.Round(value * _options.Channel.Divisor, MidpointRounding.ToEven);
        Debug.Assert(Math.Abs(scaled) < long.MaxValue, "the configuration keeps ranges within 15 digits");
        QualityClass quality = milliampere switch
        {
            < LowFaultMilliampere or > HighFaultMilliampere => QualityClass.Bad,
            < LowEndMilliampere or > HighEndMilliampere => QualityClass.Uncertain,
            _ => QualityClass.Good,
        };
        return new(slot, (long)scaled, channelIndex, ReadingQuality.Of(quality, quality == QualityClass.Good ? QualityReason.None : QualityReason.OutOfRange), HasValue: true);
    }

    private double? ReadCurrent()
    {
        if (_device is null)
        {
            return null;
        }

        double? scale = KernelText.TryReadNumber(Path.Combine(_device, $"in_{_options.Input}_scale")) ?? KernelText.TryReadNumber(Path.Combine(_device, "in_voltage_scale"));
        double offset = KernelText.TryReadNumber(Path.Combine(_device, $"in_{_options.Input}_offset")) ?? KernelText.TryReadNumber(Path.Combine(_device, "in_voltage_offset")) ?? 0;
        if (scale is not double millivoltsPerStep)
        {
            return null;
        }

        long sum = 0;
        for (int sample = 0; sample < _options.SampleCount; sample++)
        {
            if (KernelText.TryReadInteger(Path.Combine(_device, $"in_{_options.Input}_raw")) is not long raw || Math.Abs(raw) > uint.MaxValue)
            {
                return null;
            }

            sum += raw;
        }

        return (((double)sum / _options.SampleCount) + offset) * millivoltsPerStep / _options.ShuntOhm;
    }

    private string? Find()
    {
        foreach (string device in KernelText.Devices(_devices, "iio:device*"))
        {
            bool isIt = _options.DeviceNode is string node
                ? NodeOf(device)?.EndsWith("/" + node, StringComparison.Ordinal) == true
                : KernelText.TryRead(Path.Combine(device, "name")) == _options.DeviceName;
            if (isIt)
            {
                return device;
            }
        }

        return null;
    }

    private static string? NodeOf(string device)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(device, "of_node")).LinkTarget?.TrimEnd('/');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
