using Metering.Readings.Texts;

namespace Metering.Store;

/// <summary>The store cannot be opened, read or written. The message says what happened, the likely cause and what to do.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Exit code (sysexits): what was asked for does not fit what is stored.</summary>
    public const int BadData = 65;

    /// <summary>Exit code (sysexits): nothing answers where the store should be.</summary>
    public const int Unavailable = 69;

    /// <summary>Exit code (sysexits): the file cannot be created or may not be written.</summary>
    public const int CannotCreate = 73;

    /// <summary>Exit code (sysexits): the disk failed, is full, or the file is damaged.</summary>
    public const int InputOutput = 74;

    /// <summary>Exit code (sysexits): another process holds the store; try later.</summary>
    public const int TryLater = 75;

    /// <summary>Exit code (sysexits): the database server does not let this user in.</summary>
    public const int Permission = 77;

    /// <summary>Exit code (sysexits): the configuration names a file that is no store of this version.</summary>
    public const int Configuration = 78;

    private readonly (string Spanish, FormattableString English)? _sentence;

    /// <summary>Creates it without a message, as an input or output error.</summary>
    public StoreException()
        : this("the store failed")
    {
    }

    /// <summary>Creates it with a message, as an input or output error.</summary>
    public StoreException(string message)
        : this(message, InputOutput)
    {
    }

    /// <summary>Creates it with its cause, as an input or output error.</summary>
    public StoreException(string message, Exception innerException)
        : this(message, InputOutput, innerException)
    {
    }

    /// <summary>Creates it with the exit code a command should end with, and its cause if there is one.</summary>
    public StoreException(string message, int exitCode, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>Creates it with its sentence in both languages; the message is the English one.</summary>
    /// <param name="spanish">What happened, the likely cause and what to do in Spanish, with the places of the English form.</param>
    /// <param name="english">The same in English, with its values.</param>
    /// <param name="exitCode">What a command should end with.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public StoreException(string spanish, FormattableString english, int exitCode, Exception? innerException = null)
        : base(FormattableString.Invariant(english), innerException)
    {
        ExitCode = exitCode;
        _sentence = (spanish, english);
    }

    /// <summary>What happened, the likely cause and what to do, in a language; English where it is known in English only.</summary>
    public string In(Language language) => _sentence is (string spanish, FormattableString english) ? language.Say(spanish, english) : Message;

    /// <summary>What a command that meets this error exits with: 65, 69, 73, 74, 75, 77 or 78.</summary>
    public int ExitCode { get; }
}
