using System.Text;
using Metering.Mqtt;
using Xunit;

namespace Metering.Tests.Mqtt;

/// <summary>
/// What a broker's own tests ask of a client, scenario by scenario, in bytes worked out from MQTT 5.0. The README of the client
/// names for each of those scenarios the test that answers it.
/// </summary>
public sealed class ClientScenarioTests
{
    private const string Accepted = "20 03 00 00 00";
    private const string AcceptedWithSession = "20 03 01 00 00";

    /// <summary>Properties of CONNECT that are always there: receive maximum 100, maximum packet size 1 MiB.</summary>
    private const string Limits = "21 0064 27 00100000";

    private static readonly MqttWill Gone = new() { Topic = "s", Payload = new byte[] { 1, 2 }, QoS = MqttQoS.AtMostOnce };

    /// <summary>What is set, and the CONNECT of a client named c with keep-alive 60 s.</summary>
    public static TheoryData<string, string> Connects => new()
    {
        { "clean", "10 16 0004 4D515454 05 02 003C 08" + Limits + "0001 63" },
        { "kept session", "10 1B 0004 4D515454 05 00 003C 0D 11 00000E10" + Limits + "0001 63" },
        { "user", "10 1C 0004 4D515454 05 C2 003C 08" + Limits + "0001 63 0001 75 0001 70" },
        { "user without password", "10 19 0004 4D515454 05 82 003C 08" + Limits + "0001 63 0001 75" },
        { "will", "10 1E 0004 4D515454 05 06 003C 08" + Limits + "0001 63 00 0001 73 0002 0102" },
        { "user and retained will", "10 24 0004 4D515454 05 EE 003C 08" + Limits + "0001 63 00 0001 73 0002 0102 0001 75 0001 70" },
    };

    [Theory]
    [MemberData(nameof(Connects))]
    public async Task Connecting_and_leaving_are_these_bytes_and_no_others(string what, string expected)
    {
        using ScriptedBroker broker = new();
        MqttClientOptions plain = Plain(broker);
        MqttClientOptions options = what switch
        {
            "kept session" => plain with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) },
            "user" => plain with { UserName = "u", Password = "p" },
            "user without password" => plain with { UserName = "u" },
            "will" => plain with { Will = Gone },
            "user and retained will" => plain with { UserName = "u", Password = "p", Will = Gone with { QoS = MqttQoS.AtLeastOnce, Retain = true } },
            _ => plain,
        };
        await using MqttClient client = new(options, TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        Assert.Equal(Hex.Plain(expected), peer.Connect);
        Task leaving = client.DisconnectAsync(CancellationToken.None);
        Assert.Equal("E000", await peer.ReadHexAsync());
        Assert.True(await peer.IsClosedByPeerAsync());
        peer.Dispose();
        await leaving.WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task A_quiet_line_is_pinged_within_the_keep_alive_and_stays_up()
    {
        ManualTimeProvider clock = new();
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker) with { KeepAlive = TimeSpan.FromSeconds(4) }, clock);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        for (int round = 0; round < 3; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal("C000", await peer.ReadHexAsync());
            await peer.SendAsync("D0 00" + "30 05 0001 74 00 61");
            await NextAsync(client);        // so the answer to the ping has been seen
        }

        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task A_server_that_asks_for_no_keep_alive_is_pinged_all_the_same()
    {
        ManualTimeProvider clock = new();
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), clock);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 06 00 00 03 13 0000");
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("C000", await peer.ReadHexAsync());
    }

    [Theory]
    [InlineData(MqttQoS.AtMostOnce, "00")]
    [InlineData(MqttQoS.AtLeastOnce, "01")]
    public async Task A_subscription_is_these_bytes_and_ends_with_its_answer(MqttQoS qos, string options)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        Task subscribing = client.SubscribeAsync("qos/test", qos, CancellationToken.None);
        Assert.Equal(Hex.Plain("82 0E 0001 00 0008 716F732F74657374" + options), await peer.ReadHexAsync());
        Assert.False(subscribing.IsCompleted);
        await peer.SendAsync("90 04 0001 00" + options);
        await subscribing.WaitAsync(ScriptedBroker.Patience);
    }

    [Theory]
    [InlineData("topic", "", false, "30 08 0005 746F706963 00")]
    [InlineData("topic", "message", false, "30 0F 0005 746F706963 00 6D657373616765")]
    [InlineData("topic", "message", true, "31 0F 0005 746F706963 00 6D657373616765")]
    public async Task A_message_of_qos_0_is_these_bytes(string topic, string content, bool retain, string expected)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        _ = await client.PublishAsync(topic, Encoding.ASCII.GetBytes(content), MqttQoS.AtMostOnce, retain, CancellationToken.None);
        Assert.Equal(Hex.Plain(expected), await peer.ReadHexAsync());
    }

    [Theory]
    [InlineData("40 02 0001", MqttReasonCode.Success)]
    [InlineData("40 03 0001 00", MqttReasonCode.Success)]
    [InlineData("40 04 0001 00 00", MqttReasonCode.Success)]
    [InlineData("40 11 0001 00 0D 26 0003 6B6579 0005 76616C7565", MqttReasonCode.Success)]
    [InlineData("40 0A 0001 87 06 1F 0003 6E6F21", MqttReasonCode.NotAuthorized)]
    public async Task An_acknowledgement_may_be_short_or_long(string answer, MqttReasonCode expected)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        Task<MqttReasonCode> send = Send(client, "m1");
        Assert.Equal(MqttClientTests.Message(1, "m1"), await peer.ReadHexAsync());
        await peer.SendAsync(answer);
        Assert.Equal(expected, await send.WaitAsync(ScriptedBroker.Patience));
    }

    [Fact]
    public async Task A_receive_maximum_of_one_lets_one_message_out_at_a_time()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 06 00 00 03 21 0001");
        Task<MqttReasonCode>[] sends = [.. Enumerable.Range(1, 5).Select(number => Send(client, $"m{number}"))];
        for (int number = 1; number <= 5; number++)
        {
            Assert.Equal(MqttClientTests.Message(number, $"m{number}"), await peer.ReadHexAsync());

            // QoS 0 is not held up, so it shows that no further message has left.
            _ = await client.PublishAsync("t", default, MqttQoS.AtMostOnce, retain: false, CancellationToken.None);
            Assert.Equal(Hex.Plain("30 04 0001 74 00"), await peer.ReadHexAsync());
            Assert.False(sends[number - 1].IsCompleted);
            await peer.SendAsync($"40 02 000{number}");
        }

        _ = await Task.WhenAll(sends).WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task A_server_with_a_maximum_of_qos_1_gets_qos_1()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 05 00 00 02 24 01");
        Task<MqttReasonCode> send = Send(client, "m1");
        Assert.Equal(MqttClientTests.Message(1, "m1"), await peer.ReadHexAsync());
        await peer.SendAsync("40 02 0001");
        Assert.Equal(MqttReasonCode.Success, await send.WaitAsync(ScriptedBroker.Patience));
    }

    [Fact]
    public async Task A_server_without_qos_1_is_told_as_not_supported_and_nothing_leaves()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 05 00 00 02 24 00");
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => Send(client, "m1"));
        Assert.Equal((MqttErrorKind.NotSupported, MqttReasonCode.QoSNotSupported), (fault.Kind, fault.ReasonCode));
        Assert.Contains("QoS 1", fault.Message, StringComparison.Ordinal);
        _ = await client.PublishAsync("t", default, MqttQoS.AtMostOnce, retain: false, CancellationToken.None);
        Assert.Equal(Hex.Plain("30 04 0001 74 00"), await peer.ReadHexAsync());
    }

    [Fact]
    public async Task Qos_2_is_an_argument_error_in_both_directions()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await client.PublishAsync("t", default, (MqttQoS)2, retain: false, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.SubscribeAsync("t", (MqttQoS)2, CancellationToken.None));
        _ = await client.PublishAsync("t", default, MqttQoS.AtMostOnce, retain: false, CancellationToken.None);
        Assert.Equal(Hex.Plain("30 04 0001 74 00"), await peer.ReadHexAsync());
    }

    [Fact]
    public async Task A_message_of_qos_2_is_refused_with_a_code_that_a_client_may_send()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + "34 07 0001 74 0007 00 61");
        Assert.Equal("E00182", await peer.ReadHexAsync());
        Assert.True(await peer.IsClosedByPeerAsync());
        peer.Dispose();
        MqttException reason = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(MqttErrorKind.ProtocolError, reason.Kind);
        Assert.Contains("QoS 2", reason.Message, StringComparison.Ordinal);
        Assert.False(client.Messages.TryRead(out _));
    }

    [Theory]
    [InlineData("62 02 03E8")]
    [InlineData("62 03 03E8 00")]
    [InlineData("62 04 03E8 00 00")]
    public async Task A_release_of_nothing_is_answered_so_that_the_broker_forgets_it(string release)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + release);
        Assert.Equal(Hex.Plain("70 03 03E8 92"), await peer.ReadHexAsync());
        await StillTalksAsync(client, peer);
        Assert.Equal(1, client.Statistics.UnknownAcknowledgements);
    }

    [Theory]
    [InlineData("70 02 03E8")]
    [InlineData("70 03 03E8 92")]
    public async Task A_completion_of_nothing_is_counted_and_ignored(string packet)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + packet);
        await StillTalksAsync(client, peer);
        Assert.Equal(1, client.Statistics.UnknownAcknowledgements);
    }

    [Theory]
    [InlineData("60 02 03E8", "E00181")]       // PUBREL without its reserved bits
    [InlineData("62 02 0000", "E00182")]       // of no identifier
    [InlineData("62 01 03", "E00181")]         // cut off
    [InlineData("50 02 03E8", "E00182")]       // PUBREC: nothing of QoS 2 was ever sent
    [InlineData("B0 04 03E8 00 00", "E00182")] // UNSUBACK: nothing was ever unsubscribed
    [InlineData("C0 00", "E00182")]     // a packet only clients send
    public async Task Packets_that_have_no_place_end_the_connection_with_their_code(string packet, string farewell)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + packet);
        Assert.Equal(farewell, await peer.ReadHexAsync());
        Assert.True(await peer.IsClosedByPeerAsync());
        peer.Dispose();
        Assert.Equal(MqttErrorKind.ProtocolError, (await client.Closed.WaitAsync(ScriptedBroker.Patience)).Kind);
    }

    [Fact]
    public async Task Properties_of_a_message_that_are_not_used_do_no_harm()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);

        // Payload format, expiry, content type, response topic, correlation data, subscription identifier, user property twice.
        string properties = "01 01" + "02 0000003C" + "03 0001 78" + "08 0001 72" + "09 0002 0102" + "0B 8001" + "26 0001 6B 0001 76" + "26 0001 6B 0001 77";
        int length = Hex.Bytes(properties).Length;
        using ScriptedConnection peer = await ConnectAsync(broker, client, Accepted + $"32 {length + 7:X2} 0001 74 0009 {length:X2}" + properties + "61");
        MqttMessage message = await NextAsync(client);
        Assert.Equal(("t", "a"), (message.Topic, Encoding.ASCII.GetString(message.Payload.Span)));
        client.Acknowledge(message);
        Assert.Equal("40020009", await peer.ReadHexAsync());
    }

    [Fact]
    public async Task What_is_larger_than_the_server_takes_is_not_sent_and_one_byte_less_is()
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);

        // Ten aliases, packets up to 30 bytes, receive maximum 20.
        using ScriptedConnection peer = await ConnectAsync(broker, client, "20 0E 00 00 0B 22 000A 27 0000001E 21 0014");
        Assert.Equal(MqttErrorKind.PacketTooLarge, (await Assert.ThrowsAsync<MqttException>(() => PublishAsync(client, 18, MqttQoS.AtMostOnce))).Kind);
        Assert.Equal(MqttErrorKind.PacketTooLarge, (await Assert.ThrowsAsync<MqttException>(() => PublishAsync(client, 16, MqttQoS.AtLeastOnce))).Kind);
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync(new string('f', 23), MqttQoS.AtLeastOnce, CancellationToken.None));
        Assert.Equal((MqttErrorKind.PacketTooLarge, MqttReasonCode.PacketTooLarge), (fault.Kind, fault.ReasonCode));
        _ = await PublishAsync(client, 17, MqttQoS.AtMostOnce);
        Assert.Equal(30, (await peer.ReadAsync()).Length);
        Task<MqttReasonCode> send = PublishAsync(client, 15, MqttQoS.AtLeastOnce);
        Assert.Equal(30, (await peer.ReadAsync()).Length);
        await peer.SendAsync("40 02 0001");
        _ = await send.WaitAsync(ScriptedBroker.Patience);
        Task subscribing = client.SubscribeAsync(new string('f', 22), MqttQoS.AtLeastOnce, CancellationToken.None);
        Assert.Equal(30, (await peer.ReadAsync()).Length);
        await peer.SendAsync("90 04 0002 00 01");
        await subscribing.WaitAsync(ScriptedBroker.Patience);
    }

    [Theory]
    [InlineData("F0 0F 18 0D 15 0004 74657374 16 0003 616263")]      // asks for an exchange of secrets that was not offered
    [InlineData("40 02 0001")]
    public async Task A_server_that_does_not_begin_with_its_answer_is_left(string first)
    {
        using ScriptedBroker broker = new();
        await using MqttClient client = new(Plain(broker), TimeProvider.System);
        Task<MqttConnectResult> connecting = client.ConnectAsync(CancellationToken.None);
        using ScriptedConnection peer = await broker.AcceptAsync(first);
        Assert.Equal(MqttErrorKind.ProtocolError, (await Assert.ThrowsAsync<MqttException>(() => connecting.WaitAsync(ScriptedBroker.Patience))).Kind);
        Assert.True(await peer.IsClosedByPeerAsync());
    }

    [Fact]
    public async Task A_client_that_was_killed_gets_again_what_it_had_not_acknowledged_and_numbers_its_own_from_one()
    {
        using ScriptedBroker broker = new();
        MqttClientOptions options = Plain(broker) with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };
        await using (MqttClient killed = new(options, TimeProvider.System))
        {
            using ScriptedConnection first = await ConnectAsync(broker, killed, Accepted + "32 07 0001 74 0005 00 61");
            _ = await NextAsync(killed);
            Task<MqttReasonCode> lost = Send(killed, "m1");
            Assert.Equal(MqttClientTests.Message(1, "m1"), await first.ReadHexAsync());
            await killed.AbortAsync();
            _ = await Assert.ThrowsAsync<MqttException>(() => lost);
        }

        // Another object, which knows nothing, as after kill -9; the broker kept the session.
        await using MqttClient client = new(options, TimeProvider.System);
        using ScriptedConnection second = await ConnectAsync(broker, client, AcceptedWithSession + "3A 07 0001 74 0005 00 61" + "40 02 0001");
        MqttMessage again = await NextAsync(client);
        Assert.True(again.Duplicate);
        client.Acknowledge(again);
        Assert.Equal("40020005", await second.ReadHexAsync());
        Task<MqttReasonCode> send = Send(client, "m2");
        Assert.Equal(MqttClientTests.Message(1, "m2"), await second.ReadHexAsync());
        Assert.False(send.IsCompleted);     // the acknowledgement of the dead client's message was not taken for this one's
        await second.SendAsync("40 02 0001");
        Assert.Equal(MqttReasonCode.Success, await send.WaitAsync(ScriptedBroker.Patience));
    }

    private static MqttClientOptions Plain(ScriptedBroker broker) =>
        new() { Host = "127.0.0.1", Port = broker.Port, ClientId = "c", CleanStart = true, KeepAlive = TimeSpan.FromSeconds(60) };

    private static async Task<ScriptedConnection> ConnectAsync(ScriptedBroker broker, MqttClient client, string answer)
    {
        Task<MqttConnectResult> connecting = client.ConnectAsync(CancellationToken.None);
        ScriptedConnection peer = await broker.AcceptAsync(answer);
        _ = await connecting.WaitAsync(ScriptedBroker.Patience);
        return peer;
    }

    private static async Task StillTalksAsync(MqttClient client, ScriptedConnection peer)
    {
        Task<MqttReasonCode> send = Send(client, "m1");
        Assert.Equal(MqttClientTests.Message(1, "m1"), await peer.ReadHexAsync());
        await peer.SendAsync("40 02 0001");
        Assert.Equal(MqttReasonCode.Success, await send.WaitAsync(ScriptedBroker.Patience));
    }

    private static Task<MqttReasonCode> Send(MqttClient client, string content) =>
        client.PublishAsync("t", Encoding.UTF8.GetBytes(content), MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).AsTask();

    private static Task<MqttReasonCode> PublishAsync(MqttClient client, int payloadLength, MqttQoS qos) =>
        client.PublishAsync("pub/test", new byte[payloadLength], qos, retain: false, CancellationToken.None).AsTask();

    private static Task<MqttMessage> NextAsync(MqttClient client) => client.Messages.ReadAsync().AsTask().WaitAsync(ScriptedBroker.Patience);
}
