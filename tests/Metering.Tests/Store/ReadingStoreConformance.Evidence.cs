using Metering.Readings;
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
}
