using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Storage;
using Xunit;

namespace Metering.Tests.Programme;

public sealed class ProgrammeDatabaseTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("metering-programme-").FullName;

    private string DatabaseFile => Path.Combine(folder, "programme.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void What_was_stored_is_there_when_the_database_is_opened_again()
    {
        ProgrammeDatabase database = ProgrammeDatabase.Open(StoreLocation.AtFile(DatabaseFile));
        Assert.Equal([1L, 2L], Add(database, "first", "second"));
        Assert.Equal([3L], Add(ProgrammeDatabase.Open(StoreLocation.AtFile(DatabaseFile)), "third"));
        using ProgrammeContext context = database.NewContext();
        Assert.Equal(["first", "second", "third"], context.Audit.OrderBy(entry => entry.Number).Select(entry => entry.RecordId).ToList());
    }

    [Fact]
    public void A_database_of_a_newer_program_is_refused()
    {
        _ = ProgrammeDatabase.Open(StoreLocation.AtFile(DatabaseFile));
        using (SqliteConnection connection = new($"Data Source={DatabaseFile}"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE \"ProgrammeSchema\" SET \"Version\" = 1000";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        StoreException fault = Assert.Throws<StoreException>(() => ProgrammeDatabase.Open(StoreLocation.AtFile(DatabaseFile)));
        Assert.Equal(StoreException.Configuration, fault.ExitCode);
    }

    private static List<long> Add(ProgrammeDatabase database, params string[] names)
    {
        using ProgrammeContext context = database.NewContext();
        using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
        List<long> numbers = [.. names.Select(name => AuditTrail.Append(context, new() { UtcMilliseconds = 0, ActorId = "a", ActorName = "A", Kind = "test", RecordId = name }))];
        _ = context.SaveChanges();
        transaction.Commit();
        return numbers;
    }
}
