using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Verifier;

/// <summary>
/// The bytes of a result are the same on any processor, with vector instructions or without: their hashes are committed. METERING_GOLDEN=write writes the file anew; read its
/// difference before committing, as bundles that were made before compute another result from then on.
/// </summary>
public sealed class ResultBytesTests
{
    private const int Seeds = 4;

    [Fact]
    public void Results_have_the_committed_bytes()
    {
        StringBuilder actual = new();
        for (int seed = 1; seed <= Seeds; seed++)
        {
            using SampleBundle sample = SampleBundle.Make(seed);
            actual.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(SHA256.HashData(sample.Draft.Result))}  seed {seed}\n");
        }

        string file = Repository.Path("tests", "golden", "bundle", "results.sha256");
        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual.ToString());
        }

        Assert.Equal(File.ReadAllText(file), actual.ToString());
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512F")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public Task The_bytes_stay_the_same_with_vector_instructions_switched_off(string variable) => WithoutVectors.PassesAsync(nameof(Results_have_the_committed_bytes), variable);
}
