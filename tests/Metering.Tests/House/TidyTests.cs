using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.House;

/// <summary>The rules of the house that no analyzer checks.</summary>
public sealed class TidyTests
{
    private const int LongestFile = 400;

    private static readonly string[] ForbiddenFolders =
        ["Models", "Services", "Helpers", "Utils", "Common", "Managers", "Interfaces", "Extensions"];

    private static readonly string[] Assemblies =
        ["Readings", "Fieldbus", "Mqtt", "Meters", "Gateway", "Analytics", "Evidence", "Projects", "Store", "Ingestion", "Cloud", "Verifier", "FirmwareSim"];

    private static readonly Type[] Numbers = [typeof(int), typeof(long), typeof(double), typeof(float), typeof(decimal), typeof(uint), typeof(ushort), typeof(short)];

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.Empty(SourceFiles().Where(file => File.ReadLines(Repository.Path(file)).Count() > LongestFile).ToArray());

    [Fact]
    public void No_folder_has_a_name_that_says_nothing() =>
        Assert.Empty(SourceFiles().Where(file => file.Split('/').Any(part => ForbiddenFolders.Contains(part, StringComparer.Ordinal))).ToArray());

    [Fact]
    public void Methods_are_held_to_60_lines_by_the_compiler()
    {
        string rules = File.ReadAllText(Repository.Path(".editorconfig"));
        Assert.Contains("dotnet_diagnostic.MA0051.severity = error", rules, StringComparison.Ordinal);
        Assert.Contains("MA0051.maximum_lines_per_method = 60", rules, StringComparison.Ordinal);
        Assert.DoesNotContain(SourceFiles(), file => File.ReadAllText(Repository.Path(file)).Contains("disable MA" + "0051", StringComparison.Ordinal));
    }

    [Fact]
    public void No_signature_speaks_of_DateTime() =>
        Assert.Empty(Members().Where(member => member.Types.Contains(typeof(DateTime)) || member.Types.Contains(typeof(DateTime?))).Select(member => member.Name).ToArray());

    [Fact]
    public void No_duration_is_a_bare_number()
    {
        // "interval" and "period" alone are words of the field: a stretch of time with a start, or its index.
        Regex duration = new("([a-z](Timeout|Interval|Period|Delay|Duration|Age)|^(Timeout|Interval|Delay|Duration|Age|timeout|delay|duration|age))$");
        // "…PerInterval" is a quantity of each interval.
        Assert.Empty(Named().Where(pair => duration.IsMatch(pair.Name) && !pair.Name.EndsWith("PerInterval", StringComparison.Ordinal) && Numbers.Contains(pair.Type)).Select(pair => $"{pair.Owner}.{pair.Name}").ToArray());
    }

    [Fact]
    public void Nothing_names_a_machine_path_or_a_package_host()
    {
        string[] forbidden = ["/wor" + "k/", "nuget" + ".org/v3", "debian" + ".org/debian", "npm" + "js.org"];
        IEnumerable<string> files = Directory.GetFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/.git/", StringComparison.Ordinal) && !file.Contains("/.artifacts/", StringComparison.Ordinal))
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".json" or ".yaml" or ".sh" or ".props" or ".csproj" or ".razor" or ".css" or "");
        Assert.Empty(files.Where(file => Array.Exists(forbidden, word => File.ReadAllText(file).Contains(word, StringComparison.Ordinal))).ToArray());
    }

    private static IEnumerable<string> SourceFiles() =>
        new[] { "gateway", "cloud", "firmware-sim", "tests" }
            .SelectMany(folder => Directory.GetFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => file[(Repository.Root.Length + 1)..]);

    private static IEnumerable<Type> Types() =>
        Assemblies.SelectMany(name => Assembly.Load("Metering." + name).GetTypes())
            .Where(type => type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
                && type.FullName!.StartsWith("Metering.", StringComparison.Ordinal)
                && !type.FullName.Contains('<', StringComparison.Ordinal));

    private static IEnumerable<(string Name, Type[] Types)> Members()
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (Type type in Types())
        {
            foreach (MethodInfo method in type.GetMethods(Declared))
            {
                yield return ($"{type.Name}.{method.Name}", [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType)]);
            }

            foreach (FieldInfo field in type.GetFields(Declared))
            {
                yield return ($"{type.Name}.{field.Name}", [field.FieldType]);
            }
        }
    }

    private static IEnumerable<(string Owner, string Name, Type Type)> Named()
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (Type type in Types())
        {
            foreach (PropertyInfo property in type.GetProperties(Declared))
            {
                yield return (type.Name, property.Name, property.PropertyType);
            }

            foreach (ParameterInfo parameter in type.GetMethods(Declared).SelectMany(method => method.GetParameters()))
            {
                yield return (type.Name, parameter.Name ?? "", parameter.ParameterType);
            }
        }
    }
}
