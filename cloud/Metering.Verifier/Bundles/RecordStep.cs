using Metering.Evidence.Log;
using Metering.Projects;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Verifier.Bundles;

/// <summary>What a person recorded at a gateway, as the bundle shows it.</summary>
/// <param name="Index">Its entry.</param>
/// <param name="Record">What it says.</param>
internal sealed record ShownRecord(long Index, FieldRecord Record);

/// <summary>Part of step 4: the notes of what people recorded at gateways, each held against its subject and the key of its epoch.</summary>
internal sealed class RecordStep(ShownLog log, BodyStep bodies, FaultList faults)
{
    private readonly List<ShownRecord> records = [];

    /// <summary>Those that are in order, ascending; none that was erased.</summary>
    public IReadOnlyList<ShownRecord> Records => records;

    /// <summary>Reads and checks all of them.</summary>
    /// <param name="keys">The gateways' keys.</param>
    public void Run(IReadOnlyDictionary<(string Gateway, int KeyEpoch), ShownKey> keys)
    {
        foreach (ShownEntry shown in log.Entries.Where(shown => shown.Entry.Kind is LogEntryKind.Manual or LogEntryKind.Commissioning))
        {
            if (bodies.Bodies.TryGetValue(shown.Index, out byte[]? note))
            {
                Check(shown, note, keys);
            }
        }
    }

    /// <summary>The entries of each channel that take part in a result.</summary>
    /// <param name="logSize">Entries the result stands on.</param>
    public IReadOnlyDictionary<ChannelName, IReadOnlyList<FieldEntry>> EntriesBelow(long logSize) => records
        .Where(shown => shown.Index < logSize && shown.Record.Entry is not null).GroupBy(shown => new ChannelName(shown.Record.Gateway, shown.Record.Channel))
        .ToDictionary(group => group.Key, group => (IReadOnlyList<FieldEntry>)[.. group.Select(shown => shown.Record.Entry!)]);

    private void Check(ShownEntry shown, byte[] note, IReadOnlyDictionary<(string Gateway, int KeyEpoch), ShownKey> keys)
    {
        string index = ShownLog.Text(shown.Index);
        FieldRecord record;
        try
        {
            record = FieldRecord.Read(note);
        }
        catch (WireFormatException e)
        {
            faults.Add(FaultCode.RecordForm, index, e.Message);
            return;
        }

        bool isManual = shown.Entry.Kind == LogEntryKind.Manual;
        string scope = isManual ? $"{record.Gateway}/{record.Channel}" : record.Gateway;
        if (isManual != (record.Entry is not null) || !shown.IsNumbered || shown.Scope != scope)
        {
            faults.Add(FaultCode.RecordPlace, index, shown.Entry.Subject, $"{record.Gateway}/{record.Channel}");
            return;
        }

        if (keys.Values.FirstOrDefault(one => one.Statement.Gateway == record.Gateway && record.IsOf(note, one.Statement.KeyEpoch, one.Key)) is not { } key)
        {
            faults.Add(FaultCode.RecordKey, index, record.Gateway);
            return;
        }

        NoteFault fault = SignedNote.Verify(note, record.Gateway, key.Key);
        if (fault != NoteFault.None)
        {
            faults.Add(FaultCode.RecordSignature, index, record.Gateway, fault.ToString());
            return;
        }

        // A key that named its successor may have had notes on their way; what was revoked has none.
        if (shown.Index < key.Index || (key.End is { Statement.LastBatch: null } end && shown.Index > end.Index))
        {
            faults.Add(FaultCode.RecordTime, index, record.Gateway, ShownLog.Text(key.Statement.KeyEpoch));
            return;
        }

        records.Add(new(shown.Index, record));
    }
}
