namespace Metering.Cloud.Demo;

/// <summary>The demo cannot go on: a message for the person at the terminal and the exit code.</summary>
internal sealed class DemoException(int exitCode, string message) : Exception(message)
{
    /// <summary>See README.md, exit codes.</summary>
    public int ExitCode { get; } = exitCode;
}
