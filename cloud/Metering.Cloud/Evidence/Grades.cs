using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>Evidence grades of what is stored: by <see cref="EvidenceGrade"/>, which the verifier uses too, from whose keys are enrolled.</summary>
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

    /// <summary>Grade of a channel of a gateway with these keys.</summary>
    public static char Of(Channel channel, IReadOnlyList<GatewayEnrolment> enrolments) =>
        EvidenceGrade.OfChannel(channel, enrolments.Select(enrolment => EvidenceGrade.Of(WordOf(enrolment.Origin))));

    /// <summary>Grade of a stored channel, by the newest key of its gateway.</summary>
    public static char Of(StoredChannel stored) => EvidenceGrade.OfChannel(stored.Channel, [EvidenceGrade.Of(WordOf(stored.Origin))]);

    /// <summary>The weakest of some results that have a number; null when none has.</summary>
    public static char? Weakest(IEnumerable<ProjectSummary> results) => results.Where(result => result.Savings is not null).Select(result => result.Grade).Max();
}
