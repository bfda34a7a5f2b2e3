using System.Globalization;
using System.Text.Json;
using Metering.Cloud.Plants;
using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Projects.Statements;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>
/// Holds each version of a utility bill against the plant's meter over the same days, once, as soon as every one of these days is known, and logs what came out. Not safe for use by
/// two threads at once.
/// </summary>
internal sealed class BillFollower(EvidenceLog log, IReadingStore store, ProjectSource source, TimeProvider clock)
{
    /// <summary>Kind of the record that stands in the body.</summary>
    public const string Record = "reconciliation";

    /// <summary>Days that are not known yet are asked for again after this time, if anything came.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private readonly HashSet<string> done = new(StringComparer.Ordinal);
    private RegisterSnapshot? looked;
    private long lookedAt;
    private long sequence = -1;
    private bool isOpen;

    /// <summary>Logs the comparisons that can be made.</summary>
    /// <param name="cancellationToken">Ends it between two bills.</param>
    public void CatchUp(CancellationToken cancellationToken)
    {
        if (source.Records?.Snapshot is not { } register || (ReferenceEquals(register, looked) && (!isOpen || clock.GetElapsedTime(lookedAt) < Rest || Readable() == sequence)))
        {
            return;
        }

        (looked, lookedAt, sequence, isOpen) = (register, clock.GetTimestamp(), Readable(), false);
        List<(RecordVersion Version, string Source)> bills = [.. register.Versions(UtilityBill.Kind).Where(version => !version.IsWithdrawn).Select(version => (version, SourceOf(version))).Where(bill => !done.Contains(bill.Item2))];
        done.UnionWith(log.KnownSources([.. bills.Select(bill => bill.Source)]));
        foreach ((RecordVersion version, string name) in bills.Where(bill => !done.Contains(bill.Source)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            UtilityBill bill = (UtilityBill)version.Record;
            if (source.Current.FindPlant(bill.Plant) is { } plant && BillCheck.Of(store, plant, bill) is { } check)
            {
                _ = log.Append([new(LogEntryKind.Reconciliation, bill.Plant, true, StatementOf(version, bill, check).ToBytes()) { Source = name }]);
                _ = done.Add(name);
            }
            else
            {
                isOpen = true;
            }
        }
    }

    // Not the journal's end: that has a batch a moment before its readings can be read, and days that came with the last one would stay unknown until the next.
    private long Readable() => store.StandingAfter(long.MaxValue).Through;

    private static RecordStatement StatementOf(RecordVersion version, UtilityBill bill, BillCheck check) => new()
    {
        Record = Record,
        Id = bill.Id,
        Version = (int)version.Version,
        Plant = bill.Plant,
        Actor = Actor.System.Id,
        After = JsonSerializer.Serialize(
            new
            {
                firstDay = bill.FirstDay,
                lastDay = bill.LastDay,
                gateway = check.Channel.Gateway,
                channel = check.Channel.Channel.Id,
                billed = bill.Use.Amount,
                metered = check.Metered,
                unit = bill.Use.Unit,
                differencePercent = double.IsFinite(check.DifferencePercent) ? check.DifferencePercent : (double?)null,
                tolerancePercent = BillCheck.TolerancePercent,
                within = double.IsFinite(check.DifferencePercent) ? !check.IsApart : (bool?)null,
            }),
    };

    private static string SourceOf(RecordVersion version) => string.Create(CultureInfo.InvariantCulture, $"bill {version.Record.Id} {version.Version}");
}
