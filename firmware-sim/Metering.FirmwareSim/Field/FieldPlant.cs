using Metering.FirmwareSim.Registers;
using Metering.Fieldbus.Modbus;

namespace Metering.FirmwareSim.Field;

/// <summary>
/// The registers of one plant as a Modbus device of several units. They show either an instant that was set or the wall clock. All reads
/// of one instant see one consistent image, computed once.
/// </summary>
internal sealed class FieldPlant : IModbusDevice
{
    private const long FollowsClock = long.MinValue;
    private const int UnitCount = 256;

    // Clients that guard against late replies ask for a register more than they need; reserved registers read 0.
    private const int ReservedRegisters = 8;

    private readonly IFieldSource _source;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly UnitImage?[] _units = new UnitImage?[UnitCount];
    private readonly UnitImage[] _images;
    private readonly long[] _values;
    private readonly ChannelState[] _states;
    private long _wanted = FollowsClock;
    private long _shown = FollowsClock;
    private bool _isKnown;

    /// <summary>Follows the clock until an instant is set.</summary>
    internal FieldPlant(IFieldSource source, TimeProvider clock)
    {
        _source = source;
        _clock = clock;
        _images = new UnitImage[source.Meters.Count];
        int channel = 0;
        for (int index = 0; index < _images.Length; index++)
        {
            MeterMap meter = source.Meters[index];
            _images[index] = new UnitImage(meter, channel, new ushort[meter.Channels.Max(map => map.EndAddress) + ReservedRegisters]);
            _units[meter.Unit] = _images[index];
            channel += meter.Channels.Count;
        }

        _values = new long[channel];
        _states = new ChannelState[channel];
    }

    /// <summary>Plant and gateway id.</summary>
    internal string Id => _source.Id;

    /// <summary>What stands behind the registers.</summary>
    internal IFieldSource Source => _source;

    /// <summary>From now on the registers show this instant. False, and nothing changes, when the source does not know it.</summary>
    internal bool TryShow(long utcMilliseconds)
    {
        if (utcMilliseconds < _source.FirstUtcMilliseconds || utcMilliseconds >= _source.EndUtcMilliseconds)
        {
            return false;
        }

        lock (_gate)
        {
            _wanted = utcMilliseconds;
            Compute(utcMilliseconds);
        }

        return true;
    }

    /// <summary>From now on the registers follow the wall clock. Outside the source's time the units answer exception 4.</summary>
    internal void FollowClock()
    {
        lock (_gate)
        {
            _wanted = FollowsClock;
        }
    }

    /// <inheritdoc/>
    public bool HasUnit(byte unit) => _units[unit] is not null;

    /// <inheritdoc/>
    public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
    {
        if (_units[unit] is not { } image)
        {
            return ModbusAnswer.Silence;
        }

        if (table != image.Meter.Table || start + destination.Length > image.Registers.Length)
        {
            return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
        }

        lock (_gate)
        {
            long instant = _wanted == FollowsClock ? _clock.GetUtcNow().ToUnixTimeMilliseconds() : _wanted;
            if (instant != _shown)
            {
                Compute(instant);
            }

            return _isKnown ? Answer(image, start, destination) : ModbusAnswer.Exception(ModbusExceptionCode.ServerDeviceFailure);
        }
    }

    private ModbusAnswer Answer(UnitImage image, int start, Span<ushort> destination)
    {
        ChannelState worst = ChannelState.Present;
        IReadOnlyList<ChannelMap> channels = image.Meter.Channels;
        for (int index = 0; index < channels.Count; index++)
        {
            ChannelMap map = channels[index];
            ChannelState state = _states[image.FirstChannel + index];
            if (state > worst && map.Address < start + destination.Length && map.EndAddress > start)
            {
                worst = state;
            }
        }

        switch (worst)
        {
            case ChannelState.Silent:
                return ModbusAnswer.Silence;
            case ChannelState.Absent:
                return ModbusAnswer.Exception(ModbusExceptionCode.GatewayTargetFailedToRespond);
            default:
                image.Registers.AsSpan(start, destination.Length).CopyTo(destination);
                return ModbusAnswer.Ok;
        }
    }

    private void Compute(long instant)
    {
        _shown = instant;
        _isKnown = instant >= _source.FirstUtcMilliseconds && instant < _source.EndUtcMilliseconds;
        if (!_isKnown)
        {
            return;
        }

        _source.Fill(instant, _values, _states);
        foreach (UnitImage image in _images)
        {
            IReadOnlyList<ChannelMap> channels = image.Meter.Channels;
            for (int index = 0; index < channels.Count; index++)
            {
                RegisterCodec.Write(_values[image.FirstChannel + index], channels[index], image.Registers.AsSpan(channels[index].Address));
            }
        }
    }

    private sealed record UnitImage(MeterMap Meter, int FirstChannel, ushort[] Registers);
}
