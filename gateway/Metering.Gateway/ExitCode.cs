namespace Metering.Gateway;

/// <summary>Exit codes, those of sysexits.h, so that systemd and scripts can tell faults apart.</summary>
internal static class ExitCode
{
    internal const int Usage = 64;
    internal const int DataError = 65;
    internal const int Unavailable = 69;
    internal const int Software = 70;
    internal const int CannotCreate = 73;
    internal const int InputOutput = 74;
    internal const int TryLater = 75;
    internal const int Permission = 77;
    internal const int Configuration = 78;
}
