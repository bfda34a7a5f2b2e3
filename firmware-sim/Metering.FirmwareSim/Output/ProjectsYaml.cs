using System.Globalization;
using System.Text;
using Metering.FirmwareSim.Plants;
using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Output;

/// <summary>The register of plants and projects, as the cloud reads it.</summary>
internal static class ProjectsYaml
{
    private const int ConfidencePercent = 90;

    /// <summary>The text for plants with their projects. The drivers are exactly those of the plants' laws.</summary>
    internal static string Of(IReadOnlyList<PlantModel> plants)
    {
        StringBuilder text = new("# Simulated plants and their projects. None of them exists.\nplants:\n");
        foreach (PlantModel plant in plants)
        {
            text.Append(Plant(plant.Spec.Id, plant.Spec.Name, plant.Spec.Sector, plant.Spec.State, MexicanCalendar.Zone));
        }

        text.Append("projects:\n");
        foreach (PlantModel plant in plants)
        {
            Project(text, plant);
        }

        return text.ToString();
    }

    /// <summary>One line of the plants' list.</summary>
    internal static string Plant(string id, LocalText name, string sector, string state, string zone) =>
        $"  - {{ id: {id}, name: {YamlText.Of(name)}, sector: {sector}, state: {YamlText.Quote(state)}, zone: {zone}, simulated: true }}\n";

    private static void Project(StringBuilder text, PlantModel plant)
    {
        MeasureSpec measure = plant.Spec.Measure;
        string gateway = plant.Spec.Id;
        text.Append(CultureInfo.InvariantCulture, $"""
              - id: {measure.Id}
                plant: {gateway}
                title: {YamlText.Of(measure.Title)}
                measure: {YamlText.Of(measure.Measure)}
                resource: {measure.Resource}
                use: {"{"} gateway: {gateway}, channel: {ChannelId(plant, measure.Channel)} {"}"}
                drivers:

            """);
        UseLaw law = LawOf(plant.Spec);
        string weather = $"gateway: {gateway}, channel: {ChannelId(plant, FieldChannel.Temperature)}, aggregate: mean";
        if (law.PerProduction > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - {{ id: production, gateway: {gateway}, channel: {ChannelId(plant, FieldChannel.Production)}, aggregate: difference }}\n");
        }

        if (law.PerCoolingDegree > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - {{ id: cooling-degrees, {weather}, above: {DailyDrivers.BalanceDegrees} }}\n");
        }

        if (law.PerHeatingDegree > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - {{ id: heating-degrees, {weather}, below: {DailyDrivers.BalanceDegrees} }}\n");
        }

        if (law.PerWorkday > 0)
        {
            text.Append("      - { id: workday, calendar: workday }\n");
        }

        text.Append("    step: 1d\n");
        text.Append(CultureInfo.InvariantCulture, $"    baseline: {Days(plant.Periods.Baseline)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    installation: {Days(plant.Periods.Installation)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    reporting: {Days(plant.Periods.Reporting)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    confidence: {ConfidencePercent}\n");
    }

    /// <summary>The law of the use a plant's project lowers.</summary>
    internal static UseLaw LawOf(PlantSpec plant) => plant.Measure.Channel switch
    {
        FieldChannel.ActiveEnergy => plant.Energy,
        FieldChannel.Water => plant.Water,
        FieldChannel.Gas => plant.Gas,
        _ => throw new ArgumentException($"a measure cannot lower {plant.Measure.Channel}", nameof(plant)),
    };

    /// <summary>The channel id of a plant's channel.</summary>
    internal static string ChannelId(PlantModel plant, FieldChannel channel)
    {
        ChannelMap map = plant.MapOf(channel);
        return plant.MeterOf(channel).ChannelId(map);
    }

    private static string Days((DateOnly First, DateOnly Last) period) => $"{Iso(period.First)}..{Iso(period.Last)}";

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
