using System.Runtime.InteropServices;

namespace Metering.Gateway.Polling;

/// <summary>What this machine knows of its own clock.</summary>
internal static class ClockStatus
{
    private const int TimexLength = 256;
    private const int TimeError = 5;
    private const string ClockFolder = "/sys/class/rtc";

    // Touched by systemd-timesyncd after each synchronisation and gone at a start: for units that may not ask the kernel.
    private const string SynchronisedFile = "/run/systemd/timesync/synchronized";

    /// <summary>Whether the wall clock is synchronised, as the kernel (adjtimex(2)) or systemd-timesyncd knows it.</summary>
    internal static bool IsSynchronised()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        // struct timex begins with modes; 0 asks only. The result is 5 (TIME_ERROR) while the clock is not synchronised.
        Span<byte> timex = stackalloc byte[TimexLength];
        timex.Clear();
        int state = AdjustTime(ref MemoryMarshal.GetReference(timex));
        return state is >= 0 and < TimeError || (state < 0 && File.Exists(SynchronisedFile));
    }

    /// <summary>Whether a clock ran on while the machine was off. Every PC has one, and a virtual machine has its host's; boards with an ARM processor mostly have none.</summary>
    internal static bool HasHardwareClock() =>
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86
        || (Directory.Exists(ClockFolder) && Directory.EnumerateFileSystemEntries(ClockFolder).Any());

    [DllImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AdjustTime(ref byte timex);
}
