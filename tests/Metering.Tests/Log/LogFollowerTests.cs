using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Evidence;
using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Readings.Field;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Metering.Tests.Log;

/// <summary>What the log says of a store and a register.</summary>
public sealed class LogFollowerTests : IDisposable
{
    private static readonly Actor Ana = new("ana", "Ana Ruiz");
    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2026, 6, 30, 18, 0, 0, TimeSpan.Zero));
    private readonly BatchFactory gateway = new("leon");
    private readonly RecordStore register;
    private SqliteStore store;

    public LogFollowerTests()
    {
        store = SqliteStore.Open(folder.Combine("metering.db"), clock);
        register = new(Open(), clock);
    }

    [Fact]
    public async Task A_key_stands_before_its_batches_a_loss_between_them_and_the_end_behind_them()
    {
        EvidenceLog log = NewLog();
        using LogFollower follower = Follow(log);
        byte[][] batches = [.. gateway.Next(6)];
        store.Enrol(new("leon", 1, "leon", gateway.PublicPem));
        _ = store.KeepBirth("leon", "config-1", "1.0", "{\"a\":1}"u8.ToArray());
        await AppendAsync(batches[0], batches[1]);
        LostBatches lost = new("leon", 1, 3, 4, BatchEnvelope.Open(batches[3]).NoteHash);
        Assert.True(store.AcceptLoss(lost, lost.Sign(gateway.Key), clock.GetUtcNow()));
        await AppendAsync(batches[4]);
        store.Revoke("leon", 1, clock.GetUtcNow(), "stolen");
        await follower.CatchUpAsync(CancellationToken.None);
        await AppendAsync(batches[5]); // an ingestion that did not know of it yet
        clock.Advance(TimeSpan.FromSeconds(10));
        await follower.CatchUpAsync(CancellationToken.None);
        await follower.CatchUpAsync(CancellationToken.None);
        Assert.Equal(
            ["key/leon/1", "configuration/leon/1", "batch/leon/1/1", "batch/leon/1/2", "loss/leon/1/3", "batch/leon/1/5", "batch/leon/1/6", "key/leon/1/end"],
            log.Read(0, 100).Select(entry => entry.Entry.Subject));
        Assert.Equal(new KeyStatement("leon", 1, "leon", "gateway", gateway.PublicPem), KeyStatement.Read(log.Find(0)!.Body!.Value.Span));
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(log.Find(1)!.Body!.Value.Span));
        Assert.Equal(BatchEnvelope.Open(batches[0]).NoteHash, log.Find(2)!.Entry.BodyHash);
        Assert.Equal(lost, LostBatches.Open(log.Find(4)!.Body!.Value.Span, gateway.Key));
        KeyEndStatement end = KeyEndStatement.Read(log.Find(7)!.Body!.Value.Span);
        Assert.Equal(new KeyEndStatement("leon", 1, clock.GetUtcNow().AddSeconds(-10).ToUnixTimeMilliseconds(), null, "stolen"), end);
    }

    [Fact]
    public async Task A_change_of_key_ends_the_old_one_with_its_last_batch()
    {
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        store.Enrol(new("leon", 1, "leon", gateway.PublicPem));
        await AppendAsync(gateway.Next());
        KeyRotation rotation = new() { Gateway = "leon", KeyEpoch = 1, Through = 1, Head = gateway.Head, PublicKeyPem = SigningKey.PublicPem(next) };
        Assert.Equal(RotationOutcome.Rotated, store.Rotate(rotation, rotation.Sign(gateway.Key)));
        EvidenceLog log = NewLog();
        await CatchUpAsync(log);
        Assert.Equal(["key/leon/1", "key/leon/2", "batch/leon/1/1", "key/leon/1/end"], log.Read(0, 9).Select(entry => entry.Entry.Subject));
        Assert.Equal(1, KeyEndStatement.Read(log.Find(3)!.Body!.Value.Span).LastBatch);

        // Revoked later it does not end once more: that is told as what a person did.
        store.Revoke("leon", 1, clock.GetUtcNow().AddDays(-1), "stolen");
        await CatchUpAsync(log);
        await CatchUpAsync(log);
        _ = Assert.Single(log.WithSubject("key/leon/1/end"));
        RecordStatement revoked = RecordStatement.Read(Assert.Single(log.WithSubject("edit/leon")).Body!.Value.Span);
        Assert.Equal(("gateway-key", "leon", "stolen"), (revoked.Record, revoked.Id, revoked.Reason));
    }

    [Fact]
    public async Task What_people_recorded_is_logged_once_for_each_channel_behind_the_key_that_signed_it_and_erased_in_both_places()
    {
        store.Enrol(new("leon", 1, "leon", gateway.PublicPem));
        FieldEntry entry = new()
        {
            Gateway = "leon", KeyEpoch = 1, Number = 1, Kind = FieldEntryKind.Reading, Channel = "lab.cod", UtcMilliseconds = 1000, Value = 5, Unit = "mg/L", Decimals = 1, EnteredUtcMilliseconds = 2000, Operator = "Ana",
        };
        byte[][] notes = [.. new[] { entry, entry with { Number = 2, Value = 6 }, entry with { Number = 3, Channel = "tank.level" } }.Select(one => SignedNote.Sign(one.ToText(), "leon", gateway.Key))];
        Assert.All(notes, note => Assert.Equal(FieldRecordOutcome.Kept, store.KeepRecord(FieldRecord.Read(note), note)));
        EvidenceLog log = NewLog();
        await CatchUpAsync(log);
        await CatchUpAsync(log);
        Assert.Equal(["key/leon/1", "manual/leon/lab.cod/1", "manual/leon/lab.cod/2", "manual/leon/tank.level/1"], log.Read(0, 9).Select(one => one.Entry.Subject));
        Assert.Equal(notes, log.WithSubject("manual/leon").Select(one => one.Body!.Value.ToArray()));
        Assert.All(log.WithSubject("manual/leon"), one => Assert.Equal(LogEntry.SaltLength, one.Salt.Length));

        FieldRecordSource.Erase(log, store, 1, "asked for");
        Assert.Null(store.FindRecord("leon", FieldRecord.HashOf(notes[0])));
        Assert.Null(log.Find(1)!.Body);
        Assert.Equal(FieldRecordOutcome.Known, store.KeepRecord(FieldRecord.Read(notes[0]), notes[0]));
        await CatchUpAsync(log);
        Assert.Equal(5, log.Count);
    }

    [Fact]
    public async Task Every_version_of_a_plan_decision_and_production_is_logged_also_of_those_between_two_looks()
    {
        EvidenceLog log = NewLog();
        Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project());
        Change(ProgrammeFixture.Project() with { ConfidencePercent = 95 }, 1);
        Change(ProgrammeFixture.Project() with { ConfidencePercent = 80 }, 2);
        StaticFactorEvent happened = new() { Id = "line-2", Title = "Línea 2", Project = "pml-1", FirstDay = new(2026, 3, 1), LastDay = new(2026, 3, 5), Description = "paro" };
        EventDecision decision = new()
        {
            Id = "d-1", Event = "line-2", Project = "pml-1", Decision = EventTreatment.Ignored, DecidedOn = new(2026, 4, 1), Person = "Ana Ruiz", Reason = "no cambia nada",
        };
        ProductionRecord hides = new() { Id = "w-1", Plant = "leon", Product = "cueros", FirstDay = new(2026, 3, 1), LastDay = new(2026, 3, 7), Output = new(1500.50m, "hides"), Source = "reporte 12" };
        Add(happened, decision, hides);
        Change(decision with { Decision = EventTreatment.DataFault }, 1);
        Change(happened with { LastDay = new(2026, 3, 8) }, 1);
        Change(hides with { Output = new(1400, "hides") }, 1);
        _ = register.Withdraw(new("event-decision", "d-1"), 2, Ana, "otra vez");
        _ = register.Withdraw(new("production-record", "w-1"), 2, Ana, "repetido");
        await CatchUpAsync(log);
        Assert.Equal([90, 95, 80], log.WithSubject("plan/pml-1").Select(entry => PlanStatement.Read(entry.Body!.Value.Span).ConfidencePercent));
        DecisionStatement[] decisions = [.. log.WithSubject("decision/pml-1").Select(entry => DecisionStatement.Read(entry.Body!.Value.Span))];
        Assert.Equal([(1, "Ignored", 5, false), (2, "DataFault", 5, false), (3, "DataFault", 8, false), (4, "DataFault", 8, true)],
            decisions.Select(one => (one.Version, one.Decision.Kind.ToString(), one.Decision.Event.Intervals, one.IsWithdrawn)));
        Assert.All(decisions, one => Assert.Equal(("d-1", "line-2", "ana", new DateOnly(2026, 3, 1)), (one.Id, one.EventId, one.Actor, one.FirstDay)));
        Assert.DoesNotContain("Ana Ruiz", string.Concat(log.WithSubject("decision/pml-1").Select(entry => Encoding.UTF8.GetString(entry.Body!.Value.Span))), StringComparison.Ordinal);
        Assert.Equal([(1, 1500.5m, false), (2, 1400m, false), (3, 1400m, true)],
            log.WithSubject("production/leon").Select(entry => ProductionStatement.Read(entry.Body!.Value.Span)).Select(one => (one.Version, one.Amount, one.IsWithdrawn)));
        Assert.Equal(
            ["plant 1", "project 1", "project 2", "project 3", "static-factor-event 1", "static-factor-event 2"],
            log.Read(0, 100).Where(entry => entry.Entry.Kind == LogEntryKind.Edit).Select(entry => RecordStatement.Read(entry.Body!.Value.Span)).Select(one => $"{one.Record} {one.Version}"));
        Assert.All(log.Read(0, 100), entry => Assert.Equal(entry.Entry.Kind is LogEntryKind.Key or LogEntryKind.Batch, entry.Salt.IsEmpty));

        long count = log.Count;
        await CatchUpAsync(log);
        await CatchUpAsync(NewLog());
        Assert.Equal(count, log.Count);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Empty(log.Verify(key, CancellationToken.None).Faults);
    }

    [Fact]
    public async Task What_a_result_takes_from_the_register_is_what_the_log_says()
    {
        Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project(), new Metering.Programme.Kinds.ProjectDriver { Id = "pml-1.hides", Project = "pml-1", Name = "hides", Position = 1, Form = DriverForm.Production, Product = "cueros" });
        Add(new StaticFactorEvent { Id = "b", Title = "B", Project = "pml-1", FirstDay = new(2026, 3, 1), LastDay = new(2026, 3, 5), Description = "b" }, new StaticFactorEvent { Id = "a", Title = "A", Project = "pml-1", FirstDay = new(2025, 3, 1), Description = "a" });
        Add(DecisionOn("d-1", "b", EventTreatment.DataFault), DecisionOn("d-2", "a", EventTreatment.NonRoutinePermanent));
        Add(Hides("w-2", 8, 900), Hides("w-1", 1, 1000));
        Change(ProgrammeFixture.Project() with { InstallationFirst = new(2026, 1, 5) }, 1); // the events' periods follow from the plan
        EvidenceLog log = NewLog();
        await CatchUpAsync(log);
        ProjectSource source = new(new([], []), register);
        Project project = source.Current.Find("pml-1")!;
        Assert.Equal(PlanStatement.Write(project, null), log.Newest(LogEntryKind.Plan, "pml-1")!.Body!.Value.ToArray());
        IReadOnlyList<DecisionStatement> decisions = DecisionStatement.InOrder(log.WithSubject("decision/pml-1").Select(entry => DecisionStatement.Read(entry.Body!.Value.Span)).GroupBy(one => one.Id).Select(group => group.Last()));
        Assert.Equal(["a", "b"], decisions.Select(one => one.EventId));
        Assert.Equal(source.DecisionsOf(project).Count, decisions.Count);
        Assert.All(decisions.Zip(source.DecisionsOf(project)), pair => Assert.Equal(pair.First.ToBytes(), (pair.First with { Decision = pair.Second }).ToBytes()));

        ProductionStatement[] production = [.. log.WithSubject("production/leon").Select(entry => ProductionStatement.Read(entry.Body!.Value.Span))];
        Assert.True(DailyOutput.AreSame(source.ProductionOf(project), ProductionStatement.Outputs(production, project)));
    }

    [Fact]
    public async Task A_record_that_moves_to_another_plant_counts_no_more_where_it_was()
    {
        Add(ProgrammeFixture.Plant(), ProgrammeFixture.Plant("silao"), Hides("w-1", 1, 1000));
        Change(Hides("w-1", 1, 1000) with { Plant = "silao" }, 1);
        EvidenceLog log = NewLog();
        await CatchUpAsync(log);
        Assert.Equal([false, true], log.WithSubject("production/leon").Select(entry => ProductionStatement.Read(entry.Body!.Value.Span).IsWithdrawn));
        Assert.False(ProductionStatement.Read(Assert.Single(log.WithSubject("production/silao")).Body!.Value.Span).IsWithdrawn);
    }

    [Fact]
    public async Task A_decision_without_periods_is_logged_as_a_record_and_as_a_decision_once_there_are_some()
    {
        Add(ProgrammeFixture.Plant(), Draft(), new StaticFactorEvent { Id = "a", Title = "A", Project = "pml-1", FirstDay = new(2025, 3, 1), Description = "a" }, DecisionOn("d-1", "a", EventTreatment.Ignored));
        EvidenceLog log = NewLog();
        using LogFollower follower = Follow(log);
        await follower.CatchUpAsync(CancellationToken.None);
        Assert.Empty(log.WithSubject("plan"));
        Assert.Contains(log.WithSubject("edit/pml-1"), entry => RecordStatement.Read(entry.Body!.Value.Span).Record == "event-decision");
        Change(ProgrammeFixture.Project(), 1);
        await follower.CatchUpAsync(CancellationToken.None);
        _ = Assert.Single(log.WithSubject("plan/pml-1"));
        _ = Assert.Single(log.WithSubject("decision/pml-1"));

        static ProjectRecord Draft() => ProgrammeFixture.Project() with
        {
            Gateway = null, Channel = null, BaselineFirst = null, BaselineLast = null, InstallationFirst = null, InstallationLast = null, ReportingFirst = null, ReportingLast = null,
        };
    }

    [Fact]
    public async Task A_project_of_the_file_has_its_plan_when_it_is_seen_and_another_when_it_changes()
    {
        EvidenceLog log = NewLog();
        await CatchUpAsync(log, SampleProjects.Yaml());
        await CatchUpAsync(log, SampleProjects.Yaml());
        Assert.Equal(6, log.Count);
        Assert.Equal(SampleProjects.Accepted, PlanStatement.Read(log.WithSubject("plan/" + SampleProjects.Accepted)[0].Body!.Value.Span).Id);
        await CatchUpAsync(log, SampleProjects.Yaml().Replace("Variadores en bombas y compresores", "Otro título", StringComparison.Ordinal));
        Assert.Equal(["plan/pml-001/1", "plan/pml-001/2"], log.WithSubject("plan/pml-001").Select(entry => entry.Entry.Subject));
    }

    [Fact]
    public async Task Two_followers_at_once_log_everything_once()
    {
        store.Enrol(new("leon", 1, "leon", gateway.PublicPem));
        await AppendAsync([.. gateway.Next(40)]);
        Add(ProgrammeFixture.Plant(), ProgrammeFixture.Project(), Hides("w-1", 1, 1000));
        _ = store.KeepBirth("leon", "config-1", "1.0", "{}"u8.ToArray());
        EvidenceLog log = NewLog();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => CatchUpAsync(NewLog()))));
        await CatchUpAsync(log);
        Assert.Equal(1 + 1 + 40 + 4, log.Count); // key, birth, batches; plant and project as records, plan, production
        Assert.Equal(log.Count, log.Read(0, 100).Select(entry => entry.Entry.Subject).Distinct().Count());
    }

    [Fact]
    public async Task A_store_that_was_restored_and_got_its_batches_again_in_another_order_is_followed_whole()
    {
        using BatchFactory other = new("silao");
        store.Enrol(new("leon", 1, "leon", gateway.PublicPem));
        store.Enrol(new("silao", 1, "silao", other.PublicPem));
        byte[][] first = [.. gateway.Next(3)];
        byte[][] second = [.. other.Next(5)];
        await AppendAsync([.. first, .. second[..2]]);
        EvidenceLog log = NewLog();
        using LogFollower follower = Follow(log);
        await follower.CatchUpAsync(CancellationToken.None);
        store.Dispose();
        SqliteConnection.ClearAllPools();
        foreach (string file in Directory.GetFiles(folder.Path, "metering.db*"))
        {
            File.Delete(file);
        }

        store = SqliteStore.Open(folder.Combine("metering.db"), clock);
        store.Enrol(new("leon", 1, "leon", gateway.PublicPem));
        store.Enrol(new("silao", 1, "silao", other.PublicPem));
        await AppendAsync([.. second, .. first]);
        await CatchUpAsync(log);
        Assert.Equal(2 + 3 + 5, log.Count);
        Assert.Equal(
            second.Select((_, index) => $"batch/silao/1/{index + 1}"), log.Read(0, 100).Select(entry => entry.Entry.Subject).Where(subject => subject.StartsWith("batch/silao", StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        store.Dispose();
        gateway.Dispose();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private static EventDecision DecisionOn(string id, string happened, EventTreatment treatment) =>
        new() { Id = id, Event = happened, Project = "pml-1", Decision = treatment, DecidedOn = new(2026, 4, 1), Person = "Ana Ruiz", Reason = "porque sí" };

    private static ProductionRecord Hides(string id, int day, decimal amount) =>
        new() { Id = id, Plant = "leon", Product = "cueros", FirstDay = new(2026, 3, day), LastDay = new(2026, 3, day + 6), Output = new(amount, "hides"), Source = "reporte" };

    private void Add(params IProgrammeRecord[] records) => register.Save([.. records.Select(record => new RecordChange(record, 0))], Ana, null);

    private void Change(IProgrammeRecord record, long version) => register.Save([new(record, version)], Ana, "motivo");

    private async Task AppendAsync(params byte[][] batches)
    {
        foreach (byte[] batch in batches)
        {
            Assert.Equal(AppendOutcome.Stored, await StoreGateway.AppendAsync(store, batch));
        }
    }

    private ProgrammeDatabase Open() => ProgrammeDatabase.Open(StoreLocation.AtFile(folder.Combine("programme.db")));

    private EvidenceLog NewLog() => new(Open(), "cloud-1", clock);

    private LogFollower Follow(EvidenceLog log, string? yaml = null)
    {
        ProjectRegister file = yaml is null ? new([], []) : ProjectRegister.Load(folder.Write("projects.yaml", yaml));
        ProgrammeDatabase database = Open();
        return new(log, store, database, new ProjectSource(file, new RecordStore(database, clock)), clock);
    }

    private async Task CatchUpAsync(EvidenceLog log, string? yaml = null)
    {
        using LogFollower follower = Follow(log, yaml);
        await follower.CatchUpAsync(CancellationToken.None);
    }
}
