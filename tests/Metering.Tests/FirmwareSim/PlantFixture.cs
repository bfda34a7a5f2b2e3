using System.Collections.Concurrent;
using Metering.FirmwareSim.Plants;

namespace Metering.Tests.FirmwareSim;

/// <summary>The five plants of one window, built once for all tests.</summary>
internal static class PlantFixture
{
    internal static readonly SimulationWindow TwoYears = new(new DateOnly(2024, 11, 20), new DateOnly(2026, 11, 20));

    private static readonly ConcurrentDictionary<string, PlantModel> Built = new(StringComparer.Ordinal);

    internal static PlantModel Plant(string id) =>
        Built.GetOrAdd(id, key => PlantModelBuilder.Build(PlantCatalogue.Choose(key)[0], PlantCatalogue.DefaultSeed, TwoYears));

    internal static IEnumerable<PlantModel> All => PlantCatalogue.All.Select(spec => Plant(spec.Id));

    internal static long Offset(PlantModel plant, DateOnly day) => SimulationWindow.UtcMilliseconds(day) - plant.FirstUtcMilliseconds;
}
