using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Commands;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.CloudCommands;

/// <summary>
/// The result of every reference case, byte for byte, on any processor: the hashes are committed, and the same bytes come with
/// vector instructions switched off. METERING_GOLDEN=write writes the file anew; read its difference before committing.
/// </summary>
public sealed class GoldenResultTests
{
    private static readonly string GoldenFile = Repository.Path("tests", "golden", "analytics", "results.sha256");

    [NeedsFact("shared:reference/mv")]
    public void Every_reference_case_gives_the_committed_bytes()
    {
        StringBuilder actual = new();
        using CommandRunner runner = new();
        foreach (ReferenceCase reference in ReferenceCases.All(runner))
        {
            runner.Run(reference.IsIntervals ? IntervalsCommand.Create() : SavingsCommand.Create(), reference.Arguments);
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runner.Output)));
            actual.Append(hash).Append("  ").Append(reference.Name).Append('\n');
        }

        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(GoldenFile)!);
            File.WriteAllText(GoldenFile, actual.ToString());
        }

        Assert.Equal(File.ReadAllText(GoldenFile), actual.ToString());
    }

    [NeedsTheory("shared:reference/mv")]
    [InlineData("DOTNET_EnableAVX512F")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public Task The_bytes_stay_the_same_with_vector_instructions_switched_off(string variable) => WithoutVectors.PassesAsync(nameof(Every_reference_case_gives_the_committed_bytes), variable);
}
