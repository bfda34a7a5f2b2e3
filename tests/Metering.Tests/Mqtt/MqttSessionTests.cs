using System.Collections.Concurrent;
using System.Text;
using Metering.Mqtt;
using Xunit;

namespace Metering.Tests.Mqtt;

public sealed class MqttSessionTests
{
    private const string Subscribe = "820700010000016101";      // identifier 1, filter a, QoS 1
    private const string Granted = "90 04 0001 00 01";

    private static readonly MqttBackOff Quick = new() { FirstPause = TimeSpan.FromMilliseconds(1), FatalPause = TimeSpan.FromMilliseconds(1), JitterSeed = 1 };

    [Fact]
    public async Task Unacknowledged_messages_are_sent_again_first_with_the_same_identifiers_in_order()
    {
        using ScriptedBroker broker = new();
        await using MqttSession session = new(broker.Options, TimeProvider.System, [], Quick);
        session.Start();
        List<Task<MqttReasonCode>> sends = [];
        using (ScriptedConnection peer = await broker.AcceptAsync("20 03 00 00 00"))
        {
            await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
            for (int number = 1; number <= 4; number++)
            {
                sends.Add(Send(session, $"m{number}"));
                Assert.Equal(MqttClientTests.Message(number, $"m{number}"), await peer.ReadHexAsync());
            }

            await peer.SendAsync("40 02 0002");
            Assert.Equal(MqttReasonCode.Success, await sends[1].WaitAsync(ScriptedBroker.Patience));
        }

        // The window is now 2: the third has to wait for a place, and a new message for all of them.
        using ScriptedConnection next = await broker.AcceptAsync("20 06 01 00 03 21 0002");
        Assert.Equal("3A" + MqttClientTests.Message(1, "m1")[2..], await next.ReadHexAsync());
        Assert.Equal("3A" + MqttClientTests.Message(3, "m3")[2..], await next.ReadHexAsync());
        await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
        sends.Add(Send(session, "m5"));
        await next.SendAsync("40 02 0001");
        Assert.Equal("3A" + MqttClientTests.Message(4, "m4")[2..], await next.ReadHexAsync());
        await next.SendAsync("40 02 0003" + "40 02 0004");
        Assert.Equal(MqttClientTests.Message(5, "m5"), await next.ReadHexAsync());
        await next.SendAsync("40 02 0005");
        Assert.All(await Task.WhenAll(sends).WaitAsync(ScriptedBroker.Patience), static code => Assert.Equal(MqttReasonCode.Success, code));
        Assert.Equal(3, session.Statistics.MessagesResent);
        next.Dispose();
    }

    [Fact]
    public async Task When_the_broker_forgot_the_session_pending_messages_go_back_to_their_sender()
    {
        using ScriptedBroker broker = new();
        await using MqttSession session = new(broker.Options, TimeProvider.System, [new MqttSubscription("a")], Quick);
        session.Start();
        Task<MqttReasonCode> send;
        using (ScriptedConnection peer = await broker.AcceptAsync("20 03 00 00 00"))
        {
            Assert.Equal(Subscribe, await peer.ReadHexAsync());
            await peer.SendAsync(Granted);
            await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
            send = Send(session, "m1");
            Assert.Equal(MqttClientTests.Message(2, "m1"), await peer.ReadHexAsync());
        }

        using ScriptedConnection next = await broker.AcceptAsync("20 03 00 00 00");
        Assert.Equal(MqttErrorKind.NotConnected, (await Assert.ThrowsAsync<MqttException>(() => send.WaitAsync(ScriptedBroker.Patience))).Kind);
        Assert.Equal("82070003" + Subscribe[8..], await next.ReadHexAsync());
        next.Dispose();
    }

    [Fact]
    public async Task Publishing_while_offline_fails_at_once_and_a_bad_password_is_told()
    {
        using ScriptedBroker broker = new();
        await using MqttSession session = new(broker.Options, TimeProvider.System, [], Quick);
        Assert.Equal(MqttErrorKind.NotConnected, (await Assert.ThrowsAsync<MqttException>(() => Send(session, "m1"))).Kind);

        ConcurrentQueue<MqttSessionStatus> changes = new();
        TaskCompletionSource<MqttException?> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        session.StatusChanged += (_, change) =>
        {
            changes.Enqueue(change.Status);
            if (change.Status.State == MqttSessionState.Waiting)
            {
                told.TrySetResult(session.FatalFault);
            }
        };
        session.Start();
        using (await broker.AcceptAsync("20 03 00 86 00"))
        {
            Assert.Equal(MqttReasonCode.BadUserNameOrPassword, (await told.Task.WaitAsync(ScriptedBroker.Patience))?.ReasonCode);
        }

        using ScriptedConnection peer = await broker.AcceptAsync("20 03 00 00 00");
        await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
        Assert.Null(session.FatalFault);
        Assert.Equal([MqttSessionState.Waiting, MqttSessionState.Connecting, MqttSessionState.Connected], changes.Select(static one => one.State));
        peer.Dispose();
    }

    [Fact]
    public async Task Pauses_grow_are_spread_and_slow_after_a_fatal_fault()
    {
        List<TimeSpan> pauses = await PausesAsync("20 03 00 89 00", 9);
        double[] nominal = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        for (int index = 0; index < nominal.Length; index++)
        {
            Assert.InRange(pauses[index].TotalSeconds, nominal[index] / 2, nominal[index]);
        }

        Assert.Equal(9, pauses.Distinct().Count());
        Assert.All(await PausesAsync("20 03 00 87 00", 2), static pause => Assert.InRange(pause.TotalSeconds, 30, 60));
    }

    [Fact]
    public async Task Stopping_ends_messages_and_what_is_pending_offline()
    {
        using ScriptedBroker broker = new();
        MqttSession session = new(broker.Options, TimeProvider.System, [], Quick with { FirstPause = TimeSpan.FromHours(1), LongestPause = TimeSpan.FromHours(1) });
        session.Start();
        Task<MqttReasonCode> send;
        using (ScriptedConnection peer = await broker.AcceptAsync("20 03 00 00 00"))
        {
            await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
            send = Send(session, "m1");
            await peer.ReadAsync();
        }

        await session.DisposeAsync().AsTask().WaitAsync(ScriptedBroker.Patience);
        await Assert.ThrowsAsync<MqttException>(() => send.WaitAsync(ScriptedBroker.Patience));
        Assert.False(await session.Messages.WaitToReadAsync());
        Assert.Equal(MqttSessionState.Stopped, session.Status.State);
    }

    /// <summary>Lets a session be refused again and again on a clock that jumps over its pauses.</summary>
    private static async Task<List<TimeSpan>> PausesAsync(string refusal, int count)
    {
        ManualTimeProvider clock = new();
        using ScriptedBroker broker = new();
        await using MqttSession session = new(broker.Options, clock, [], new MqttBackOff { JitterSeed = 7 });
        System.Threading.Channels.Channel<TimeSpan> waiting = System.Threading.Channels.Channel.CreateUnbounded<TimeSpan>();
        session.StatusChanged += (_, change) =>
        {
            if (change.Status.State == MqttSessionState.Waiting)
            {
                waiting.Writer.TryWrite(change.Status.Pause);
            }
        };
        session.Start();
        List<TimeSpan> pauses = [];
        while (pauses.Count < count)
        {
            using ScriptedConnection peer = await broker.AcceptAsync(refusal);
            pauses.Add(await waiting.Reader.ReadAsync().AsTask().WaitAsync(ScriptedBroker.Patience));
            await clock.WaitForTimerAsync(pauses[^1]).WaitAsync(ScriptedBroker.Patience);
            clock.Advance(pauses[^1]);
        }

        return pauses;
    }

    private static Task<MqttReasonCode> Send(MqttSession session, string content) =>
        session.PublishAsync("t", Encoding.UTF8.GetBytes(content), MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).AsTask();
}
