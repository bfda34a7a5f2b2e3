namespace Metering.Meters.Inputs;

/// <summary>Where inputs find the kernel's files and keep their own; tests give folders of their own.</summary>
public sealed record InputFolders
{
    /// <summary>Root of the file system that holds dev, proc and sys; "/" on a gateway.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Where pulse counts are kept, one file per input.</summary>
    public required string State { get; init; }
}
