namespace Metering.Fieldbus;

/// <summary>Why a port, an address or a listener could not be opened.</summary>
public enum FieldbusProblem
{
    /// <summary>Anything the other kinds do not name; the message carries the system's own words.</summary>
    Other = 0,

    /// <summary>The device file or the host name does not exist.</summary>
    NotFound,

    /// <summary>The process may not open it (on Debian, serial ports belong to the group dialout).</summary>
    PermissionDenied,

    /// <summary>Another program holds the serial port, or the listening address.</summary>
    Busy,

    /// <summary>The host is there and refuses the connection: nothing listens on that port.</summary>
    Refused,

    /// <summary>No route to the host.</summary>
    Unreachable,

    /// <summary>The host did not take the connection within the connect timeout.</summary>
    TimedOut,

    /// <summary>The path exists and is no serial port.</summary>
    NotASerialPort,

    /// <summary>The port does not take this speed, parity or number of bits.</summary>
    UnsupportedSetting,
}

/// <summary>
/// A port, address or listener that could not be opened. The message says what happened, the likely cause and what to do.
/// Faults of a running line are no exceptions: see <see cref="Modbus.ModbusOutcome"/>.
/// </summary>
public sealed class FieldbusException : IOException
{
    /// <summary>An opening that failed for a reason not known more exactly.</summary>
    public FieldbusException()
        : this(FieldbusProblem.Other, "The field bus could not be opened.")
    {
    }

    /// <summary>An opening that failed for a reason not known more exactly.</summary>
    public FieldbusException(string message)
        : this(FieldbusProblem.Other, message)
    {
    }

    /// <summary>An opening that failed for a reason not known more exactly.</summary>
    public FieldbusException(string message, Exception innerException)
        : this(FieldbusProblem.Other, message, innerException)
    {
    }

    /// <summary>An opening that failed for a known reason.</summary>
    public FieldbusException(FieldbusProblem kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What kept it from opening.</summary>
    public FieldbusProblem Kind { get; }

    /// <summary>True when trying again later may help without a person doing anything.</summary>
    public bool IsTransient => Kind is FieldbusProblem.Busy or FieldbusProblem.Refused or FieldbusProblem.Unreachable or FieldbusProblem.TimedOut;
}
