namespace Metering.Evidence.Bundle;

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
}
