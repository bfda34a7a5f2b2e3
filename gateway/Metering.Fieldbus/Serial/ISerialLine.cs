namespace Metering.Fieldbus.Serial;

/// <summary>A two-way stream of bytes with silences: a serial port, the master end of a pseudo-terminal, a socket to a serial converter.</summary>
internal interface ISerialLine
{
    /// <summary>False before the first opening, and from the moment the line is found gone.</summary>
    bool IsOpen { get; }

    /// <summary>Opens the line, or does nothing when it is open.</summary>
    /// <exception cref="FieldbusException">It did not open.</exception>
    void Open();

    /// <summary>Takes what has arrived, waiting for it up to the timeout (0: only what is there now).</summary>
    SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count);

    /// <summary>Hands all bytes to the system, waiting up to the timeout for room.</summary>
    SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout);
}
