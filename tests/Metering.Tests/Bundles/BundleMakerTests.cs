using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Evidence;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Metering.Tests.Support;
using Metering.Verifier.Bundles;
using Xunit;

namespace Metering.Tests.Bundles;

public sealed class BundleMakerTests : IAsyncLifetime
{
    private BundleCloud cloud = null!;

    public async Task InitializeAsync() => cloud = await BundleCloud.FilledAsync();

    public Task DisposeAsync()
    {
        cloud.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_entry_shown_leads_to_the_signed_root_and_every_body_to_its_entry()
    {
        (_, BundleFile file, BundleSummary summary) = await cloud.MakeAsync();
        Checkpoint checkpoint = Checkpoint.Open(file.Read(BundleNames.Checkpoint, 10_000), cloud.Key);
        Assert.Equal(summary.Checkpoint, file.Read(BundleNames.Checkpoint, 10_000));
        Assert.Equal(SigningKey.PublicPem(cloud.Key), Encoding.ASCII.GetString(file.Read(BundleNames.LogKey, 10_000)));
        Queue<byte[]> notes = new(NotesOf(file));
        List<long> indices = [];
        List<byte[]> leaves = [];
        foreach ((long index, LogEntry entry) in EntriesOf(file))
        {
            string hash = entry.BodyHash;
            if (entry.Kind == LogEntryKind.Batch)
            {
                hash = BatchManifest.HashOf(notes.Dequeue());
            }
            else
            {
                byte[] body = entry.Kind switch
                {
                    LogEntryKind.Result => [.. "-\n"u8, .. file.Read(BundleNames.Result, 10_000_000)],
                    LogEntryKind.Validation => [.. "-\n"u8, .. file.Read(BundleNames.Validation, 10_000_000)],
                    _ => file.Read(BundleNames.BodyOf(index), 10_000_000),
                };
                int line = Array.IndexOf(body, (byte)'\n');
                string salt = Encoding.ASCII.GetString(body, 0, line);
                Assert.Equal(hash, LogEntry.HashOf(salt == "-" ? [] : Convert.FromHexString(salt), body.AsSpan(line + 1)));
            }

            indices.Add(index);
            leaves.Add(MerkleHash.Leaf((entry with { BodyHash = hash }).ToBytes()));
        }

        Assert.Empty(notes);
        byte[][] proof = [.. file.Read(BundleNames.Proof, 1_000_000).Chunk(MerkleHash.Length)];
        Assert.True(MerkleSubset.Verify(indices, leaves, checkpoint.Size, proof, checkpoint.Root.Span));
        Assert.True(checkpoint.Size > indices.Count);
    }

    [Fact]
    public async Task Notes_and_segments_are_those_of_the_projects_channels_and_span_alone()
    {
        (_, BundleFile file, BundleSummary summary) = await cloud.MakeAsync();
        Assert.Equal(
            ["readings/leon-tannery.1/hides.count.txt", "readings/leon-tannery.1/mains.active-energy-import.txt", "readings/leon-tannery.1/weather.outdoor-temperature.txt"],
            file.Names.Where(name => name.StartsWith("readings/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(file.Names, name => name.Contains("silao", StringComparison.Ordinal));
        BatchManifest[] manifests = [.. NotesOf(file).Select(note => SignedNote.TrySplit(note, out int length, out _, out _) ? BatchManifest.Parse(note.AsSpan(0, length)) : throw new InvalidDataException())];
        Assert.Equal(Enumerable.Range(0, manifests.Length).Select(index => manifests[0].Batch + index), manifests.Select(manifest => manifest.Batch));
        Assert.Equal(manifests.Length, summary.Batches);
        using Stream stream = file.OpenRead("readings/leon-tannery.1/hides.count.txt", 100_000_000);
        SegmentUnpacker segments = new(stream, "leon-tannery");
        foreach (ManifestChannel line in manifests.SelectMany(manifest => manifest.Channels).Where(line => line.Channel == "hides.count"))
        {
            Assert.True(segments.MoveNext());
            Assert.Equal(line.SegmentHash, Convert.ToHexStringLower(SHA256.HashData(segments.Current)));
        }

        Assert.False(segments.MoveNext());
    }

    [Fact]
    public async Task The_same_data_are_not_logged_twice_and_other_peoples_data_change_nothing()
    {
        (byte[] first, BundleFile before, BundleSummary summary) = await cloud.MakeAsync();
        long size = cloud.Log.Count;
        (byte[] second, BundleFile again, BundleSummary repeated) = await cloud.MakeAsync();
        Assert.Equal((size, summary.Result), (cloud.Log.Count, repeated.Result));
        Assert.Equal(ContentOf(before), ContentOf(again));
        Assert.InRange(second.Length - first.Length, -8, 8); // signatures are of one of two or three lengths

        _ = await cloud.MakeAsync(SampleProjects.Water);
        (_, BundleFile later, BundleSummary third) = await cloud.MakeAsync();
        Assert.True(cloud.Log.Count > size);
        Assert.Equal(summary.Result, third.Result);
        Assert.Equal(before.Read(BundleNames.Result, 10_000_000), later.Read(BundleNames.Result, 10_000_000));
        Assert.Equal(before.Read("report.es.html", 10_000_000), later.Read("report.es.html", 10_000_000));
    }

    [Fact]
    public async Task A_decision_makes_another_result_that_names_it()
    {
        (_, _, BundleSummary before) = await cloud.MakeAsync();
        Decide();
        (byte[] bytes, BundleFile file, BundleSummary after) = await cloud.MakeAsync();
        Assert.True(after.Result > before.Result);
        using JsonDocument result = JsonDocument.Parse(file.Read(BundleNames.Result, 10_000_000));
        long decision = Assert.Single(result.RootElement.GetProperty("decisions").EnumerateArray()).GetInt64();
        byte[] body = file.Read(BundleNames.BodyOf(decision), 100_000);
        Assert.Equal("drives", DecisionStatement.Read(body.AsSpan(Array.IndexOf(body, (byte)'\n') + 1)).Id);
        Assert.True(decision < result.RootElement.GetProperty("logSize").GetInt64());

        // That there was an earlier result is shown, too; what it said is not.
        Assert.Contains(EntriesOf(file), shown => shown.Index == before.Result);
        Assert.False(file.Has(BundleNames.BodyOf(before.Result)));
        AssertVerified(bytes);
    }

    [Fact]
    public async Task The_reports_name_log_size_and_root_and_their_hash_stands_in_the_log()
    {
        (_, BundleFile file, BundleSummary summary) = await cloud.MakeAsync();
        BundleDescription about = BundleDescription.Read(file.Read(BundleNames.Description, 10_000));
        Assert.Equal(("bajio", SampleProjects.Accepted, summary.Result), (about.Log, about.Project, about.Result));
        LogMark mark = new("bajio", summary.Result + 1, cloud.Log.WithTree(tree => tree.Root(summary.Result + 1)));
        foreach (Language language in Languages.All)
        {
            byte[] html = file.Read(BundleNames.ReportOf(language), 10_000_000);
            ReportStatement report = ReportStatement.Read(cloud.Log.Find(about.Reports[language.Code()])!.Body!.Value.Span);
            Assert.Equal((language.Code(), summary.Result, Convert.ToHexStringLower(SHA256.HashData(html))), (report.Language, report.ResultIndex, report.Sha256));
            string text = Encoding.UTF8.GetString(html);
            Assert.Contains(mark.RootText.Replace("+", "&#x2B;", StringComparison.Ordinal), text.Replace("+", "&#x2B;", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains("<svg class=\"qr\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("http://", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Code_and_parts_are_those_that_the_result_names()
    {
        (_, BundleFile file, _) = await cloud.MakeAsync();
        using JsonDocument result = JsonDocument.Parse(file.Read(BundleNames.Result, 10_000_000));
        Assert.Equal(result.RootElement.GetProperty("code").GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(file.Read(BundleNames.Code, 100_000))));
        Assert.Equal(result.RootElement.GetProperty("sbom").GetString(), Convert.ToHexStringLower(SHA256.HashData(file.Read(BundleNames.Parts, 10_000_000))));
        Assert.Equal("B", result.RootElement.GetProperty("grade").GetString());
        Assert.Equal(CodeStatement.Bytes, file.Read(BundleNames.Code, 100_000));
    }

    [Theory]
    [InlineData(SampleProjects.Accepted)]
    [InlineData(SampleProjects.Water)]
    [InlineData(SampleProjects.Open)]
    [InlineData(SampleProjects.Empty)]
    public async Task The_verifier_computes_the_same_bytes_from_a_bundle_of_any_outcome(string project)
    {
        (byte[] bytes, _, _) = await cloud.MakeAsync(project);
        AssertVerified(bytes);
    }

    [Fact]
    public async Task The_verifier_computes_the_same_bytes_after_a_decision_and_notices_a_changed_one()
    {
        Decide();
        (byte[] bytes, BundleFile file, _) = await cloud.MakeAsync();
        AssertVerified(bytes);
        using JsonDocument result = JsonDocument.Parse(file.Read(BundleNames.Result, 10_000_000));
        Assert.Equal(1, result.RootElement.GetProperty("decisions").GetArrayLength());
        bytes[bytes.Length / 2] ^= 1;
        Assert.Equal(BundleVerdict.Mismatch, BundleVerifier.Verify(new MemoryStream(bytes), new TrustStep([])).Report.Verdict);
    }

    [Fact]
    public async Task An_unknown_project_is_refused_with_a_reason()
    {
        BundleRefusal refusal = await Assert.ThrowsAsync<BundleRefusal>(() => cloud.MakeAsync("nothing-here"));
        Assert.Equal(("unknown-project", false), (refusal.Code, refusal.IsTransient));
        Assert.Contains("nothing-here", refusal.Words.In(Language.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_stays_of_temporary_files()
    {
        _ = await cloud.MakeAsync();
        Assert.DoesNotContain(Directory.GetFiles(cloud.Folder), name => Path.GetFileName(name).StartsWith(".metering", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bundle_shows_the_checkpoints_of_those_before_it_and_proves_that_the_log_only_grew()
    {
        (byte[] first, BundleFile before, _) = await cloud.MakeAsync();
        Assert.Equal(0, before.LengthOf(BundleNames.Consistency));
        SeenLogs seen = SeenLogs.Parse("");
        Assert.Equal(0, BundleVerifier.Verify(new MemoryStream(first), new([cloud.Key], seen)).Report.Faults.Count);
        Decide();
        (byte[] second, _, _) = await cloud.MakeAsync();
        BundleReport report = BundleVerifier.Verify(new MemoryStream(second), new([cloud.Key], seen)).Report;
        Assert.Equal((BundleVerdict.Verified, 2), (report.Verdict, report.Number));
        (long number, Checkpoint earlier) = Assert.Single(report.Earlier);
        Assert.Equal((1, Checkpoint.Read(before.Read(BundleNames.Checkpoint, 10_000)).Size), (number, earlier.Size));
    }

    [Fact]
    public async Task A_run_of_the_rules_is_logged_once_for_as_long_as_it_finds_the_same()
    {
        (_, BundleFile before, _) = await cloud.MakeAsync();
        Decide();
        (_, BundleFile after, _) = await cloud.MakeAsync();
        LoggedEntry entry = Assert.Single(cloud.Log.WithSubject($"{LogEntryKind.Validation}/{SampleProjects.Accepted}"));
        Assert.Equal(entry.Body!.Value.ToArray(), after.Read(BundleNames.Validation, 10_000_000));
        Assert.Equal(before.Read(BundleNames.Validation, 10_000_000), after.Read(BundleNames.Validation, 10_000_000));
        using JsonDocument run = JsonDocument.Parse(entry.Body!.Value);
        Assert.Equal(ValidationStatement.Parameters.Count, run.RootElement.GetProperty("parameters").GetArrayLength());
        JsonElement use = run.RootElement.GetProperty("channels")[0];
        Assert.Equal("mains.active-energy-import", use.GetProperty("channel").GetString());
        Assert.Contains(use.GetProperty("findings").EnumerateArray(), finding => (finding.GetProperty("rule").GetString(), finding.GetProperty("action").GetString()) == ("gap", "laid-out"));
        using JsonDocument result = JsonDocument.Parse(after.Read(BundleNames.Result, 10_000_000));
        Assert.Equal(entry.Index, result.RootElement.GetProperty("validation").GetInt64());
    }

    [NeedsFact("openssl")]
    public async Task An_authority_stamps_the_checkpoint_and_openssl_and_the_verifier_believe_it()
    {
        using StampServer authority = new(cloud.Folder);
        using MemoryStream stream = new();
        EvidenceParts parts = cloud.Parts with { TimeStamps = new(authority.Address) };
        BundleSummary summary = await new BundleMaker(parts).MakeAsync(SampleProjects.Accepted, stream, cloud.Folder, null, CancellationToken.None);
        Assert.Null(summary.TimeStampFault);
        BundleFile file = BundleFile.Open(stream);
        Assert.Equal(summary.Checkpoint, file.Read(BundleNames.TimeStampNote, 10_000));
        System.Security.Cryptography.X509Certificates.X509Certificate2Collection root = [System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(authority.RootPem)];
        BundleReport report = BundleVerifier.Verify(stream, new([cloud.Key]) { TimeAuthorities = root }).Report;
        Assert.Equal((BundleVerdict.Verified, true), (report.Verdict, report.TimeStamp!.IsTrusted));
        Assert.InRange(report.TimeStamp.At, authority.StartedAt.AddSeconds(-2), authority.StartedAt.AddMinutes(10));
        Assert.Equal("Verification: OK", authority.Verify(file.Read(BundleNames.TimeStamp, 100_000), file.Read(BundleNames.TimeStampNote, 10_000)));

        // Of an authority that is away the newest stamp stays, and the bundle is made.
        authority.Dispose();
        Decide();
        using MemoryStream later = new();
        summary = await new BundleMaker(parts).MakeAsync(SampleProjects.Accepted, later, cloud.Folder, null, CancellationToken.None);
        Assert.Contains(authority.Address.ToString(), summary.TimeStampFault, StringComparison.Ordinal);
        report = BundleVerifier.Verify(later, new([cloud.Key]) { TimeAuthorities = root }).Report;
        Assert.Equal((BundleVerdict.Verified, true), (report.Verdict, report.TimeStamp!.Checkpoint.Size < report.Checkpoint!.Size));
    }

    private void AssertVerified(byte[] bytes)
    {
        BundleReport report = BundleVerifier.Verify(new MemoryStream(bytes), new TrustStep([cloud.Key])).Report;
        Assert.True(report.Verdict == BundleVerdict.Verified, string.Join('\n', report.Faults.InOrder.Select(fault => $"{fault.Code}: {string.Join(" | ", fault.Values)}")));
    }

    // A step of use in May that somebody says is not the project's.
    private void Decide()
    {
        using (Support.TemporaryFolder folder = new())
        {
            Cloud.Projects.ProgrammeImport.Plan(folder.Write("projects.yaml", SampleProjects.Yaml()), cloud.Register).Run(cloud.Register, ProgrammeFixture.Ana, isRehearsal: false, Language.English);
        }

        StaticFactorEvent about = new() { Id = "drives-event", Project = SampleProjects.Accepted, Title = "Second line", Description = "d", FirstDay = new(2026, 5, 4), LastDay = new(2026, 5, 20) };
        EventDecision decision = new() { Id = "drives", Project = SampleProjects.Accepted, Event = about.Id, Decision = EventTreatment.NonRoutineTemporary, Person = "Ana Ruiz", Reason = "A second line ran", DecidedOn = new(2026, 6, 1) };
        _ = cloud.Register.Save([new(about, 0), new(decision, 0)], ProgrammeFixture.Ana, null);
    }

    private static Dictionary<string, string> ContentOf(BundleFile file) =>
        file.Names.ToDictionary(name => name, name => Convert.ToHexString(SHA256.HashData(file.Read(name, 100_000_000))));

    private static IEnumerable<(long Index, LogEntry Entry)> EntriesOf(BundleFile file)
    {
        foreach (string line in Encoding.ASCII.GetString(file.Read(BundleNames.Entries, 10_000_000)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ');
            Assert.True(LogEntry.TryInstant(parts[2], out long utc));
            yield return (long.Parse(parts[0], CultureInfo.InvariantCulture), new(parts[1], utc, parts[3], parts[4]));
        }
    }

    private static List<byte[]> NotesOf(BundleFile file)
    {
        List<byte[]> notes = [];
        foreach (string name in file.Names.Where(name => name.EndsWith(".notes", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            // A note ends with its signature line.
            ArrayBufferWriter<byte> whole = new();
            using (MemoryStream hashes = new(file.Read(name.Replace(".notes", ".hashes", StringComparison.Ordinal), 100_000_000)))
            {
                NoteHashes.Unpack(file.Read(name, 100_000_000), hashes, whole);
            }

            byte[] all = whole.WrittenSpan.ToArray();
            int start = 0;
            while (start < all.Length)
            {
                int signature = all.AsSpan(start).IndexOf("\n\n"u8) + start + 2;
                int end = all.AsSpan(signature).IndexOf((byte)'\n') + signature + 1;
                notes.Add(all[start..end]);
                start = end;
            }
        }

        return notes;
    }
}
