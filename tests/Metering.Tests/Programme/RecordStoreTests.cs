using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Xunit;

namespace Metering.Tests.Programme;

public sealed class RecordStoreTests : IDisposable
{
    private static readonly RecordKey Key = new("organisation", "a");

    private readonly ProgrammeFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void What_is_saved_is_there_at_once_and_after_a_start_with_one_audit_entry_each()
    {
        RegisterSnapshot after = fixture.Add(ProgrammeFixture.Company("b"), ProgrammeFixture.Company("a"));
        Assert.Equal(2, after.AuditNumber);
        Assert.Equal(["a", "b"], fixture.Register.Snapshot.All<Organisation>().Select(one => one.Id));
        Assert.Equal(ProgrammeFixture.Company("a"), fixture.Another().Snapshot.Find<Organisation>("a"));
        using ProgrammeContext context = fixture.Database.NewContext();
        Assert.Equal([("b", 1L), ("a", 2L)], context.Audit.OrderBy(entry => entry.Number).Select(entry => ValueTuple.Create(entry.RecordId, entry.Number)).ToList());
    }

    [Fact]
    public void A_change_made_from_an_old_version_is_refused_and_says_who_was_first()
    {
        _ = fixture.Add(ProgrammeFixture.Company("a"));
        _ = fixture.Register.Save([new(ProgrammeFixture.Company("a", "Primero"), 1)], ProgrammeFixture.Luis, "nombre");
        RecordConflictException conflict = Assert.Throws<RecordConflictException>(
            () => fixture.Register.Save([new(ProgrammeFixture.Company("a", "Segundo"), 1)], ProgrammeFixture.Ana, "nombre"));
        Assert.Equal((Key, 1L, 2L, "Luis Vega"), (conflict.Record, conflict.ExpectedVersion, conflict.FoundVersion, conflict.ChangedBy));
        Assert.Equal(fixture.Clock.GetUtcNow().ToUnixTimeMilliseconds(), conflict.ChangedUtcMilliseconds);
        Assert.Equal("Primero", fixture.Register.Snapshot.Find<Organisation>("a")!.Name);
        _ = Assert.Throws<RecordConflictException>(() => fixture.Add(ProgrammeFixture.Company("a")));
    }

    [Fact]
    public void What_another_process_changed_is_seen_within_two_seconds_and_its_conflict_at_once()
    {
        RecordStore other = fixture.Another();
        _ = fixture.Add(ProgrammeFixture.Company("a"));
        Assert.Single(other.Snapshot.All<Organisation>());
        _ = fixture.Register.Save([new(ProgrammeFixture.Company("a", "Nuevo"), 1)], ProgrammeFixture.Ana, "nombre");
        _ = Assert.Throws<RecordConflictException>(() => other.Save([new(ProgrammeFixture.Company("a", "Otro"), 1)], ProgrammeFixture.Luis, "nombre"));
        fixture.Clock.Advance(RecordStore.Rest);
        RegisterSnapshot seen = other.Snapshot;
        Assert.Equal("Nuevo", seen.Find<Organisation>("a")!.Name);
        Assert.Same(seen, other.Snapshot);
    }

    [Fact]
    public void Two_processes_that_save_at_once_lose_nothing_and_number_the_audit_trail_without_a_hole()
    {
        const int Each = 20;
        RecordStore[] stores = [fixture.Register, fixture.Another()];
        Thread[] threads = [.. stores.Select((store, index) => new Thread(() =>
        {
            for (int count = 0; count < Each; count++)
            {
                _ = store.Save([new(ProgrammeFixture.Company($"p{index}-{count}"), 0)], ProgrammeFixture.Ana, null);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        RegisterSnapshot all = fixture.Another().Snapshot;
        Assert.Equal((2L * Each, 2 * Each), (all.AuditNumber, all.All<Organisation>().Count));
    }

    [Fact]
    public void A_fault_of_the_disk_between_two_rows_leaves_nothing_of_the_change()
    {
        fixture.Execute("CREATE TRIGGER broken BEFORE INSERT ON Records WHEN NEW.Id = 'c' BEGIN SELECT RAISE(ABORT, 'disk fault'); END");
        StoreException fault = Assert.Throws<StoreException>(() => fixture.Add(ProgrammeFixture.Company("a"), ProgrammeFixture.Company("b"), ProgrammeFixture.Company("c")));
        Assert.Equal(StoreException.InputOutput, fault.ExitCode);
        Assert.Empty(fixture.Register.Snapshot.All<Organisation>());
        using ProgrammeContext context = fixture.Database.NewContext();
        Assert.Equal((0, 0), (context.Records.Count(), context.Audit.Count()));
        fixture.Execute("DROP TRIGGER broken");
        Assert.Equal(1, fixture.Add(ProgrammeFixture.Company("c")).AuditNumber);
    }

    [Fact]
    public void All_faults_of_a_change_are_told_at_once_and_nothing_is_stored()
    {
        Organisation bad = new() { Id = "Not an id", Name = " ", Sector = "Ü" };
        RecordFaultsException refused = Assert.Throws<RecordFaultsException>(() => fixture.Add(ProgrammeFixture.Company("a"), bad));
        Assert.Equal(["id", "name", "sector"], refused.Faults.Select(fault => fault.Field));
        Assert.Equal("Falta «Nombre».", refused.Faults[1].Message.In(Language.Spanish));
        Assert.Equal("“Name” is missing.", refused.Faults[1].Message.In(Language.English));
        Assert.Empty(fixture.Register.Snapshot.All<Organisation>());
    }

    [Fact]
    public void A_change_needs_a_reason_and_what_is_stored_already_makes_no_entry()
    {
        _ = fixture.Add(ProgrammeFixture.Company("a"));
        RecordFaultsException refused = Assert.Throws<RecordFaultsException>(() => fixture.Register.Save([new(ProgrammeFixture.Company("a", "Otro"), 1)], ProgrammeFixture.Ana, " "));
        Assert.Equal(RecordKind.ReasonField, Assert.Single(refused.Faults).Field);
        Assert.Equal(1, fixture.Register.Save([new(ProgrammeFixture.Company("a"), 1)], ProgrammeFixture.Ana, null).AuditNumber);
    }

    [Fact]
    public void A_reference_to_what_is_not_there_is_refused_and_what_is_referred_to_stays()
    {
        PlantRecord plant = ProgrammeFixture.Plant() with { Organisation = "a" };
        Assert.Equal("organisation", Assert.Single(Assert.Throws<RecordFaultsException>(() => fixture.Add(plant)).Faults).Field);
        _ = fixture.Add(plant, ProgrammeFixture.Company("a"));
        RecordFaultsException refused = Assert.Throws<RecordFaultsException>(() => fixture.Register.Withdraw(Key, 1, ProgrammeFixture.Ana, "cerró"));
        Assert.Contains("plant/leon", Assert.Single(refused.Faults).Message.In(Language.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public void A_withdrawn_record_is_shown_no_more_and_comes_back_by_undo_with_its_whole_history()
    {
        _ = fixture.Add(ProgrammeFixture.Company("a", "Uno"));
        _ = fixture.Register.Save([new(ProgrammeFixture.Company("a", "Dos"), 1)], ProgrammeFixture.Luis, "cambió de nombre");
        Assert.Null(fixture.Register.Withdraw(Key, 2, ProgrammeFixture.Ana, "cerró").Find<Organisation>("a"));
        Assert.Equal("Uno", fixture.Register.Restore(Key, 1, 3, ProgrammeFixture.Ana, "abrió de nuevo").Find<Organisation>("a")!.Name);
        IReadOnlyList<RecordRevision> history = fixture.Register.History(Key);
        Assert.Equal([(1L, "Ana Ruiz", null), (2L, "Luis Vega", "cambió de nombre"), (3L, "Ana Ruiz", "cerró"), (4L, "Ana Ruiz", "abrió de nuevo")], history.Select(one => (one.Version, one.Entry.ActorName, one.Entry.Reason)));
        FieldRevision changed = Assert.Single(history[1].Fields);
        Assert.Equal(("name", "Uno", "Dos"), (changed.Field.Name, changed.Before, changed.After));
        Assert.Null(history[2].Entry.After);
        _ = Assert.Throws<RecordFaultsException>(() => fixture.Register.Restore(Key, 3, 4, ProgrammeFixture.Ana, "una versión retirada"));
    }

    [Fact]
    public void The_file_is_for_its_owner_only()
    {
        _ = fixture.Add(ProgrammeFixture.Company("a"));
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(fixture.DatabaseFile)!))
        {
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public void The_content_of_a_file_is_stored_with_its_record()
    {
        byte[] content = [1, 2, 3];
        string hash = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"; // printf '\1\2\3' | sha256sum
        Attachment attachment = new() { Id = "f", Name = "f.txt", ContentType = ContentType.PlainText, Sha256 = hash, Bytes = 3 };
        _ = fixture.Register.Save([new(attachment, 0) { Content = content }], ProgrammeFixture.Ana, null);
        Assert.Equal(content, fixture.Another().Content(hash));
        Assert.Null(fixture.Register.Content("0"));
    }

    [Fact]
    public void A_record_with_a_member_that_is_not_known_is_refused_when_it_is_read()
    {
        _ = fixture.Add(ProgrammeFixture.Company("a"));
        fixture.Execute("UPDATE Records SET Json = '{\"id\":\"a\",\"name\":\"A\",\"colour\":\"red\"}'");
        Assert.Equal(StoreException.Configuration, Assert.Throws<StoreException>(() => fixture.Another().Snapshot).ExitCode);
    }

    [Fact]
    public void The_programme_of_the_Bajio_comes_as_data_with_its_targets()
    {
        RegisterSnapshot register = fixture.Add([.. BajioPreset.Records(new(2026, 1, 1))]);
        Assert.Equal([(50, 7), (50, 11), (50, 12)], register.All<ProgrammeYear>().Select(year => (year.PreAssessmentTarget, year.ProjectTarget)));
        Assert.Equal(new Money(8000m, "USD"), register.Find<ProgrammeDefinition>("bajio")!.ProjectFee);
    }
}
