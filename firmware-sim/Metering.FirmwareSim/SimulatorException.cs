namespace Metering.FirmwareSim;

/// <summary>Something the user can put right: the message says what happened and what to do, the code is that of sysexits.</summary>
internal sealed class SimulatorException(int exitCode, string message) : Exception(message)
{
    /// <summary>Wrong options.</summary>
    internal const int Usage = 64;

    /// <summary>A data file is not what its map says.</summary>
    internal const int WrongData = 65;

    /// <summary>A port or pseudo-terminal is not to be had.</summary>
    internal const int Unavailable = 69;

    /// <summary>A fault of the program itself.</summary>
    internal const int Software = 70;

    /// <summary>The output folder cannot be written.</summary>
    internal const int CannotCreate = 73;

    /// <summary>A file cannot be read.</summary>
    internal const int InputOutput = 74;

    /// <summary>A map file is wrong.</summary>
    internal const int Configuration = 78;

    /// <summary>The exit code.</summary>
    internal int ExitCode => exitCode;
}
