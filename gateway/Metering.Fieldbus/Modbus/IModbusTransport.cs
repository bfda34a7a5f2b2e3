using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// One Modbus line: a TCP connection or a serial bus. Calls block and belong to one thread; a line carries one request at a time.
/// Only <see cref="Halt"/> and <see cref="Counters"/> are for other threads.
/// </summary>
public interface IModbusTransport : IDisposable
{
    /// <summary>What the line has seen since it was made. Other threads may read it.</summary>
    ModbusCounters Counters { get; }

    /// <summary>Why the last opening failed; null once an opening succeeded.</summary>
    FieldbusException? LastProblem { get; }

    /// <summary>
    /// Opens the line now, without regard to back-off. Not needed before <see cref="Exchange"/>, which opens by itself; meant for
    /// tools that must tell a person why it does not open.
    /// </summary>
    /// <exception cref="FieldbusException">It did not open.</exception>
    void Open();

    /// <summary>
    /// Reads <paramref name="destination"/>.Length registers (1-125) of <paramref name="unit"/> from <paramref name="start"/> (0-based
    /// protocol address). The destination is written only when the outcome is Ok. Opens the line when it is closed, unless
    /// the last attempt failed a short while ago (back-off): then the answer is Disconnected at once.
    /// </summary>
    /// <param name="unit">Unit id: 0-255 on TCP, 1-255 on a serial line (0 is broadcast, nobody answers it).</param>
    /// <param name="table">Holding or input registers.</param>
    /// <param name="start">Address of the first register, 0-65535; start + count may not pass 65536.</param>
    /// <param name="destination">Takes one value per register, in the order of the registers.</param>
    /// <param name="answerTimeout">How long the device may take to answer, above 0 and up to one hour. A serial line adds the
    /// time the bytes need on the wire.</param>
    /// <exception cref="ArgumentException">The caller asked for something no device can answer.</exception>
    ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout);

    /// <summary>
    /// Reads <paramref name="destination"/>.Length bits (1-2000) of the coils or discrete inputs; otherwise as <see cref="Exchange"/>.
    /// A line that carries registers only answers exception 1, as a device without bits does.
    /// </summary>
    /// <exception cref="ArgumentException">The caller asked for something no device can answer.</exception>
    ModbusReply ExchangeBits(byte unit, ModbusTable table, ushort start, Span<bool> destination, TimeSpan answerTimeout) =>
        ModbusReply.Refused(ModbusExceptionCode.IllegalFunction);

    /// <summary>
    /// Asks a unit who it is; <see cref="IdentificationReader"/> is the comfortable way. The destination takes the PDU of the reply, its
    /// function code first, and needs 253 bytes; it is written only when the outcome is Ok. A line that carries registers only answers exception 1.
    /// </summary>
    /// <param name="unit">See <see cref="Exchange"/>.</param>
    /// <param name="question">What to ask.</param>
    /// <param name="destination">At least 253 bytes.</param>
    /// <param name="answerTimeout">See <see cref="Exchange"/>.</param>
    /// <param name="length">Bytes written; 0 unless the outcome is Ok.</param>
    /// <exception cref="ArgumentException">The destination is too short or the timeout out of range.</exception>
    ModbusReply ExchangeIdentity(byte unit, IdentityQuestion question, Span<byte> destination, TimeSpan answerTimeout, out int length)
    {
        length = 0;
        return ModbusReply.Refused(ModbusExceptionCode.IllegalFunction);
    }

    /// <summary>What the driver of a serial port has counted on the wire; null for other lines, closed ports and drivers that count nothing.</summary>
    SerialLineCounters? ReadLineCounters() => null;

    /// <summary>
    /// Ends the line's work for good, from any thread: a call that waits returns Disconnected at once, and so does every later one.
    /// The line still has to be disposed of, by its own thread or after it has ended.
    /// </summary>
    void Halt()
    {
    }
}
