namespace Metering.Cloud.Texts;

/// <summary>Names of the usual drivers, by the identifier that a project gives them.</summary>
internal static class DriverNames
{
    private static readonly Dictionary<string, Text> Names = new(StringComparer.Ordinal)
    {
        ["production"] = new("producción", "production"),
        ["cooling-degrees"] = new("grados de enfriamiento", "cooling degrees"),
        ["heating-degrees"] = new("grados de calefacción", "heating degrees"),
        ["outdoor-temperature"] = new("temperatura exterior", "outdoor temperature"),
        ["temperature"] = new("temperatura", "temperature"),
        ["workday"] = new("día hábil", "working day"),
        ["occupancy"] = new("ocupación", "occupancy"),
        ["guest-nights"] = new("noches-huésped", "guest-nights"),
        ["bed-days"] = new("días-cama", "bed-days"),
        ["vehicles"] = new("vehículos", "vehicles"),
        ["hides"] = new("cueros", "hides"),
        ["batches"] = new("lotes", "batches"),
    };

    /// <summary>The name in a language; the identifier with spaces when it is none of the usual ones, and as it is when it names a channel.</summary>
    public static string Of(string id, Language language) => IsChannel(id) ? id : InWords(id, language);

    /// <summary>As <see cref="Of"/>, but channels too with spaces: hashes of models that are on record were made with these words.</summary>
    public static string Hashed(string id) => InWords(id, Language.English);

    // A channel is named by its meter and its quantity.
    private static bool IsChannel(string id) => id.Contains('.', StringComparison.Ordinal);

    private static string InWords(string id, Language language) => Names.TryGetValue(id, out Text? name) ? name.In(language) : id.Replace('-', ' ');
}
