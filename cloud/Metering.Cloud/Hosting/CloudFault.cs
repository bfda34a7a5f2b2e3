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
internal sealed class CloudFault(int exitCode, string message) : Exception(message)
{
    public int Code { get; } = exitCode;
}
