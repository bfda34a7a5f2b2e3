using System.Globalization;

namespace Metering.Gateway.Commands;

/// <summary>What commands share: talk goes to standard error, results to standard output.</summary>
internal static class Output
{
    private const int MaximumPort = 65_535;

    /// <summary>Tells the user what is wrong.</summary>
    /// <returns>The exit code, so that a caller can return it.</returns>
    internal static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }

    /// <summary>Tells of a fault nobody foresaw: without its stack, unless METERING_TRACE=1 asks for it.</summary>
    internal static int FailUnforeseen(Exception e) => Fail(
        Environment.GetEnvironmentVariable("METERING_TRACE") == "1"
            ? e.ToString()
            : $"The program failed: {e.Message} This is its own fault, not yours. Readings on the disk are safe. Please report it with what METERING_TRACE=1 prints.",
        ExitCode.Software);

    /// <summary>What an argument is at fault of, without the name of the parameter, which means nothing to the user.</summary>
    internal static string FirstLine(ArgumentException e) => e.Message.Split('\n')[0].Split(" (Parameter")[0];

    internal static bool TryParseAddress(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        host = colon > 0 ? text[..colon].Trim('[', ']') : "";
        port = 0;
        return colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and <= MaximumPort;
    }
}
