using System.Text;
using System.Text.Json;
using Metering.Cloud.Hosting;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.CloudHost;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Metering.Tests.Log;

/// <summary>`cloud log`, and the log of a running cloud.</summary>
public sealed class LogCommandTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly CloudFolder folder = new();
    private readonly BatchFactory gateway = new("leon");

    private EvidenceLog Log => new(ProgrammeDatabase.Open(folder.Config.Programme), folder.Config.Name, TimeProvider.System);

    [Fact]
    public async Task A_log_is_followed_signed_shown_and_verified()
    {
        await folder.StoreAsync(3, gateway);
        (int code, string note, _) = await folder.RunAsync("log", "checkpoint", "--config", "@cloud.yaml");
        Assert.Equal(0, code);
        using (System.Security.Cryptography.ECDsa key = SigningKey.Load(folder.At("cloud.pem")))
        {
            Checkpoint checkpoint = Checkpoint.Open(Encoding.UTF8.GetBytes(note), key);
            Assert.Equal(("metering-cloud", 4L), (checkpoint.Log, checkpoint.Size));
            (int status, string json, _) = await folder.RunAsync("log", "status", "--config", "@cloud.yaml", "--json");
            Assert.Equal(0, status);
            using JsonDocument shown = JsonDocument.Parse(json);
            Assert.Equal(Convert.ToHexStringLower(checkpoint.Root.Span), shown.RootElement.GetProperty("root").GetString());
            Assert.Equal((4, 0), (shown.RootElement.GetProperty("checkpoint").GetProperty("size").GetInt64(), shown.RootElement.GetProperty("batchesBehind").GetInt64()));
        }

        (int verified, string sound, _) = await folder.RunAsync("log", "verify", "--config", "@cloud.yaml", "--lang", "en");
        Assert.Equal(0, verified);
        Assert.StartsWith("4 entries without fault", sound, StringComparison.Ordinal);
        await folder.StoreAsync(2, new BatchFactory("silao"));
        (_, string behind, _) = await folder.RunAsync("log", "status", "--config", "@cloud.yaml", "--lang", "es");
        Assert.Contains("Seguimiento: 2 lotes y 0 cambios del registro por asentar", behind, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_entry_and_a_batch_that_is_another_end_with_3_and_are_named()
    {
        await folder.StoreAsync(3, gateway);
        Assert.Equal(0, (await folder.RunAsync("log", "checkpoint", "--config", "@cloud.yaml")).ExitCode);
        Change("metering.db", "UPDATE journal SET note_hash=zeroblob(32) WHERE batch=2");
        (int code, string told, string error) = await folder.RunAsync("log", "verify", "--config", "@cloud.yaml", "--lang", "en");
        Assert.Equal((3, "batch batch/leon/1/2 of the store has another hash\n"), (code, told));
        Assert.Equal("1 faults in 4 entries:\n", error);
        Change("programme.db", "UPDATE log_entry SET body_hash=zeroblob(32) WHERE idx=3");
        (code, told, _) = await folder.RunAsync("log", "verify", "--config", "@cloud.yaml", "--lang", "es");
        Assert.Equal(3, code);
        Assert.Contains("entrada 3: no es la que se asentó", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_erased_by_its_number_and_what_holds_no_person_is_refused_with_65()
    {
        await folder.StoreAsync(1, gateway);
        _ = Log.Append([new(LogEntryKind.Edit, LogDraft.ProgrammeScope, true, "Zutana"u8.ToArray()), LogDraft.Batch("leon", 1, 1, new('a', 64))]);
        (int code, string said, _) = await folder.RunAsync("log", "erase", "--config", "@cloud.yaml", "--index", "0", "--reason", "asked for", "--lang", "en");
        Assert.Equal((0, "The body of entry 0 is erased; entry 2 says so.\n"), (code, said));
        Assert.True(Log.Find(0)!.IsErased);
        Assert.Equal(65, (await folder.RunAsync("log", "erase", "--config", "@cloud.yaml", "--index", "1", "--reason", "asked for")).ExitCode);
        Assert.Equal(65, (await folder.RunAsync("log", "erase", "--config", "@cloud.yaml", "--index", "9", "--reason", "asked for")).ExitCode);
        Assert.Equal(64, (await folder.RunAsync("log", "erase", "--config", "@cloud.yaml", "--index", "-1", "--reason", "asked for")).ExitCode);
        Assert.Equal(64, (await folder.RunAsync("log", "erase", "--config", "@cloud.yaml", "--index", "0", "--reason", " ")).ExitCode);
    }

    [Fact]
    public async Task A_backup_takes_the_log_along_for_its_owner_only()
    {
        await folder.StoreAsync(3, gateway);
        Assert.Equal(0, (await folder.RunAsync("log", "checkpoint", "--config", "@cloud.yaml")).ExitCode);
        (int code, string told, _) = await folder.RunAsync("store", "backup", "--config", "@cloud.yaml", "--out", "@backups", "--keep", "1");
        Assert.Equal(0, code);
        string copy = Assert.Single(Directory.GetFiles(folder.At("backups"), "programme-*"));
        Assert.Contains(copy, told, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        }

        using System.Security.Cryptography.ECDsa key = SigningKey.Load(folder.At("cloud.pem"));
        LogReport report = new EvidenceLog(ProgrammeDatabase.Open(StoreLocation.AtFile(copy)), "metering-cloud", TimeProvider.System).Verify(key, CancellationToken.None);
        Assert.Equal((4, 1, 0), (report.Entries, report.Checkpoints, report.FaultCount));

        // Put back: refused while the log has grown since, unless somebody says that it may go; what was there is kept.
        string store = Assert.Single(Directory.GetFiles(folder.At("backups"), "*.db"), file => file != copy);
        _ = Log.Append([new(LogEntryKind.Edit, LogDraft.ProgrammeScope, true, "x"u8.ToArray())]);
        SqliteConnection.ClearAllPools();
        (code, _, string error) = await folder.RunAsync("store", "restore", "--config", "@cloud.yaml", "--from", store, "--programme", copy);
        Assert.Equal(73, code);
        Assert.Contains("5 entries of the log, and the backup 4", error, StringComparison.Ordinal);
        (code, told, _) = await folder.RunAsync("store", "restore", "--config", "@cloud.yaml", "--from", store, "--programme", copy, "--replace-newer");
        Assert.Equal(0, code);
        Assert.Contains("the programme database that was there is kept as", told, StringComparison.Ordinal);
        Assert.Equal(4, Log.Count);
        Assert.Equal(74, (await folder.RunAsync("store", "restore", "--config", "@cloud.yaml", "--from", store, "--programme", store)).ExitCode);
    }

    [Fact]
    public async Task A_time_stamp_needs_an_authority_that_answers()
    {
        await folder.StoreAsync(1, gateway);
        Assert.Equal(0, (await folder.RunAsync("log", "checkpoint", "--config", "@cloud.yaml")).ExitCode);
        Assert.Equal(78, (await folder.RunAsync("log", "timestamp", "--config", "@cloud.yaml")).ExitCode);
        await File.AppendAllTextAsync(folder.At("cloud.yaml"), "log: { timeStampAuthority: 'http://127.0.0.1:1/tsr' }\n");
        (int code, _, string error) = await folder.RunAsync("log", "timestamp", "--config", "@cloud.yaml", "--lang", "en");
        Assert.Equal(69, code);
        Assert.Contains("The authority gave no time stamp: http://127.0.0.1:1/tsr", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_cloud_follows_and_signs_by_itself()
    {
        await folder.StoreAsync(3, gateway);
        using CancellationTokenSource stop = new();
        Task<int> running = Metering.Cloud.Hosting.CloudHost.RunAsync(folder.Config, CloudRole.Web, TextWriter.Null, TextWriter.Null, stop.Token);
        DateTimeOffset deadline = TimeProvider.System.GetUtcNow() + Deadline;
        while (Log.NewestCheckpoint is null && !running.IsCompleted && TimeProvider.System.GetUtcNow() < deadline)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(Deadline));
        Assert.Equal(4, Checkpoint.Read(Log.NewestCheckpoint).Size);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        gateway.Dispose();
        folder.Dispose();
    }

    private void Change(string file, string sql)
    {
        using SqliteConnection connection = new($"Data Source={folder.At(file)};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(command.ExecuteNonQuery() > 0);
    }
}
