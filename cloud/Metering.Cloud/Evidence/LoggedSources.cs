using System.Security.Cryptography;
using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Projects.Statements;
using Metering.Readings.Field;

namespace Metering.Cloud.Evidence;

/// <summary>What the log has of a project at one size: the newest definition, decisions and production records, each with its entry.</summary>
internal sealed class LoggedSources
{
    private readonly Project _project;
    private readonly long _plan;
    private readonly IReadOnlyList<(DecisionStatement Statement, long Index)> _decisions;
    private readonly IReadOnlyList<(ProductionStatement Statement, long Index)> _production;
    private readonly Dictionary<string, char> _grades;
    private readonly Dictionary<ChannelName, IReadOnlyList<(long Index, FieldEntry Entry)>> _entries;

    private LoggedSources(EvidenceParts parts, long logSize, LoggedEntry plan)
    {
        LogSize = logSize;
        _plan = plan.Index;
        _project = PlanStatement.Read(plan.Body!.Value.Span);
        _decisions = RecordsInForce.Decisions(Logged(parts.Log, LogEntryKind.Decision, _project.Id, logSize, body => DecisionStatement.Read(body)));
        _production = _project.Drivers.All(driver => driver.Product is null)
            ? []
            : RecordsInForce.Production(Logged(parts.Log, LogEntryKind.Production, _project.Plant.Id, logSize, body => ProductionStatement.Read(body)));
        _grades = _project.Channels().Select(channel => channel.Gateway).Distinct(StringComparer.Ordinal)
            .ToDictionary(gateway => gateway, gateway => EvidenceGrade.Weakest(OriginsOf(parts.Log, gateway, logSize).Select(EvidenceGrade.Of)), StringComparer.Ordinal);
        _entries = _project.Channels().Distinct().ToDictionary(channel => channel, channel => EntriesOf(parts.Log, channel));
    }

    /// <summary>Entries the log had.</summary>
    public long LogSize { get; }

    /// <summary>What the log has of a project; null when it does not know it yet.</summary>
    public static LoggedSources? Of(EvidenceParts parts, Project project)
    {
        long size = parts.Log.Count;
        return parts.Log.Newest(LogEntryKind.Plan, project.Id) is { Body: not null } plan && plan.Index < size ? new(parts, size, plan) : null;
    }

    /// <summary>The version of the result that these and the readings now stored make.</summary>
    public string VersionOf(ProjectBoard board) => ProjectVersion.Of(
        _project, board.VersionsOf(_project), [.. _decisions.Select(decision => decision.Statement.Decision)], ProductionStatement.Outputs([.. _production.Select(record => record.Statement)], _project));

    /// <summary>As a result names them.</summary>
    /// <param name="logSize">Entries of the log that the result stands on.</param>
    /// <param name="validation">Entry of the run of the validation rules.</param>
    public ResultSources ToResult(long logSize, long validation) => new()
    {
        Plan = _plan,
        Decisions = [.. _decisions.Select(decision => decision.Index)],
        Production = [.. _production.Select(record => record.Index)],
        Validation = validation,
        LogSize = logSize,
        Code = new(CodeStatement.Version, CodeStatement.Commit ?? "", CodeStatement.Sha256),
        PartsSha256 = Convert.ToHexStringLower(SHA256.HashData(ResultRecorder.PartsList)),
        Grades = _grades,
        Entries = _entries.ToDictionary(channel => channel.Key, channel => (IReadOnlyList<FieldEntry>)[.. channel.Value.Where(one => one.Index < logSize).Select(one => one.Entry)]),
    };

    // A body that was erased tells nothing any more.
    private static IEnumerable<(TStatement Statement, long Index)> Logged<TStatement>(EvidenceLog log, string kind, string scope, long logSize, BodyReader<TStatement> read) =>
        log.WithSubject($"{kind}/{scope}").Where(entry => entry.Index < logSize && entry.Body is not null).Select(entry => (read(entry.Body!.Value.Span), entry.Index));

    private static IEnumerable<string> OriginsOf(EvidenceLog log, string gateway, long logSize) =>
        log.WithSubject($"{LogEntryKind.Key}/{gateway}").Where(entry => entry.Index < logSize && !entry.Entry.Subject.EndsWith("/end", StringComparison.Ordinal)).Select(entry => KeyStatement.Read(entry.Body!.Value.Span).Origin);

    // Those that were erased are not there any more, and take no part.
    private IReadOnlyList<(long Index, FieldEntry Entry)> EntriesOf(EvidenceLog log, ChannelName channel) =>
    [
        .. log.WithSubject($"{LogEntryKind.Manual}/{channel.Gateway}/{channel.Channel}").Where(entry => entry.Index < LogSize && entry.Body is not null)
            .Select(entry => (entry.Index, FieldRecord.Read(entry.Body!.Value.Span).Entry!)),
    ];

    private delegate TStatement BodyReader<out TStatement>(ReadOnlySpan<byte> body);
}
