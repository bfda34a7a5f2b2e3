namespace Metering.Cloud.Demo;

/// <summary>What was asked of the demo.</summary>
internal sealed record DemoOptions
{
    /// <summary>End after the self-check.</summary>
    public required bool Once { get; init; }

    /// <summary>Folder that keeps the state, or null for a temporary one.</summary>
    public required string? Keep { get; init; }

    /// <summary>Seed of the simulated plants.</summary>
    public required int Seed { get; init; }

    /// <summary>First day of history, ISO, or null for the simulator's default of two years.</summary>
    public required string? From { get; init; }

    /// <summary>Day after the last day of history, ISO, or null for the simulator's default.</summary>
    public required string? Until { get; init; }

    /// <summary>Spanish or English.</summary>
    public required DemoTexts Texts { get; init; }
}
