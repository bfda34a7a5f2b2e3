using System.Collections.Concurrent;
using Metering.Analytics.Intervals;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>The alarms of plants, computed anew when asked, at most once in <see cref="Rest"/> and after each change of the register. Safe from any thread.</summary>
internal sealed class AlarmBoard(ProjectBoard board, ChannelPaces paces, RecordStore? records)
{
    /// <summary>Longest age of what is shown.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>Shortest silence worth an alarm.</summary>
    public static readonly TimeSpan ShortestSilence = TimeSpan.FromMinutes(10);

    /// <summary>Days before a calibration that it is told.</summary>
    public const int CalibrationNoticeDays = 30;

    /// <summary>Days of lab results looked at.</summary>
    public const int LabDays = 92;

    private const int NewDays = 7;
    private const int OldDays = 28;
    private const double LowShare = 0.9;
    private const double FallenShare = 0.05;

    private readonly ConcurrentDictionary<string, (long At, long Audit, IReadOnlyList<Alarm> Alarms)> kept = new(StringComparer.Ordinal);

    /// <summary>The alarms of a plant, the gravest first, then the oldest.</summary>
    public IReadOnlyList<Alarm> Of(Plant plant)
    {
        RegisterSnapshot register = records?.Snapshot ?? RegisterSnapshot.Empty;
        if (kept.TryGetValue(plant.Id, out (long At, long Audit, IReadOnlyList<Alarm> Alarms) known) && known.Audit == register.AuditNumber && board.Clock.GetElapsedTime(known.At) < Rest)
        {
            return known.Alarms;
        }

        List<Alarm> alarms = [];
        AddMeters(plant, alarms);
        AddLimits(plant, register, alarms);
        AddBills(plant, register, alarms);
        AddCalibrations(plant, register, alarms);
        AddDrift(plant, register, alarms);
        Dictionary<string, AlarmAcknowledgement> seen = register.All<AlarmAcknowledgement>().Where(one => one.Plant == plant.Id).DistinctBy(one => one.Alarm).ToDictionary(one => one.Alarm, StringComparer.Ordinal);
        IReadOnlyList<Alarm> ordered = [.. alarms.Select(alarm => seen.TryGetValue(alarm.Key, out AlarmAcknowledgement? by) ? alarm with { Acknowledgement = by, AcknowledgedBy = AuthorOf(by) } : alarm)
            .OrderBy(alarm => alarm.Acknowledgement is not null).ThenBy(alarm => alarm.Kind).ThenBy(alarm => alarm.SinceUtcMilliseconds).ThenBy(alarm => alarm.Subject, StringComparer.Ordinal)];
        kept[plant.Id] = (board.Clock.GetTimestamp(), register.AuditNumber, ordered);
        return ordered;
    }

    private static string Date(DateOnly day, Language language) => new Formatter(language).Date(day);

    private static Text Both(Func<Language, string> text) => new(text(Language.Spanish), text(Language.English));

    private string AuthorOf(AlarmAcknowledgement acknowledgement) =>
        records!.History(new(AlarmAcknowledgement.Kind.Name, acknowledgement.Id)) is [.., { } last] ? last.Entry.ActorName : "";

    private void AddMeters(Plant plant, List<Alarm> alarms)
    {
        DateTimeOffset now = board.Clock.GetUtcNow();
        foreach (IGrouping<string, LiveChannel> gateway in LiveChannel.Of(board.Store, plant.Id).Where(channel => channel.Stored.Origin == ReadingOrigin.Gateway).GroupBy(channel => channel.Stored.Gateway))
        {
            List<(LiveChannel Live, TimeSpan Interval)> channels = [.. gateway.Select(channel => (channel, paces.IntervalOf(board.Store, channel.Stored))).Where(pair => pair.Item2 is not null).Select(pair => (pair.channel, pair.Item2!.Value))];
            if (channels.Count == 0)
            {
                continue;
            }

            (LiveChannel newest, TimeSpan pace) = channels.MaxBy(pair => pair.Live.LastUtcMilliseconds);
            if (IsSilent(newest, pace, now))
            {
                alarms.Add(new(
                    AlarmKind.GatewaySilent, gateway.Key, newest.LastUtcMilliseconds, EntryDesk.Fill(AlarmWords.GatewaySilent, gateway.Key, Silence(newest, now)), AlarmWords.GatewaySilentDo, [AlarmPlace.Gateways(plant.Id)]));
                continue;
            }

            foreach ((LiveChannel channel, TimeSpan interval) in channels)
            {
                string id = channel.Stored.Channel.Id;
                if (IsSilent(channel, interval, now))
                {
                    alarms.Add(new(
                        AlarmKind.ChannelSilent, id, channel.LastUtcMilliseconds, EntryDesk.Fill(AlarmWords.ChannelSilent, id, Silence(channel, now), gateway.Key), AlarmWords.ChannelSilentDo, [AlarmPlace.Channel(plant.Id, gateway.Key, id)]));
                }
                else
                {
                    AddCoverage(plant, channel.Stored, interval, now, alarms);
                }
            }
        }
    }

    private static bool IsSilent(LiveChannel channel, TimeSpan interval, DateTimeOffset now) =>
        channel.IsLate(interval, now) && now - DateTimeOffset.FromUnixTimeMilliseconds(channel.LastUtcMilliseconds) > ShortestSilence;

    private static string Silence(LiveChannel channel, DateTimeOffset now) => PlantWords.Span(now - DateTimeOffset.FromUnixTimeMilliseconds(channel.LastUtcMilliseconds));

    // Whole days before today, so that a day that is not over yet lowers nothing.
    private void AddCoverage(Plant plant, StoredChannel channel, TimeSpan interval, DateTimeOffset now, List<Alarm> alarms)
    {
        DateOnly today = PlantCalendar.DayOf(now.ToUnixTimeMilliseconds(), plant.Zone);
        long first = PlantCalendar.StartOfDay(today.AddDays(-NewDays - OldDays), plant.Zone);
        long turn = PlantCalendar.StartOfDay(today.AddDays(-NewDays), plant.Zone);
        long end = PlantCalendar.StartOfDay(today, plant.Zone);
        if (channel.FirstUtcMilliseconds > first)
        {
            return; // no such history to have fallen from
        }

        ReadingColumns columns = board.Store.Read(channel.Gateway, channel.Channel.Id, first, end);
        bool[] usable = RegisterIntervals.Usable(columns.Channel, columns.UtcMilliseconds, columns.Qualities, columns.HasValues, out _);
        int before = 0;
        int after = 0;
        for (int index = 0; index < usable.Length; index++)
        {
            before += usable[index] && columns.UtcMilliseconds[index] < turn ? 1 : 0;
            after += usable[index] && columns.UtcMilliseconds[index] >= turn ? 1 : 0;
        }

        double old = Math.Min(1, before * interval.TotalMilliseconds / (turn - first));
        double fresh = Math.Min(1, after * interval.TotalMilliseconds / (end - turn));
        if (fresh < LowShare && fresh < old - FallenShare)
        {
            alarms.Add(new(
                AlarmKind.CoverageFalling, channel.Channel.Id, WeekOf(today.AddDays(-NewDays), plant),
                EntryDesk.Fill(AlarmWords.Coverage, channel.Channel.Id, Formatter.Percent(100 * fresh, 0), Formatter.Percent(100 * old, 0)), AlarmWords.CoverageDo, [AlarmPlace.Channel(plant.Id, channel.Gateway, channel.Channel.Id)]));
        }
    }

    // What is seen in the last days would begin anew each day, and with it the alarm that somebody has acknowledged: it begins with its week.
    private static long WeekOf(DateOnly day, Plant plant) => PlantCalendar.StartOfDay(day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), plant.Zone);

    // Only the newest result of a parameter and kind of sample counts: a later one that complies ends the alarm.
    private void AddLimits(Plant plant, RegisterSnapshot register, List<Alarm> alarms)
    {
        DateOnly from = PlantCalendar.DayOf(board.Clock.GetUtcNow().ToUnixTimeMilliseconds(), plant.Zone).AddDays(-LabDays);
        DischargeKind? discharge = register.Find<PlantRecord>(plant.Id)?.Discharge;
        foreach (IGrouping<(string, SampleKind), LabResult> group in register.All<LabResult>().Where(result => result.Plant == plant.Id && result.SampledOn >= from)
            .GroupBy(result => (result.Parameter.ToUpperInvariant(), result.Sample)))
        {
            DateOnly last = group.Max(result => result.SampledOn);
            foreach (DischargeCheck check in group.Where(result => result.SampledOn == last).SelectMany(result => DischargeCheck.Of(result, discharge)).Where(check => check.IsOutside))
            {
                LabResult result = check.Result;
                Text what = Both(language => AlarmWords.Limit.In(
                    language, result.Parameter, PlantWords.Amount(result.Value.Amount), UnitNames.Of(check.Limit.Unit, language), Date(result.SampledOn, language),
                    check.Name.In(language), PlantWords.Amount(check.Limit.Value!.Value), check.Limit.Source));
                alarms.Add(new(
                    AlarmKind.LimitExceeded, $"{result.Parameter} {Field.WordOf(result.Sample)} {check.Limit.Id}", PlantCalendar.StartOfDay(result.SampledOn, plant.Zone), what, AlarmWords.LimitDo, [AlarmPlace.Discharge(plant.Id), AlarmPlace.Entries(plant.Id, AlarmWords.ToSample)]));
            }
        }
    }

    private void AddBills(Plant plant, RegisterSnapshot register, List<Alarm> alarms)
    {
        if (register.All<UtilityBill>().Where(bill => bill.Plant == plant.Id).MaxBy(bill => bill.LastDay) is { } bill && BillCheck.Of(board.Store, plant, bill) is { IsApart: true } check)
        {
            alarms.Add(new(
                AlarmKind.BillApart, bill.Id, PlantCalendar.StartOfDay(bill.LastDay.AddDays(1), plant.Zone),
                EntryDesk.Fill(AlarmWords.Bill, bill.Number, check.Channel.Channel.Id, BillPercent.Of(check.DifferencePercent)), AlarmWords.BillDo,
                [AlarmPlace.Channel(plant.Id, check.Channel.Gateway, check.Channel.Channel.Id), AlarmPlace.Entries(plant.Id, AlarmWords.ToBills)]));
        }
    }

    private void AddCalibrations(Plant plant, RegisterSnapshot register, List<Alarm> alarms)
    {
        DateOnly today = PlantCalendar.DayOf(board.Clock.GetUtcNow().ToUnixTimeMilliseconds(), plant.Zone);
        foreach (Programme.Kinds.MeterRecord meter in register.All<Programme.Kinds.MeterRecord>())
        {
            if (meter.Plant != plant.Id || meter.CalibrationDueOn is not { } due || today < due.AddDays(-CalibrationNoticeDays))
            {
                continue;
            }

            bool isOver = today > due;
            alarms.Add(new(
                isOver ? AlarmKind.CalibrationOverdue : AlarmKind.CalibrationDue, meter.Id, PlantCalendar.StartOfDay(isOver ? due.AddDays(1) : due.AddDays(-CalibrationNoticeDays), plant.Zone),
                Both(language => (isOver ? AlarmWords.Overdue : AlarmWords.Due).In(language, $"{meter.Model} {meter.Serial}", Date(due, language))),
                isOver ? AlarmWords.OverdueDo : AlarmWords.DueDo, [AlarmPlace.Meter(meter.Id)]));
        }
    }

    private void AddDrift(Plant plant, RegisterSnapshot register, List<Alarm> alarms)
    {
        foreach (DriftCheck check in DriftCheck.Of(board.Store, plant, register, board.Clock.GetUtcNow()).Where(check => check.IsImpossible || check.HasMoved))
        {
            string name = $"{check.Meter.Model} {check.Meter.Serial}";
            Text what = check.IsImpossible
                ? EntryDesk.Fill(AlarmWords.PartsExceed, check.Fed, name, Formatter.Percent(check.NewPercent))
                : EntryDesk.Fill(AlarmWords.Drifted, check.Fed, name, Formatter.Percent(check.OldPercent), Formatter.Percent(check.NewPercent));
            alarms.Add(new(
                AlarmKind.Drift, check.Meter.Id, WeekOf(check.FirstDay, plant), what, AlarmWords.DriftedDo,
                [AlarmPlace.Channel(plant.Id, check.Channel.Gateway, check.Channel.Channel.Id), AlarmPlace.Meter(check.Meter.Id)]));
        }
    }
}
