using System.IO.Compression;

namespace Metering.Cloud.Demo;

/// <summary>The signed batches, checked by the small verifier that needs neither cloud nor network.</summary>
internal sealed class ProofChecks(DemoTexts texts, DemoFolder folder)
{
    private const int DoesNotMatch = 3;

    /// <summary>Exports and verifies each gateway's batches, then one altered copy, which must be refused.</summary>
    public async Task<List<CheckLine>> RunAsync(string[] plants, CancellationToken cancellationToken)
    {
        List<string> faults = [];
        foreach (string plant in plants)
        {
            string archive = Path.Combine(folder.Exports, $"batches-{plant}.zip");
            await Tool.RunAsync(folder.Logs, "Metering.Cloud", ["export", "batches", "--config", folder.CloudConfig, "--gateway", plant, "--out", archive], cancellationToken);
            (int exitCode, string talk) = await Verify(archive, plant, cancellationToken);
            if (exitCode != 0)
            {
                faults.Add($"{plant}: {exitCode} {talk}");
            }
        }

        CheckLine chain = new(texts.ChainVerifies, faults.Count == 0 && plants.Length > 0, faults.Count == 0 ? $"{plants.Length} × exit 0" : string.Join("; ", faults));
        string altered = Path.Combine(folder.Exports, "altered-on-purpose.zip");
        Alter(Path.Combine(folder.Exports, $"batches-{plants[0]}.zip"), altered);
        (int refused, _) = await Verify(altered, plants[0], cancellationToken);
        return [chain, new(texts.AlteredRefused, refused == DoesNotMatch, $"exit {refused}")];
    }

    private Task<(int ExitCode, string Talk)> Verify(string archive, string plant, CancellationToken cancellationToken) =>
        Tool.TryRunAsync("Metering.Verifier", [archive, "--trust", Path.Combine(folder.Gateway(plant), "gateway.pub.pem")], cancellationToken);

    /// <summary>Copies the archive and flips one bit in the middle of one batch in the middle of the chain.</summary>
    private static void Alter(string source, string destination)
    {
        File.Copy(source, destination, overwrite: true);
        using ZipArchive zip = ZipFile.Open(destination, ZipArchiveMode.Update);
        List<ZipArchiveEntry> batches = [.. zip.Entries.Where(entry => entry.FullName.EndsWith(".mtr", StringComparison.Ordinal))];
        ZipArchiveEntry victim = batches[batches.Count / 2];
        byte[] bytes;
        using (MemoryStream copy = new())
        {
            using Stream stream = victim.Open();
            stream.CopyTo(copy);
            bytes = copy.ToArray();
        }

        bytes[bytes.Length / 2] ^= 1;
        string name = victim.FullName;
        victim.Delete();
        using Stream written = zip.CreateEntry(name).Open();
        written.Write(bytes);
    }
}
