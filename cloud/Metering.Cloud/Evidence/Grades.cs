using Metering.Readings;
using Metering.Readings.Field;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>Evidence grades of what is stored: by <see cref="EvidenceGrade"/>, which the verifier uses too, from whose keys are enrolled and what people recorded.</summary>
internal static class Grades
{
    /// <summary>Word of an origin, in the log and in what commands print.</summary>
    public static string WordOf(ReadingOrigin origin) => origin switch
    {
        ReadingOrigin.Gateway => EvidenceGrade.Gateway,
        ReadingOrigin.Import => EvidenceGrade.Import,
        ReadingOrigin.Meter => EvidenceGrade.Meter,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Grade of a channel of a project.</summary>
    public static char Of(IReadingStore store, ChannelEvidence evidence) => EvidenceGrade.OfChannel(
        evidence.Channel!, store.EnrolmentsOf(evidence.Name.Gateway).Select(enrolment => EvidenceGrade.Of(WordOf(enrolment.Origin))), evidence.ManualReadings, EntriesOf(store, evidence.Name, evidence.Channel!));

    /// <summary>Grade of a stored channel's readings in [from, to), by the newest key of its gateway.</summary>
    public static char Of(IReadingStore store, StoredChannel stored, long fromUtcMilliseconds = long.MinValue, long toUtcMilliseconds = long.MaxValue)
    {
        char signer = EvidenceGrade.Of(WordOf(stored.Origin));
        if (!ManualEvidence.IsManual(stored.Channel))
        {
            return EvidenceGrade.OfChannel(stored.Channel, [signer], [], []);
        }

        ReadingColumns columns = store.Read(stored.Gateway, stored.Channel.Id, fromUtcMilliseconds, toUtcMilliseconds);
        ChannelReadings readings = ChannelReadings.Of(columns.Channel, columns.UtcMilliseconds, columns.ScaledValues, columns.Qualities, columns.HasValues);
        return EvidenceGrade.OfChannel(stored.Channel, [signer], [.. ChannelEvidence.ManualOf(readings)], EntriesOf(store, new(stored.Gateway, stored.Channel.Id), stored.Channel));
    }

    private static IReadOnlyList<FieldEntry> EntriesOf(IReadingStore store, ChannelName name, Channel channel) =>
        ManualEvidence.IsManual(channel) ? [.. store.EntryNotesOf(name.Gateway, name.Channel).Select(note => FieldRecord.Read(note.Span).Entry!)] : [];

    /// <summary>The weakest of some results that have a number; null when none has.</summary>
    public static char? Weakest(IEnumerable<ProjectSummary> results) => results.Where(result => result.Savings is not null).Select(result => result.Grade).Max();
}
