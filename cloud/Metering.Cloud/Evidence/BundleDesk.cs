using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
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

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<string, MissingTimeStamp> _unstamped = new(StringComparer.Ordinal);

    /// <summary>When the last bundle of a project that was made since the start got no time stamp although one was asked for, and why; null when it has one, or none was asked for.</summary>
    public MissingTimeStamp? WithoutTimeStamp(string project) => _unstamped.GetValueOrDefault(project);

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
                _unstamped[project] = new(clock.GetUtcNow(), fault);
            }
            else
            {
                _ = _unstamped.TryRemove(project, out _);
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
        using ProgrammeContext context = database.NewContext();
        using IDbContextTransaction transaction = ProgrammeDatabase.BeginChange(context);
        _ = AuditTrail.Append(context, new()
        {
            UtcMilliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            ActorId = actor.Id,
            ActorName = actor.Name,
            Kind = AuditKind,
            RecordId = project,
            Plant = board.Register.PlantOfProject(project)?.Id,
            Project = project,
            After = FormattableString.Invariant($"{{\"result\":{summary.Result},\"logSize\":{Checkpoint.Read(summary.Checkpoint).Size}}}"),
        });
        _ = context.SaveChanges();
        transaction.Commit();
    }
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
