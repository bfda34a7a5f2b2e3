using Metering.Readings;
using Metering.Readings.Field;
using Metering.Store;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Tests.Store;

/// <content>What the transparency log takes from a store.</content>
public abstract partial class ReadingStoreConformance
{
    [StoreFact]
    public async Task The_journal_is_told_by_the_hashes_of_its_notes()
    {
        Assert.Empty(Store.JournalHashes(0, 10));
        EnrolFactory();
        byte[][] batches = [.. _factory.Next(5)];
        foreach (byte[] batch in batches)
        {
            _ = await AppendAsync(Store, batch);
        }

        Reopen();
        JournalHash[] expected = [.. batches.Select((batch, index) => new JournalHash(index + 1, _factory.Gateway, 1, index + 1, BatchEnvelope.Open(batch).NoteHash))];
        Assert.Equal(expected, Store.JournalHashes(0, 10));
        Assert.Equal(expected[2..4], Store.JournalHashes(2, 2));
        Assert.Empty(Store.JournalHashes(5, 10));
    }

    [StoreFact]
    public void A_loss_keeps_the_note_that_states_it()
    {
        EnrolFactory();
        LostBatches lost = new(_factory.Gateway, 1, 1, 3, new('a', 64));
        byte[] note = lost.Sign(_factory.Key);
        Assert.True(Store.AcceptLoss(lost, note, Now));
        Reopen();
        LossStatement statement = Assert.Single(Store.LossStatements());
        Assert.Equal(lost, statement.Lost);
        Assert.Equal(note, statement.Note.ToArray());
    }

    [StoreFact]
    public void Birth_messages_are_listed_and_each_is_found()
    {
        Assert.Empty(Store.Births());
        Assert.True(Store.KeepBirth(GatewayName, "config-1", "1.0", "{\"a\":1}"u8.ToArray()));
        Assert.True(Store.KeepBirth(GatewayName, "config-1", "1.1", "{\"a\":2}"u8.ToArray()));
        Assert.True(Store.KeepBirth("other", "config-1", "1.0", "{\"a\":3}"u8.ToArray()));
        Reopen();
        IReadOnlyList<BirthName> names = Store.Births();
        Assert.Equal([("other", "1.0"), (GatewayName, "1.0"), (GatewayName, "1.1")], names.Select(name => (name.Gateway, name.Software)).Order());
        Assert.Equal(names.OrderBy(name => name.ReceivedUtcMilliseconds).Select(name => name.ReceivedUtcMilliseconds), names.Select(name => name.ReceivedUtcMilliseconds));
        Assert.Equal("{\"a\":2}"u8.ToArray(), Store.FindBirth(names.Single(name => name.Software == "1.1"))!.Message.ToArray());
        Assert.Null(Store.FindBirth(names[0] with { Software = "2.0" }));
    }

    [StoreFact]
    public void What_people_recorded_is_kept_once_and_an_erased_note_does_not_come_back()
    {
        Assert.Equal(0, Store.RecordStanding);
        (FieldRecord first, byte[] note) = RecordOf(1, "tank.level", 5);
        (FieldRecord other, byte[] contradiction) = RecordOf(1, "tank.level", 6);
        (FieldRecord elsewhere, byte[] third) = RecordOf(2, "lab.cod", 7);
        Assert.Equal([FieldRecordOutcome.Kept, FieldRecordOutcome.Known], new[] { Store.KeepRecord(first, note), Store.KeepRecord(first, note) });
        Assert.Equal([FieldRecordOutcome.Kept, FieldRecordOutcome.Kept], new[] { Store.KeepRecord(other, contradiction), Store.KeepRecord(elsewhere, third) });
        Reopen();
        Assert.Equal(
            [(1L, "tank.level", FieldRecord.HashOf(note)), (2, "tank.level", FieldRecord.HashOf(contradiction)), (3, "lab.cod", FieldRecord.HashOf(third))],
            Store.Records(0, 10).Select(name => (name.Sequence, name.Channel, name.Hash)));
        Assert.Equal([2L], Store.Records(1, 1).Select(name => name.Sequence));
        Assert.Equal([note, contradiction], Store.EntryNotesOf(_factory.Gateway, "tank.level").Select(one => one.ToArray()));
        Assert.Equal(third, Store.FindRecord(_factory.Gateway, FieldRecord.HashOf(third))!.Value.ToArray());
        long before = Store.RecordStanding;
        Assert.True(Store.EraseRecord(_factory.Gateway, FieldRecord.HashOf(note)));
        Assert.False(Store.EraseRecord(_factory.Gateway, new('0', 64)));
        Assert.True(Store.RecordStanding > before);
        Assert.Equal(FieldRecordOutcome.Known, Store.KeepRecord(first, note));
        Reopen();
        Assert.Null(Store.FindRecord(_factory.Gateway, FieldRecord.HashOf(note)));
        Assert.Equal([contradiction], Store.EntryNotesOf(_factory.Gateway, "tank.level").Select(one => one.ToArray()));
        Assert.Equal(3, Store.Records(0, 10).Count);
    }

    private (FieldRecord Record, byte[] Note) RecordOf(int number, string channel, long value)
    {
        FieldEntry entry = new()
        {
            Gateway = _factory.Gateway, KeyEpoch = 1, Number = number, Kind = FieldEntryKind.Reading, Channel = channel, UtcMilliseconds = 1000, Value = value, Unit = "m3", Decimals = 1,
            EnteredUtcMilliseconds = 2000, Operator = "Ana",
        };
        byte[] note = SignedNote.Sign(entry.ToText(), _factory.Gateway, _factory.Key);
        return (FieldRecord.Read(note), note);
    }
}
