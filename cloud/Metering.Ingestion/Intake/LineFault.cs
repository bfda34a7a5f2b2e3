namespace Metering.Ingestion.Intake;

/// <summary>A line, or one field of it, that was not taken.</summary>
/// <param name="Line">Line in the body, from 1.</param>
/// <param name="Reason">Why, and what to do.</param>
public sealed record LineFault(int Line, string Reason);

/// <summary>A body of line protocol cannot be read as far as its own line.</summary>
internal sealed class LineProtocolException(string message) : Exception(message);

/// <summary>Type of a field's value.</summary>
internal enum FieldType : byte
{
    /// <summary>12.5, without a suffix.</summary>
    Float,

    /// <summary>12i, signed, or 12u, unsigned.</summary>
    Integer,

    /// <summary>t, T, true, True, TRUE and their opposites.</summary>
    Boolean,

    /// <summary>"text".</summary>
    Text,
}
