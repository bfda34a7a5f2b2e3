using Metering.Readings;
using Metering.Store;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Tests.Store;

public abstract partial class ReadingStoreConformance
{
    [StoreFact]
    public async Task An_enrolment_is_kept_and_cannot_be_replaced_in_its_epoch()
    {
        using StoreGateway other = new();
        using StoreGateway next = new(keyEpoch: 2);
        Store.Enrol(_gateway.Enrolment);
        Assert.Equal(_gateway.Enrolment, Store.FindEnrolment(GatewayName, 1));
        Assert.Null(Store.FindEnrolment(GatewayName, 2));
        Assert.Equal(StoreException.Configuration, Assert.Throws<StoreException>(() => Store.Enrol(other.Enrolment)).ExitCode);
        Store.Enrol(next.Enrolment with { Plant = "moved" });
        Assert.Equal([1, 2], Store.Enrolments().Select(enrolment => enrolment.KeyEpoch));
        _ = await SendAsync(Good(Start, 1));
        _ = await AppendAsync(Store, next.Next([Good(Start, 2), Good(Start + 1, 3)]));
        Assert.Equal("moved", Store.Channels()[0].Plant);

        // A gateway is in one plant, with all of its keys: in the one that its newest key names.
        Store.Enrol(other.Enrolment with { Gateway = "elsewhere" });
        Assert.Equal(Store.Channels(), Store.ChannelsOfPlant("moved"));
        Assert.Empty(Store.ChannelsOfPlant(_gateway.Enrolment.Plant));
        Assert.Equal([1, 2], Store.EnrolmentsOfPlant("moved").Select(enrolment => enrolment.KeyEpoch));
        Assert.Equal(["elsewhere"], Store.EnrolmentsOfPlant(_gateway.Enrolment.Plant).Select(enrolment => enrolment.Gateway));
        Assert.Empty(Store.EnrolmentsOfPlant("nowhere"));
        Assert.Equal([2, 3], All().ScaledValues);
        Assert.Equal((1, 1), (Store.Head(GatewayName, 1).Through, Store.Head(GatewayName, 2).Through));
        _ = Assert.Throws<ArgumentException>(() => Store.Enrol(_gateway.Enrolment with { Gateway = "Has Space" }));
        _ = Assert.Throws<ArgumentException>(() => Store.Enrol(_gateway.Enrolment with { PublicKeyPem = "nothing" }));
    }

    [StoreFact]
    public async Task A_gateway_that_is_not_enrolled_is_refused_until_it_is()
    {
        using StoreGateway stranger = new("stranger");
        byte[] bytes = stranger.Next([Good(Start, 1)]);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(Store, bytes));
        Store.Enrol(stranger.Enrolment);
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(Store, bytes));
    }

    [StoreFact]
    public async Task A_channel_that_changes_its_meaning_is_refused_and_its_neighbours_in_the_group_are_stored()
    {
        _ = await SendAsync(Good(Start, 1));
        Channel[] changed = [Channels[0] with { DecimalPlaces = 2 }];
        (byte[] bytes, _) = _gateway.Build(2, Store.Head(GatewayName, 1).NoteHash, [Good(Start + 1, 10)], changed);
        byte[] proper = _gateway.Next([Good(Start + 1, 2)]);
        Task<AppendOutcome> refused = AppendAsync(Store, bytes);
        Task<AppendOutcome> stored = AppendAsync(Store, proper);
        WireFormatException e = await Assert.ThrowsAsync<WireFormatException>(() => refused);
        Assert.Contains("identifier of its own", e.Message, StringComparison.Ordinal);
        Assert.Equal(AppendOutcome.Stored, await stored);
        Assert.Equal([1, 2], All().ScaledValues);
    }

    [StoreFact]
    public async Task A_channel_has_the_definition_that_came_last()
    {
        _ = await SendAsync(Good(Start, 1));
        _ = await AppendAsync(Store, _gateway.Next([Good(Start + 1, 2)], [Channels[0] with { Meter = "mains-2", Modulus = 1_000_000, Profile = "other/2" }]));
        Reopen();
        Assert.Equal(Channels[0] with { Meter = "mains-2", Modulus = 1_000_000, Profile = "other/2" }, All().Channel);
        _ = await AppendAsync(Store, _gateway.Next([Good(Start + 2, 3)], [Channels[0] with { Modulus = null }]));
        Assert.Equal(Channels[0] with { Modulus = null }, Store.FindChannel(GatewayName, Energy)!.Channel);
    }

    [StoreFact]
    public async Task The_journal_gives_the_bytes_as_they_came_page_by_page()
    {
        byte[][] sent = [.. Enumerable.Range(0, 7).Select(slot => _gateway.Next([Good(Start + slot, slot)]))];
        foreach (byte[] bytes in sent)
        {
            _ = await AppendAsync(Store, bytes);
        }

        await Store.SealAsync();
        List<JournalRecord> all = [];
        while (Store.Journal(all.Count == 0 ? 0 : all[^1].Sequence, 3) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 3);
            all.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(1, 7).Select(number => (long)number), all.Select(record => record.Sequence));
        Assert.Equal((GatewayName, 1, 3L), (all[2].Gateway, all[2].KeyEpoch, all[2].Batch));
        Assert.All(all.Zip(sent), pair => Assert.True(pair.First.Envelope.Span.SequenceEqual(pair.Second)));
        Assert.Equal(7, Store.LastSequence);
        Assert.Empty(Store.Journal(7, 10));
    }

    [StoreFact]
    public void Quarantine_keeps_what_was_refused_with_its_reason_up_to_a_limit()
    {
        Store.Quarantine(GatewayName, "not a batch", new byte[] { 1, 2, 3 });
        Store.Quarantine("stranger", "not enrolled", ReadOnlyMemory<byte>.Empty);
        Store.Quarantine("stranger", "larger than all that is kept", new byte[StoreLimits.MaximumQuarantineLength]);
        Reopen();
        Assert.Equal((3, 1, 2), (Store.QuarantineCount, Store.QuarantinedOf(GatewayName), Store.QuarantinedOf("stranger")));
    }

    [StoreFact]
    public void A_follower_has_a_watermark_that_one_at_a_time_moves_on_and_dead_letters()
    {
        Assert.Equal(0, Store.Watermark("mirror"));
        Assert.True(Store.AdvanceWatermark("mirror", 0, 5));
        Assert.False(Store.AdvanceWatermark("mirror", 0, 7));
        Assert.True(Store.AdvanceWatermark("mirror", 5, 7));
        Store.AddDeadLetter("mirror", "line", "no room");
        Store.AddDeadLetter("mirror", "line", "no room");
        Store.AddDeadLetter("mirror", "other line", "no room");
        Reopen();
        Assert.Equal((7, 2, 0), (Store.Watermark("mirror"), Store.DeadLetterCount("mirror"), Store.DeadLetterCount("other")));
        Store.ResetFollower("mirror");
        Assert.Equal((0, 0), (Store.Watermark("mirror"), Store.DeadLetterCount("mirror")));
    }

    [StoreFact]
    public async Task The_export_has_one_form()
    {
        _ = await SendAsync(Good(Start + Day, 3), Reading.Missing(Start + 1, 0, QualityReason.Timeout), Good(Start, -5));
        string folder = Directory.CreateTempSubdirectory("metering-export-").FullName;
        Assert.Equal(1, ReadingExport.Write(Store, folder));
        string text = File.ReadAllText(Path.Combine(folder, "tannery-1__mains.active-energy-import.csv"));
        Directory.Delete(folder, recursive: true);
        Assert.Equal("utcMilliseconds,scaledValue,quality\n1704067200000,-5,G\n1704067200001,,B.timeout\n1704153600000,3,G\n", text);
    }

    [StoreTheory]
    [InlineData(ChunkDamage.Byte)]
    [InlineData(ChunkDamage.Empty)]
    [InlineData(ChunkDamage.Exchanged)]
    [InlineData(ChunkDamage.CountTooHigh)]
    [InlineData(ChunkDamage.CountZero)]
    public async Task A_damaged_chunk_is_noticed_and_made_again_from_the_journal(ChunkDamage damage)
    {
        for (int day = 0; day < 5; day++)
        {
            _ = await SendAsync([.. Enumerable.Range(0, 96).Select(slot => Good(Start + (day * Day) + (slot * 900_000L), (day * 1000) + slot))]);
        }

        await Store.SealAsync();
        string version = Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        House.Damage(damage);

        // Not asked for the version, which is remembered while the rows name the same bytes.
        ReadingColumns all = All();
        Assert.Equal(version, ReadingVersion.Of(all.Channel, all.UtcMilliseconds, all.ScaledValues, all.Qualities, all.HasValues));
        Assert.InRange(Store.DamagedChunkCount, 4, 5);
        Reopen();
        Assert.Equal(version, Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        Assert.Equal(0, Store.DamagedChunkCount);
        Assert.Equal(480, Store.Channels()[0].Count);
    }

    [StoreFact]
    public async Task What_was_acknowledged_is_there_after_a_crash()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int batch = 0; batch < 8; batch++)
            {
                _ = await SendAsync(Good(Start + (_gateway.LastBatch * 3_600_000L), _gateway.LastBatch));
            }

            if (round == 1)
            {
                await Store.SealAsync();
            }

            string version = Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
            _store = House.Crash(Store);
            Assert.Equal(version, Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
            Assert.Equal(new(_gateway.LastBatch, _gateway.LastHash), Store.Head(GatewayName, 1));
            Assert.Equal(_gateway.LastBatch, Store.LastSequence);
        }

        Assert.Equal(AppendOutcome.Stored, await SendAsync(Good(Start, 1)));
        Assert.Equal(16, All().Count);
    }

    [StoreFact]
    public async Task Many_batches_at_once_are_all_stored_in_order()
    {
        // No more than the queue holds: those beyond wait outside it, and come in in any order.
        const int Count = 250;
        byte[][] batches = [.. Enumerable.Range(0, Count).Select(batch => _gateway.Next([Good(Start + (batch * 60_000L), batch)]))];
        Task<AppendOutcome>[] tasks = [.. batches.Select(bytes => AppendAsync(Store, bytes))];
        Assert.All(await Task.WhenAll(tasks), outcome => Assert.Equal(AppendOutcome.Stored, outcome));
        Assert.Equal(Enumerable.Range(0, Count).Select(value => (long)value), All().ScaledValues);
    }

    [StoreFact]
    public async Task Another_process_reads_what_is_appended_and_sealed()
    {
        _ = await SendAsync(Good(Start, 1), Good(Start + Day, 2));
        using IReadingStore second = House.Open();
        Assert.Equal([1, 2], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        await Store.SealAsync();
        _ = await SendAsync(Good(Start + 5, 3), Good(Start + Day, 4));
        Assert.Equal([1, 3, 4], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        await Store.SealAsync();
        _ = await SendAsync(Good(Start + Day, 5));
        Assert.Equal([1, 3, 5], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        Assert.Equal(5, second.Latest(GatewayName, Energy)!.Value.ScaledValue);
        Assert.Equal(3, second.Channels()[0].Count);
        byte[] next = _gateway.Next([Good(Start + 9, 9)]);
        if (!House.TakesManyWriters)
        {
            Assert.Equal(StoreException.TryLater, (await Assert.ThrowsAsync<StoreException>(() => AppendAsync(second, next))).ExitCode);
            Store.Dispose();
        }

        Assert.Equal(AppendOutcome.Stored, await AppendAsync(second, next));
        Assert.Equal([1, 3, 9, 5], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
    }

    [StoreFact]
    public async Task Readers_see_whole_batches_while_batches_arrive_and_are_sealed()
    {
        _ = await SendAsync(Pair(0));
        using CancellationTokenSource stop = new();
        List<string> faults = [];
        Thread[] readers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() => ReadUntil(faults, stop.Token)))];
        Array.ForEach(readers, reader => reader.Start());
        try
        {
            for (int batch = 1; batch < 200; batch++)
            {
                _ = await SendAsync(Pair(batch));
                if (batch % 20 == 0)
                {
                    await Store.SealAsync();
                }
            }
        }
        finally
        {
            // Also when the writer failed: a reader that outlived the store would end the process and hide why.
            await stop.CancelAsync();
            Array.ForEach(readers, reader => reader.Join());
        }

        Assert.Empty(faults);
        Assert.Equal(400, All().Count);

        static Reading[] Pair(long batch) => [Good(Start + (batch * 7_200_000), batch), Good(Start + (batch * 7_200_000) + 3_600_000, batch)];
    }

    private void ReadUntil(List<string> faults, CancellationToken token)
    {
        int least = 2;
        while (!token.IsCancellationRequested)
        {
            string? fault;
            try
            {
                fault = FindFault(All(), ref least);
            }
#pragma warning disable CA1031 // The outermost loop of a thread: a failure to read is a fault like any other, told by the test.
            catch (Exception e)
#pragma warning restore CA1031
            {
                fault = e.ToString();
            }

            if (fault is not null)
            {
                lock (faults)
                {
                    faults.Add(fault);
                }

                return;
            }
        }
    }

    private static string? FindFault(ReadingColumns columns, ref int least)
    {
        int known = least;
        least = columns.Count;
        int wrong = Enumerable.Range(0, columns.Count).FirstOrDefault(index => columns.ScaledValues[index] != index / 2, -1);
        return columns.Count % 2 == 0 && columns.Count >= known && wrong < 0
            ? null
            : $"{columns.Count} readings after {known}, first wrong one at {wrong}";
    }
}
