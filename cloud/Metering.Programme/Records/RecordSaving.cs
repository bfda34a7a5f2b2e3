using System.Security.Cryptography;
using Metering.Programme.Kinds;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Records;

/// <summary>One change within its transaction: versions and rules are checked against what is stored, then rows and audit entries are written.</summary>
internal sealed class RecordSaving(ProgrammeContext context, RegisterSnapshot before, Actor actor, string? reason, long utcMilliseconds, DateOnly today)
{
    private readonly List<RecordFault> faults = [];

    /// <summary>Checks and writes; the caller commits.</summary>
    /// <returns>The register after it.</returns>
    public RegisterSnapshot Apply(IReadOnlyList<RecordChange> changes)
    {
        List<(RecordChange Change, RecordVersion? Old, RecordVersion New)> pairs = Pairs(changes);
        if (pairs.Count == 0)
        {
            return before;
        }

        RegisterSnapshot after = before.With(before.AuditNumber, pairs.Select(pair => pair.New));
        CheckReferences(pairs, after);
        if (faults.Count > 0)
        {
            throw new RecordFaultsException(faults);
        }

        return Write(pairs);
    }

    private List<(RecordChange Change, RecordVersion? Old, RecordVersion New)> Pairs(IReadOnlyList<RecordChange> changes)
    {
        List<(RecordChange, RecordVersion?, RecordVersion)> pairs = [];
        HashSet<RecordKey> seen = [];
        foreach (RecordChange change in changes)
        {
            RecordKind kind = RecordKinds.Of(change.Record.GetType());
            RecordKey key = new(kind.Name, change.Record.Id);
            RecordVersion? old = before.Version(key);
            if (!seen.Add(key))
            {
                throw new ArgumentException($"{key} is twice in one change", nameof(changes));
            }

            if (change.ExpectedVersion != (old?.Version ?? 0))
            {
                throw Conflict(key, change.ExpectedVersion, old);
            }

            if (old is not null && old.IsWithdrawn == change.IsWithdrawal && (change.IsWithdrawal || kind.ToJson(old.Record) == kind.ToJson(change.Record)))
            {
                continue;
            }

            if (!change.IsWithdrawal)
            {
                _ = kind.FromTexts(kind.ToTexts(change.Record), faults);
            }

            if (old is not null && reason is null)
            {
                faults.Add(new(key, RecordKind.ReasonField, new("Falta el motivo del cambio: quedará en la historia.", "The reason for the change is missing: it stays in the history.")));
            }

            pairs.Add((change, old, new(kind, change.Record, (old?.Version ?? 0) + 1, before.AuditNumber, change.IsWithdrawal)));
        }

        return pairs;
    }

    private RecordConflictException Conflict(RecordKey key, long expected, RecordVersion? old)
    {
        AuditEntry? entry = old is null ? null : context.Audit.AsNoTracking().FirstOrDefault(row => row.Number == old.AuditNumber);
        return new(key, expected, old?.Version ?? 0, entry?.ActorName ?? "", entry?.UtcMilliseconds ?? 0);
    }

    private void CheckReferences(List<(RecordChange Change, RecordVersion? Old, RecordVersion New)> pairs, RegisterSnapshot after)
    {
        HashSet<RecordKey> gone = [];
        foreach ((RecordChange change, _, RecordVersion next) in pairs)
        {
            RecordKey key = new(next.Kind.Name, next.Record.Id);
            if (change.IsWithdrawal)
            {
                _ = gone.Add(key);
            }
            else
            {
                foreach (RecordReference reference in RecordReference.Of(next.Kind, next.Record))
                {
                    if (after.Version(reference.Target) is null or { IsWithdrawn: true })
                    {
                        faults.Add(new(key, reference.Field.Name, new($"No existe «{reference.Target.Id}».", $"There is no “{reference.Target.Id}”.")));
                    }
                }
            }

            if (faults.Count == 0)
            {
                next.Kind.Check(new(next.Kind, next.Record, change.IsWithdrawal, after, today, faults));
            }
        }

        if (gone.Count > 0)
        {
            CheckGone(gone, after);
        }
    }

    private void CheckGone(HashSet<RecordKey> gone, RegisterSnapshot after)
    {
        foreach (RecordKind kind in RecordKinds.All)
        {
            foreach (RecordVersion version in after.Versions(kind))
            {
                foreach (RecordReference reference in version.IsWithdrawn ? [] : RecordReference.Of(kind, version.Record))
                {
                    if (gone.Contains(reference.Target))
                    {
                        string name = $"{kind.Name}/{version.Record.Id}";
                        faults.Add(new(reference.Target, RecordKind.IdField, new($"Lo usa todavía {name}; retire o cambie ese registro primero.", $"{name} still refers to it; withdraw or change that record first.")));
                    }
                }
            }
        }
    }

    private RegisterSnapshot Write(List<(RecordChange Change, RecordVersion? Old, RecordVersion New)> pairs)
    {
        long number = before.AuditNumber;
        List<RecordVersion> written = [];
        foreach ((RecordChange change, RecordVersion? old, RecordVersion next) in pairs)
        {
            number++;
            string json = next.Kind.ToJson(next.Record);
            _ = context.Audit.Add(new()
            {
                Number = number,
                UtcMilliseconds = utcMilliseconds,
                ActorId = actor.Id,
                ActorName = actor.Name,
                Kind = next.Kind.Name,
                RecordId = next.Record.Id,
                Plant = next.Record.Plant,
                Project = next.Record.Project,
                Before = old is null or { IsWithdrawn: true } ? null : old.Kind.ToJson(old.Record),
                After = next.IsWithdrawn ? null : json,
                Reason = reason,
            });
            StoredRecord row = new()
            {
                Kind = next.Kind.Name,
                Id = next.Record.Id,
                Version = next.Version,
                Plant = next.Record.Plant,
                Project = next.Record.Project,
                Json = json,
                AuditNumber = number,
                IsWithdrawn = next.IsWithdrawn,
            };
            Put(row, old);
            PutContent(change.Content);
            written.Add(next with { AuditNumber = number });
        }

        _ = context.SaveChanges();
        return before.With(number, written);
    }

    private void Put(StoredRecord row, RecordVersion? old)
    {
        if (old is null)
        {
            _ = context.Records.Add(row);
            return;
        }

        context.Entry(row).State = EntityState.Modified;
        context.Entry(row).Property(stored => stored.Version).OriginalValue = old.Version;
    }

    private void PutContent(byte[]? content)
    {
        if (content is null)
        {
            return;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (context.Contents.Find(hash) is null)
        {
            _ = context.Contents.Add(new() { Sha256 = hash, Bytes = content });
        }
    }
}
