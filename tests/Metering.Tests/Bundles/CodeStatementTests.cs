using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Cloud.Evidence;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Bundles;

public sealed class CodeStatementTests
{
    [Fact]
    public void The_statement_names_version_runtime_and_the_hash_of_each_assembly_that_takes_part()
    {
        using JsonDocument statement = JsonDocument.Parse(CodeStatement.Bytes);
        JsonElement root = statement.RootElement;
        Assert.Equal(1, root.GetProperty("code").GetInt32());
        Assert.Equal(CodeStatement.Version, root.GetProperty("version").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", CodeStatement.Version);
        Assert.StartsWith(".NET 10.", root.GetProperty("runtime").GetString()!, StringComparison.Ordinal);
        JsonElement[] assemblies = [.. root.GetProperty("assemblies").EnumerateArray()];
        Assert.Equal(
            ["Metering.Readings", "Metering.Analytics", "Metering.Projects", "Metering.Evidence", "Metering.Store", "Metering.Programme", "Metering.Cloud"],
            assemblies.Select(one => one.GetProperty("name").GetString()));
        Assert.All(assemblies, one => Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Assembly.Load(one.GetProperty("name").GetString()!).Location))), one.GetProperty("sha256").GetString()));
        Assert.Equal((byte)'\n', CodeStatement.Bytes[^1]);
    }

    // A build in another folder would have other bytes otherwise, and nobody could compare the hashes with a build of his own.
    [Fact]
    public void No_assembly_names_the_folder_it_was_built_in()
    {
        byte[] root = System.Text.Encoding.UTF8.GetBytes(Repository.Root + "/");
        string[] assemblies = Directory.GetFiles(AppContext.BaseDirectory, "Metering.*.dll");
        Assert.True(assemblies.Length > 10);
        Assert.All(assemblies, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(root) < 0, Path.GetFileName(file)));
    }

    [Fact]
    public void A_build_from_a_repository_names_its_commit()
    {
        if (Path.Exists(Repository.Path(".git")))
        {
            Assert.Matches("^[0-9a-f]{40}([0-9a-f]{24})?$", CodeStatement.Commit ?? "");
        }
    }
}
