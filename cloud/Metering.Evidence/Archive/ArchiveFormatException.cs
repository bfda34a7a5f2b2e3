namespace Metering.Evidence.Archive;

/// <summary>The file is not a batch archive, or is built so that two programs could read it differently. The message says what and where.</summary>
public sealed class ArchiveFormatException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public ArchiveFormatException()
    {
    }

    /// <summary>Creates it with what is wrong and where.</summary>
    public ArchiveFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its cause.</summary>
    public ArchiveFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
