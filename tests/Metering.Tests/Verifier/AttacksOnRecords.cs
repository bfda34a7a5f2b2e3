using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Verifier.Bundles;
using static Metering.Tests.Verifier.Forge;
using static Metering.Tests.Verifier.SamplePeople;

namespace Metering.Tests.Verifier;

/// <summary>Attacks on what people recorded at the gateway, and on the grade that stands on it.</summary>
internal static class AttacksOnRecords
{
    private const string Gateway = SampleBundle.Gateway;

    public static IReadOnlyList<Attack> All { get; } = [.. OnNotes().Concat(OnGrades()).Select(attack => attack with { HasPeople = true })];

    private static IEnumerable<Attack> OnNotes() =>
    [
        new("photo-hash-edited", "the photo's hash of what a person read is edited under the old signature", FaultCode.RecordSignature, Insider(draft =>
            draft.Entry(SubjectOf(7)).Body = Unsigned(draft.Entry(SubjectOf(7)).Body, text => text.Replace("photo ", "photo 0123", StringComparison.Ordinal).Remove(text.IndexOf("photo ", StringComparison.Ordinal) + 6 + 64, 4)))),
        new("entry-of-another-channel", "what a person read of another channel, signed by the gateway, among those of this one", FaultCode.RecordPlace, Insider(draft => Change(draft, 7, entry => entry with { Channel = "m.use" }))),
        new("entry-signed-by-another-gateway", "what a person read is signed with the key of another gateway", FaultCode.RecordKey, Insider(draft =>
        {
            using ECDsa other = SampleBundle.StrangerKey();
            Change(draft, 7, entry => entry, other);
        })),
        new("entry-of-another-epoch", "what a person read names the second key and is signed by the first", FaultCode.RecordKey, Insider(draft => Change(draft, 7, entry => entry with { KeyEpoch = 2 }, draft.GatewayKeys[(Gateway, 1)]))),
        new("entry-of-another-form", "what a person read with a line too many, signed by the gateway", FaultCode.RecordForm, Insider(draft =>
            draft.Entry(SubjectOf(7)).Body = Sign(draft.Entry(SubjectOf(7)).Body, draft.GatewayKeys[(Gateway, 1)], text => text + "more 1\n"))),
        new("entry-left-out", "one of the things people read is not shown", FaultCode.EntryHole, Insider(draft => draft.Entry(SubjectOf(7)).IsShown = false)),
        new("commissioning-left-out", "the first of two commissioning records is not shown", FaultCode.EntryHole, Insider(draft => draft.Entry(CommissioningOf(1)).IsShown = false)),
        new("commissioning-edited", "the serial number of a commissioning record is edited under the old signature", FaultCode.RecordSignature, Insider(draft =>
            draft.Rewrite(CommissioningOf(2), text => text.Replace("serial 18342078", "serial 18342079", StringComparison.Ordinal)))),
        new("record-of-a-revoked-key", "something read, signed and logged after the gateway's key was revoked", FaultCode.RecordTime, Insider(draft =>
        {
            draft.Entry($"key/{Gateway}/1/end").Body = new KeyEndStatement(Gateway, 1, 0, null, "stolen").ToBytes();
            int number = draft.Entries.Count(entry => entry.Kind == LogEntryKind.Manual) + 1;
            draft.Entries.Add(SampleBundle.Salted(LogEntryKind.Manual, SubjectOf(number), draft.Entries[^1].Utc, SamplePeople.Sign(EntryOf(number, 1, 1, 1), draft.GatewayKeys[(Gateway, 1)])));
        })),
    ];

    private static IEnumerable<Attack> OnGrades() =>
    [
        new("value-differs-from-its-entry", "a person's value is another than the reading, signed by the gateway, the grade as before", FaultCode.ResultDiffers, Insider(draft => Change(draft, 7, entry => entry with { Value = entry.Value + 1 }))),
        new("photo-missing", "what a person read has no photo, signed by the gateway, the grade as before", FaultCode.ResultDiffers, Insider(draft => Change(draft, 7, entry => entry with { PhotoHash = null }))),
        new("last-entries-left-out", "the last things people read are not shown, the grade as before", FaultCode.ResultDiffers, Insider(draft =>
            draft.Entries.FindAll(entry => entry.Kind == LogEntryKind.Manual).Skip(100).ToList().ForEach(entry => entry.IsShown = false))),
        new("replaced-entry-counted", "what a person read was replaced by another entry, the grade as before", FaultCode.ResultDiffers, Insider(draft =>
        {
            long replaced = Metering.Readings.Field.FieldRecord.Read(draft.Entry(SubjectOf(7)).Body).Entry!.Number;
            Change(draft, 8, entry => entry with { Supersedes = replaced });
        })),
        new("erased-entry-counted", "what a person read is erased, the grade as before", FaultCode.ResultDiffers, Insider(draft => Erase(draft, 7))),
        new("grade-of-people-raised", "grade B in place of C for what people read", FaultCode.ResultDiffers, Insider(draft =>
        {
            draft.Result = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(draft.Result).Replace("\"grade\":\"C\"", "\"grade\":\"B\"", StringComparison.Ordinal));
            draft.Entries[draft.Newest(LogEntryKind.Result)].Body = draft.Result;
        })),
    ];
}
