using System.Text.Json;
using Metering.FirmwareSim;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Output;
using Metering.FirmwareSim.Plants;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Metering.Tests.FirmwareSim;

public sealed class OutputTests
{
    [Fact]
    public void Run_writes_configurations_projects_and_truth_and_then_says_it_is_ready()
    {
        using TemporaryFolder folder = new();
        PlantModel[] plants = [.. PlantFixture.All];
        using FieldHost host = new(plants.Select(plant => ((IFieldSource)plant, plant.Spec.IsSerial)), TimeProvider.System);
        OutputFolder output = new(folder.Path);
        foreach (ServedPlant served in host.Plants)
        {
            output.WriteGateway(served, new BrokerAddress("127.0.0.1", 1883), TimeSpan.FromMinutes(15));
        }

        foreach (PlantModel plant in plants)
        {
            YamlMappingNode gateway = Parse(folder.Read($"gateways/{plant.Id}/gateway.yaml"));
            Assert.Equal(plant.Id, gateway["gateway"].ToString());
            Assert.Equal("15m", gateway["polling"]["interval"].ToString());
            YamlNode bus = gateway["buses"][0];
            Assert.Equal(plant.Id == "san-luis-hotel", ((YamlMappingNode)bus).Children.ContainsKey("serial"));
            YamlSequenceNode meters = (YamlSequenceNode)bus["meters"];
            Assert.Equal(5, meters.Children.Count);
            int channels = 0;
            foreach (YamlNode meter in meters)
            {
                YamlMappingNode profile = Parse(folder.Read($"gateways/{plant.Id}/profiles/{meter["profile"]}.yaml"));
                Assert.Equal("simulated", profile["trust"].ToString());
                channels += ((YamlSequenceNode)profile["registers"]).Children.Count;
            }

            Assert.Equal(8, channels);
        }

        using JsonDocument ready = JsonDocument.Parse(ReadyLine.Of(host));
        Assert.True(ready.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal($"127.0.0.1:{host.Control.Port}", ready.RootElement.GetProperty("control").GetString());
        Assert.Equal(plants.Select(plant => plant.Id), ready.RootElement.GetProperty("plants").EnumerateArray().Select(id => id.GetString()));
    }

    [Fact]
    public void Profiles_state_table_addresses_order_and_modulus()
    {
        PlantModel chemical = PlantFixture.Plant("salamanca-chemical");
        Assert.Contains(
            "  - { quantity: supply-volume, address: 100, format: uint32, order: badc, decimals: 2, unit: \"m3\", kind: counter, modulus: 4294967296 }\n",
            ProfileYaml.Of(chemical.MeterOf(FieldChannel.Water)),
            StringComparison.Ordinal);
        string gas = ProfileYaml.Of(chemical.MeterOf(FieldChannel.Gas));
        Assert.Contains("addressing: doc1\n", gas, StringComparison.Ordinal);
        Assert.Contains("{ quantity: volume, address: 1, format: uint64, order: abcd, decimals: 1, unit: \"Nm3\", kind: counter }", gas, StringComparison.Ordinal);
        string weather = ProfileYaml.Of(chemical.MeterOf(FieldChannel.Temperature));
        Assert.Contains("table: input\n", weather, StringComparison.Ordinal);
        Assert.Contains("address: 10, format: int16, decimals: 1, unit: \"degC\", kind: gauge, sentinels: [ -32768 ], minimum: -400, maximum: 800", weather, StringComparison.Ordinal);
    }

    [Fact]
    public void Projects_name_every_driver_their_law_has()
    {
        YamlMappingNode file = Parse(ProjectsYaml.Of([.. PlantFixture.All]));
        Assert.Equal(5, ((YamlSequenceNode)file["plants"]).Children.Count);
        YamlNode hospital = ((YamlSequenceNode)file["projects"]).First(project => project["id"].ToString() == "pml-004");
        Assert.Equal("mains.active-energy-import", hospital["use"]["channel"].ToString());
        Assert.Equal(["production", "cooling-degrees", "workday"], ((YamlSequenceNode)hospital["drivers"]).Select(driver => driver["id"].ToString()));
        Assert.Equal("18", hospital["drivers"][1]["above"].ToString());
        Assert.Equal("2024-11-20..2025-11-30", hospital["baseline"].ToString());
        Assert.Equal("2026-01-01..2026-10-31", hospital["reporting"].ToString());
        YamlNode chemical = ((YamlSequenceNode)file["projects"]).First(project => project["id"].ToString() == "pml-003");
        Assert.Equal("18", chemical["drivers"][1]["below"].ToString());
    }

    [Fact]
    public void The_truth_counts_slots_losses_and_totals()
    {
        using JsonDocument truth = JsonDocument.Parse(TruthJson.Of([.. PlantFixture.All], PlantCatalogue.DefaultSeed));
        JsonElement water = truth.RootElement.GetProperty("channels").EnumerateArray()
            .First(channel => channel.GetProperty("gateway").GetString() == "leon-tannery" && channel.GetProperty("channel").GetString() == "water.supply-volume");
        Assert.Equal(730 * 96, water.GetProperty("expectedReadings").GetInt32());
        Assert.Equal(26 * 4, water.GetProperty("lostReadings").GetInt32());
        decimal difference = (water.GetProperty("lastRegister").GetInt64() - water.GetProperty("firstRegister").GetInt64()) / 100m;
        Assert.Equal(difference, water.GetProperty("trueTotal").GetDecimal());
        Assert.Equal(40, truth.RootElement.GetProperty("channels").GetArrayLength());
        foreach (JsonElement project in truth.RootElement.GetProperty("projects").EnumerateArray())
        {
            Assert.Equal(
                project.GetProperty("trueCounterfactual").GetDecimal() - project.GetProperty("trueActual").GetDecimal(),
                project.GetProperty("trueSaving").GetDecimal());
        }
    }

    [Theory]
    [InlineData("127.0.0.1:1883", "127.0.0.1", 1883)]
    [InlineData("broker.example:8883", "broker.example", 8883)]
    [InlineData("[::1]:1883", "::1", 1883)]
    public void A_broker_is_host_and_port(string text, string host, int port)
    {
        Assert.True(BrokerAddress.TryParse(text, out BrokerAddress address));
        Assert.Equal(new BrokerAddress(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1883")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("a b:1")]
    public void Anything_else_is_no_broker(string text) => Assert.False(BrokerAddress.TryParse(text, out _));

    [Fact]
    public async Task Wrong_options_exit_64_and_an_unwritable_folder_73()
    {
        Assert.Equal(64, await Commands.RunAsync(["run"], TimeProvider.System));
        Assert.Equal(64, await Commands.RunAsync(["run", "--out", "x", "--broker", "nowhere"], TimeProvider.System));
        Assert.Equal(64, await Commands.RunAsync(["run", "--out", "x", "--broker", "h:1", "--plants", "atlantis"], TimeProvider.System));
        Assert.Equal(64, await Commands.RunAsync(["run", "--out", "x", "--broker", "h:1", "--from", "2026-01-01", "--until", "2026-01-02"], TimeProvider.System));
        Assert.Equal(73, await Commands.RunAsync(["run", "--out", "/proc/none", "--broker", "h:1", "--plants", "leon-tannery", "--from", "2026-01-01", "--until", "2026-03-01"], TimeProvider.System));
        Assert.Equal(74, await Commands.RunAsync(["replay", "--csv", "none.csv", "--map", "none.yaml", "--out", "x", "--broker", "h:1"], TimeProvider.System));
    }

    private static YamlMappingNode Parse(string text)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
