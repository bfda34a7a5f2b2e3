using System.Text.RegularExpressions;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

public sealed class ShippedProfileTests
{
    public static TheoryData<string> Names => [.. GoldenCase.Profiles];

    [Fact]
    public void The_profiles_beside_the_executable_are_those_of_the_folder_with_their_schema()
    {
        string[] beside = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "profiles"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(GoldenCase.Profiles, beside);
        Assert.True(beside.Length >= 30);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_says_what_it_is_where_it_comes_from_and_how_sure_it_is(string name)
    {
        DeviceProfile profile = GoldenCase.Load(name);
        Assert.True(profile.Source.Length >= 10, name);
        Assert.NotNull(profile.Maker);
        Assert.NotNull(profile.Medium);
        Assert.NotEmpty(profile.Models);
        Assert.NotNull(profile.Confidence);
        foreach (Confidence confidence in profile.Registers.Select(register => register.Confidence).Append(profile.Confidence).OfType<Confidence>())
        {
            Assert.All(Languages.All, language => Assert.True(confidence.Reason.In(language).Length >= 10, name));
            Assert.NotEqual(confidence.Reason.In(Language.Spanish), confidence.Reason.In(Language.English));
        }

        Assert.Equal(ProfileTrust.FromDocument, profile.Trust);
        Assert.All(profile.Registers, register => Assert.Null(register.Trust));
        Assert.StartsWith("# yaml-language-server: $schema=profile.schema.json\n", File.ReadAllText(Repository.Path("gateway", "profiles", name + ".yaml")), StringComparison.Ordinal);
        Assert.All(profile.ChannelsOf("m"), channel => channel.Check());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_can_be_planned_and_every_value_is_asked_for_once(string name)
    {
        DeviceProfile profile = GoldenCase.Load(name);
        IReadOnlyList<PollRequest> plan = PollPlan.For(profile);
        Assert.Equal(profile.Registers.Sum(register => register.Spans.Count), plan.Sum(request => request.Items.Count));
        Assert.All(plan, request => Assert.InRange(request.Count, 1, profile.MaximumRegisters));
    }

    [Fact]
    public void A_device_whose_values_overlap_is_asked_for_each_value_on_its_own()
    {
        IReadOnlyList<PollRequest> plan = PollPlan.For(GoldenCase.Load("vpinstruments-vpflowscope"));
        Assert.Equal(4, plan.Count);
        Assert.All(plan, request => Assert.Equal(2, request.Count));
    }

    [Fact]
    public void A_register_that_resets_a_total_is_named_in_both_languages()
    {
        Hazard hazard = Assert.Single(GoldenCase.Load("vpinstruments-vpflowscope").Hazards);
        Assert.Equal(128, hazard.Address);
        Assert.Contains("cero", hazard.Warning.In(Language.Spanish), StringComparison.Ordinal);
        Assert.Contains("zero", hazard.Warning.In(Language.English), StringComparison.Ordinal);
        Assert.Equal(60004, Assert.Single(GoldenCase.Load("siemens-pac3200").Hazards).Address);
    }

    [Fact]
    public void A_device_is_told_by_its_registers()
    {
        Identification maker = Assert.Single(GoldenCase.Load("siemens-pac3200").Identification);
        Assert.Equal(new RegisterSpan(ModbusTable.HoldingRegisters, 64001, 1), maker.Span);
        Assert.True(maker.Matches([42]));
        Assert.False(maker.Matches([41]));
        Assert.Equal([600, 602], GoldenCase.Load("siemens-mag6000").Identification.Select(way => (int)way.Span!.Value.Address));
        Assert.Equal(63, GoldenCase.Load("siemens-hydroranger-200").Identification[0].Span!.Value.Address);
    }

    [Theory]
    [InlineData("eastron-sdm630", "active-energy-import", 100_000, 0.0078125)]
    [InlineData("eastron-sdm630", "active-energy-import", 1_000_000, 0.0625)]
    [InlineData("eastron-sdm630", "active-energy-import", 10_000_000, 1)]
    [InlineData("janitza-b23", "active-energy-import", 1_000_000, 0.064)]
    public void A_total_in_floating_point_states_its_step(string name, string quantity, double size, double expected) =>
        Assert.Equal(expected, GoldenCase.Load(name).Registers.Single(register => register.Quantity == quantity).ResolutionAt(size)!.Value, 1e-12);

    [Fact]
    public void An_integer_total_has_no_step_but_its_last_decimal() =>
        Assert.Null(GoldenCase.Load("schneider-iem3155").Registers.Single(register => register.Quantity == "active-energy-import").ResolutionAt(1_000_000));

    [Fact]
    public void The_table_of_devices_names_every_profile_with_its_medium_and_grade()
    {
        string table = File.ReadAllText(Repository.Path("gateway", "profiles", "README.md"));
        foreach (string name in GoldenCase.Profiles)
        {
            DeviceProfile profile = GoldenCase.Load(name);
            string medium = profile.Medium!.Value.ToString().ToLowerInvariant();
            Assert.Matches(new Regex($@"\| `{Regex.Escape(name)}` \|.*\| {medium} \| {profile.Confidence!.Grade} \|"), table);
        }
    }
}
