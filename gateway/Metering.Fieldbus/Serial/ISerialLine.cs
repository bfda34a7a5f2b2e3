namespace Metering.Fieldbus.Serial;

/// <summary>Both ends of a serial line: a port, and the master end of a pseudo-terminal.</summary>
internal interface ISerialLine
{
    SerialStatus Read(Span<byte> destination, TimeSpan timeout, out int count);

    SerialStatus Write(ReadOnlySpan<byte> bytes, TimeSpan timeout);

    bool TryOpen();
}
