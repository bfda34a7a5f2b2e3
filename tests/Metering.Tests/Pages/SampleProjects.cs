using System.Text;

namespace Metering.Tests.Pages;

/// <summary>A projects file with one project of each outcome.</summary>
internal static class SampleProjects
{
    public const string Accepted = "pml-001";
    public const string Water = "pml-002";
    public const string Open = "pml-003";
    public const string Refused = "pml-004";
    public const string Running = "pml-005";
    public const string Empty = "pml-006";

    public static string Yaml()
    {
        StringBuilder yaml = new("plants:\n");
        foreach ((string id, string es, string en, string sector) in Plants)
        {
            yaml.Append(null, $"  - {{ id: {id}, name: {{ es: \"{es}\", en: \"{en}\" }}, sector: {sector}, state: Guanajuato, zone: America/Mexico_City, simulated: true }}\n");
        }

        yaml.Append("projects:\n");
        Add(yaml, Accepted, "leon-tannery", isWater: false);
        Add(yaml, Water, "leon-tannery", isWater: true);
        Add(yaml, Open, "silao-auto", isWater: false);
        Add(yaml, Refused, "salamanca-chem", isWater: false);
        Add(yaml, Running, "celaya-hospital", isWater: false);
        Add(yaml, Empty, "queretaro-hotel", isWater: true);
        return yaml.ToString();
    }

    private static readonly (string Id, string Es, string En, string Sector)[] Plants =
    [
        ("leon-tannery", "Curtiduría León 1 (simulada)", "León tannery 1 (simulated)", "tannery"),
        ("silao-auto", "Autopartes Silao (simulada)", "Silao auto parts (simulated)", "automotive"),
        ("salamanca-chem", "Química Salamanca (simulada)", "Salamanca chemicals (simulated)", "chemical"),
        ("celaya-hospital", "Hospital Celaya (simulado)", "Celaya hospital (simulated)", "hospital"),
        ("queretaro-hotel", "Hotel <Querétaro> & más", "Hotel <Querétaro> & more", "hotel"),
    ];

    private static void Add(StringBuilder yaml, string id, string gateway, bool isWater)
    {
        string title = isWater
            ? "title: { es: \"Enjuague por lotes en el remojo\", en: \"Batch rinsing in the soaking drums\" }"
            : "title: { es: \"Variadores en bombas y compresores\", en: \"Variable-speed drives on pumps and compressors\" }";
        string measure = isWater
            ? "measure: { es: \"Enjuague por lotes y limitadores de flujo en los tambores.\", en: \"Batch rinsing and flow limiters on the drums.\" }"
            : "measure: { es: \"Variadores de velocidad y apagado automático en pausas.\", en: \"Variable-speed drives and automatic switch-off in breaks.\" }";
        yaml.Append(null, $"  - id: {id}\n    plant: {gateway}\n    {title}\n    {measure}\n");
        yaml.Append(null, $"    resource: {(isWater ? "water" : "electricity")}\n");
        yaml.Append(null, $"    use: {{ gateway: {gateway}, channel: {(isWater ? "water.volume" : "mains.active-energy-import")} }}\n");
        yaml.Append(null, $"    drivers:\n      - {{ id: production, gateway: {gateway}, channel: hides.count, aggregate: difference }}\n");
        if (!isWater)
        {
            yaml.Append(null, $"      - {{ id: cooling-degrees, gateway: {gateway}, channel: weather.outdoor-temperature, aggregate: mean, above: 18 }}\n");
        }

        yaml.Append("      - { id: workday, calendar: workday }\n    step: 1d\n    baseline: 2024-11-20..2025-09-30\n");
        yaml.Append("    installation: 2025-10-01..2025-10-31\n    reporting: 2025-11-01..2026-10-31\n    confidence: 90\n");
    }
}
