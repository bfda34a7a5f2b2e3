namespace Metering.Cloud.Hosting;

/// <summary>Exit codes (sysexits.h) the cloud uses.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Usage = 64;
    public const int Data = 65;
    public const int Unavailable = 69;
    public const int Software = 70;
    public const int CannotCreate = 73;
    public const int InputOutput = 74;
    public const int TryLater = 75;
    public const int Permission = 77;
    public const int Configuration = 78;
}

/// <summary>A failure the person at the terminal can do something about: printed as it is, without a stack trace.</summary>
internal sealed class CloudFault : Exception
{
    private readonly (string Spanish, FormattableString English)? sentence;

    /// <summary>A sentence that is in the language of the person already.</summary>
    public CloudFault(int exitCode, string message)
        : base(message) => Code = exitCode;

    /// <summary>A sentence in both languages, for code that does not know the person's.</summary>
    /// <param name="exitCode">What the command ends with.</param>
    /// <param name="spanish">What happened and what to do in Spanish, with the places of the English form.</param>
    /// <param name="english">The same in English, with its values.</param>
    public CloudFault(int exitCode, string spanish, FormattableString english)
        : base(FormattableString.Invariant(english)) => (Code, sentence) = (exitCode, (spanish, english));

    public int Code { get; }

    /// <summary>The sentence in a language.</summary>
    public string In(Language language) => sentence is (string spanish, FormattableString english) ? language.Say(spanish, english) : Message;
}
