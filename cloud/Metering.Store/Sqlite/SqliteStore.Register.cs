using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Store.Sqlite;

/// <content>The register of keys and the shelf of messages put aside.</content>
public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public void Revoke(string gateway, int keyEpoch, DateTimeOffset from, string reason) => _ = _file.Write(session =>
    {
        RegisterTable.Revoke(session, gateway, keyEpoch, from, (reason, Now()));
        return true;
    });

    /// <inheritdoc/>
    public KeyEnd? FindEnd(string gateway, int keyEpoch) => _file.Read(session => RegisterTable.FindEnd(session, gateway, keyEpoch));

    /// <inheritdoc/>
    public IReadOnlyList<KeyEnd> Ends() => _file.Read(RegisterTable.Ends);

    /// <inheritdoc/>
    public void OfferCode(EnrolmentCode code) => _ = _file.Write(session =>
    {
        RegisterTable.OfferCode(session, code);
        return true;
    });

    /// <inheritdoc/>
    public IReadOnlyList<CodeStanding> Codes() => _file.Read(RegisterTable.Codes);

    /// <inheritdoc/>
    public CodeRedemption Redeem(EnrolmentRequest request, DateTimeOffset now) =>
        _file.Write(session => RegisterRules.Redeem(new RegisterTable.Rows(session, Now()), request, now));

    /// <inheritdoc/>
    public RotationOutcome Rotate(KeyRotation rotation, ReadOnlyMemory<byte> note) =>
        _file.Write(session => RegisterRules.Rotate(new RegisterTable.Rows(session, Now()), rotation, note));

    /// <inheritdoc/>
    public bool AcceptLoss(LostBatches lost, ReadOnlyMemory<byte> note, DateTimeOffset now) => Writer().AcceptLoss(lost, note, now);

    /// <inheritdoc/>
    public IReadOnlyList<LostBatches> Losses() => _file.Read(RegisterTable.Losses);

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedMessage> Quarantined(long after, int maximum, string? gateway) =>
        _file.Read(session => QuarantineTable.List(session, after, maximum, gateway));

    /// <inheritdoc/>
    public QuarantinedMessage? FindQuarantined(long number) => _file.Read(session => QuarantineTable.Find(session, number));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? QuarantinedBytes(long number) => _file.Read(session => QuarantineTable.Bytes(session, number));

    /// <inheritdoc/>
    public IReadOnlyList<QuarantineCount> QuarantineCounts() => _file.Read(QuarantineTable.Counts);

    /// <inheritdoc/>
    public bool DropQuarantined(long number) => _file.Write(session => QuarantineTable.Drop(session, number));

    /// <inheritdoc/>
    public bool RequestRetry(long number) => _file.Write(session => QuarantineTable.RequestRetry(session, number));

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedMessage> RetriesWanted(int maximum) => _file.Read(session => QuarantineTable.RetriesWanted(session, maximum));

    /// <inheritdoc/>
    public void CancelRetry(long number) => _ = _file.Write(session => QuarantineTable.CancelRetry(session, number));

    /// <inheritdoc/>
    public IReadOnlyList<JournalHash> JournalHashes(long afterSequence, int maximum) => _file.Read(session => JournalTable.Hashes(session, afterSequence, maximum));

    /// <inheritdoc/>
    public IReadOnlyList<LossStatement> LossStatements() => _file.Read(RegisterTable.LossStatements);

    /// <inheritdoc/>
    public IReadOnlyList<BirthName> Births() => _file.Read(BirthTable.Names);

    /// <inheritdoc/>
    public GatewayBirth? FindBirth(BirthName name) => _file.Read(session => BirthTable.Find(session, name));

    /// <inheritdoc/>
    public long RecordStanding => _file.Read(FieldRecordTable.Standing);

    /// <inheritdoc/>
    public FieldRecordOutcome KeepRecord(FieldRecord record, ReadOnlyMemory<byte> note) => _file.Write(session => FieldRecordTable.Keep(session, record, note, Now()));

    /// <inheritdoc/>
    public IReadOnlyList<FieldRecordName> Records(long afterSequence, int maximum) => _file.Read(session => FieldRecordTable.Names(session, afterSequence, maximum));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? FindRecord(string gateway, string hash) => _file.Read(session => FieldRecordTable.Find(session, gateway, hash));

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> EntryNotesOf(string gateway, string channel) => _file.Read(session => FieldRecordTable.EntryNotes(session, gateway, channel));

    /// <inheritdoc/>
    public bool EraseRecord(string gateway, string hash) => _file.Write(session => FieldRecordTable.Erase(session, gateway, hash));

    private long Now() => _clock.GetUtcNow().ToUnixTimeMilliseconds();
}
