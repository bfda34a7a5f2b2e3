using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Metering.Meters.Inputs;

/// <summary>Reads the small text files by which the kernel's drivers speak.</summary>
internal static class KernelText
{
    private const int LongestText = 512;

    /// <summary>The file's text without white space at its ends; null when it is not there or the driver reports a fault.</summary>
    internal static string? TryRead(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            Span<byte> bytes = stackalloc byte[LongestText];
            int length = RandomAccess.Read(file, bytes, fileOffset: 0);
            return Encoding.ASCII.GetString(bytes[..length]).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A whole number; null when there is none.</summary>
    internal static long? TryReadInteger(string path) =>
        long.TryParse(TryRead(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>A decimal number; null when there is none.</summary>
    internal static double? TryReadNumber(string path) =>
        double.TryParse(TryRead(path), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    /// <summary>Folders of a kernel bus, ordered by name; empty when there are none.</summary>
    internal static string[] Devices(string folder, string pattern)
    {
        string[] found = Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, pattern) : [];
        Array.Sort(found, (left, right) => string.CompareOrdinal(left, right));
        return found;
    }
}
