using System.IO.Compression;
using System.Text.Json;
using Metering.Evidence.Archive;
using Metering.Tests.CloudHost;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Verifier;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly CloudFolder _folder = new();
    private readonly BatchFactory _tannery = new();
    private readonly BatchFactory _hotel = new("silao-hotel");

    public void Dispose()
    {
        _folder.Dispose();
        _tannery.Dispose();
        _hotel.Dispose();
    }

    [Fact]
    public async Task An_export_verifies_against_the_plants_own_keys()
    {
        await ExportAsync();
        await File.WriteAllTextAsync(_folder.At("t.pem"), _tannery.PublicPem);
        await File.WriteAllTextAsync(_folder.At("h.pem"), _hotel.PublicPem);
        (int exitCode, string output, _) = _folder.Verify("@all.zip", "--trust", "@t.pem", "--trust", "@h.pem", "--json");
        Assert.Equal(0, exitCode);
        using JsonDocument report = JsonDocument.Parse(output);
        Assert.Equal("verified", report.RootElement.GetProperty("verdict").GetString());
        JsonElement gateway = report.RootElement.GetProperty("gateways")[0];
        Assert.Equal("leon-tannery", gateway.GetProperty("gateway").GetString());
        Assert.Equal((1, 5, 40), (gateway.GetProperty("epoch").GetInt32(), gateway.GetProperty("batches").GetInt64(), gateway.GetProperty("readings").GetInt64()));
        Assert.Equal("2024-01-01T00:00:00+00:00", gateway.GetProperty("firstUtc").GetString());
        Assert.Equal(0, gateway.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_trusted_key_it_says_that_only_the_file_agrees_with_itself()
    {
        await ExportAsync();
        (int exitCode, string output, _) = _folder.Verify("@all.zip");
        Assert.Equal(0, exitCode);
        Assert.Contains("CONSISTENT", output, StringComparison.Ordinal);
        Assert.Contains("only that the file agrees with itself", output, StringComparison.Ordinal);
        (_, output, _) = _folder.Verify("@all.zip", "--lang", "es");
        Assert.Contains("COHERENTE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_trusted_does_not_match()
    {
        await ExportAsync();
        await File.WriteAllTextAsync(_folder.At("t.pem"), _tannery.PublicPem);
        (int exitCode, string output, _) = _folder.Verify("@all.zip", "--trust", "@t.pem");
        Assert.Equal(3, exitCode);
        Assert.Contains("the key is none of those you gave with --trust", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "FAULT: batch 3 of key epoch 1: the signature does not hold")]
    [InlineData("es", "FALLO: lote 3 de la época de llave 1: la firma no es válida")]
    public async Task An_altered_batch_does_not_match(string language, string expected)
    {
        await ExportAsync();
        Rewrite((name, bytes) => name == "batches/leon-tannery/1-0000000003.mtr"
            ? Metering.Tests.Evidence.GatewayChainTests.Repack(bytes, note => [.. System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(note).Replace("clock S", "clock I", StringComparison.Ordinal))])
            : bytes);
        (int exitCode, string output, _) = _folder.Verify("@all.zip", "--lang", language);
        Assert.Equal(3, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_batch_does_not_match()
    {
        await ExportAsync();
        Rewrite((name, bytes) => name == "batches/silao-hotel/1-0000000002.mtr" ? null : bytes);
        (int exitCode, string output, _) = _folder.Verify("@all.zip", "--lang", "es");
        Assert.Equal(3, exitCode);
        Assert.Contains("lote 3 de la época de llave 1: antes de este falta: 2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_changed_byte_inside_a_batch_is_noticed()
    {
        await ExportAsync();
        byte[] whole = await File.ReadAllBytesAsync(_folder.At("all.zip"));
        Random random = new(17);
        for (int round = 0; round < 300; round++)
        {
            byte[] altered = [.. whole];
            int offset = random.Next(altered.Length);
            altered[offset] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(_folder.At("all.zip"), altered);
            (int exitCode, string output, _) = _folder.Verify("@all.zip", "--json");

            // A flip in a ZIP date or attribute says nothing about the batches; then every batch must still be the same.
            bool isUnharmed = exitCode == 0 && output.Contains("\"batches\":5,\"readings\":40", StringComparison.Ordinal);
            Assert.True(exitCode is 3 or 65 || isUnharmed, $"seed 17, round {round}, offset {offset}: exit code {exitCode}");
        }
    }

    [Theory]
    [InlineData("../../etc/passwd", "does not belong into a batch archive")]
    [InlineData("batches/leon-tannery/../x/1-0000000001.mtr", "does not belong into a batch archive")]
    [InlineData("batches/leon-tannery/01-0000000001.mtr", "does not belong into a batch archive")]
    [InlineData("batches/leon-tannery/1-1.mtr", "does not belong into a batch archive")]
    [InlineData("batches/leon-tannery/1-0000000001.mtr", "is there twice")]
    [InlineData("batches/unknown/1-0000000001.mtr", "no key 'keys/unknown-1.pem'")]
    public async Task An_entry_that_does_not_belong_there_is_refused(string name, string expected)
    {
        await ExportAsync();
        using (ZipArchive zip = ZipFile.Open(_folder.At("all.zip"), ZipArchiveMode.Update))
        {
            using Stream stream = zip.CreateEntry(name).Open();
            stream.WriteByte(1);
        }

        (int exitCode, _, string error) = _folder.Verify("@all.zip");
        Assert.Equal(65, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_expands_without_end_is_refused()
    {
        await ExportAsync();
        using (ZipArchive zip = ZipFile.Open(_folder.At("all.zip"), ZipArchiveMode.Update))
        {
            using Stream stream = zip.CreateEntry("batches/leon-tannery/1-0000000099.mtr", CompressionLevel.SmallestSize).Open();
            stream.Write(new byte[10_000_000]);
        }

        (int exitCode, _, string error) = _folder.Verify("@all.zip");
        Assert.Equal(65, exitCode);
        Assert.Contains("is larger than 524288 bytes", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65, "not a readable ZIP file", "@cloud.yaml")]
    [InlineData(74, "does not exist. Check the path", "@none.zip")]
    [InlineData(64, "the file to verify is missing")]
    [InlineData(64, "--trust is unknown or lacks its value", "@x.zip", "--trust")]
    public void A_wrong_call_ends_with_its_code_and_a_hint(int expected, string hint, params string[] args)
    {
        (int exitCode, _, string error) = _folder.Verify(args);
        Assert.Equal(expected, exitCode);
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_store_gives_the_same_archive_byte_for_byte()
    {
        await ExportAsync();
        byte[] first = await File.ReadAllBytesAsync(_folder.At("all.zip"));
        _ = await _folder.RunAsync("export", "batches", "--config", "@cloud.yaml", "--out", "@all.zip");
        Assert.Equal(first, await File.ReadAllBytesAsync(_folder.At("all.zip")));
    }

    [Fact]
    public void A_name_has_one_spelling()
    {
        Assert.True(BatchArchiveNames.TryParseBatch("batches/g-1.x/3-0000000012.mtr", out string gateway, out Metering.Evidence.Chain.BatchPlace place));
        Assert.Equal(("g-1.x", 3, 12L), (gateway, place.KeyEpoch, place.Batch));
        Assert.True(BatchArchiveNames.TryParseKey("keys/g-1.x-3.pem", out gateway, out int keyEpoch));
        Assert.Equal(("g-1.x", 3), (gateway, keyEpoch));
        Assert.False(BatchArchiveNames.TryParseKey("keys/g-0.pem", out _, out _));
        Assert.False(BatchArchiveNames.TryParseBatch("batches//1-0000000001.mtr", out _, out _));
    }

    private async Task ExportAsync()
    {
        await _folder.StoreAsync(5, _tannery, _hotel);
        (int exitCode, _, string error) = await _folder.RunAsync("export", "batches", "--config", "@cloud.yaml", "--out", "@all.zip");
        Assert.Equal((0, ""), (exitCode, error));
    }

    // Writes the archive again with other contents; null leaves the entry out.
    private void Rewrite(Func<string, byte[], byte[]?> change)
    {
        List<(string Name, byte[] Bytes)> entries = [];
        using (ZipArchive zip = ZipFile.OpenRead(_folder.At("all.zip")))
        {
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using Stream stream = entry.Open();
                using MemoryStream copy = new();
                stream.CopyTo(copy);
                entries.Add((entry.FullName, copy.ToArray()));
            }
        }

        File.Delete(_folder.At("all.zip"));
        using ZipArchive output = ZipFile.Open(_folder.At("all.zip"), ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in entries)
        {
            if (change(name, bytes) is byte[] changed)
            {
                using Stream stream = output.CreateEntry(name).Open();
                stream.Write(changed);
            }
        }
    }
}
