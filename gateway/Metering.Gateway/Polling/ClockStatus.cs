using System.Runtime.InteropServices;
using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>Whether the wall clock is synchronised, as the kernel knows it (adjtimex(2)).</summary>
internal static class ClockStatus
{
    private const int TimexLength = 256;
    private const int TimeError = 5;

    // Made by systemd-timesyncd at its first synchronisation after the start of the computer (systemd-timesyncd.service(8)).
    private const string TimesyncFile = "/run/systemd/timesync/synchronized";
    private static readonly DateTimeOffset EarliestPossible = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>State of the clock now: S synchronised, I set by somebody, U before this software existed.</summary>
    internal static ClockState Read(TimeProvider clock)
    {
        if (clock.GetUtcNow() < EarliestPossible)
        {
            return ClockState.Unknown;
        }

        if (!OperatingSystem.IsLinux())
        {
            return ClockState.Informed;
        }

        // struct timex begins with modes; 0 asks only. The result is 5 (TIME_ERROR) while the clock is not synchronised.
        int state = AdjustTime(new byte[TimexLength]);
        return Judge(state, state < 0 && File.Exists(TimesyncFile));
    }

    /// <summary>State of a clock that shows a possible time.</summary>
    /// <param name="kernel">Result of adjtimex(2); below 0 when it may not be asked, as in the service's sandbox.</param>
    /// <param name="isSynchronisedByTimesync">Whether systemd-timesyncd has set the clock since the start of the computer.</param>
    internal static ClockState Judge(int kernel, bool isSynchronisedByTimesync) =>
        kernel is >= 0 and < TimeError || (kernel < 0 && isSynchronisedByTimesync) ? ClockState.Synchronised : ClockState.Informed;

    [DllImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AdjustTime(byte[] timex);
}
