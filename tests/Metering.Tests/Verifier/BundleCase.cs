using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Metering.Readings;
using Metering.Tests.Support;
using Metering.Verifier.Bundles;

namespace Metering.Tests.Verifier;

/// <summary>A bundle and what its reader brings, for both verifiers.</summary>
/// <param name="Name">Name of its file, other than that of all others.</param>
/// <param name="Bundle">Its bytes.</param>
internal sealed record BundleCase(string Name, byte[] Bundle)
{
    /// <summary>Keys of --trust in PEM form.</summary>
    public IReadOnlyList<string> Trusted { get; init; } = [];

    /// <summary>The bundle in the folder of --seen; null without.</summary>
    public byte[]? Seen { get; init; }

    /// <summary>The certificate of --time-authority in PEM form; null without.</summary>
    public string? TimeAuthority { get; init; }

    /// <summary>Whether --strict is given.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What the reader brings, for the first verifier without its command.</summary>
    public TrustStep Trust()
    {
        ECDsa[] keys = [.. Trusted.Select(pem => SigningKey.Parse(pem))];
        X509Certificate2Collection? authorities = TimeAuthority is null ? null : [];
        authorities?.ImportFromPem(TimeAuthority);
        return new(keys, Seen is null ? null : Forge.SeenOf(Seen), IsStrict) { TimeAuthorities = authorities };
    }

    /// <summary>Writes everything into a folder of its own, and gives the words that both verifiers take.</summary>
    public string[] WordsIn(TemporaryFolder folder)
    {
        List<string> words = [Write(folder, $"{Name}.mevb", Bundle)];
        for (int place = 0; place < Trusted.Count; place++)
        {
            words.AddRange(["--trust", Write(folder, FormattableString.Invariant($"{place}.pem"), Encoding.ASCII.GetBytes(Trusted[place]))]);
        }

        if (Seen is not null)
        {
            words.AddRange(["--seen", Path.GetDirectoryName(Write(folder, "seen/before.mevb", Seen))!]);
        }

        if (TimeAuthority is not null)
        {
            words.AddRange(["--time-authority", Write(folder, "authority.pem", Encoding.ASCII.GetBytes(TimeAuthority))]);
        }

        return IsStrict ? [.. words, "--strict"] : [.. words];
    }

    private string Write(TemporaryFolder folder, string name, byte[] bytes)
    {
        string path = folder.Combine(Path.Combine(Name, name));
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
