using Metering.Readings.Texts;

namespace Metering.Ingestion.Import;

/// <summary>Readings that cannot be brought in as asked. The message says what happened, the likely cause and what to do.</summary>
public sealed class ImportException : Exception
{
    private readonly (string Spanish, FormattableString English)? sentence;

    /// <summary>Creates it without a message.</summary>
    public ImportException()
    {
    }

    /// <summary>Creates it with what happened and what to do.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its sentence in both languages; the message is the English one.</summary>
    /// <param name="spanish">What happened and what to do in Spanish, with the places of the English form.</param>
    /// <param name="english">The same in English, with its values.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ImportException(string spanish, FormattableString english, Exception? innerException = null)
        : base(FormattableString.Invariant(english), innerException) => sentence = (spanish, english);

    /// <summary>Creates it with its cause.</summary>
    public ImportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What happened and what to do, in a language; English where it is known in English only.</summary>
    public string In(Language language) => sentence is (string spanish, FormattableString english) ? language.Say(spanish, english) : Message;
}
