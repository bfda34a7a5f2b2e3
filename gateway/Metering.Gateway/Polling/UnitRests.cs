namespace Metering.Gateway.Polling;

/// <summary>
/// The silence that the units of one bus need between two requests, and when each may be asked again. It belongs to the unit: two entries of one
/// device share it, with the longer silence. Instants are times since any moment the owner likes. Allocates nothing but at the start.
/// </summary>
internal sealed class UnitRests
{
    private const int Units = 256;

    private readonly TimeSpan[]? _gaps;
    private readonly TimeSpan[]? _free;

    /// <param name="meters">The meters of the bus.</param>
    internal UnitRests(IEnumerable<PolledMeter> meters)
    {
        foreach (PolledMeter meter in meters)
        {
            if (meter.Gap > TimeSpan.Zero)
            {
                _gaps ??= new TimeSpan[Units];
                _free ??= new TimeSpan[Units];
                _gaps[meter.Unit] = meter.Gap > _gaps[meter.Unit] ? meter.Gap : _gaps[meter.Unit];
            }
        }
    }

    /// <summary>Whether any unit needs a silence.</summary>
    internal bool IsNeeded => _gaps is not null;

    /// <summary>How long a unit must be left alone still; zero for a unit that may be asked.</summary>
    internal TimeSpan Of(byte unit, TimeSpan now) => _free is TimeSpan[] free && free[unit] > now ? free[unit] - now : TimeSpan.Zero;

    /// <summary>A request to a unit has ended, well or badly.</summary>
    internal void Asked(byte unit, TimeSpan now)
    {
        if (_gaps is TimeSpan[] gaps && gaps[unit] > TimeSpan.Zero)
        {
            _free![unit] = now + gaps[unit];
        }
    }
}
