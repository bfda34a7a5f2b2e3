namespace Metering.FirmwareSim.Plants;

/// <summary>The simulated plants. All of them are inventions; none stands for a company.</summary>
internal static class PlantCatalogue
{
    /// <summary>Seed of the field when none is given.</summary>
    internal const long DefaultSeed = 20260101;

    /// <summary>Every plant.</summary>
    internal static IReadOnlyList<PlantSpec> All { get; } =
        [LeonTannery.Spec, SilaoAutomotive.Spec, SalamancaChemical.Spec, QueretaroHospital.Spec, SanLuisHotel.Spec];

    /// <summary>Plants by "all" or a list of ids with commas between.</summary>
    /// <exception cref="ArgumentException">An id is not known; the message lists the known ones.</exception>
    internal static IReadOnlyList<PlantSpec> Choose(string list)
    {
        if (list == "all")
        {
            return All;
        }

        List<PlantSpec> chosen = [];
        foreach (string id in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            chosen.Add(All.FirstOrDefault(plant => plant.Id == id)
                ?? throw new ArgumentException($"there is no simulated plant '{id}'; known: {string.Join(", ", All.Select(plant => plant.Id))}"));
        }

        return chosen.Count > 0 ? chosen : throw new ArgumentException("name at least one plant, or 'all'");
    }
}
