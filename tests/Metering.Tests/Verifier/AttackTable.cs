using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Verifier.Bundles;
using static Metering.Tests.Verifier.Forge;

namespace Metering.Tests.Verifier;

/// <summary>Every attack that is tried. "Insider" means that the log's own key made tree, checkpoint and seal fit the change.</summary>
internal static class AttackTable
{
    private const string Notes = SampleBundle.NotesFile;
    private const string Use = SampleBundle.UseFile;
    private const string Gateway = SampleBundle.Gateway;
    private const string PlanOne = "plan/drives-2026/1";
    private const string PlanTwo = "plan/drives-2026/2";

    public static IReadOnlyList<Attack> All { get; } = [.. OnTheFile(), .. OnTheZip(), .. OnTheSeal(), .. OnTheLog(), .. LogAttacks.OnEarlierBundles(), .. LogAttacks.OnTimeStamps(), .. OnBodies(), .. OnKeys(), .. OnBatches(), .. OnLosses(), .. AttacksOnRecords.All, .. OnReadings(), .. OnThePlan(), .. LogAttacks.OnValidation(), .. OnTheResult(), .. OnReports(), .. OnTrust()];

    private static IEnumerable<Attack> OnTheFile() =>
    [
        new("bytes-appended", "bytes behind the end of the file", FaultCode.ZipAppended, Bytes(bytes => [.. bytes, 0, 0])),
        new("bytes-in-front", "a program in front of the ZIP", FaultCode.ZipInFront, Bytes(bytes => [.. "#!/bin/sh\n"u8, .. bytes])),
        new("file-cut-off", "the last hundred bytes are gone", FaultCode.ZipCutOff, Bytes(bytes => bytes[..^100])),
        new("zip-entry-twice", "two files of one name in the ZIP", FaultCode.ZipTwice, sample =>
        {
            int last = sample.Draft.Newest(LogEntryKind.Production);
            int before = sample.Draft.Entries.FindLastIndex(last - 1, entry => entry.Kind == LogEntryKind.Production);
            return Rename(sample.Draft.Seal(), BundleNames.BodyOf(before), BundleNames.BodyOf(last));
        }),
        new("zip-bomb", "a file that claims to expand to a gigabyte", FaultCode.ZipBomb, Bytes(bytes => Inflate(bytes, BundleNames.Code, 1 << 30))),
        new("path-traversal", "a file that would be written outside of its folder", FaultCode.ZipName, Bytes(bytes => Rename(bytes, "code.json", "../../x.s"))),
        new("headers-disagree", "one name in the directory of the ZIP, another in front of the file", FaultCode.ZipHeaders, Bytes(bytes =>
        {
            int place = bytes.AsSpan().IndexOf("code.json"u8);
            bytes[place] = (byte)'m';
            return bytes;
        })),
        new("hidden-bytes", "bytes between two files of the ZIP", FaultCode.ZipHidden, Bytes(bytes =>
        {
            int place = bytes.AsSpan(1).IndexOf("PK\u0003\u0004"u8) + 1;
            return [.. bytes.AsSpan(0, place), 1, 2, 3, .. bytes.AsSpan(place)];
        })),
    ];

    private static IEnumerable<Attack> OnTheZip() =>
    [
        new("zip-encrypted", "a file of the ZIP is marked as encrypted", FaultCode.Form, Bytes(bytes =>
        {
            bytes[6] |= 1;
            bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1;
            return bytes;
        })),
    ];

    private static IEnumerable<Attack> OnTheSeal() =>
    [
        new("byte-changed", "one bit inside a file is another", FaultCode.SealHash, Bytes(bytes =>
        {
            bytes[bytes.AsSpan().IndexOf("result.json"u8) + 40] ^= 1;
            return bytes;
        })),
        new("seal-by-a-stranger", "sealed by a key that is not the log's", FaultCode.SealSignature, sample =>
        {
            string pem = SigningKey.PublicPem(sample.Draft.LogKey);
            sample.Draft.CheckpointKey = sample.Draft.LogKey;
            sample.Draft.LogKey = SampleBundle.StrangerKey();
            sample.Draft.OnFile = (name, bytes) => name == BundleNames.LogKey ? Encoding.ASCII.GetBytes(pem) : bytes;
            return sample.Draft.Seal();
        }),
        new("seal-over-another-length", "a seal of the log's key that states another length", FaultCode.SealLength, sample =>
        {
            byte[] bundle = sample.Draft.Seal();
            BundleFile file = BundleFile.Open(new MemoryStream(bundle));
            BundleSeal seal = BundleSeal.Read(file.Seal.Span);
            byte[] other;
            do
            {
                other = (seal with { Length = seal.Length - 1 }).Sign(sample.Draft.LogKey);
            }
            while (other.Length != file.Seal.Length);
            return [.. bundle.AsSpan(0, (int)file.SealedLength), .. other];
        }),
        new("file-left-out", "a bundle without its code.json", FaultCode.MissingFile, File(BundleNames.Code, _ => null)),
        new("file-slipped-in", "readings of a channel that is not the project's", FaultCode.StrayFile, Insider(draft => draft.Extra.Add((FileOf("m.other"), "x"u8.ToArray())))),
        new("description-of-another-form", "bundle.json with white space", FaultCode.Description, File(BundleNames.Description, bytes => [.. " "u8, .. bytes])),
        new("checkpoint-of-another-log", "description of another log than the seal's", FaultCode.LogName, File(BundleNames.Description, bytes => Replace(bytes, "\"bajio\"", "\"sonora\""))),
    ];

    private static IEnumerable<Attack> OnTheLog() =>
    [
        new("checkpoint-by-a-stranger", "the checkpoint is signed by another key", FaultCode.CheckpointSignature, Insider(draft => draft.CheckpointKey = SampleBundle.StrangerKey())),
        new("checkpoint-spoiled", "the checkpoint has another form", FaultCode.CheckpointForm, File(BundleNames.Checkpoint, bytes => Replace(bytes, "at 20", "at  20"))),
        new("entries-reordered", "two lines of the entries change places", FaultCode.EntryOrder, File(BundleNames.Entries, bytes =>
        {
            string[] lines = Encoding.ASCII.GetString(bytes).Split('\n');
            (lines[3], lines[4]) = (lines[4], lines[3]);
            return Encoding.ASCII.GetBytes(string.Join('\n', lines));
        })),
        new("entry-of-another-spelling", "an index with a leading zero", FaultCode.EntryForm, File(BundleNames.Entries, bytes => [.. "0"u8, .. bytes])),
        new("log-cut-off", "the checkpoint covers fewer entries than are shown", FaultCode.EntryBeyond, Insider(draft => draft.Tree = () => BundleDraft.TreeOf(draft.Entries.Take(draft.Entries.Count - 3)))),
        new("entry-after-the-checkpoint", "an entry is newer than the checkpoint", FaultCode.EntryTime, Insider(draft => draft.CheckpointUtc = draft.Entries[^1].Utc - 1)),
        new("plan-dated-back", "the plan's entry says an earlier day; proof and root as before", FaultCode.LogInclusion, sample =>
        {
            BundleDraft draft = sample.Draft;
            MerkleTree tree = BundleDraft.TreeOf(draft.Entries);
            draft.Tree = () => tree;
            draft.Entry(PlanOne).Utc -= 1000;
            return draft.Seal();
        }),
        new("plan-dated-back-by-an-insider", "the plan's entry says a day before the entry ahead of it; tree made anew", FaultCode.EntryTime, Insider(draft => draft.Entry(PlanTwo).Utc = draft.Entry(PlanOne).Utc - 86_400_000)),
        new("entry-under-another-index", "an entry is shown in the place of another", FaultCode.LogInclusion, File(BundleNames.Entries, bytes =>
        {
            string[] lines = Encoding.ASCII.GetString(bytes).Split('\n');
            int place = Array.FindIndex(lines, line => line.Contains(" production ", StringComparison.Ordinal));
            string[] parts = lines[place].Split(' ');
            int index = int.Parse(parts[0], CultureInfo.InvariantCulture);
            lines[place] = string.Create(CultureInfo.InvariantCulture, $"{(lines[place - 1].StartsWith($"{index - 1} ", StringComparison.Ordinal) ? index : index - 1)} {parts[1]} {parts[2]} {parts[3]} {new string('0', 64)}");
            return Encoding.ASCII.GetBytes(string.Join('\n', lines));
        })),
        new("plan-left-out", "the first of two versions of the plan is not shown", FaultCode.EntryHole, Insider(draft => draft.Entry(PlanOne).IsShown = false)),
        new("decision-left-out", "the first of two versions of a decision is not shown", FaultCode.EntryHole, Insider(draft => draft.Entry("decision/drives-2026/1").IsShown = false)),
        new("production-left-out", "one of the production records is not shown", FaultCode.EntryHole, Insider(draft => draft.Entry("production/tannery/5").IsShown = false)),
        new("result-left-out", "the project's first result is not shown", FaultCode.EntryHole, Insider(draft => draft.Entry("result/drives-2026/1").Subject = "result/drives-2026/2")),
    ];

    private static IEnumerable<Attack> OnBodies() =>
    [
        new("body-changed", "an amount produced is edited in its body", FaultCode.BodyHash, sample =>
        {
            string name = BundleNames.BodyOf(sample.Draft.IndexOf("production/tannery/3"));
            return File(name, bytes => Replace(bytes, "\"amount\":7", "\"amount\":9"))(sample);
        }),
        new("salt-changed", "a body under another salt", FaultCode.BodyHash, sample =>
        {
            string name = BundleNames.BodyOf(sample.Draft.IndexOf("production/tannery/3"));
            return File(name, bytes => [(byte)(bytes[0] == (byte)'0' ? '1' : '0'), .. bytes.AsSpan(1)])(sample);
        }),
        new("salt-taken-off", "a body without its salt, with a hash that fits", FaultCode.BodyForm, Insider(draft => draft.Entry("production/tannery/3").Salt = [])),
        new("body-taken-away", "a body is missing without an entry of erasure", FaultCode.BodyMissing, Insider(draft => draft.Entry("decision/drives-2026/1").HasBody = false)),
        new("body-erased", "the decision that the result stands on is erased", FaultCode.BodyErased, Insider(draft =>
        {
            int index = draft.IndexOf("decision/drives-2026/2");
            draft.Entries[index].HasBody = false;
            draft.Entries.Add(new(LogEntryKind.Erasure, "erasure/log/1", draft.Entries[^1].Utc, new ErasureStatement(index, "asked for").ToBytes()));
        })),
        new("erasure-of-the-future", "an erasure that names a later entry", FaultCode.BodyForm, Insider(draft =>
            draft.Entries.Add(new(LogEntryKind.Erasure, "erasure/log/1", draft.Entries[^1].Utc, new ErasureStatement(draft.Entries.Count + 5, "asked for").ToBytes())))),
    ];

    private static IEnumerable<Attack> OnKeys() =>
    [
        new("gateway-key-exchanged", "another key file than the log's entry names", FaultCode.KeyDiffers, Insider(draft => draft.Keys[BundleNames.KeyOf(Gateway, 1)] = SigningKey.PublicPem(SampleBundle.StrangerKey()))),
        new("gateway-key-left-out", "no key file for an epoch", FaultCode.KeyMissing, Insider(draft => draft.Keys.Remove(BundleNames.KeyOf(Gateway, 2)))),
        new("key-that-is-none", "a key file and its entry that hold no key", FaultCode.KeyForm, Insider(draft =>
        {
            draft.Keys[BundleNames.KeyOf(Gateway, 2)] = "none\n";
            draft.Entry($"key/{Gateway}/2").Body = (KeyStatement.Read(draft.Entry($"key/{Gateway}/2").Body) with { PublicKeyPem = "none\n" }).ToBytes();
        })),
        new("key-logged-late", "batches stand in the log before their key", FaultCode.KeyLate, Insider(draft => Swap(draft, $"key/{Gateway}/2", $"batch/{Gateway}/2/4"))),
        new("key-revoked", "batches after the last one of a revoked key", FaultCode.KeyEnded, Insider(draft => draft.Entry($"key/{Gateway}/1/end").Body = new KeyEndStatement(Gateway, 1, 0, 10, "stolen").ToBytes())),
        new("key-revoked-without-last", "batches logged after the key was revoked", FaultCode.KeyEnded, Insider(draft =>
        {
            draft.Entry($"key/{Gateway}/1/end").Body = new KeyEndStatement(Gateway, 1, 0, null, "stolen").ToBytes();
            Swap(draft, $"key/{Gateway}/1/end", $"batch/{Gateway}/1/12");
        })),
        new("key-of-another-curve", "the log's key file holds no key", FaultCode.LogKeyForm, File(BundleNames.LogKey, _ => "-----BEGIN PUBLIC KEY-----\n"u8.ToArray())),
    ];

    private static IEnumerable<Attack> OnBatches() =>
    [
        new("batch-dropped", "a batch is taken out of notes, readings and entries", FaultCode.BatchMissing, Recomputed(draft =>
        {
            Drop(draft, 4);
            draft.Entry($"batch/{Gateway}/1/5").IsShown = false;
        })),
        new("note-withheld", "a batch is taken out of notes and readings, its entry is there", FaultCode.NoteMissing, Recomputed(draft => Drop(draft, 4))),
        new("batch-hidden-from-the-log", "a batch whose entry is not shown", FaultCode.BatchNotLogged, Insider(draft => draft.Entry($"batch/{Gateway}/1/5").IsShown = false)),
        new("batches-reordered", "two notes change places", FaultCode.BatchOrder, Insider(draft => (draft.Notes[Notes][4], draft.Notes[Notes][5]) = (draft.Notes[Notes][5], draft.Notes[Notes][4]))),
        new("batch-twice", "a note comes twice", FaultCode.BatchTwice, Insider(draft => draft.Notes[Notes].Insert(5, draft.Notes[Notes][4]))),
        new("batch-of-another-gateway", "a batch of another gateway, soundly signed, among ours", FaultCode.NotePlace, Insider(draft =>
        {
            using ECDsa key = SampleBundle.StrangerKey();
            (byte[] envelope, _) = BatchBuilder.Build(SampleBundle.Identity(1, 6, new string('1', 64)) with { Gateway = "other" }, [SampleBundle.ChannelOf("m.use", "kWh", 2)], [new(1_757_000_000_000, 1, 0, ReadingQuality.Good, true)], [], key);
            SetNote(draft, 5, BatchEnvelope.Open(envelope).Note.ToArray());
        })),
        new("replay-under-a-new-epoch", "a batch of the first key epoch among those of the second", FaultCode.NotePlace, Insider(draft => draft.Notes[BundleNames.NotesOf(Gateway, 2)][1] = draft.Notes[Notes][1])),
        new("high-s", "the same signature with n - s in place of s", FaultCode.NoteCanonical, Insider(draft => SetNote(draft, 3, HighS(draft.Notes[Notes][3])))),
        new("base64-slack", "the same signature with bits set that carry nothing", FaultCode.NoteCanonical, Insider(draft =>
        {
            int place = draft.Notes[Notes].FindIndex(note => Slack(note) is not null);
            draft.Notes[Notes][place] = Slack(draft.Notes[Notes][place])!;
        })),
        new("manifest-edited", "the count and hash of a segment edited under the old signature", FaultCode.NoteSignature, Insider(draft => SetNote(draft, 3, Unsigned(draft.Notes[Notes][3], text => text.Replace("clock S", "clock U", StringComparison.Ordinal))))),
        new("signed-by-a-stranger", "a batch signed again with another key", FaultCode.NoteKey, Insider(draft => SetNote(draft, 3, Sign(draft.Notes[Notes][3], SampleBundle.StrangerKey())))),
        new("note-of-another-form", "a note with a line too many", FaultCode.NoteForm, Insider(draft => SetNote(draft, 3, Sign(draft.Notes[Notes][3], draft.GatewayKeys[(Gateway, 1)], text => text + "more\n")))),
        new("hashes-withheld", "the hashes of the notes are left out", FaultCode.NoteForm, File(Notes.Replace(".notes", ".hashes", StringComparison.Ordinal), _ => null)),
        new("hash-too-many", "one hash more than the notes have places for", FaultCode.NoteForm, File(Notes.Replace(".notes", ".hashes", StringComparison.Ordinal), bytes => [.. bytes, .. bytes[..32]])),
        new("chain-forked", "a batch that names another one before it, signed by the gateway", FaultCode.BatchLink, Insider(draft =>
            SetNote(draft, 3, Sign(draft.Notes[Notes][3], draft.GatewayKeys[(Gateway, 1)], text => text.Replace("previous ", "previous 00000000", StringComparison.Ordinal).Remove(text.IndexOf("previous ", StringComparison.Ordinal) + 9 + 64, 8))))),
        new("batch-logged-out-of-order", "a batch stands in the log before the one ahead of it", FaultCode.BatchLogOrder, Insider(draft => Swap(draft, $"batch/{Gateway}/1/5", $"batch/{Gateway}/1/6"))),
        new("epoch-cut-short", "the last batch of an ended epoch is left out everywhere", FaultCode.EpochCut, Recomputed(draft =>
        {
            Drop(draft, 11);
            draft.Entry($"batch/{Gateway}/1/12").IsShown = false;
        })),
        new("epoch-begun-late", "the first batch of the second epoch is left out everywhere", FaultCode.BatchMissing, Recomputed(draft =>
        {
            draft.Notes[BundleNames.NotesOf(Gateway, 2)].RemoveAt(0);
            foreach (string channel in (string[])["m.use", "m.made"])
            {
                draft.Segments[BundleNames.SegmentsOf(Gateway, 2, channel)].RemoveAt(0);
            }

            draft.Entry($"batch/{Gateway}/2/1").IsShown = false;
        })),
    ];

    private static IEnumerable<Attack> OnLosses() =>
    [
        new("loss-invented", "a batch is dropped and stated as lost by another key", FaultCode.LossForm, Recomputed(draft =>
        {
            string hash = BatchManifest.HashOf(draft.Notes[Notes][4]);
            Drop(draft, 4);
            draft.Entry($"batch/{Gateway}/1/5").IsShown = false;
            draft.Entries.Add(Loss(SampleBundle.StrangerKey(), 5, 5, hash, draft.Entries[^1].Utc));
        })),
        new("loss-over-batches-that-are-there", "the gateway states batches as lost that are shown", FaultCode.LossDiffers, Recomputed(draft =>
            draft.Entries.Add(Loss(draft.GatewayKeys[(Gateway, 1)], 5, 6, BatchManifest.HashOf(draft.Notes[Notes][5]), draft.Entries[^1].Utc)))),
        new("loss-of-other-batches", "a loss that does not cover all that is missing", FaultCode.BatchMissing, Recomputed(draft =>
        {
            string hash = BatchManifest.HashOf(draft.Notes[Notes][4]);
            Drop(draft, 5);
            Drop(draft, 4);
            draft.Entry($"batch/{Gateway}/1/5").IsShown = false;
            draft.Entry($"batch/{Gateway}/1/6").IsShown = false;
            draft.Entries.Add(Loss(draft.GatewayKeys[(Gateway, 1)], 5, 5, hash, draft.Entries[^1].Utc));
        })),
    ];

    private static IEnumerable<Attack> OnReadings() =>
    [
        new("register-edited", "one digit of a register line is another", FaultCode.SegmentHash, Insider(draft => draft.Segments[Use][3] = Replace(draft.Segments[Use][3], ",G\n", "0,G\n"))),
        new("register-edited-and-recomputed", "one register line edited, the result computed anew", FaultCode.SegmentHash, Recomputed(draft => draft.Segments[Use][7] = Replace(draft.Segments[Use][7], ",G\n", "0,G\n"))),
        new("segment-withheld", "the readings of one batch are left out", FaultCode.SegmentHash, Recomputed(draft => draft.Segments[Use].RemoveAt(3))),
        new("last-segment-withheld", "the readings of the last batch of an epoch are left out", FaultCode.SegmentMissing, Recomputed(draft => draft.Segments[Use].RemoveAt(11))),
        new("channel-withheld", "all readings of a channel in an epoch are left out", FaultCode.SegmentMissing, Recomputed(draft => draft.Segments.Remove(Use))),
        new("segment-slipped-in", "readings that no manifest names", FaultCode.SegmentStray, Insider(draft => draft.Segments[Use].Add(draft.Segments[Use][^1]))),
        new("readings-of-another-form", "a number of a file of readings with a leading zero", FaultCode.SegmentForm, File(Use, bytes => Replace(bytes, "#1 ", "#01 "))),
        new("readings-cut-off", "a file of readings ends inside a batch", FaultCode.SegmentForm, File(Use, bytes => bytes[..(bytes.AsSpan()[..^1].LastIndexOf((byte)'\n') + 1)])),
        new("channels-exchanged", "the readings of one channel under the name of another", FaultCode.SegmentHash, Insider(draft => (draft.Segments[Use], draft.Segments[FileOf("m.made")]) = (draft.Segments[FileOf("m.made")], draft.Segments[Use]))),
        new("segment-of-another-channel", "a manifest, signed by the gateway, that gives one channel another's readings", FaultCode.SegmentForm, Insider(draft =>
        {
            byte[] other = draft.Segments[FileOf("m.made")][11];
            string hash = Convert.ToHexStringLower(SHA256.HashData(other));
            string old = Convert.ToHexStringLower(SHA256.HashData(draft.Segments[Use][11]));
            draft.Segments[Use][11] = other;
            SetNote(draft, 11, Sign(draft.Notes[Notes][11], draft.GatewayKeys[(Gateway, 1)], text => text.Replace(old, hash, StringComparison.Ordinal)));
        })),
    ];

    private static IEnumerable<Attack> OnThePlan() =>
    [
        new("plan-missing", "no plan before the result", FaultCode.PlanMissing, Insider(draft =>
        {
            draft.Entry(PlanOne).IsShown = false;
            draft.Entry(PlanTwo).IsShown = false;
        })),
        new("older-plan", "the result stands on a plan that was replaced", FaultCode.PlanNotNewest, Insider(draft => ChangeResult(draft, "\"plan\":" + Index(draft, PlanTwo), "\"plan\":" + Index(draft, PlanOne)))),
        new("plan-of-another-project", "the plan's body is about another project", FaultCode.PlanOther, Insider(draft => draft.Rewrite(PlanTwo, text => text.Replace("\"id\":\"drives-2026\"", "\"id\":\"drives-2027\"", StringComparison.Ordinal)))),
        new("plan-edited", "the reporting period is made shorter after the fact", FaultCode.ResultDiffers, Insider(draft => draft.Rewrite(PlanTwo, text => text.Replace("\"reportingLast\":\"2025-12-20\"", "\"reportingLast\":\"2025-12-13\"", StringComparison.Ordinal)))),
        new("decision-forgotten", "the newest version of a decision is left out, the result as before", FaultCode.DecisionsDiffer, Insider(draft => draft.Entry("decision/drives-2026/2").IsShown = false)),
        new("decision-not-named", "the result names no decision", FaultCode.DecisionsDiffer, Insider(draft => ChangeResult(draft, "\"decisions\":[" + Index(draft, "decision/drives-2026/2") + "]", "\"decisions\":[]"))),
        new("production-forgotten", "the last production record is left out, the result as before", FaultCode.ProductionDiffers, Insider(draft => draft.Entry("production/tannery/16").IsShown = false)),
        new("later-batches-counted", "the result claims a log larger than before its own entry", FaultCode.EntryBeyond, Insider(draft => ChangeResult(draft, "\"logSize\":" + draft.Newest(LogEntryKind.Validation).ToString(CultureInfo.InvariantCulture), "\"logSize\":900"))),
    ];

    private static IEnumerable<Attack> OnTheResult() =>
    [
        new("result-figure-edited", "the saving is edited in result.json", FaultCode.BodyHash, File(BundleNames.Result, bytes => Replace(bytes, "\"saving\":{\"value\":", "\"saving\":{\"value\":1"))),
        new("result-figure-edited-by-an-insider", "the saving is edited, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => ChangeResult(draft, "\"saving\":{\"value\":", "\"saving\":{\"value\":1"))),
        new("half-width-edited-by-an-insider", "the uncertainty is edited, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => ChangeResult(draft, "\"halfWidth\":", "\"halfWidth\":1"))),
        new("grade-raised", "grade A in place of B", FaultCode.ResultDiffers, Insider(draft => ChangeResult(draft, "\"grade\":\"B\"", "\"grade\":\"A\""))),
        new("warning-edited", "a warning is another one, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => ChangeResult(draft, "\"kind\":\"part-year\"", "\"kind\":\"indicative\""))),
        new("acceptance-test-edited", "a test that does not apply is passed, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => ChangeResult(draft, "\"verdict\":\"not-applicable\"", "\"verdict\":\"pass\""))),
        new("model-passed-over-edited", "the criterion of a model that was compared, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => ChangeResult(draft, "\"bic\":", "\"bic\":1"))),
        new("effect-of-an-event-edited", "what the saving would be without an event, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => ChangeResult(draft, "\"without\":{\"value\":", "\"without\":{\"value\":1"))),
        new("factor-edited", "an amount produced is edited, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => draft.Rewrite("production/tannery/3", text => text.Replace("\"amount\":7", "\"amount\":9", StringComparison.Ordinal)))),
        new("decision-edited", "what a decision says is edited, log and seal made to fit", FaultCode.ResultDiffers, Insider(draft => draft.Rewrite("decision/drives-2026/2", text => text.Replace("\"kind\":\"data-fault\"", "\"kind\":\"ignored\"", StringComparison.Ordinal)))),
        new("result-of-another-project", "a result of another project", FaultCode.ResultOther, Insider(draft => ChangeResult(draft, "\"project\":\"drives-2026\"", "\"project\":\"drives-2027\""))),
        new("result-of-another-form", "a result that is none", FaultCode.ResultForm, File(BundleNames.Result, _ => "{\"result\":2}\n"u8.ToArray())),
        new("code-exchanged", "another program than the one that computed", FaultCode.CodeDiffers, Insider(draft => draft.Code = "{\"version\":\"9\"}\n"u8.ToArray())),
        new("parts-exchanged", "another list of parts of the software", FaultCode.PartsDiffer, Insider(draft => draft.Parts = "{}\n"u8.ToArray())),
    ];

    private static IEnumerable<Attack> OnReports() =>
    [
        new("report-edited", "a figure in the report is edited", FaultCode.ReportHash, File("report.es.html", bytes => [.. bytes, .. "<p>99 %</p>"u8])),
        new("reports-exchanged", "the English report under the Spanish name", FaultCode.ReportHash, Insider(draft => (draft.Reports["es"], draft.Reports["en"]) = (draft.Reports["en"], draft.Reports["es"]))),
        new("report-of-another-language", "a report that is logged in the other language", FaultCode.ReportLanguage, Insider(draft =>
        {
            int spanish = draft.Entries.FindIndex(entry => entry.Kind == LogEntryKind.Report);
            draft.Description = new BundleDescription(draft.Log, draft.Project, draft.Number, draft.Newest(LogEntryKind.Result), new Dictionary<string, long> { ["es"] = spanish + 1, ["en"] = spanish }).ToBytes();
        })),
        new("report-of-another-result", "a report of another result", FaultCode.ReportResult, Insider(draft =>
        {
            DraftEntry entry = draft.Entries[draft.Newest(LogEntryKind.Report)];
            ReportStatement statement = ReportStatement.Read(entry.Body);
            entry.Body = (statement with { ResultIndex = 3 }).ToBytes();
        })),
        new("report-left-out", "a report that is named and not there", FaultCode.ReportMissing, File("report.en.html", _ => null)),
    ];

    private static IEnumerable<Attack> OnTrust() =>
    [
        new("log-exchanged", "everything of the log made anew with another key over true batches; --trust with the true keys, --strict", FaultCode.RemarkStrict, Insider(draft => draft.LogKey = SampleBundle.StrangerKey())) { IsWithTrust = true, IsStrict = true },
        new("all-keys-exchanged", "every batch signed anew, every key exchanged; --trust with the true keys", FaultCode.Untrusted, sample =>
        {
            sample.Draft.LogKey = SampleBundle.StrangerKey();
            Resign(sample.Draft);
            sample.Compute();
            return sample.Draft.Seal();
        }) { IsWithTrust = true },
        new("log-forked", "the same size of the log with another past; --seen", FaultCode.LogForked, Insider(draft => draft.Entries.Find(entry => !entry.IsShown)!.Body = "another"u8.ToArray())) { Seen = sample => sample.Draft.Seal() },
        new("log-rewritten-and-grown", "a larger log with another plan in the old place; --seen", FaultCode.LogForked, Recomputed(draft =>
        {
            draft.Rewrite(PlanOne, text => text.Replace("borrador", "primero", StringComparison.Ordinal));
            draft.Entries.Add(new(LogEntryKind.Batch, "batch/other/1/99", draft.Entries[^1].Utc, "x"u8.ToArray()) { IsShown = false });
        })) { Seen = sample => sample.Draft.Seal() },
        new("log-gone-back", "fewer entries than the reader has seen; --seen", FaultCode.LogWentBack, Insider(draft => { })) { Seen = Later },
        new("log-key-changed", "the log signs with another key than before; --seen", FaultCode.LogKeyChanged, Insider(draft => draft.LogKey = SampleBundle.StrangerKey())) { Seen = sample => sample.Draft.Seal() },
    ];

    private static byte[] Later(SampleBundle sample)
    {
        DraftEntry added = new(LogEntryKind.Batch, "batch/other/1/99", sample.Draft.Entries[^1].Utc, "x"u8.ToArray()) { IsShown = false };
        sample.Draft.Entries.Add(added);
        byte[] seen = sample.Draft.Seal();
        _ = sample.Draft.Entries.Remove(added);
        return seen;
    }

    // The gateway's key is exchanged for the attacker's: in the key files, their entries, and under every batch.
    private static void Resign(BundleDraft draft)
    {
        foreach (int epoch in (int[])[1, 2])
        {
            ECDsa key = SampleBundle.StrangerKey();
            string name = BundleNames.KeyOf(Gateway, epoch);
            string subject = string.Create(CultureInfo.InvariantCulture, $"key/{Gateway}/{epoch}");
            draft.Keys[name] = SigningKey.PublicPem(key);
            draft.Entry(subject).Body = (KeyStatement.Read(draft.Entry(subject).Body) with { PublicKeyPem = draft.Keys[name] }).ToBytes();
            string previous = "";
            List<byte[]> notes = draft.Notes[BundleNames.NotesOf(Gateway, epoch)];
            for (int place = 0; place < notes.Count; place++)
            {
                string before = previous;
                notes[place] = Sign(notes[place], key, text =>
                {
                    int at = text.IndexOf("previous ", StringComparison.Ordinal) + 9;
                    return before.Length == 0 ? text : text[..at] + before + text[(at + 64)..];
                });
                previous = BatchManifest.HashOf(notes[place]);
                draft.Entry(string.Create(CultureInfo.InvariantCulture, $"batch/{Gateway}/{epoch}/{place + 1}")).Body = notes[place];
            }
        }
    }

    // The result's bytes change, and its entry with them; reports and signatures stay.
    private static void ChangeResult(BundleDraft draft, string what, string by)
    {
        draft.Result = Replace(draft.Result, what, by);
        draft.Entries[draft.Newest(LogEntryKind.Result)].Body = draft.Result;
    }

    private static string Index(BundleDraft draft, string subject) => draft.IndexOf(subject).ToString(CultureInfo.InvariantCulture);
}
