using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Store.Postgres;

/// <content>The register of keys and the shelf of messages put aside.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public void Revoke(string gateway, int keyEpoch, DateTimeOffset from, string reason) =>
        Write(session => RegisterTable.Revoke(session, gateway, keyEpoch, from, (reason, Now())));

    /// <inheritdoc/>
    public KeyEnd? FindEnd(string gateway, int keyEpoch) => _database.Read(session => RegisterTable.FindEnd(session, gateway, keyEpoch));

    /// <inheritdoc/>
    public IReadOnlyList<KeyEnd> Ends() => _database.Read(RegisterTable.Ends);

    /// <inheritdoc/>
    public void OfferCode(EnrolmentCode code) => Write(session =>
    {
        RegisterTable.Lock(session, code.Gateway);
        RegisterTable.OfferCode(session, code);
    });

    /// <inheritdoc/>
    public IReadOnlyList<CodeStanding> Codes() => _database.Read(RegisterTable.Codes);

    /// <inheritdoc/>
    public CodeRedemption Redeem(EnrolmentRequest request, DateTimeOffset now) => _database.Write(session =>
    {
        RegisterTable.Lock(session, request.Gateway);
        return RegisterRules.Redeem(new RegisterTable.Rows(session, Now()), request, now);
    });

    /// <inheritdoc/>
    public RotationOutcome Rotate(KeyRotation rotation, ReadOnlyMemory<byte> note) => _database.Write(session =>
    {
        RegisterTable.Lock(session, rotation.Gateway);
        return RegisterRules.Rotate(new RegisterTable.Rows(session, Now()), rotation, note);
    });

    /// <inheritdoc/>
    public bool AcceptLoss(LostBatches lost, ReadOnlyMemory<byte> note, DateTimeOffset now)
    {
        bool isRepeat = false;
        return _database.Write(session =>
        {
            // The connection may have broken after the first attempt was committed.
            if (isRepeat && RegisterTable.Losses(session).Contains(lost))
            {
                return true;
            }

            isRepeat = true;
            bool isAccepted = new GroupAppend(session, new(), now.ToUnixTimeMilliseconds()).PassLost(lost);
            if (isAccepted)
            {
                RegisterTable.AddLoss(session, lost, note, now);
            }

            return isAccepted;
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<LostBatches> Losses() => _database.Read(RegisterTable.Losses);

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedMessage> Quarantined(long after, int maximum, string? gateway) =>
        _database.Read(session => QuarantineTable.List(session, after, maximum, gateway));

    /// <inheritdoc/>
    public QuarantinedMessage? FindQuarantined(long number) => _database.Read(session => QuarantineTable.Find(session, number));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? QuarantinedBytes(long number) => _database.Read(session => QuarantineTable.Bytes(session, number));

    /// <inheritdoc/>
    public IReadOnlyList<QuarantineCount> QuarantineCounts() => _database.Read(QuarantineTable.Counts);

    /// <inheritdoc/>
    public bool DropQuarantined(long number) => _database.Write(session => QuarantineTable.Drop(session, number));

    /// <inheritdoc/>
    public bool RequestRetry(long number) => _database.Write(session => QuarantineTable.RequestRetry(session, number));

    /// <inheritdoc/>
    public void CancelRetry(long number) => Write(session => QuarantineTable.CancelRetry(session, number));

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedMessage> RetriesWanted(int maximum) => _database.Read(session => QuarantineTable.RetriesWanted(session, maximum));

    /// <inheritdoc/>
    public IReadOnlyList<JournalHash> JournalHashes(long afterSequence, int maximum) => _database.Read(session => JournalTable.Hashes(session, afterSequence, maximum));

    /// <inheritdoc/>
    public IReadOnlyList<LossStatement> LossStatements() => _database.Read(RegisterTable.LossStatements);

    /// <inheritdoc/>
    public IReadOnlyList<BirthName> Births() => _database.Read(BirthTable.Names);

    /// <inheritdoc/>
    public GatewayBirth? FindBirth(BirthName name) => _database.Read(session => BirthTable.Find(session, name));

    /// <inheritdoc/>
    public long RecordStanding => _database.Read(FieldRecordTable.Standing);

    /// <inheritdoc/>
    public FieldRecordOutcome KeepRecord(FieldRecord record, ReadOnlyMemory<byte> note) => _database.Write(session => FieldRecordTable.Keep(session, record, note, Now()));

    /// <inheritdoc/>
    public IReadOnlyList<FieldRecordName> Records(long afterSequence, int maximum) => _database.Read(session => FieldRecordTable.Names(session, afterSequence, maximum));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? FindRecord(string gateway, string hash) => _database.Read(session => FieldRecordTable.Find(session, gateway, hash));

    /// <inheritdoc/>
    public IReadOnlyList<ReadOnlyMemory<byte>> EntryNotesOf(string gateway, string channel) => _database.Read(session => FieldRecordTable.EntryNotes(session, gateway, channel));

    /// <inheritdoc/>
    public bool EraseRecord(string gateway, string hash) => _database.Write(session => FieldRecordTable.Erase(session, gateway, hash));

    private long Now() => _clock.GetUtcNow().ToUnixTimeMilliseconds();
}
