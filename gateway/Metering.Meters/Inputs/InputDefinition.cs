using Metering.Readings;

namespace Metering.Meters.Inputs;

/// <summary>Where inputs find the kernel's files and keep their own; tests give folders of their own.</summary>
public sealed record InputFolders
{
    /// <summary>Root of the file system that holds dev and sys; "/" on a gateway.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Where pulse counts are kept, one file per input.</summary>
    public required string State { get; init; }
}

/// <summary>One input as the configuration describes it: nothing is opened until it is asked to.</summary>
/// <param name="Id">Its name, also that of its meter.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Open">Opens it. What the hardware lacks is no exception but the quality of the readings; only state files that cannot be used throw (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>).</param>
public sealed record InputDefinition(string Id, IReadOnlyList<Channel> Channels, Func<InputFolders, ISlotInput> Open);
