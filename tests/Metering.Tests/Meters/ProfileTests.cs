using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

public sealed class ProfileTests
{
    private const string Head = "profile: p\nrevision: 1\nsource: s\ntrust: simulated\naddressing: wire\ntable: holding\nregisters:\n";

    [Fact]
    public void A_profile_is_read_with_its_addresses_as_sent()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("p.yaml", Head.Replace("wire", "doc1", StringComparison.Ordinal)
            + "  - { quantity: energy, address: 1, format: uint32, order: cdab, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296, sentinels: [ 4294967295 ] }\n");
        DeviceProfile profile = ProfileFile.Load(path);
        Assert.Equal(0, profile.Registers[0].Address);
        Assert.Equal("p/1", profile.Reference);
        Assert.Equal("mains.energy", profile.ChannelsOf("mains")[0].Id);
        Assert.Equal(4294967296, profile.ChannelsOf("mains")[0].Modulus);
    }

    [Theory]
    [InlineData("  - { quantity: e, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter, modulos: 5 }", "p.yaml(8,87): registers[0].modulos: unknown key, did you mean 'modulus'?")]
    [InlineData("  - { quantity: e, quantity: f, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter }", "p.yaml(8,20): quantity: given twice, first in line 8, remove one of them")]
    [InlineData("  - { quantity: e, address: 0, format: uint3, decimals: 1, unit: kWh, kind: counter }", "p.yaml(8,40): registers[0].format: 'uint3' is not known, did you mean 'uint32'?")]
    [InlineData("  - { quantity: e, address: 65535, format: uint32, decimals: 1, unit: kWh, kind: counter }", "p.yaml(8,29): registers[0].address: the value runs past register 65535, check address and format")]
    [InlineData("  - { quantity: e, address: 0, format: uint32, decimals: 1, unit: kwh, kind: counter }", "p.yaml(8,67): registers[0].unit: 'kwh' is not known, did you mean 'kWh'?")]
    [InlineData("  - { quantity: e, address: 0, format: int16, decimals: 1, unit: degC, kind: gauge, modulus: 7 }", "p.yaml(8,94): registers[0].modulus: belongs to a counter only, remove it, or write kind: counter")]
    [InlineData("  - { quantity: e, address: 0, format: int16, order: cdab, decimals: 1, unit: degC, kind: gauge }", "p.yaml(8,54): registers[0].order: one register has no second one to change places with, write abcd, or badc for swapped bytes")]
    [InlineData("  - { quantity: e, format: int16, decimals: 1, unit: degC, kind: gauge }", "p.yaml(8,5): registers[0].address: is missing, write address: ..., or sumOf: [ ..., ... ]")]
    public void A_fault_is_told_with_its_place_its_key_and_a_hint(string line, string expected)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("p.yaml", Head + line + "\n");
        YamlFaultException fault = Assert.Throws<YamlFaultException>(() => ProfileFile.Load(path));
        Assert.Equal(expected, fault.Message.Replace(folder.Path + "/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_of_a_file_are_told_in_the_order_of_their_places()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("p.yaml", Head.Replace("trust: simulated", "trust: sure", StringComparison.Ordinal).Replace("revision: 1", "revision: one", StringComparison.Ordinal)
            + "  - { quantity: E, address: 0, format: int16, decimals: 11, unit: degC, kind: gauge }\n");
        YamlFaultException fault = Assert.Throws<YamlFaultException>(() => ProfileFile.Load(path));
        Assert.Equal(["revision", "trust", "registers[0].quantity", "registers[0].decimals"], fault.Faults.Select(one => one.Key));
    }

    [Theory]
    [InlineData("", "file")]
    [InlineData("- 1\n", "file")]
    [InlineData("profile: [\n", "syntax")]
    [InlineData("profile: &a p\n", "profile")]
    [InlineData("registers:\n  - { quantity: a, minimum: 1 \u00d1\n  - { quantity: b, minimum: 2 }\n", "syntax")]
    public void What_is_no_profile_at_all_is_told_without_a_stack_trace(string text, string key)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("p.yaml", text);
        Assert.Contains(Assert.Throws<YamlFaultException>(() => ProfileFile.Load(path)).Faults, fault => fault.Key == key);
    }

    [Theory]
    [InlineData("0,2,4", 0, 125, "0+6")]
    [InlineData("4,0,2", 0, 125, "0+6")]
    [InlineData("0,2,10", 0, 125, "0+4 10+2")]
    [InlineData("0,2,10", 6, 125, "0+12")]
    [InlineData("0,2,10", 5, 125, "0+4 10+2")]
    [InlineData("0,2,4", 0, 4, "0+4 4+2")]
    [InlineData("0,0,1", 0, 125, "0+3")]
    [InlineData("0,123,125", 64, 125, "0+2 123+4")]
    [InlineData("0,60,123", 64, 125, "0+125")]
    public void The_poll_plan_needs_the_fewest_requests_the_limits_allow(string addresses, int hole, int limit, string expected)
    {
        DeviceProfile profile = TestProfiles.UInt32At(addresses.Split(',').Select(text => ushort.Parse(text, System.Globalization.CultureInfo.InvariantCulture)), hole, limit);
        IReadOnlyList<PollRequest> plan = PollPlan.For(profile);
        Assert.Equal(expected, string.Join(' ', plan.Select(request => $"{request.Start}+{request.Count}")));
        foreach (PollRequest request in plan)
        {
            Assert.All(request.Items, item => Assert.Equal(profile.Registers[item.RegisterIndex].Address, request.Start + item.Offset));
        }

        Assert.Equal(profile.Registers.Count, plan.Sum(request => request.Items.Count));
    }
}
