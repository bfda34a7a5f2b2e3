using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Output;
using Metering.FirmwareSim.Plants;

namespace Metering.FirmwareSim;

/// <summary>What <c>run</c> was told.</summary>
internal sealed record RunSettings
{
    /// <summary>Folder for the files.</summary>
    public required string Output { get; init; }

    /// <summary>Where the broker is.</summary>
    public required BrokerAddress Broker { get; init; }

    /// <summary>Which plants.</summary>
    public required IReadOnlyList<PlantSpec> Plants { get; init; }

    /// <summary>Seed of the field.</summary>
    public required long Seed { get; init; }

    /// <summary>The days.</summary>
    public required SimulationWindow Window { get; init; }

    /// <summary>No serial line.</summary>
    public required bool IsTcpOnly { get; init; }
}

/// <summary>Serves simulated plants until it is stopped.</summary>
internal static class RunSession
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(SimulationWindow.SlotMilliseconds);

    /// <summary>Builds, writes, serves; then prints the ready line and waits.</summary>
    internal static async Task<int> RunAsync(RunSettings settings, TimeProvider clock, CancellationToken stopping)
    {
        List<PlantModel> models = [];
        foreach (PlantSpec plant in settings.Plants)
        {
            models.Add(PlantModelBuilder.Build(plant, settings.Seed, settings.Window));
        }

        OutputFolder output = new(settings.Output);
        using FieldHost host = new(models.Select(model => ((IFieldSource)model, model.Spec.IsSerial && !settings.IsTcpOnly)), clock);
        foreach (ServedPlant served in host.Plants)
        {
            output.WriteGateway(served, settings.Broker, PollInterval);
        }

        output.Write("projects.yaml", ProjectsYaml.Of(models));
        output.Write("truth.json", TruthJson.Of(models, settings.Seed));
        return await ReadyLine.PrintAndWaitAsync(host, stopping);
    }
}
