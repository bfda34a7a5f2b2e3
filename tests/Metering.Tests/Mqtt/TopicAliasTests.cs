using System.Text;
using Metering.Mqtt;
using Xunit;

namespace Metering.Tests.Mqtt;

/// <summary>Topic aliases (MQTT 5.0, 3.3.2.3.4) against a broker that follows a script.</summary>
public sealed class TopicAliasTests
{
    private const string AcceptedWithTwoAliases = "20 06 00 00 03 22 0002";

    [Fact]
    public async Task The_topic_goes_with_its_alias_once_and_then_the_alias_alone()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, AcceptedWithTwoAliases);
        Task<MqttReasonCode>[] sends = [.. ((string[])["a/b", "a/b", "c", "d", "c"]).Select(topic => Send(client, topic))];
        Assert.Equal(Hex.Plain("32 0C 0003 612F62 0001 03 23 0001 78"), await peer.ReadHexAsync());
        Assert.Equal(Hex.Plain("32 09 0000 0002 03 23 0001 78"), await peer.ReadHexAsync());
        Assert.Equal(Hex.Plain("32 0A 0001 63 0003 03 23 0002 78"), await peer.ReadHexAsync());
        Assert.Equal(Hex.Plain("32 07 0001 64 0004 00 78"), await peer.ReadHexAsync());
        Assert.Equal(Hex.Plain("32 09 0000 0005 03 23 0002 78"), await peer.ReadHexAsync());
        await peer.SendAsync("40 02 0001 40 02 0002 40 02 0003 40 02 0004 40 02 0005");
        _ = await Task.WhenAll(sends).WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task A_broker_that_names_no_maximum_gets_no_alias()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 03 00 00 00");
        Task<MqttReasonCode> send = Send(client, "a/b");
        Assert.Equal(Hex.Plain("32 09 0003 612F62 0001 00 78"), await peer.ReadHexAsync());
        await peer.SendAsync("40 02 0001");
        _ = await send.WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task A_message_sent_again_carries_its_topic_and_the_new_connection_begins_anew()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using (ScriptedConnection first = await ConnectAsync(broker, client, AcceptedWithTwoAliases))
        {
            Task<MqttReasonCode>[] lost = [Send(client, "a/b"), Send(client, "a/b")];
            _ = await first.ReadAsync();
            _ = await first.ReadAsync();
            first.Dispose();
            foreach (Task<MqttReasonCode> one in lost)
            {
                _ = await Assert.ThrowsAsync<MqttException>(() => one.WaitAsync(ScriptedBroker.Patience));
            }
        }

        _ = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        using ScriptedConnection second = await ConnectAsync(broker, client, "20 06 01 00 03 22 0002");
        Assert.Equal(Hex.Plain("3A 09 0003 612F62 0001 00 78"), await second.ReadHexAsync());
        Assert.Equal(Hex.Plain("3A 09 0003 612F62 0002 00 78"), await second.ReadHexAsync());
        Task<MqttReasonCode> send = Send(client, "a/b");
        Assert.Equal(Hex.Plain("32 0C 0003 612F62 0003 03 23 0001 78"), await second.ReadHexAsync());
        await second.SendAsync("40 02 0001 40 02 0002 40 02 0003");
        _ = await send.WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task An_unexpected_auth_is_answered_with_a_protocol_error()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 03 00 00 00");
        await peer.SendAsync("F0 02 18 00");
        Assert.Equal(Hex.Plain("E0 01 82"), await peer.ReadHexAsync());
        Assert.True(await peer.IsClosedByPeerAsync());
    }

    private static async Task<ScriptedConnection> ConnectAsync(ScriptedBroker broker, MqttClient client, string answer)
    {
        Task<MqttConnectResult> connecting = client.ConnectAsync(CancellationToken.None);
        ScriptedConnection peer = await broker.AcceptAsync(answer);
        _ = await connecting.WaitAsync(ScriptedBroker.Patience);
        return peer;
    }

    private static Task<MqttReasonCode> Send(MqttClient client, string topic) =>
        client.PublishAsync(topic, Encoding.ASCII.GetBytes("x"), MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).AsTask();
}
