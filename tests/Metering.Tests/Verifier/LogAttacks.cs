using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Readings;
using Metering.Verifier.Bundles;
using static Metering.Tests.Verifier.Forge;

namespace Metering.Tests.Verifier;

/// <summary>Attacks on what binds a bundle to earlier ones and to an authority's clock, and on the run of the validation rules.</summary>
internal static class LogAttacks
{
    private const string First = "bundle/drives-2026/1";
    private const string Second = "bundle/drives-2026/2";

    public static IEnumerable<Attack> OnEarlierBundles() =>
    [
        new("earlier-checkpoint-forged", "the checkpoint of an earlier bundle signed by another key", FaultCode.EarlierSignature, Insider(draft => Fix(draft, First, note => Sign(note, SampleBundle.StrangerKey())))),
        new("earlier-checkpoint-forged-by-an-insider", "an earlier checkpoint over another past, signed by the log's own key", FaultCode.LogRewritten, Insider(draft => Fix(draft, First, note => Sign(note, draft.LogKey, OtherRoot)))),
        new("earlier-checkpoint-forged-at-a-power-of-two", "the same where the earlier log had 32 entries", FaultCode.LogRewritten, Recomputed(draft =>
        {
            DraftEntry earlier = draft.Entry(First);
            draft.Entries.Remove(earlier);
            draft.Entries.Insert(32, earlier);
            earlier.Utc = draft.Entries[31].Utc;
            Fix(draft, First, note => Sign(note, draft.LogKey, OtherRoot));
        })),
        new("earlier-checkpoint-of-another-form", "an earlier checkpoint with a line too many", FaultCode.EarlierForm, Insider(draft => Fix(draft, First, note => Sign(note, draft.LogKey, text => text + "more\n")))),
        new("earlier-checkpoint-too-large", "an earlier checkpoint over more entries than the log had by then", FaultCode.EarlierOrder, Insider(draft => Fix(draft, First, _ => draft.CheckpointOver(draft.IndexOf(Second))))),
        new("earlier-checkpoint-dropped", "the checkpoint of the first of two earlier bundles is not shown", FaultCode.EarlierMissing, Insider(draft => draft.Entry(First).IsShown = false)),
        new("newest-earlier-checkpoint-dropped", "the checkpoint of the bundle before is not shown", FaultCode.EarlierMissing, Insider(draft => draft.Entry(Second).IsShown = false)),
        new("consistency-proof-edited", "one bit of a consistency proof", FaultCode.ConsistencyProof, File(BundleNames.Consistency, bytes =>
        {
            bytes[40] ^= 1;
            return bytes;
        })),
        new("consistency-proof-cut", "the last hash of the consistency proofs is gone", FaultCode.ConsistencyProof, File(BundleNames.Consistency, bytes => bytes[..^32])),
        new("consistency-proof-too-long", "one hash more than the proofs take", FaultCode.ConsistencyProof, File(BundleNames.Consistency, bytes => [.. bytes, .. bytes.AsSpan(0, 32)])),
        new("earlier-bundle-denied", "the bundle before never was, by entries and number; --seen with that bundle", FaultCode.LogForked, Recomputed(draft =>
        {
            draft.Entries.RemoveAt(draft.IndexOf(Second));
            draft.Number--;
        })) { Seen = sample => sample.Draft.Seal() },
        new("log-key-exchanged-without-a-word", "the log's key is another than the last change of key says", FaultCode.BodyForm, Insider(draft =>
            draft.Entries.Add(new(LogEntryKind.LogKey, $"log-key/{draft.Log}/1", draft.Entries[^1].Utc, new LogKeyChange(SigningKey.PublicPem(draft.LogKey), SigningKey.PublicPem(SampleBundle.StrangerKey())).ToBytes())))),
    ];

    public static IEnumerable<Attack> OnTimeStamps() =>
    [
        new("time-stamp-of-something-else", "the time stamp is over another checkpoint than the one beside it", FaultCode.TimeStampImprint, Stamped((draft, authority) => (draft.CheckpointOver(20), authority.Answer(draft.CheckpointOver(21))))),
        new("time-stamp-signature-edited", "one bit of the authority's signature", FaultCode.TimeStampSignature, Stamped((draft, authority) => OverOne(draft, note =>
        {
            byte[] answer = authority.Answer(note);
            answer[^1] ^= 1;
            return answer;
        }))),
        new("time-stamp-dated-back", "the authority's instant is edited", FaultCode.TimeStampSignature, Stamped((draft, authority) => OverOne(draft, note => Replace(authority.Answer(note))))),
        new("time-stamp-that-is-none", "anything in place of the authority's answer", FaultCode.TimeStampForm, Stamped((draft, _) => (draft.CheckpointOver(20), "stamped"u8.ToArray()))),
        new("time-stamp-over-another-log", "a true time stamp over a checkpoint with another past", FaultCode.LogRewritten, Stamped((draft, authority) =>
        {
            byte[] other = Sign(draft.CheckpointOver(20), draft.LogKey, OtherRoot);
            return (other, authority.Answer(other));
        })),
        new("time-stamp-of-a-stranger", "a time stamp by an authority that the reader does not know; --time-authority, --trust with the true keys, --strict", FaultCode.TimeStampAuthority, Stamped((draft, authority) => OverOne(draft, authority.Answer)))
        {
            IsWithTrust = true, IsStrict = true, TimeAuthority = () =>
            {
                using StampMaker stranger = new();
                return stranger.Root.ExportCertificatePem();
            },
        },
    ];

    public static IEnumerable<Attack> OnValidation() =>
    [
        new("validation-left-out", "the run of the rules that the result names is not shown", FaultCode.ValidationMissing, Insider(draft => draft.Entry("validation/drives-2026/1").IsShown = false)),
        new("validation-of-another-result", "the run that the result names is over other readings", FaultCode.ValidationOther, Insider(draft =>
        {
            string text = Encoding.UTF8.GetString(draft.Validation);
            int place = text.IndexOf("\"version\":\"", StringComparison.Ordinal) + 11;
            Rewrite(draft, text[..place] + new string('0', 64) + text[(place + 64)..]);
        })),
        new("finding-edited", "a finding of the validation says another instant, log and seal made to fit", FaultCode.ValidationDiffers, Insider(draft => Rewrite(draft, Edited(draft, "\"rule\":\"unusable\",\"utc\":1", "\"rule\":\"unusable\",\"utc\":2")))),
        new("finding-taken-away", "nothing was found, says the validation, log and seal made to fit", FaultCode.ValidationDiffers, Insider(draft =>
        {
            string text = Encoding.UTF8.GetString(draft.Validation);
            int place = text.IndexOf("\"findings\":[{", StringComparison.Ordinal) + 12;
            Rewrite(draft, text[..place] + text[text.IndexOf(']', place)..]);
        })),
        new("finding-edited-outside-the-log", "a finding is edited in validation.json alone", FaultCode.BodyHash, File(BundleNames.Validation, bytes => Forge.Replace(bytes, "\"usable\":", "\"usable\":1"))),
        new("rule-parameter-edited", "a rule of the validation is stated milder than it is, log and seal made to fit", FaultCode.ValidationParameters, Insider(draft => Rewrite(draft, Edited(draft, "\"plausible-factor\",\"value\":8", "\"plausible-factor\",\"value\":80")))),
    ];

    private static (byte[] Note, byte[] Answer) OverOne(BundleDraft draft, Func<byte[], byte[]> answer)
    {
        byte[] note = draft.CheckpointOver(20);
        return (note, answer(note));
    }

    // The digits of the year of the authority's instant, in its one place.
    private static byte[] Replace(byte[] answer)
    {
        byte[] changed = [.. answer];
        int place = changed.AsSpan().IndexOf(Encoding.ASCII.GetBytes(StampMaker.At.ToString("yyyyMMdd", CultureInfo.InvariantCulture)));
        changed[place + 3] ^= 1;
        return changed;
    }

    private static Func<SampleBundle, byte[]> Stamped(Func<BundleDraft, StampMaker, (byte[] Note, byte[] Answer)> make) => sample =>
    {
        sample.Draft.SignEarlier();
        using StampMaker authority = new();
        sample.Draft.TimeStamp = make(sample.Draft, authority);
        return sample.Draft.Seal();
    };

    private static string OtherRoot(string text)
    {
        string[] lines = text.Split('\n');
        lines[2] = Convert.ToBase64String(SHA256.HashData("another past"u8));
        return string.Join('\n', lines);
    }

    private static void Fix(BundleDraft draft, string subject, Func<byte[], byte[]> change)
    {
        draft.SignEarlier();
        draft.Entry(subject).Body = change(draft.Entry(subject).Body);
        draft.Entry(subject).IsFixed = true;
    }

    private static string Edited(BundleDraft draft, string what, string by) => Encoding.UTF8.GetString(Forge.Replace(draft.Validation, what, by));

    private static void Rewrite(BundleDraft draft, string text)
    {
        draft.Validation = Encoding.UTF8.GetBytes(text);
        draft.Entry("validation/drives-2026/1").Body = draft.Validation;
    }
}
