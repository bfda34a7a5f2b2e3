using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Metering.Cloud.Hosting;
using Metering.Readings.Parts;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Parts;

/// <summary>The lists of parts (CycloneDX 1.6) against the lock files and against what is really beside the programs.</summary>
public sealed class PartsListTests
{
    public static TheoryData<string, string> Programs => new() { { "Metering.Cloud", "cloud/Metering.Cloud" }, { "Metering.Gateway", "gateway/Metering.Gateway" } };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Every_part_of_the_lock_file_is_listed_with_its_hash_and_no_other(string program, string folder)
    {
        using JsonDocument list = JsonDocument.Parse(ProgramParts.ListOf(Assembly.Load(program)));
        using JsonDocument locked = JsonDocument.Parse(File.ReadAllBytes(Repository.Path(folder, "packages.lock.json")));
        string[] expected = [.. locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject()).Select(entry =>
            entry.Value.GetProperty("type").GetString() == "Project"
                ? entry.Name + "@" + ProgramParts.VersionOf(Assembly.Load(program))
                : $"pkg:nuget/{entry.Name}@{entry.Value.GetProperty("resolved")} {Convert.ToHexStringLower(Convert.FromBase64String(entry.Value.GetProperty("contentHash").GetString()!))}").Order(StringComparer.Ordinal)];
        string[] found = [.. Components(list).Select(part => part.GetProperty("bom-ref").GetString()
            + (part.TryGetProperty("hashes", out JsonElement hashes) ? " " + hashes[0].GetProperty("content").GetString() : "")).Order(StringComparer.Ordinal)];
        Assert.True(expected.Length > 5);
        Assert.Equal(expected, found);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_list_keeps_the_rules_of_CycloneDX(string program, string folder)
    {
        _ = folder;
        byte[] bytes = ProgramParts.ListOf(Assembly.Load(program));
        using JsonDocument list = JsonDocument.Parse(bytes);
        JsonElement root = list.RootElement;
        Assert.Equal(("CycloneDX", "1.6", 1), (root.GetProperty("bomFormat").GetString(), root.GetProperty("specVersion").GetString(), root.GetProperty("version").GetInt32()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", root.GetProperty("serialNumber").GetString()!);
        Assert.Equal(program, root.GetProperty("metadata").GetProperty("component").GetProperty("name").GetString());
        string[] references = [root.GetProperty("metadata").GetProperty("component").GetProperty("bom-ref").GetString()!, .. Components(list).Select(part => part.GetProperty("bom-ref").GetString()!)];
        Assert.Equal(references.Length, references.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Components(list), part => Assert.True(
            part.GetProperty("type").GetString() == "library" && part.GetProperty("name").GetString()!.Length > 0 && part.GetProperty("version").GetString()!.Length > 0));
        Assert.All(Components(list).Where(part => part.TryGetProperty("hashes", out _)), part =>
        {
            Assert.Equal("SHA-512", part.GetProperty("hashes")[0].GetProperty("alg").GetString());
            Assert.Matches("^[0-9a-f]{128}$", part.GetProperty("hashes")[0].GetProperty("content").GetString()!);
            Assert.Matches("^pkg:nuget/[A-Za-z0-9._-]+@[0-9A-Za-z.%-]+$", part.GetProperty("purl").GetString()!);
        });

        // Every reference leads to a part, each part is told of once, and everything but the build's tools is reached from the program.
        JsonElement[] dependencies = [.. root.GetProperty("dependencies").EnumerateArray()];
        Assert.Equal(references, dependencies.Select(one => one.GetProperty("ref").GetString()));
        Dictionary<string, string[]> needs = dependencies.ToDictionary(one => one.GetProperty("ref").GetString()!, one => one.GetProperty("dependsOn").EnumerateArray().Select(needed => needed.GetString()!).ToArray());
        Assert.Subset(references.ToHashSet(), needs.Values.SelectMany(one => one).ToHashSet());
        HashSet<string> reached = [];
        Reach(references[0], needs, reached);
        Assert.Equal(references.Order(StringComparer.Ordinal), reached.Order(StringComparer.Ordinal));
        Assert.Equal(bytes, ProgramParts.ListOf(Assembly.Load(program)));
    }

    [Fact]
    public void What_only_helps_to_build_is_marked_as_not_part_of_the_program()
    {
        string[] tools = [.. XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("PackageReference")
            .Where(reference => reference.Attribute("PrivateAssets")?.Value == "all").Select(reference => reference.Attribute("Include")!.Value)];
        Assert.Equal(tools.Order(StringComparer.Ordinal), PartsList.BuildOnly.Order(StringComparer.Ordinal));
        using JsonDocument list = JsonDocument.Parse(ProgramParts.ListOf(Assembly.Load("Metering.Cloud")));
        Assert.Equal(
            tools.Order(StringComparer.Ordinal),
            Components(list).Where(part => part.TryGetProperty("scope", out JsonElement scope) && scope.GetString() == "excluded").Select(part => part.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Another_package_version_gives_another_number_and_the_same_lock_file_the_same_bytes()
    {
        const string lockFile = """
            {"version":2,"dependencies":{"net10.0":{
              "Beta":{"type":"Transitive","resolved":"2.0.0","contentHash":"AQ=="},
              "Alpha":{"type":"Direct","requested":"[1.0.0, )","resolved":"1.0.0","contentHash":"AA==","dependencies":{"Beta":"2.0.0","System.Gone":"1.0.0"}},
              "own.part":{"type":"Project","dependencies":{"Alpha":"[1.0.0, )"}}}}}
            """;
        byte[] first = PartsList.Write("Program", "0.1.0", Encoding.UTF8.GetBytes(lockFile));
        byte[] other = PartsList.Write("Program", "0.1.0", Encoding.UTF8.GetBytes(lockFile.Replace("2.0.0", "2.0.1", StringComparison.Ordinal)));
        Assert.Equal(first, PartsList.Write("Program", "0.1.0", Encoding.UTF8.GetBytes(lockFile)));
        Assert.NotEqual(SerialNumber(first), SerialNumber(other));
        using JsonDocument list = JsonDocument.Parse(first);
        Assert.Equal(["pkg:nuget/Alpha@1.0.0", "pkg:nuget/Beta@2.0.0", "own.part@0.1.0"], Components(list).Select(part => part.GetProperty("bom-ref").GetString()));
        Assert.Equal("""{"ref":"pkg:nuget/Alpha@1.0.0","dependsOn":["pkg:nuget/Beta@2.0.0"]}""", Regex.Replace(list.RootElement.GetProperty("dependencies")[1].GetRawText(), @"\s", ""));
        Assert.Throws<InvalidDataException>(() => PartsList.Write("Program", "0.1.0", "{}"u8.ToArray()));
        Assert.Throws<InvalidDataException>(() => PartsList.Write("Program", "0.1.0", "no json"u8.ToArray()));
    }

    [Fact]
    public async Task The_cloud_prints_its_list()
    {
        await using StringWriter output = new();
        await using StringWriter error = new();
        Assert.Equal(ExitCode.Ok, await CloudCommandLine.RunAsync(["sbom"], output, error));
        Assert.Equal(Encoding.UTF8.GetString(ProgramParts.ListOf(typeof(CloudCommandLine).Assembly)), output.ToString());
    }

    private static string SerialNumber(byte[] bytes)
    {
        using JsonDocument list = JsonDocument.Parse(bytes);
        return list.RootElement.GetProperty("serialNumber").GetString()!;
    }

    private static JsonElement.ArrayEnumerator Components(JsonDocument list) => list.RootElement.GetProperty("components").EnumerateArray();

    private static void Reach(string reference, Dictionary<string, string[]> needs, HashSet<string> reached)
    {
        if (reached.Add(reference))
        {
            Array.ForEach(needs[reference], needed => Reach(needed, needs, reached));
        }
    }
}
