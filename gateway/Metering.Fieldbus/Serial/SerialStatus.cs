namespace Metering.Fieldbus.Serial;

/// <summary>How a read or write on a serial line ended.</summary>
public enum SerialStatus
{
    /// <summary>Bytes were moved.</summary>
    Ok = 0,

    /// <summary>Nothing happened in time.</summary>
    Timeout,

    /// <summary>The port is closed, was unplugged, or the other end hung up.</summary>
    Disconnected,
}
