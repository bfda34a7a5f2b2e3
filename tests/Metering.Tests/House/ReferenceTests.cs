using System.Xml.Linq;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.House;

/// <summary>Which project may know which: projects are layers and data flows one way.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Readings"] = [],
        ["Fieldbus"] = [],
        ["Mqtt"] = [],
        ["Meters"] = ["Readings", "Fieldbus"],
        ["Gateway"] = ["Readings", "Fieldbus", "Mqtt", "Meters"],
        ["Analytics"] = ["Readings"],
        ["Evidence"] = ["Readings"],
        ["Projects"] = ["Readings", "Analytics"],
        ["Store"] = ["Readings", "Analytics"],
        ["Programme"] = ["Readings", "Analytics", "Evidence", "Store"],
        ["Ingestion"] = ["Readings", "Mqtt", "Store", "Evidence"],
        ["Cloud"] = ["Readings", "Mqtt", "Analytics", "Evidence", "Projects", "Store", "Ingestion", "Programme"],
        ["Verifier"] = ["Readings", "Analytics", "Evidence", "Projects"],
        ["FirmwareSim"] = ["Readings", "Fieldbus", "Meters"],
    };

    [Fact]
    public void Every_product_project_refers_only_to_the_layers_below_it()
    {
        List<string> faults = [];
        foreach (string file in ProductProjects())
        {
            string name = Name(file);
            foreach (XElement reference in XDocument.Load(file).Descendants("ProjectReference"))
            {
                string target = Name(reference.Attribute("Include")!.Value);
                if (!Allowed.TryGetValue(name, out string[]? targets) || !targets.Contains(target, StringComparer.Ordinal))
                {
                    faults.Add($"{name} -> {target}");
                }
            }
        }

        Assert.Empty(faults);
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), ProductProjects().Select(Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_has_a_lock_file_and_no_version_of_its_own()
    {
        foreach (string file in Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories))
        {
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "packages.lock.json")), $"{file} has no lock file");
            Assert.DoesNotContain(XDocument.Load(file).Descendants("PackageReference"), element => element.Attribute("Version") is not null);
        }
    }

    private static IEnumerable<string> ProductProjects() =>
        new[] { "gateway", "cloud", "firmware-sim" }.SelectMany(folder =>
            Directory.GetFiles(Repository.Path(folder), "*.csproj", SearchOption.AllDirectories));

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["Metering.".Length..];
}
