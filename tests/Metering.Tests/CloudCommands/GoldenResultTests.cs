using System.Diagnostics;
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
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

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
    public async Task The_bytes_stay_the_same_with_vector_instructions_switched_off(string variable)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList =
            {
                "test", typeof(GoldenResultTests).Assembly.Location, "--filter", $"FullyQualifiedName~{nameof(Every_reference_case_gives_the_committed_bytes)}",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { [variable] = "0", ["METERING_GOLDEN"] = "" },
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{variable}=0:\n{output}{await errors}");
        Assert.Contains("Passed!", output, StringComparison.Ordinal);
        Assert.Contains("Passed:     1", output, StringComparison.Ordinal);
    }
}
