using Metering.Readings.Texts;

namespace Metering.Meters.Yaml;

/// <summary>One fault in a YAML file, told so that a person can put it right.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">Line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Key">The key at fault with its way from the root, such as buses[0].meters[1].unit.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What to write instead; null where there is nothing to say.</param>
public sealed record YamlFault(string File, int Line, int Column, string Key, Text Message, Text? Hint)
{
    /// <summary>The one-line form: file(line,col): key: what, hint; without a place when the whole file is meant.</summary>
    public string In(Language language)
    {
        string hint = Hint is null ? "" : $", {Hint.In(language)}";
        return Line == 0 ? $"{File}: {Message.In(language)}{hint}" : string.Create(null, $"{File}({Line},{Column}): {Key}: {Message.In(language)}{hint}");
    }

    /// <summary>The one-line form in English, as logs have it.</summary>
    public override string ToString() => In(Language.English);
}

/// <summary>Everything that is wrong with one or more YAML files, one line per fault.</summary>
public sealed class YamlFaultException : Exception
{
    /// <summary>Creates it without a fault.</summary>
    public YamlFaultException()
        : this([])
    {
    }

    /// <summary>Creates it with a text of its own.</summary>
    public YamlFaultException(string message)
        : base(message) => Faults = [];

    /// <summary>Creates it with a text of its own and a cause.</summary>
    public YamlFaultException(string message, Exception innerException)
        : base(message, innerException) => Faults = [];

    /// <summary>Creates it with the faults found.</summary>
    public YamlFaultException(IReadOnlyList<YamlFault> faults)
        : base(string.Join('\n', faults)) => Faults = faults;

    /// <summary>The faults, ordered by file and place.</summary>
    public IReadOnlyList<YamlFault> Faults { get; }

    /// <summary>Every fault on a line of its own. <see cref="Exception.Message"/> is the same in English, as logs have it.</summary>
    public string In(Language language) => Faults.Count == 0 ? Message : string.Join('\n', Faults.Select(fault => fault.In(language)));
}

/// <summary>Collects the faults of all files of one configuration, so that the user sees every one at once.</summary>
public sealed class YamlFaults
{
    /// <summary>The most faults told; a file with more has another trouble than its single keys.</summary>
    public const int MaximumCount = 100;

    private readonly List<YamlFault> _faults = [];

    /// <summary>Faults so far.</summary>
    public int Count => _faults.Count;

    /// <summary>Whether no more are taken.</summary>
    public bool IsFull => _faults.Count >= MaximumCount;

    /// <summary>Adds a fault; those above <see cref="MaximumCount"/> are left out.</summary>
    public void Add(YamlFault fault)
    {
        if (_faults.Count < MaximumCount)
        {
            _faults.Add(fault);
        }
    }

    /// <summary>Ends the collecting.</summary>
    /// <exception cref="YamlFaultException">There was at least one fault.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw new YamlFaultException([.. _faults.OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line).ThenBy(fault => fault.Column)]);
        }
    }
}
