namespace Metering.Evidence.Bundle;

/// <summary>In what way a file has not the form of a bundle.</summary>
public enum BundleFormFault
{
    /// <summary>Any other.</summary>
    Other = 0,

    /// <summary>Bytes stand behind the end of the ZIP.</summary>
    Appended = 1,

    /// <summary>The end of the ZIP is not there.</summary>
    CutOff = 2,

    /// <summary>Bytes stand in front of the ZIP.</summary>
    InFront = 3,

    /// <summary>Bytes stand between its files, or two files share some.</summary>
    Hidden = 4,

    /// <summary>Two files have one name.</summary>
    Twice = 5,

    /// <summary>A file would expand without end.</summary>
    Bomb = 6,

    /// <summary>A file has a name that no file of a bundle has.</summary>
    Name = 7,

    /// <summary>The two headers of a file do not agree.</summary>
    Headers = 8,
}

/// <summary>The file is no evidence bundle, or not in the one form a bundle has.</summary>
public sealed class BundleFormatException : Exception
{
    /// <summary>Without a message.</summary>
    public BundleFormatException()
    {
    }

    /// <summary>With what is wrong.</summary>
    public BundleFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With what is wrong and its cause.</summary>
    public BundleFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>In what way.</summary>
    public BundleFormFault Fault { get; init; }
}
