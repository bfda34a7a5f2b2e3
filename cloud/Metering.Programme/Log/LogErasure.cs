using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Metering.Programme.Log;

/// <summary>
/// Takes a person's data out of the database: the body and salt of one entry, what the audit trail says of the same change, and a withdrawn record that holds the same. What
/// stays is the entry with its hash, to which no body can be found any more, and an entry that says that it was erased.
/// </summary>
internal sealed class LogErasure(ProgrammeDatabase database, long nowUtcMilliseconds)
{
    private const string AuditLead = "audit ";
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Name of the source of an erasure.</summary>
    public static string SourceOf(long index) => string.Create(CultureInfo.InvariantCulture, $"erasure {index}");

    /// <summary>Erases.</summary>
    /// <returns>Place of the erasure's entry.</returns>
    /// <exception cref="StoreException">Nothing to erase (65), or still read by another program, so that old pages stay in the file (75).</exception>
    public long Run(long index, string reason)
    {
        long place;
        using (ProgrammeContext context = database.NewContext())
        {
            using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
            LogRows rows = new(context);
            LoggedEntry entry = Erasable(rows, index);
            if (!entry.IsErased)
            {
                EraseAudit(context, entry, reason);
                rows.Blank(index);
            }

            place = LogAppending.Run(rows, [new(LogEntryKind.Erasure, "log", false, BodyOf(index, reason)) { Source = SourceOf(index) }], nowUtcMilliseconds)[0];
            _ = context.SaveChanges();
            transaction.Commit();
        }

        Scrub();
        return place;
    }

    /// <summary>Body of an erasure's entry.</summary>
    private static byte[] BodyOf(long index, string reason) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"index\":{index},\"reason\":{JsonSerializer.Serialize(reason, Json)}}}\n"));

    private static LoggedEntry Erasable(LogRows rows, long index) => rows.Find(index) switch
    {
        null => throw new StoreException("La bitácora no tiene una entrada {0}: sus entradas van de 0 a {1}.", $"The log has no entry {index}: its entries are 0 to {rows.End().Count - 1}.", StoreException.BadData),
        { IsErased: false, Salt.IsEmpty: true } entry => throw new StoreException(
            "La entrada {0} ({1}) no tiene sal: los cuerpos de esta clase no llevan datos de personas, y otros se apoyan en ellos. No se borró nada.", $"Entry {index} ({entry.Entry.Subject}) has no salt: bodies of this kind hold no person's data, and others stand on them. Nothing was erased.", StoreException.BadData),
        { } entry => entry,
    };

    private static void EraseAudit(ProgrammeContext context, LoggedEntry entry, string reason)
    {
        if (entry.Source is not { } source || !source.StartsWith(AuditLead, StringComparison.Ordinal)
            || !long.TryParse(source.AsSpan(AuditLead.Length).ToString().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || context.Audit.FirstOrDefault(row => row.Number == number) is not AuditEntry audit)
        {
            return;
        }

        AuditEntry? next = context.Audit.Where(row => row.Kind == audit.Kind && row.RecordId == audit.RecordId && row.Number > number).OrderBy(row => row.Number).FirstOrDefault();
        StoredRecord? record = context.Records.FirstOrDefault(row => row.Kind == audit.Kind && row.Id == audit.RecordId);
        if (record is { IsWithdrawn: false } && record.AuditNumber == number)
        {
            throw new StoreException(
                "La entrada {0} es como {1}/{2} está ahora en el registro. Primero cambie o retire ese registro y luego borre; de otro modo los datos quedan donde se leen.", $"Entry {entry.Index} is how {audit.Kind}/{audit.RecordId} stands in the register now. Change or withdraw the record first, then erase; otherwise the data stay where they are read.", StoreException.BadData);
        }

        if (record is { IsWithdrawn: true } && record.AuditNumber == next?.Number)
        {
            _ = context.Records.Remove(record); // it keeps what it was last
            EraseContent(context, record);
        }

        (audit.Before, audit.After, audit.Reason) = (null, null, reason);
        if (next is not null)
        {
            next.Before = null;
        }
    }

    private static void EraseContent(ProgrammeContext context, StoredRecord record)
    {
        if (record.Kind != Attachment.Kind.Name || ((Attachment)Attachment.Kind.FromJson(record.Json)).Sha256 is not { } hash)
        {
            return;
        }

        bool isUsed = context.Records.Any(row => row.Kind == record.Kind && row.Id != record.Id && row.Json.Contains(hash));
        if (!isUsed && context.Contents.Find(hash) is { } content)
        {
            _ = context.Contents.Remove(content);
        }
    }

    // A row that is changed leaves its old bytes in free places of the file, and in the write-ahead log.
    private void Scrub()
    {
        using ProgrammeContext context = database.NewContext();
        LogRows rows = new(context);
        try
        {
            if (context.Database.IsNpgsql())
            {
                _ = rows.Execute("SET lock_timeout = '10s'");
                foreach (string table in (string[])["log_entry", "\"Audit\"", "\"Records\"", "\"Contents\""])
                {
                    _ = rows.Execute($"VACUUM (FULL) {LogRows.Schema(context)}{table}");
                }

                return;
            }

            _ = rows.Execute("VACUUM");
            if (rows.TruncateWriteAheadLog())
            {
                return;
            }
        }
        catch (DbException e)
        {
            throw StillThere(e);
        }

        throw StillThere(null);
    }

    private static StoreException StillThere(DbException? e) => new(
        "La entrada se borró, pero otro programa lee la base en este momento, así que sus páginas viejas siguen en el archivo{0}. Ejecute la misma orden otra vez.", $"The entry is erased, but another program reads the database just now, so its old pages are still in the file{(e is null ? "" : $" ({e.Message})")}. Run the same command again.", StoreException.TryLater, e);
}
