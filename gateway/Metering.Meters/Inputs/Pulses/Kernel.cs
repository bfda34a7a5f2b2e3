using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Metering.Meters.Inputs.Pulses;

/// <summary>The few system calls that the framework does not offer.</summary>
internal static class Kernel
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const short PollIn = 1;

    /// <summary>Opens a device for reading; null when it cannot be.</summary>
    internal static SafeFileHandle? TryOpen(string path)
    {
        int descriptor = Open(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly | CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>A device control call with a buffer that goes both ways.</summary>
    internal static bool TryControl(SafeFileHandle handle, uint request, byte[] buffer) => Control(handle, request, buffer) >= 0;

    /// <summary>Waits until a descriptor can be read, or the second one can or was closed at its other end.</summary>
    /// <returns>Whether the first can be read.</returns>
    internal static bool WaitUntilReadable(SafeFileHandle handle, SafeFileHandle? stop, TimeSpan timeout)
    {
        PollEntry[] entries =
        [
            new() { Descriptor = (int)handle.DangerousGetHandle(), Events = PollIn },
            new() { Descriptor = stop is null ? -1 : (int)stop.DangerousGetHandle(), Events = PollIn },
        ];
        return Poll(entries, (nuint)entries.Length, (int)timeout.TotalMilliseconds) > 0 && entries[0].Returned != 0;
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>Bytes read; 0 at the end, below 0 on an error.</returns>
    internal static int ReadSome(SafeFileHandle handle, byte[] buffer) => (int)Read(handle, buffer, (nuint)buffer.Length);

    /// <summary>A pipe; used to wake a waiting thread, and by tests as a line.</summary>
    internal static (SafeFileHandle Reader, SafeFileHandle Writer) MakePipe()
    {
        int[] descriptors = new int[2];
        return Pipe(descriptors, CloseOnExec) < 0
            ? throw new IOException($"no pipe: {Marshal.GetLastPInvokeErrorMessage()}")
            : (new(descriptors[0], ownsHandle: true), new(descriptors[1], ownsHandle: true));
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle handle, nuint request, byte[] buffer);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(SafeFileHandle handle, byte[] buffer, nuint count);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll([In, Out] PollEntry[] entries, nuint count, int timeoutMilliseconds);

    [DllImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Pipe(int[] descriptors, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
