using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Metering.Cloud.Evidence;

/// <summary>Where bundles of the pages and of /api/v1 are made: one at a time, since each takes both processors for seconds.</summary>
/// <param name="board">Projects and readings.</param>
/// <param name="follower">The log and its follower.</param>
/// <param name="database">The programme database, for the audit trail.</param>
/// <param name="settings">Key and folder.</param>
/// <param name="clock">The present.</param>
/// <param name="logger">Told when a bundle has no time stamp although an authority is configured.</param>
internal sealed partial class BundleDesk(ProjectBoard board, LogFollower follower, ProgrammeDatabase database, BundleSettings settings, TimeProvider clock, ILogger<BundleDesk> logger) : IDisposable
{
    /// <summary>Kind of an entry in the audit trail that says that a bundle was taken.</summary>
    public const string AuditKind = "evidence-bundle";

    // Longer than a bundle of a year of one-minute readings takes.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SemaphoreSlim _turn = new(1);
    // What the audit trail says of each project's last bundle; it is read once, since every page of a project asks.
    private readonly ConcurrentDictionary<string, Standing> _last = new(StringComparer.Ordinal);

    /// <summary>When the last bundle of a project that was taken here got no time stamp although one was asked for, and why; null when it has one, or none was asked for.</summary>
    public MissingTimeStamp? WithoutTimeStamp(string project) => _last.GetOrAdd(project, LastOf).Missing;

    /// <summary>Makes a project's bundle and says so in the audit trail.</summary>
    /// <param name="project">Id of the project.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The whole file, at its beginning; it is gone when it is closed.</returns>
    /// <exception cref="BundleRefusal">It cannot be made, or others wait for theirs.</exception>
    /// <exception cref="IOException">There is no room for it.</exception>
    public async Task<FileStream> MakeAsync(string project, Actor actor, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(LongestWait, cancellationToken))
        {
            throw new BundleRefusal("bundle-busy", isTransient: true, new(
                "Se están preparando otros paquetes de evidencia. Intente de nuevo en un momento.", "Other evidence bundles are being made. Try again in a moment."));
        }

        FileStream file = TemporaryFile.Create(settings.Folder);
        try
        {
            using ECDsa key = settings.OpenKey();
            EvidenceParts parts = new(board, follower.Log, follower.CatchUpAsync, key) { TimeStamps = TimeStampAuthority.Of(settings.TimeStampAuthority) };
            BundleSummary summary = await new BundleMaker(parts).MakeAsync(project, file, settings.Folder, progress: null, cancellationToken);
            if (summary.TimeStampFault is { } fault)
            {
                LogNoTimeStamp(project, fault);
            }

            Tell(project, actor, summary);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    [LoggerMessage(EventId = 6401, Level = LogLevel.Warning, Message = "The evidence bundle of {Project} was made without a time stamp of its own: {Reason}")]
    private partial void LogNoTimeStamp(string project, string reason);

    private void Tell(string project, Actor actor, BundleSummary summary)
    {
        DateTimeOffset now = clock.GetUtcNow();
        using ProgrammeContext context = database.NewContext();
        using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
        _ = AuditTrail.Append(context, new()
        {
            UtcMilliseconds = now.ToUnixTimeMilliseconds(),
            ActorId = actor.Id,
            ActorName = actor.Name,
            Kind = AuditKind,
            RecordId = project,
            Plant = board.Register.PlantOfProject(project)?.Id,
            Project = project,
            After = JsonSerializer.Serialize(new Taken(summary.Result, Checkpoint.Read(summary.Checkpoint).Size, summary.TimeStampFault), Form),
        });
        _ = context.SaveChanges();
        transaction.Commit();
        _last[project] = new(summary.TimeStampFault is { } fault ? new(now, fault) : null);
    }

    private Standing LastOf(string project)
    {
        using ProgrammeContext context = database.NewContext();
        AuditEntry? entry = context.Audit.AsNoTracking().Where(row => row.Kind == AuditKind && row.RecordId == project).OrderByDescending(row => row.Number).FirstOrDefault();
        string? fault = entry?.After is { } after ? JsonSerializer.Deserialize<Taken>(after, Form)?.TimeStampFault : null;
        return new(fault is null ? null : new(DateTimeOffset.FromUnixTimeMilliseconds(entry!.UtcMilliseconds), fault));
    }

    private sealed record Standing(MissingTimeStamp? Missing);

    private sealed record Taken(long Result, long LogSize, string? TimeStampFault);
}

/// <summary>What the desk needs of its host.</summary>
/// <param name="OpenKey">Opens the cloud's private key, which is the log's.</param>
/// <param name="Folder">Folder with room for a bundle.</param>
internal sealed record BundleSettings(Func<ECDsa> OpenKey, string Folder)
{
    /// <summary>Authority that stamps the checkpoints of bundles; null without one.</summary>
    public Uri? TimeStampAuthority { get; init; }
}

/// <summary>A bundle that got no time stamp although an authority is configured.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Reason">Why, in the words of the connection or of the authority.</param>
internal sealed record MissingTimeStamp(DateTimeOffset At, string Reason);
