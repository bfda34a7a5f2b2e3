namespace Metering.Cloud.Demo;

/// <summary>The simulated plants, as the simulator names them.</summary>
internal static class DemoPlants
{
    /// <summary>Tannery, automotive, chemical, hospital, hotel.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["leon-tannery", "silao-automotive", "salamanca-chemical", "queretaro-hospital", "san-luis-hotel"];
}
