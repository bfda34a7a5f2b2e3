using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore.Storage;

namespace Metering.Programme.Accounts;

/// <summary>What every change of accounts, grants and keys shares: its transaction and its audit entry.</summary>
internal sealed class AccountChange(ProgrammeContext context, TimeProvider clock) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IDbContextTransaction transaction = Begin(context);

    /// <summary>The instant of the change, UTC milliseconds.</summary>
    public long Now { get; } = clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Adds an audit entry; before and after are what a reader may see, never a secret.</summary>
    public void Tell(Actor actor, (string Kind, string Id) what, object? before, object? after, string? reason = null, (string? Plant, string? Project) of = default) =>
        AuditTrail.Append(context, new()
        {
            UtcMilliseconds = Now,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Kind = what.Kind,
            RecordId = what.Id,
            Plant = of.Plant,
            Project = of.Project,
            Before = before is null ? null : JsonSerializer.Serialize(before, Json),
            After = after is null ? null : JsonSerializer.Serialize(after, Json),
            Reason = reason,
        });

    /// <summary>Stores everything.</summary>
    public void Commit()
    {
        _ = context.SaveChanges();
        transaction.Commit();
    }

    public void Dispose() => transaction.Dispose();

    /// <summary>A reason a person wrote.</summary>
    /// <exception cref="AccountFault">There is none.</exception>
    public static string Reason(string? reason) => string.IsNullOrWhiteSpace(reason) ? throw new AccountFault(AccountTexts.ReasonMissing) : reason.Trim();

    // What was read before the transaction may be old.
    private static IDbContextTransaction Begin(ProgrammeContext context)
    {
        context.ChangeTracker.Clear();
        return ProgrammeDatabase.BeginChange(context);
    }
}
