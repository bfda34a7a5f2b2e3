using System.Net;
using System.Net.Sockets;
using Metering.Gateway.Inputs;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Tests.Meters;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.GatewayHost;

public sealed class HistoryWalkTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    [Fact]
    public void A_walk_through_the_past_stops_when_the_meters_are_gone_instead_of_filling_years_with_marks()
    {
        using OutboxHarness harness = new();
        using TcpListener control = new(IPAddress.Loopback, 0);
        control.Start();
        Thread field = new(() => Answer(control)) { IsBackground = true };
        field.Start();
        using PollCycle cycle = new(
            [new() { Id = "a", Tcp = new("127.0.0.1", ClosedPort()), AnswerTimeout = Interval, Meters = [new("m1", 1, TestProfiles.UInt32At([0, 2]))] }],
            Interval,
            harness.Clock,
            NullLogger.Instance);
        using GatewayOutbox outbox = harness.Open();
        using FieldDelivery delivery = new(harness.Directory, "g", _ => null, OutboxHarness.Channels, null, _ => { });
        using CycleDesk desk = new(new(OutboxHarness.Channels, _ => null), delivery, harness.Directory, (outbox.Add, outbox.Flush), _ => { });
        HistoryWalker walker = new(cycle, desk, outbox, harness.Clock, harness.Clock.GetTimestamp());
        using VirtualClock clock = VirtualClock.Connect("127.0.0.1", ((IPEndPoint)control.LocalEndpoint).Port, "plant");
        HistoryWalk walk = new(harness.Clock.GetUtcNow(), harness.Clock.GetUtcNow().AddDays(365), ThenLive: false);
        VirtualClockException? problem = null;
        Thread thread = new(() => problem = Assert.Throws<VirtualClockException>(() => walker.Walk(walk, Interval, clock, CancellationToken.None)));
        thread.Start();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                harness.Clock.Advance(TimeSpan.FromMilliseconds(250));
                return !thread.IsAlive;
            },
            TimeSpan.FromSeconds(60)));
        outbox.Flush();
        Assert.NotNull(problem);
        Assert.Equal((0L, 0L), (outbox.DurableReadings, walker.ReadingCount));
    }

    private static int ClosedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Answer(TcpListener control)
    {
        try
        {
            using TcpClient client = control.AcceptTcpClient();
            using StreamReader reader = new(client.GetStream());
            using StreamWriter writer = new(client.GetStream()) { AutoFlush = true, NewLine = "\n" };
            while (reader.ReadLine() is not null)
            {
                writer.WriteLine("ok");
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The test has ended.
        }
    }
}
