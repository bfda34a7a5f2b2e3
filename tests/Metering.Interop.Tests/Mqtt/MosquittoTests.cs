using System.Buffers.Binary;
using System.Text;
using Metering.Mqtt;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>The client against a real mosquitto.</summary>
public sealed class MosquittoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly MqttBackOff Quick = new() { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(200), JitterSeed = 1 };

    [NeedsFact("mosquitto")]
    public async Task Ten_thousand_messages_arrive_once_and_in_order()
    {
        const int Count = 10_000;
        await using Mosquitto broker = await Mosquitto.StartAsync();

        await using MqttClient receiver = await ConnectAsync(broker.Options("receiver"));
        await receiver.SubscribeAsync("numbers/#", MqttQoS.AtLeastOnce, CancellationToken.None);
        await using MqttClient sender = await ConnectAsync(broker.Options("sender"));
        Task<MqttReasonCode>[] sends = [.. Enumerable.Range(0, Count).Select(number => Send(sender, "numbers/all", Number(number)))];
        for (int expected = 0; expected < Count; expected++)
        {
            MqttMessage message = await NextAsync(receiver.Messages);
            Assert.Equal(expected, BinaryPrimitives.ReadInt32BigEndian(message.Payload.Span));
            Assert.False(message.Duplicate);
            receiver.Acknowledge(message);
        }

        Assert.All(await Task.WhenAll(sends).WaitAsync(Patience), static code => Assert.Equal(MqttReasonCode.Success, code));
        Assert.Equal(default, sender.Statistics with { BytesReceived = 0, BytesSent = 0 });
    }

    [NeedsFact("mosquitto")]
    public async Task Messages_sent_while_away_are_delivered_on_return()
    {
        const int Count = 1_500;
        await using Mosquitto broker = await Mosquitto.StartAsync();

        await using MqttClient receiver = await ConnectAsync(broker.Options("receiver"));
        await receiver.SubscribeAsync("away", MqttQoS.AtLeastOnce, CancellationToken.None);
        await receiver.DisconnectAsync(CancellationToken.None);
        await using MqttClient sender = await ConnectAsync(broker.Options("sender"));
        await Task.WhenAll(Enumerable.Range(0, Count).Select(number => Send(sender, "away", Number(number)))).WaitAsync(Patience);

        MqttConnectResult result = await receiver.ConnectAsync(CancellationToken.None);
        Assert.True(result.SessionPresent);
        for (int expected = 0; expected < Count; expected++)
        {
            MqttMessage message = await NextAsync(receiver.Messages);
            Assert.Equal(expected, BinaryPrimitives.ReadInt32BigEndian(message.Payload.Span));
            receiver.Acknowledge(message);
        }
    }

    [NeedsFact("mosquitto")]
    public async Task A_message_not_acknowledged_comes_again_after_a_reconnect()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();

        await using MqttClient receiver = await ConnectAsync(broker.Options("receiver"));
        await receiver.SubscribeAsync("work", MqttQoS.AtLeastOnce, CancellationToken.None);
        await using MqttClient sender = await ConnectAsync(broker.Options("sender"));
        foreach (string content in (string[])["one", "two", "three"])
        {
            await Send(sender, "work", Encoding.UTF8.GetBytes(content));
        }

        MqttMessage[] first = [await NextAsync(receiver.Messages), await NextAsync(receiver.Messages), await NextAsync(receiver.Messages)];
        receiver.Acknowledge(first[0]);
        receiver.Acknowledge(first[2]);     // held back behind the second
        await receiver.DisconnectAsync(CancellationToken.None);
        Assert.True((await receiver.ConnectAsync(CancellationToken.None)).SessionPresent);

        MqttMessage[] again = [await NextAsync(receiver.Messages), await NextAsync(receiver.Messages)];
        Assert.Equal(["two", "three"], again.Select(static one => Encoding.UTF8.GetString(one.Payload.Span)));
        Assert.All(again, static one => Assert.True(one.Duplicate));
        Assert.Equal(first[1].PacketId, again[0].PacketId);
        receiver.Acknowledge(first[1]);
        Assert.Equal(1, receiver.Statistics.StaleAcknowledgements);
        receiver.Acknowledge(again[0]);
        receiver.Acknowledge(again[1]);
    }

    [NeedsFact("mosquitto")]
    public async Task A_wrong_password_is_refused_with_a_clear_message()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Users("gateway"));

        await using MqttClient right = await ConnectAsync(broker.Options("right", "gateway"));
        await using MqttClient client = new(broker.Options("wrong", "gateway") with { Password = "not-the-one" }, TimeProvider.System);
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(CancellationToken.None));
        Assert.Equal(MqttErrorKind.Refused, fault.Kind);
        Assert.Contains(fault.ReasonCode, (MqttReasonCode[])[MqttReasonCode.NotAuthorized, MqttReasonCode.BadUserNameOrPassword]);
        Assert.False(fault.IsTransient);
        Assert.Contains("Check the user name, the password", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-one", fault.ToString(), StringComparison.Ordinal);
    }

    [NeedsFact("mosquitto")]
    public async Task What_the_access_rules_deny_comes_back_as_not_authorized()
    {
        MosquittoSettings settings = Users("gateway", "other") with { AccessRules = ["pattern write metering/v1/%u/up/#", "user other", "topic read metering/v1/+/up/#"] };
        await using Mosquitto broker = await Mosquitto.StartAsync(settings);

        await using MqttClient client = await ConnectAsync(broker.Options("gateway", "gateway"));
        Assert.Equal(MqttReasonCode.NotAuthorized, await Send(client, "metering/v1/other/up/batch", Number(1)));
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await Send(client, "metering/v1/gateway/up/batch", Number(2)));
        await using MqttClient other = await ConnectAsync(broker.Options("other", "other"));
        await other.SubscribeAsync("metering/v1/+/up/#", MqttQoS.AtLeastOnce, CancellationToken.None);
        Assert.Equal(MqttReasonCode.Success, await Send(client, "metering/v1/gateway/up/batch", Number(3)));
        Assert.Equal(3, BinaryPrimitives.ReadInt32BigEndian((await NextAsync(other.Messages)).Payload.Span));
    }

    [NeedsFact("mosquitto")]
    public async Task A_session_recovers_from_a_broker_killed_and_started_again()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();

        await using MqttSession receiver = new(broker.Options("receiver"), TimeProvider.System, [new MqttSubscription("news")], Quick);
        await using MqttSession sender = new(broker.Options("sender"), TimeProvider.System, [], Quick);
        await StartAsync(receiver, sender);
        Assert.Equal(MqttReasonCode.Success, await Send(sender, "before"));
        await AcknowledgeNextAsync(receiver, "before");

        for (int round = 0; round < 3; round++)
        {
            Task lost = Task.WhenAll(LostAsync(receiver), LostAsync(sender));
            await broker.KillAsync();
            await lost.WaitAsync(Patience);
            MqttException offline = await Assert.ThrowsAsync<MqttException>(() => Send(sender, "offline"));
            Assert.Equal(MqttErrorKind.NotConnected, offline.Kind);
            await broker.StartAgainAsync();
            await StartAsync(receiver, sender);
            Assert.Equal(MqttReasonCode.Success, await Send(sender, $"after {round}"));
            await AcknowledgeNextAsync(receiver, $"after {round}");
        }
    }

    [NeedsFact("mosquitto")]
    public async Task The_will_is_published_when_the_line_is_cut_and_not_after_a_goodbye()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();

        await using MqttClient watcher = await ConnectAsync(broker.Options("watcher"));
        await watcher.SubscribeAsync("status/+", MqttQoS.AtLeastOnce, CancellationToken.None);
        MqttWill polite = new() { Topic = "status/polite", Payload = "gone"u8.ToArray(), Retain = true };
        await using MqttClient first = await ConnectAsync(broker.Options("polite") with { Will = polite });
        await first.DisconnectAsync(CancellationToken.None);
        await using MqttClient second = await ConnectAsync(broker.Options("cut") with { Will = polite with { Topic = "status/cut" } });
        await second.AbortAsync();
        Assert.Equal("status/cut", (await NextAsync(watcher.Messages)).Topic);

        await using MqttClient late = await ConnectAsync(broker.Options("late"));
        await late.SubscribeAsync("status/#", MqttQoS.AtLeastOnce, CancellationToken.None);
        MqttMessage kept = await NextAsync(late.Messages);
        Assert.True(kept.Retain);
        Assert.Equal("status/cut", kept.Topic);
    }

    [NeedsFact("mosquitto")]
    public async Task A_second_client_of_the_same_name_takes_the_session()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();

        await using MqttClient first = await ConnectAsync(broker.Options("twin"));
        await using MqttClient second = await ConnectAsync(broker.Options("twin"));
        MqttException reason = await first.Closed.WaitAsync(Patience);
        Assert.True(reason.IsTransient);
        Assert.True(second.IsConnected);
    }

    private static MosquittoSettings Users(params string[] names) =>
        new() { Passwords = names.ToDictionary(static name => name, static name => $"secret of {name}", StringComparer.Ordinal) };

    private static async Task<MqttClient> ConnectAsync(MqttClientOptions options)
    {
        MqttClient client = new(options, TimeProvider.System);
        await client.ConnectAsync(CancellationToken.None);
        return client;
    }

    private static Task StartAsync(params MqttSession[] sessions)
    {
        foreach (MqttSession session in sessions)
        {
            session.Start();
        }

        return Task.WhenAll(sessions.Select(static session => session.WaitUntilConnectedAsync(CancellationToken.None))).WaitAsync(Patience);
    }

    private static Task LostAsync(MqttSession session)
    {
        TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        session.StatusChanged += (_, change) =>
        {
            if (change.Status.State != MqttSessionState.Connected)
            {
                lost.TrySetResult();
            }
        };
        return lost.Task;
    }

    private static async Task AcknowledgeNextAsync(MqttSession session, string content)
    {
        MqttMessage message = await NextAsync(session.Messages);
        Assert.Equal(content, Encoding.UTF8.GetString(message.Payload.Span));
        session.Acknowledge(message);
    }

    private static byte[] Number(int number)
    {
        byte[] bytes = new byte[100];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static Task<MqttMessage> NextAsync(System.Threading.Channels.ChannelReader<MqttMessage> messages) => messages.ReadAsync().AsTask().WaitAsync(Patience);

    private static Task<MqttReasonCode> Send(MqttClient client, string topic, byte[] payload) =>
        client.PublishAsync(topic, payload, MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).AsTask().WaitAsync(Patience);

    private static Task<MqttReasonCode> Send(MqttSession session, string content) =>
        session.PublishAsync("news", Encoding.UTF8.GetBytes(content), MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).AsTask().WaitAsync(Patience);
}
