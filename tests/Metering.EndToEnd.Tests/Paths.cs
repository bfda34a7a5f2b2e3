namespace Metering.EndToEnd;

/// <summary>Tests of the whole path: one after the other, beside the browser's and the rest. Most of their time they wait for a gateway that waits for its cloud.</summary>
internal static class Paths
{
    /// <summary>Name of their collection.</summary>
    public const string Collection = "paths";
}
