using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Tests.Verifier;

/// <summary>
/// A true bundle of a small tannery, made from its parts: two registers read each midnight and noon, a batch every five days in two key epochs, weekly production
/// records, a decision in two versions, a signature, entries of other plants in between. The saving is 15 %.
/// </summary>
internal sealed class SampleBundle : IDisposable
{
    public const string Gateway = "leon-tannery";
    public const string UseFile = "readings/leon-tannery.1/m.use.txt";
    public const string NotesFile = "batches/leon-tannery.1.notes";
    private const long Day = 24 * 60 * 60 * 1000L;
    private const int DaysOfBatch = 5;
    private const int RotatedAfter = 12;

    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    private readonly Random random;
    private readonly bool hasPeople;
    private Func<Reading, Reading?>? _onReading;

    private SampleBundle(int seed, bool hasPeople)
    {
        this.hasPeople = hasPeople;
        random = new(seed);
        Draft = new() { Project = Project.Id };
    }

    /// <summary>Around a draft that was made elsewhere, to compute its result.</summary>
    public SampleBundle(BundleDraft draft)
    {
        random = new(0);
        Draft = draft;
    }

    public BundleDraft Draft { get; }

    public static Project Project { get; } = new()
    {
        Id = "drives-2026",
        Plant = new("tannery", new("Curtiduría", "Tannery"), "tannery", "Guanajuato", Zone, IsSimulated: false),
        Title = new("Variadores", "Drives"),
        Measure = new("Variadores en bombas", "Drives on pumps"),
        Resource = Resource.Electricity,
        Use = new(Gateway, "m.use"),
        Drivers = [new("made", DriverKind.Difference, new(Gateway, "m.made"), 0), new("hides", DriverKind.Production, null, 0) { Product = "hides" }],
        Baseline = new(new(2025, 9, 1), new(2025, 10, 30)),
        Installation = new(new(2025, 10, 31), new(2025, 11, 5)),
        Reporting = new(new(2025, 11, 6), new(2025, 12, 20)),
        ConfidencePercent = 90,
    };

    public void Dispose() => Draft.Dispose();

    /// <summary>A draft ready to be sealed.</summary>
    /// <param name="seed">The same seed gives the same readings.</param>
    /// <param name="planDay">Day on which the plan was registered; null for one before the installation.</param>
    /// <param name="hasPeople">Whether the counter of pieces is read by people, see <see cref="SamplePeople"/>.</param>
    /// <param name="onReading">Changes a reading before it is signed, or takes it away; null for the readings as they are.</param>
    public static SampleBundle Make(int seed = 1, DateOnly? planDay = null, bool hasPeople = false, Func<Reading, Reading?>? onReading = null)
    {
        SampleBundle sample = new(seed, hasPeople) { _onReading = onReading };
        List<DraftEntry> entries = [];
        sample.AddKeys(entries);
        sample.AddBatches(entries);
        sample.AddStatements(entries, planDay ?? new(2025, 10, 1));
        sample.AddOthers(entries);
        sample.Order(entries);
        sample.AddEarlierBundles();
        sample.Compute();
        return sample;
    }

    /// <summary>
    /// Computes the result from what the draft holds now, as an insider would, and logs it with its reports and signatures: takes away the entries of an earlier one.
    /// </summary>
    public void Compute(string? signedVersion = null)
    {
        _ = Draft.Entries.RemoveAll(entry => entry.Kind is LogEntryKind.Validation or LogEntryKind.Result or LogEntryKind.Report or LogEntryKind.Signature);
        Draft.Reports.Clear();
        (Project project, ResultSources sources, ProjectInputs inputs, Dictionary<ChannelName, string> versions) = Inputs();
        string version = ProjectVersion.Of(project, versions, inputs.Decisions, inputs.Production);
        Draft.Result = ResultStatement.Write(ProjectAnalysis.Run(project, inputs, version), sources);
        Draft.Validation = ValidationStatement.Write(project, inputs.Evidence);
        long utc = Draft.Entries.Max(entry => entry.Utc);
        string id = project.Id;
        Draft.Entries.Add(new(LogEntryKind.Validation, $"validation/{id}/1", utc, Draft.Validation));
        Draft.Entries.Add(new(LogEntryKind.Result, $"result/{id}/1", utc, Draft.Result));
        long index = Draft.Entries.Count - 1;
        int number = 0;
        foreach (string language in (string[])["es", "en"])
        {
            byte[] html = Encoding.UTF8.GetBytes($"<!doctype html><html lang=\"{language}\"><p>{version}</p></html>\n");
            Draft.Reports[language] = html;
            Draft.Entries.Add(new(LogEntryKind.Report, $"report/{id}/{++number}", utc, new ReportStatement(language, index, Convert.ToHexStringLower(SHA256.HashData(html))).ToBytes()));
        }

        foreach ((string role, string account, int place) in (ReadOnlySpan<(string, string, int)>)[("author", "account-1", 1), ("reviewer", "account-2", 2)])
        {
            RecordStatement signature = new()
            {
                Record = "review-signature", Id = $"sign-{place}", Version = 1, Plant = project.Plant.Id, Project = id, Actor = account, Reason = null,
                After = $"{{\"id\":\"sign-{place}\",\"role\":\"{role}\",\"resultHash\":\"{signedVersion ?? version}\",\"isApproved\":true}}",
            };
            Draft.Entries.Add(Salted(LogEntryKind.Signature, $"signature/{id}/{place}", utc, signature.ToBytes()));
        }

        Draft.CheckpointUtc = utc + Day;
    }

    /// <summary>A private key that has nothing to do with the bundle.</summary>
    public static ECDsa StrangerKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>An entry whose body is salted.</summary>
    public static DraftEntry Salted(string kind, string subject, long utc, byte[] body) => new(kind, subject, utc, body) { Salt = RandomNumberGenerator.GetBytes(LogEntry.SaltLength) };

    /// <summary>Start of a day in the plant's zone.</summary>
    public static long At(DateOnly day) => PlantCalendar.StartOfDay(day, Zone);

    private (Project, ResultSources, ProjectInputs, Dictionary<ChannelName, string>) Inputs()
    {
        int plan = Draft.Newest(LogEntryKind.Plan);
        Project project = PlanStatement.Read(Draft.Entries[plan].Body);
        IReadOnlyList<(DecisionStatement Statement, long Index)> decisions = RecordsInForce.Decisions(Statements(LogEntryKind.Decision, body => DecisionStatement.Read(body)));
        IReadOnlyList<(ProductionStatement Statement, long Index)> production = RecordsInForce.Production(Statements(LogEntryKind.Production, body => ProductionStatement.Read(body)));
        Dictionary<ChannelName, ChannelReadings> readings = [];
        Dictionary<ChannelName, string> versions = [];
        List<ChannelEvidence> evidence = [];
        foreach (ChannelName name in project.Channels())
        {
            ChannelReadings? channel = ReadingsOf(name, project.Span(), out string version);
            versions[name] = version;
            if (channel is not null)
            {
                readings[name] = channel;
            }

            evidence.Add(ChannelEvidence.Of(project, name, channel, version, 0));
        }

        ResultSources sources = new()
        {
            Plan = plan,
            Decisions = [.. decisions.Select(one => one.Index)],
            Production = [.. production.Select(one => one.Index)],
            Validation = Draft.Entries.Count,
            LogSize = Draft.Entries.Count,
            Code = new("0.1.0", "", Convert.ToHexStringLower(SHA256.HashData(Draft.Code))),
            PartsSha256 = Convert.ToHexStringLower(SHA256.HashData(Draft.Parts)),
            Grades = new Dictionary<string, char>(StringComparer.Ordinal) { [Gateway] = 'B' },
            Entries = SamplePeople.EntriesOf(Draft),
        };
        ProjectInputs inputs = new()
        {
            Readings = readings,
            Evidence = evidence,
            Decisions = [.. decisions.Select(one => one.Statement.Decision)],
            Production = ProductionStatement.Outputs([.. production.Select(one => one.Statement)], project),
        };
        return (project, sources, inputs, versions);
    }

    private IEnumerable<(T Statement, long Index)> Statements<T>(string kind, Func<byte[], T> read)
    {
        for (int index = 0; index < Draft.Entries.Count; index++)
        {
            if (Draft.Entries[index].Kind == kind && Draft.Entries[index].IsShown)
            {
                yield return (read(Draft.Entries[index].Body), index);
            }
        }
    }

    private ChannelReadings? ReadingsOf(ChannelName name, (long From, long To) span, out string version)
    {
        List<(long Utc, long Value, ReadingQuality Quality, bool Has)> rows = [];
        Channel? channel = null;
        foreach (byte[] bytes in Draft.Segments.Where(file => file.Key.StartsWith($"readings/{name.Gateway}.", StringComparison.Ordinal) && file.Key.EndsWith($"/{name.Channel}.txt", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value))
        {
            ChannelSegment segment = ChannelSegment.Parse(bytes);
            channel = segment.Channel;
            for (int row = 0; row < segment.Count; row++)
            {
                rows.Add((segment.UtcMilliseconds.Span[row], segment.ScaledValues.Span[row], segment.Qualities.Span[row], segment.HasValues.Span[row]));
            }
        }

        rows = [.. rows.Where(row => row.Utc >= span.From && row.Utc < span.To)];
        if (channel is null || rows.Count == 0)
        {
            version = "";
            return null;
        }

        long[] instants = [.. rows.Select(row => row.Utc)];
        long[] values = [.. rows.Select(row => row.Value)];
        ReadingQuality[] qualities = [.. rows.Select(row => row.Quality)];
        bool[] has = [.. rows.Select(row => row.Has)];
        version = ReadingVersion.Of(channel, instants, values, qualities, has);
        return ChannelReadings.Of(channel, instants, values, qualities, has);
    }

    private void AddKeys(List<DraftEntry> entries)
    {
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            ECDsa key = StrangerKey();
            Draft.GatewayKeys[(Gateway, epoch)] = key;
            string pem = SigningKey.PublicPem(key);
            Draft.Keys[BundleNames.KeyOf(Gateway, epoch)] = pem;
            long utc = At(Project.Baseline.First.AddDays(epoch == 1 ? -10 : (RotatedAfter * DaysOfBatch) - 1)) + 1000;
            entries.Add(new(LogEntryKind.Key, string.Create(CultureInfo.InvariantCulture, $"key/{Gateway}/{epoch}"), utc, new KeyStatement(Gateway, epoch, Project.Plant.Id, "gateway", pem).ToBytes()));
            if (epoch == 2)
            {
                entries.Add(new(LogEntryKind.Key, $"key/{Gateway}/1/end", utc, new KeyEndStatement(Gateway, 1, utc, RotatedAfter, "rotated").ToBytes()));
            }
        }
    }

    private void AddBatches(List<DraftEntry> entries)
    {
        Channel use = ChannelOf("m.use", "kWh", 2);
        Channel made = ChannelOf(SamplePeople.Channel, "pieces", 0) with { Profile = hasPeople ? "manual/1" : "generic-energy/1" };
        Channel other = ChannelOf("m.other", "kWh", 0);
        (long uses, long pieces, string previous, int number, int epoch) = (100_000, 5_000, BatchManifest.NoPrevious, 0, 1);
        DateOnly first = Project.Baseline.First.AddDays(-1);
        for (DateOnly start = first; start <= Project.Reporting.Last.AddDays(1); start = start.AddDays(DaysOfBatch))
        {
            List<Reading> readings = [];
            for (int day = 0; day < DaysOfBatch; day++)
            {
                DateOnly today = start.AddDays(day);
                long output = today.DayOfWeek == DayOfWeek.Sunday ? 0 : 300 + random.Next(200);
                long daily = (long)((40_000 + (150 * output) + (3000 * (random.NextDouble() - 0.5))) * (today >= Project.Reporting.First ? 0.85 : 1));
                foreach (int half in (int[])[0, 1])
                {
                    long utc = At(today) + (half * Day / 2);
                    readings.Add(new(utc, uses, 0, ReadingQuality.Good, true));
                    if (hasPeople && half == 1)
                    {
                        (uses, pieces) = (uses + (daily / 2), pieces + (output / 2));
                        continue;
                    }

                    readings.Add(half == 1 && day == 2 ? new(utc, 0, 1, ReadingQuality.Bad(QualityReason.Timeout), false) : new(utc, pieces, 1, ReadingQuality.Good, true));
                    readings.Add(new(utc, utc % 1000, 2, ReadingQuality.Good, true));
                    uses += daily / 2;
                    pieces += output / 2;
                }
            }

            readings = _onReading is { } change ? [.. readings.Select(reading => change(reading)).OfType<Reading>()] : readings;
            number++;
            if (epoch == 1 && number > RotatedAfter)
            {
                (epoch, number, previous) = (2, 1, BatchManifest.NoPrevious);
            }

            (byte[] envelope, previous) = BatchBuilder.Build(Identity(epoch, number, previous), [use, made, other], [.. readings], [], Draft.GatewayKeys[(Gateway, epoch)]);
            AddBatch(entries, BatchEnvelope.Open(envelope), readings[^1].UtcMilliseconds + 60_000);
            if (hasPeople)
            {
                SamplePeople.Add(entries, readings.Where(reading => reading.ChannelIndex == 1), epoch, Draft.GatewayKeys[(Gateway, epoch)]);
            }
        }

        if (hasPeople)
        {
            SamplePeople.AddCommissioning(entries, Draft.GatewayKeys[(Gateway, 1)]);
        }
    }

    private void AddBatch(List<DraftEntry> entries, BatchEnvelope batch, long utc)
    {
        BatchManifest manifest = batch.Manifest;
        byte[] note = batch.Note.ToArray();
        List(Draft.Notes, BundleNames.NotesOf(Gateway, manifest.KeyEpoch)).Add(note);
        for (int line = 0; line < manifest.Channels.Count; line++)
        {
            if (manifest.Channels[line].Channel != "m.other")
            {
                List(Draft.Segments, BundleNames.SegmentsOf(Gateway, manifest.KeyEpoch, manifest.Channels[line].Channel)).Add(batch.Segments[line]);
            }
        }

        entries.Add(new(LogEntryKind.Batch, string.Create(CultureInfo.InvariantCulture, $"batch/{Gateway}/{manifest.KeyEpoch}/{manifest.Batch}"), utc, note));
    }

    /// <summary>What a batch of the sample's gateway begins with.</summary>
    public static BatchIdentity Identity(int epoch, int number, string previous) => new()
    {
        Gateway = Gateway,
        KeyEpoch = epoch,
        Boot = "0123456789abcdef",
        Batch = number,
        PreviousHash = previous,
        ConfigHash = new string('c', 64),
        Software = "metering-gateway/0.1.0",
        Clock = ClockState.Synchronised,
        MonotonicMilliseconds = 1000,
        AnchorUtcMilliseconds = 2000,
    };

    /// <summary>A counter of the sample.</summary>
    public static Channel ChannelOf(string id, string unit, int decimals) =>
        new() { Id = id, Meter = "m", Unit = unit, Kind = ChannelKind.Counter, DecimalPlaces = decimals, Profile = "generic-energy/1" };

    private void AddStatements(List<DraftEntry> entries, DateOnly planDay)
    {
        MeasurementText measurement = new("C", "the plant's meter", "daily regression", "J. P.", null, null, planDay);
        entries.Add(Salted(LogEntryKind.Plan, $"plan/{Project.Id}/1", At(planDay), PlanStatement.Write(Project with { Title = new("Variadores (borrador)", "Drives (draft)") }, null)));
        entries.Add(Salted(LogEntryKind.Plan, $"plan/{Project.Id}/2", At(planDay) + Day, PlanStatement.Write(Project, measurement)));
        int number = 0;
        for (DateOnly week = Project.Baseline.First; week <= Project.Reporting.Last; week = week.AddDays(7))
        {
            ProductionStatement record = new()
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"prod-{number + 1}"), Version = 1, IsWithdrawn = false, Plant = Project.Plant.Id, Product = "hides", Unit = "hides",
                FirstDay = week, LastDay = week.AddDays(6), Amount = 700 + random.Next(70), Actor = "account-3",
            };
            entries.Add(Salted(LogEntryKind.Production, string.Create(CultureInfo.InvariantCulture, $"production/{Project.Plant.Id}/{++number}"), At(week.AddDays(8)), record.ToBytes()));
        }

        EventDecisionKind[] kinds = [EventDecisionKind.Ignored, EventDecisionKind.DataFault];
        for (int version = 1; version <= kinds.Length; version++)
        {
            DecisionStatement decision = new()
            {
                Id = "decision-1", Version = version, IsWithdrawn = false, Project = Project.Id, EventId = "event-1", FirstDay = new(2025, 12, 1),
                Decision = new(kinds[version - 1], EventOf(new(2025, 12, 1), 2), "account-2", "válvula cerrada", DateTimeOffset.FromUnixTimeMilliseconds(At(new(2025, 12, 22)))), Actor = "account-2",
            };
            entries.Add(Salted(LogEntryKind.Decision, string.Create(CultureInfo.InvariantCulture, $"decision/{Project.Id}/{version}"), At(new DateOnly(2025, 12, 22).AddDays(version)), decision.ToBytes()));
        }
    }

    /// <summary>An event of so many days in the reporting period.</summary>
    public static EventProposal EventOf(DateOnly first, int days) => new()
    {
        Kind = EventKind.Temporary, Period = EventPeriod.Reporting, FromUtcMilliseconds = At(first), ToUtcMilliseconds = At(first.AddDays(days)), LastUtcMilliseconds = At(first.AddDays(days - 1)),
        SizePerInterval = 0, SizeHalfWidth = 0, Total = 0, ExpectedTotal = 0, TotalDateDeviation = 0, Intervals = days, ShownUtcMilliseconds = [], LikelihoodGain = 0, Penalty = 0, IsNearInstallation = false,
    };

    // Entries of other plants, of which only hashes are shown.
    private void AddOthers(List<DraftEntry> entries)
    {
        for (int number = 1; number <= 40; number++)
        {
            long utc = At(Project.Baseline.First) + (number * 3 * Day);
            entries.Add(new(LogEntryKind.Batch, string.Create(CultureInfo.InvariantCulture, $"batch/other/1/{number}"), utc, Encoding.ASCII.GetBytes($"other {number}")) { IsShown = false });
        }
    }

    // Two bundles were taken before, each over what the log had by then.
    private void AddEarlierBundles()
    {
        foreach (int place in (int[])[Draft.Entries.Count / 3, (2 * Draft.Entries.Count / 3) + 1])
        {
            Draft.Entries.Insert(place, new(LogEntryKind.Bundle, string.Create(CultureInfo.InvariantCulture, $"bundle/{Project.Id}/{Draft.Number++}"), Draft.Entries[place - 1].Utc, []));
        }
    }

    private void Order(List<DraftEntry> entries) => Draft.Entries.AddRange(entries.OrderBy(entry => entry.Utc));

    private static List<byte[]> List(Dictionary<string, List<byte[]>> files, string name)
    {
        if (!files.TryGetValue(name, out List<byte[]>? list))
        {
            list = [];
            files.Add(name, list);
        }

        return list;
    }
}
