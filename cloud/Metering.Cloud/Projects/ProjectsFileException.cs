namespace Metering.Cloud.Projects;

/// <summary>The projects file cannot be used. The message is one line that names file, line and column, and what to do.</summary>
internal sealed class ProjectsFileException : Exception
{
    /// <summary>EX_CONFIG of sysexits.</summary>
    public const int ConfigurationFault = 78;

    /// <summary>A fault at a place of the file.</summary>
    /// <param name="file">The file as given.</param>
    /// <param name="line">1-based line.</param>
    /// <param name="column">1-based column.</param>
    /// <param name="fault">What is wrong and what to do.</param>
    public ProjectsFileException(string file, long line, long column, string fault)
        : base(FormattableString.Invariant($"{file}({line},{column}): {fault}"))
    {
    }

    /// <summary>The file cannot be read at all.</summary>
    public ProjectsFileException(string file, string fault, Exception inner)
        : base($"{file}: {fault}", inner)
    {
    }

    /// <summary>The exit code of a program that stops for this.</summary>
    public int ExitCode { get; } = ConfigurationFault;
}
