namespace Metering.Cloud.Hosting;

/// <summary>A configuration file with faults, one line each: "file(line,col): key: what, hint". The message is in English.</summary>
internal sealed class ConfigException(IReadOnlyList<Text> faults) : Exception(string.Join('\n', faults.Select(fault => fault.In(Language.English))))
{
    /// <summary>The faults in English.</summary>
    public IReadOnlyList<string> Faults { get; } = [.. faults.Select(fault => fault.In(Language.English))];

    /// <summary>The faults in a language, one a line.</summary>
    public string In(Language language) => string.Join('\n', faults.Select(fault => fault.In(language)));
}
