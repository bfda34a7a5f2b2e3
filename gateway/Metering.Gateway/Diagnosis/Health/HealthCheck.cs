namespace Metering.Gateway.Diagnosis.Health;

/// <summary>How a check ended.</summary>
internal enum HealthMark
{
    /// <summary>Nothing to do.</summary>
    Good = 0,

    /// <summary>It works, and somebody should look at it.</summary>
    Notice,

    /// <summary>It does not work.</summary>
    Bad,
}

/// <summary>One line of the doctor.</summary>
/// <param name="Name">Word for machines, such as serial-holder.</param>
/// <param name="Mark">How it ended.</param>
/// <param name="What">What was found.</param>
/// <param name="Remedy">What to do; null when there is nothing to do.</param>
/// <param name="ExitCode">Exit code when bad: 69, 77 or 78.</param>
internal sealed record HealthCheck(string Name, HealthMark Mark, Text What, Text? Remedy = null, int ExitCode = Gateway.ExitCode.Unavailable)
{
    internal static HealthCheck Good(string name, string es, string en) => new(name, HealthMark.Good, new(es, en));

    internal static HealthCheck Notice(string name, Text what, Text remedy) => new(name, HealthMark.Notice, what, remedy);

    internal static HealthCheck Bad(string name, Text what, Text remedy, int exitCode = Gateway.ExitCode.Unavailable) => new(name, HealthMark.Bad, what, remedy, exitCode);

    /// <summary>The exit code of the worst: configuration before permission before reachability; 0 when nothing is bad.</summary>
    internal static int WorstExitCode(IEnumerable<HealthCheck> checks) =>
        checks.Where(check => check.Mark == HealthMark.Bad).Select(check => check.ExitCode).DefaultIfEmpty(0).Max();
}
