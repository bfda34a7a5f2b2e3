namespace Metering.Ingestion.Import;

/// <summary>Readings that cannot be brought in as asked. The message says what happened, the likely cause and what to do.</summary>
public sealed class ImportException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public ImportException()
    {
    }

    /// <summary>Creates it with what happened and what to do.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its cause.</summary>
    public ImportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
