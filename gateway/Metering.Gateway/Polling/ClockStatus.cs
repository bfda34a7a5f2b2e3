using System.Runtime.InteropServices;
using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>Whether the wall clock is synchronised, as the kernel knows it (adjtimex(2)).</summary>
internal static class ClockStatus
{
    private const int TimexLength = 256;
    private const int TimeError = 5;
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
        Span<byte> timex = stackalloc byte[TimexLength];
        timex.Clear();
        int state = AdjustTime(ref MemoryMarshal.GetReference(timex));
        return state is >= 0 and < TimeError ? ClockState.Synchronised : ClockState.Informed;
    }

    [DllImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AdjustTime(ref byte timex);
}
