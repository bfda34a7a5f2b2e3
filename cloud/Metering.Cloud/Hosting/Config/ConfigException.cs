namespace Metering.Cloud.Hosting;

/// <summary>A configuration file with faults, one line each: "file(line,col): key: what, hint".</summary>
internal sealed class ConfigException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
