namespace Metering.Gateway.Inputs;

/// <summary>An entry that is not taken, with what to do about it.</summary>
internal sealed class FieldRefusalException(int exitCode, Text text, params string[] values) : Exception(text.In(Language.English, values))
{
    private readonly Text _text = text;
    private readonly string[] _values = values;

    /// <summary>Exit code of a command that ends with it.</summary>
    internal int ExitCode { get; } = exitCode;

    /// <summary>What is wrong, in a language.</summary>
    internal string In(Language language) => _text.In(language, _values);
}
