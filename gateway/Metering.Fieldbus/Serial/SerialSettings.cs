namespace Metering.Fieldbus.Serial;

/// <summary>The parity bit of a character on a serial line.</summary>
public enum SerialParity
{
    /// <summary>No parity bit.</summary>
    None = 0,

    /// <summary>Even parity, the default of MODBUS over Serial Line V1.02, 2.5.1.</summary>
    Even,

    /// <summary>Odd parity.</summary>
    Odd,
}

/// <summary>Speed and shape of the characters on a serial line; all devices of a bus must share them.</summary>
public sealed record SerialSettings
{
    /// <summary>
    /// Bits per second, 50 to 4,000,000. Any number is passed on; a port that cannot come within 2 % of it refuses to open.
    /// </summary>
    public int BaudRate { get; init; } = 9600;

    /// <summary>7 or 8; Modbus RTU needs 8.</summary>
    public int DataBits { get; init; } = 8;

    /// <summary>The parity bit.</summary>
    public SerialParity Parity { get; init; } = SerialParity.None;

    /// <summary>1 or 2.</summary>
    public int StopBits { get; init; } = 1;

    /// <summary>Direction switching by the driver; null leaves the port as it is.</summary>
    public Rs485Settings? Rs485 { get; init; }

    /// <summary>
    /// Asks the driver to hand on bytes at once (ASYNC_LOW_LATENCY); an FTDI adapter otherwise holds them for up to 16 ms. Drivers that do
    /// not know it are left as they are.
    /// </summary>
    public bool UsesLowLatency { get; init; } = true;

    /// <summary>Time one character takes on the wire: start bit, data, parity and stop bits.</summary>
    public TimeSpan CharacterTime
    {
        get
        {
            int bits = 1 + DataBits + (Parity == SerialParity.None ? 0 : 1) + StopBits;
            return TimeSpan.FromTicks(TimeSpan.TicksPerSecond * bits / BaudRate);
        }
    }
}
