namespace Metering.Readings;

/// <summary>Bytes that are not a version 1 batch, segment or ack in its one canonical form. The message says what and where.</summary>
public sealed class WireFormatException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public WireFormatException()
    {
    }

    /// <summary>Creates it with what is wrong and where.</summary>
    public WireFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its cause.</summary>
    public WireFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
