using Metering.Gateway.Inputs;
using Metering.Gateway.Uplink;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Readings.Field;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>What people recorded on its way: gateway, broker and ingestion as they are.</summary>
public sealed class FieldRecordTests : IDisposable
{
    private const string Gateway = "leon-1";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-records-").FullName;
    private readonly BatchFactory _factory = new(Gateway);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _factory.Dispose();
    }

    [NeedsFact("mosquitto")]
    public async Task What_people_recorded_in_an_outage_comes_up_once_and_again_to_a_restored_cloud()
    {
        await using IngestionRig rig = await IngestionRig.StartAsync(_factory);
        await rig.StartIngestionAsync();
        _ = Enter(1);
        await RunAsync(rig, 0, 1);
        Assert.Single(rig.Store.Records(0, 9));
        string backup = rig.Backup();

        // The cloud is away: the broker takes the note, nobody says that it is kept, and it is sent again.
        await rig.StopIngestionAsync();
        string second = Enter(2);
        await using (OutboxGateway gateway = OutboxGateway.Start(rig, Gateway, _factory.Key, _folder))
        {
            await gateway.UntilAsync(_ => gateway.Records.Waiting == 1);
            await rig.StartIngestionAsync();
            await gateway.UntilAsync(_ => gateway.Records.Waiting == 0);
        }

        Assert.Equal(second, rig.Store.Records(1, 9).Single().Hash);
        await RunAsync(rig, 8, 2);
        await rig.StopIngestionAsync();
        rig.Restore(backup);
        Assert.Single(rig.Store.Records(0, 9));
        await rig.StartIngestionAsync();
        await RunAsync(rig, 16, 2);
        Assert.Equal(2, rig.Store.Records(0, 9).Count);
        Assert.Equal(2, rig.Store.EntryNotesOf(Gateway, "tank.level").Count);
        Assert.Equal(0, rig.Store.QuarantineCount);
    }

    [NeedsFact("mosquitto")]
    public async Task What_the_gateway_did_not_sign_is_put_aside_unanswered_and_what_a_revoked_key_signed_is_refused()
    {
        await using IngestionRig rig = await IngestionRig.StartAsync(_factory);
        await rig.StartIngestionAsync();
        await using (MqttSession line = new(rig.Broker.Options("somebody"), TimeProvider.System, [new(Topics.Ack(Gateway))]))
        {
            line.Start();
            await line.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(Deadline);
            byte[] edited = SignedNote.Sign(Entry(1).ToText(), Gateway, _factory.Key);
            edited[edited.AsSpan().IndexOf("value 1"u8) + 6] = (byte)'7';
            foreach (byte[] note in (byte[][])[edited, SignedNote.Sign((Entry(2) with { Gateway = "leon-2" }).ToText(), "leon-2", _factory.Key)])
            {
                _ = await line.PublishAsync(Topics.Request(Gateway), note, MqttQoS.AtLeastOnce, retain: false, CancellationToken.None);
            }

            await IngestionRig.UntilAsync(() => rig.Store.QuarantineCount == 2);
        }

        Assert.Empty(rig.Store.Records(0, 9));
        await rig.StopIngestionAsync();
        rig.Store.Revoke(Gateway, 1, TimeProvider.System.GetUtcNow().AddMinutes(-1), "stolen");
        await rig.StartIngestionAsync();
        _ = Enter(3);
        await using OutboxGateway gateway = OutboxGateway.Start(rig, Gateway, _factory.Key, _folder);
        await gateway.UntilAsync(_ => Marks() == 1);
        Assert.EndsWith(" refused\n", File.ReadAllText(MarksPath), StringComparison.Ordinal);
        Assert.Empty(rig.Store.Records(0, 9));
    }

    // One start of the gateway: eight cycles of readings, all confirmed, and what people recorded too.
    private async Task RunAsync(IngestionRig rig, int first, int marks)
    {
        await using OutboxGateway gateway = OutboxGateway.Start(rig, Gateway, _factory.Key, _folder);
        gateway.Add(first, 8);
        await gateway.DrainAsync();
        await IngestionRig.UntilAsync(() => Marks() == marks && gateway.Records.Waiting == 0);
    }

    // What the cloud has said so far; a line for each record behind the first.
    private int Marks() => File.Exists(MarksPath) ? File.ReadAllLines(MarksPath).Length - 1 : 0;

    private string MarksPath => Path.Combine(_folder, RecordMarks.FileName);


    private string Enter(int number)
    {
        FieldLog book = new(_folder, Gateway);
        return FieldRecord.HashOf(File.ReadAllBytes(book.PathOf(book.Append(Entry(number), _factory.Key).Number)));
    }

    private static FieldEntry Entry(int number) => new()
    {
        Gateway = Gateway, KeyEpoch = 1, Number = number, Kind = FieldEntryKind.Reading, Channel = "tank.level", UtcMilliseconds = 1_767_225_600_000 + number, Value = number, Unit = "m3", Decimals = 1,
        EnteredUtcMilliseconds = 1_767_225_700_000, Operator = "Ana Ruiz", PhotoHash = new('a', 64),
    };
}
