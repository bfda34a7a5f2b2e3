using System.Text;
using Metering.Mqtt;
using Xunit;

namespace Metering.Tests.Mqtt;

/// <summary>The client against a broker that follows a script, to reach what a good broker does not do.</summary>
public sealed class MqttClientTests
{
    private const string Accepted = "20 03 00 00 00";
    private const string TooMany = "32 07 0001 74 0001 00 61" + "32 07 0001 74 0002 00 61" + "32 07 0001 74 0003 00 61";
    private const string AcceptedWithSession = "20 03 01 00 00";

    [Fact]
    public async Task A_refused_login_carries_code_and_reason_but_no_password()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        Task<MqttConnectResult> connecting = client.ConnectAsync(CancellationToken.None);
        using ScriptedConnection peer = await broker.AcceptAsync("20 0B 00 86 08 1F 0005 77726F6E67");

        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => connecting);
        Assert.Equal(MqttErrorKind.Refused, fault.Kind);
        Assert.Equal(MqttReasonCode.BadUserNameOrPassword, fault.ReasonCode);
        Assert.Equal("wrong", fault.ReasonString);
        Assert.False(fault.IsTransient);
        Assert.Contains("Check the user name", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("do-not-print-me", fault.ToString() + broker.Options, StringComparison.Ordinal);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task No_more_messages_are_in_flight_than_the_server_receives()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 06 00 00 03 21 0002");

        Task<MqttReasonCode>[] sends = [.. Enumerable.Range(1, 4).Select(number => Send(client, $"m{number}"))];
        await client.PublishAsync("t", "end"u8.ToArray(), MqttQoS.AtMostOnce, retain: false, CancellationToken.None);

        // QoS 0 is not held up, so it shows that the third message has not left.
        Assert.Equal(Message(1, "m1"), await peer.ReadHexAsync());
        Assert.Equal(Message(2, "m2"), await peer.ReadHexAsync());
        Assert.Equal(Hex.Plain("30 07 0001 74 00 656E64"), await peer.ReadHexAsync());

        await peer.SendAsync("40 02 0002");
        Assert.Equal(Message(3, "m3"), await peer.ReadHexAsync());
        await peer.SendAsync("40 03 0001 10" + "40 04 0003 87 00");
        Assert.Equal(Message(4, "m4"), await peer.ReadHexAsync());
        await peer.SendAsync("40 02 0004");
        Assert.Equal(
            [MqttReasonCode.NoMatchingSubscribers, MqttReasonCode.Success, MqttReasonCode.NotAuthorized, MqttReasonCode.Success],
            await Task.WhenAll(sends).WaitAsync(ScriptedBroker.Patience));
    }

    [Fact]
    public async Task Unknown_and_late_acknowledgements_are_counted_and_ignored()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + "40 02 0063");

        Task<MqttReasonCode> send = Send(client, "m1");
        Assert.Equal(Message(1, "m1"), await peer.ReadHexAsync());
        await peer.SendAsync("40 02 0001" + "40 02 0001" + "90 04 0001 00 00");
        Assert.Equal(MqttReasonCode.Success, await send.WaitAsync(ScriptedBroker.Patience));

        Task<MqttReasonCode> next = Send(client, "m2");
        Assert.Equal(Message(2, "m2"), await peer.ReadHexAsync());
        await peer.SendAsync("40 02 0002");
        Assert.Equal(MqttReasonCode.Success, await next.WaitAsync(ScriptedBroker.Patience));
        Assert.Equal(3, client.Statistics.UnknownAcknowledgements);
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Acknowledgements_leave_in_the_order_of_receipt()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + "32 07 0001 74 0007 00 61" + "32 07 0001 74 0005 00 62" + "3A 07 0001 74 0009 00 63");

        MqttMessage[] messages = [await NextAsync(client), await NextAsync(client), await NextAsync(client)];
        Assert.Equal(["a", "b", "c"], messages.Select(static one => Encoding.UTF8.GetString(one.Payload.Span)));
        Assert.Equal([false, false, true], messages.Select(static one => one.Duplicate));
        client.Acknowledge(messages[2]);
        client.Acknowledge(messages[1]);
        await client.PublishAsync("t", default, MqttQoS.AtMostOnce, retain: false, CancellationToken.None);
        client.Acknowledge(messages[0]);
        client.Acknowledge(messages[0]);
        await client.PublishAsync("u", default, MqttQoS.AtMostOnce, retain: false, CancellationToken.None);

        Assert.Equal("3004000174" + "00", await peer.ReadHexAsync());
        Assert.Equal("40020007", await peer.ReadHexAsync());
        Assert.Equal("40020005", await peer.ReadHexAsync());
        Assert.Equal("40020009", await peer.ReadHexAsync());
        Assert.Equal("3004000175" + "00", await peer.ReadHexAsync());
    }

    [Fact]
    public async Task An_acknowledgement_of_an_older_connection_is_not_sent()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        MqttMessage old;
        using (await ConnectAsync(broker, client, Accepted + "32 07 0001 74 0001 00 61"))
        {
            old = await NextAsync(client);
        }

        MqttException reason = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(MqttErrorKind.ConnectionLost, reason.Kind);
        client.Acknowledge(old);
        using ScriptedConnection peer = await ConnectAsync(broker, client, AcceptedWithSession + "3A 07 0001 74 0001 00 61");
        MqttMessage again = await NextAsync(client);
        client.Acknowledge(old);
        await client.PublishAsync("t", default, MqttQoS.AtMostOnce, retain: false, CancellationToken.None);
        client.Acknowledge(again);

        Assert.Equal("300400017400", await peer.ReadHexAsync());
        Assert.Equal("40020001", await peer.ReadHexAsync());
        Assert.Equal((1, 2), (old.Epoch, again.Epoch));
        Assert.Equal(2, client.Statistics.StaleAcknowledgements);
    }

    [Fact]
    public async Task Unread_messages_that_will_come_again_are_not_read_twice()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using (await ConnectAsync(broker, client, Accepted + "32 07 0001 74 0001 00 61" + "30 05 0001 74 00 7A" + "32 07 0001 74 0002 00 62"))
        {
            await NextAsync(client);        // all three came in one read
        }

        await client.Closed.WaitAsync(ScriptedBroker.Patience);
        using ScriptedConnection peer = await ConnectAsync(broker, client, AcceptedWithSession + "3A 07 0001 74 0001 00 61" + "3A 07 0001 74 0002 00 62");
        List<string> contents = [];
        for (int count = 0; count < 3; count++)
        {
            contents.Add(Encoding.UTF8.GetString((await NextAsync(client)).Payload.Span));
        }

        Assert.Equal(["z", "a", "b"], contents);
        Assert.Equal(1, client.Statistics.DroppedMessages);
    }

    [Fact]
    public async Task The_keep_alive_of_the_server_is_used_and_a_silent_server_is_dropped()
    {
        ManualTimeProvider clock = new();
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, clock);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 06 00 00 03 13 0008");

        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("C000", await peer.ReadHexAsync());
        await peer.SendAsync("D0 00" + "30 05 0001 74 00 61");
        await NextAsync(client);        // so the answer to the ping has been seen
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("C000", await peer.ReadHexAsync());
        Assert.True(client.IsConnected);
        clock.Advance(TimeSpan.FromSeconds(4));
        MqttException reason = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(MqttErrorKind.KeepAliveTimeout, reason.Kind);
        Assert.True(reason.IsTransient);
        Assert.False(client.IsConnected);
        Assert.True(await peer.IsClosedByPeerAsync());
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_connect_timeout()
    {
        ManualTimeProvider clock = new();
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, clock);
        Task<MqttConnectResult> connecting = client.ConnectAsync(CancellationToken.None);
        using ScriptedConnection peer = await broker.AcceptAsync("20");
        clock.Advance(TimeSpan.FromSeconds(10));
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => connecting.WaitAsync(ScriptedBroker.Patience));
        Assert.Equal(MqttErrorKind.Unreachable, fault.Kind);
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task A_closed_port_is_unreachable()
    {
        ScriptedBroker broker = new();
        MqttClientOptions options = broker.Options;
        broker.Dispose();
        await using MqttClient client = new(options, TimeProvider.System);
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(CancellationToken.None));
        Assert.Equal(MqttErrorKind.Unreachable, fault.Kind);
        fault = await Assert.ThrowsAsync<MqttException>(() => Send(client, "m1"));
        Assert.Equal(MqttErrorKind.NotConnected, fault.Kind);
    }

    [Theory]
    [InlineData("36 07 0001 74 0001 00 61", "E00181")]      // QoS 3
    [InlineData("20 03 00 00 00", "E00182")]                // a second CONNACK
    [InlineData("F0 00", "E00182")]                         // AUTH
    [InlineData("30 FFFFFF7F", "E00195")]                   // larger than announced
    public async Task A_server_that_breaks_the_protocol_is_told_so_and_left(string packet, string farewell)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        Task<MqttReasonCode> send = Send(client, "m1");
        Assert.Equal(Message(1, "m1"), await peer.ReadHexAsync());
        await peer.SendAsync(packet);
        Assert.Equal(farewell, await peer.ReadHexAsync());
        Assert.True(await peer.IsClosedByPeerAsync());
        peer.Dispose();
        MqttException reason = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(MqttErrorKind.ProtocolError, reason.Kind);
        MqttException lost = await Assert.ThrowsAsync<MqttException>(() => send);
        Assert.Equal(MqttErrorKind.ConnectionLost, lost.Kind);
    }

    [Fact]
    public async Task A_server_that_sends_more_than_announced_is_held_back_until_an_acknowledgement()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options with { ReceiveMaximum = 2 }, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + TooMany);
        MqttMessage first = await NextAsync(client);
        MqttMessage second = await NextAsync(client);
        client.Acknowledge(second);
        Assert.False(client.Messages.TryRead(out _));
        client.Acknowledge(first);
        Assert.Equal("40020001", await peer.ReadHexAsync());
        Assert.Equal("40020002", await peer.ReadHexAsync());
        Assert.Equal(3, (await NextAsync(client)).PacketId);
        Assert.Equal(1, client.Statistics.Overruns);
    }

    [Fact]
    public async Task Held_back_too_long_the_connection_is_given_up_to_start_afresh()
    {
        ManualTimeProvider clock = new();
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options with { ReceiveMaximum = 2, KeepAlive = TimeSpan.FromSeconds(8) }, clock);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + TooMany);
        await NextAsync(client);

        // The three may come in two reads: the clock stands still until the third is held back.
        using CancellationTokenSource patience = new(ScriptedBroker.Patience);
        while (client.Statistics.Overruns == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        for (int count = 0; count < 3; count++)
        {
            clock.Advance(TimeSpan.FromSeconds(4));
            Assert.Equal("C000", await peer.ReadHexAsync());
        }

        Assert.True(client.IsConnected);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("E00193", await peer.ReadHexAsync());
        peer.Dispose();
        MqttException reason = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.True(reason.IsTransient);
    }

    [Fact]
    public async Task Packets_are_understood_byte_by_byte()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        Task<MqttConnectResult> connecting = client.ConnectAsync(CancellationToken.None);
        using ScriptedConnection peer = await broker.AcceptAsync(string.Empty);
        foreach (byte one in Hex.Bytes(Accepted + "32 07 0001 74 0007 00 61" + "32 07 0001 74 0008 00 62"))
        {
            await peer.SendAsync(Convert.ToHexString([one]));
        }

        Assert.False((await connecting.WaitAsync(ScriptedBroker.Patience)).SessionPresent);
        Assert.Equal(7, (await NextAsync(client)).PacketId);
        Assert.Equal(8, (await NextAsync(client)).PacketId);
    }

    [Fact]
    public async Task What_the_server_does_not_offer_is_not_sent()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);

        // Maximum QoS 0, no retain, packets up to 20 bytes, no wildcards, no shared subscriptions.
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 10 00 00 0D 24 00 25 00 27 00000014 28 00 2A 00");
        await ExpectAsync(MqttReasonCode.QoSNotSupported, () => Send(client, "m1"));
        await ExpectAsync(MqttReasonCode.RetainNotSupported, async () => await client.PublishAsync("t", default, MqttQoS.AtMostOnce, retain: true, CancellationToken.None));
        await ExpectAsync(MqttReasonCode.PacketTooLarge, async () => await client.PublishAsync("t", new byte[15], MqttQoS.AtMostOnce, retain: false, CancellationToken.None));
        await ExpectAsync(MqttReasonCode.WildcardSubscriptionsNotSupported, () => client.SubscribeAsync("a/#", MqttQoS.AtMostOnce, CancellationToken.None));
        await ExpectAsync(MqttReasonCode.SharedSubscriptionsNotSupported, () => client.SubscribeAsync("$share/a/b", MqttQoS.AtMostOnce, CancellationToken.None));
        await client.PublishAsync("t", new byte[14], MqttQoS.AtMostOnce, retain: false, CancellationToken.None);
        Assert.Equal(20, (await peer.ReadAsync()).Length);
    }

    [Fact]
    public async Task A_subscription_granted_below_what_was_asked_is_refused()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        Task lower = client.SubscribeAsync("a", MqttQoS.AtLeastOnce, CancellationToken.None);
        Assert.Equal(Hex.Plain("82 07 0001 00 0001 61 01"), await peer.ReadHexAsync());
        await peer.SendAsync("90 04 0001 00 00");
        await ExpectAsync(MqttReasonCode.Success, () => lower);
        Task denied = client.SubscribeAsync("b", MqttQoS.AtLeastOnce, CancellationToken.None);
        await peer.ReadAsync();
        await peer.SendAsync("90 04 0002 00 87");
        await ExpectAsync(MqttReasonCode.NotAuthorized, () => denied);
    }

    [Fact]
    public async Task A_cancelled_message_is_dropped_while_waiting_and_kept_once_it_has_left()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using CancellationTokenSource giveUp = new();
        byte[] memory = "m1"u8.ToArray();
        using (ScriptedConnection peer = await ConnectAsync(broker, client, "20 06 00 00 03 21 0001"))
        {
            Task<MqttReasonCode> left = client.PublishAsync("t", memory, MqttQoS.AtLeastOnce, retain: false, giveUp.Token).AsTask();
            Task<MqttReasonCode> waiting = client.PublishAsync("t", "m2"u8.ToArray(), MqttQoS.AtLeastOnce, retain: false, giveUp.Token).AsTask();
            Task<MqttReasonCode> patient = Send(client, "m3");
            Assert.Equal(Message(1, "m1"), await peer.ReadHexAsync());
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            memory.AsSpan().Clear();
            await peer.SendAsync("40 02 0001");
            Assert.Equal(Message(2, "m3"), await peer.ReadHexAsync());
            peer.Dispose();
            await Assert.ThrowsAsync<MqttException>(() => patient);
        }

        await client.Closed.WaitAsync(ScriptedBroker.Patience);
        using ScriptedConnection next = await ConnectAsync(broker, client, AcceptedWithSession);
        Assert.Equal("3A" + Message(2, "m3")[2..], await next.ReadHexAsync());
    }

    [Fact]
    public async Task A_disconnect_of_the_server_tells_why()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + "E0 02 8E 00");
        MqttException reason = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal((MqttErrorKind.ClosedByServer, MqttReasonCode.SessionTakenOver), (reason.Kind, reason.ReasonCode));
    }

    [Fact]
    public async Task Disconnecting_says_goodbye_and_fails_what_waits()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(broker.Options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        Task<MqttReasonCode> send = Send(client, "m1");
        Task goodbye = client.DisconnectAsync(CancellationToken.None);
        Assert.Equal(Message(1, "m1"), await peer.ReadHexAsync());
        Assert.Equal("E000", await peer.ReadHexAsync());
        Assert.True(await peer.IsClosedByPeerAsync());
        peer.Dispose();
        await goodbye.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(MqttErrorKind.ClosedByClient, (await Assert.ThrowsAsync<MqttException>(() => send)).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void A_wrong_option_is_an_argument_error(int port) =>
        Assert.Throws<ArgumentException>(() => new MqttClient(new MqttClientOptions { Host = "h", Port = port, ClientId = "c" }, TimeProvider.System));

    /// <summary>The bytes of a QoS 1 message on topic t.</summary>
    internal static string Message(int id, string content) =>
        Convert.ToHexString([0x32, (byte)(6 + content.Length), 0, 1, (byte)'t', 0, (byte)id, 0, .. Encoding.UTF8.GetBytes(content)]);

    private static async Task<ScriptedConnection> ConnectAsync(ScriptedBroker broker, MqttClient client, string answer)
    {
        Task<MqttConnectResult> connecting = client.ConnectAsync(CancellationToken.None);
        ScriptedConnection peer = await broker.AcceptAsync(answer);
        await connecting.WaitAsync(ScriptedBroker.Patience);
        return peer;
    }

    private static Task<MqttReasonCode> Send(MqttClient client, string content) =>
        client.PublishAsync("t", Encoding.UTF8.GetBytes(content), MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).AsTask();

    private static Task<MqttMessage> NextAsync(MqttClient client) => client.Messages.ReadAsync().AsTask().WaitAsync(ScriptedBroker.Patience);

    private static async Task ExpectAsync(MqttReasonCode code, Func<Task> action) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<MqttException>(action)).ReasonCode);
}
