using Metering.Gateway.Configuration;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

/// <summary>The schemas for editors: written by the readers themselves, current, and of one mind with them. METERING_GOLDEN=write writes them anew.</summary>
public sealed class ProfileSchemaTests
{
    public static TheoryData<string> Names => [.. GoldenCase.Profiles];

    [Fact]
    public void The_schema_of_profiles_is_current() => IsCurrent(ProfileFile.Schema(), "gateway", "profiles", "profile.schema.json");

    [Fact]
    public void The_schema_of_the_configuration_is_current()
    {
        using StringWriter writer = new();
        ConfigurationSchema.Write(writer);
        IsCurrent(writer.ToString(), "gateway", "gateway.schema.json");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_profile_fits_its_schema(string name) =>
        Assert.Empty(SchemaCheck.Faults(ProfileFile.Schema(), File.ReadAllText(Repository.Path("gateway", "profiles", name + ".yaml"))));

    [Theory]
    [InlineData("revision: 2", "revision: two", "$.revision: not integer")]
    [InlineData("revision: 2", "revision: 0", "$.revision: below 1")]
    [InlineData("medium: energy", "medium: steam", "$.medium: not in enum")]
    [InlineData("medium: energy", "medium: energy\nmidium: energy", "$.midium: not allowed")]
    [InlineData("trust: from-document", "", "$: trust missing")]
    [InlineData("profile: eastron-sdm630", "profile: Eastron", "$.profile: pattern")]
    [InlineData("address: 62,", "address: 62, sumOf: [ 1 ],", "$.registers[12]: not exactly one alternative")]
    [InlineData("unit: \"1\"", "unit: 1", "$.registers[12].unit: not string")]
    public void What_the_reader_refuses_the_schema_refuses(string from, string to, string expected)
    {
        string good = File.ReadAllText(Repository.Path("gateway", "profiles", "eastron-sdm630.yaml"));
        Assert.Contains(from, good, StringComparison.Ordinal);
        Assert.Contains(expected, SchemaCheck.Faults(ProfileFile.Schema(), good.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_reader_is_described_by_its_own_calls()
    {
        string schema = YamlSchema.Of("test", root =>
        {
            _ = root.Id("name", "Its name.");
            _ = root.Boolean("on");
            _ = root.Section("inner", required: false)?.Duration("every", TimeSpan.Zero, TimeSpan.FromDays(1));
            foreach (YamlSection item in root.Sections("items"))
            {
                Assert.True(item.IsDescription);
                _ = item.Integers("numbers", 0, 9);
            }
        });
        Assert.Empty(SchemaCheck.Faults(schema, "name: a\non: true\ninner: { every: 15m }\nitems: [ { numbers: [ 1, 2 ] } ]\n"));
        Assert.Equal(
            ["$.inner.every: pattern", "$.items[0].numbers[1]: above 9", "$.on: not boolean", "$: name missing"],
            SchemaCheck.Faults(schema, "on: maybe\ninner: { every: 15 s x }\nitems: [ { numbers: [ 1, 12 ] } ]\n"));
    }

    private static void IsCurrent(string schema, params string[] path)
    {
        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") == "write")
        {
            File.WriteAllText(Repository.Path(path), schema);
        }

        Assert.Equal(File.ReadAllText(Repository.Path(path)), schema);
    }
}
