using System.Diagnostics;
using Metering.Mqtt;
using Metering.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>Prints rates against a real mosquitto; asserts only that nothing is lost, as times here say more about the machine.</summary>
public sealed class MqttSpeed(ITestOutputHelper output)
{
    private const int PayloadBytes = 100;
    private const int Window = 100;
    private const int Rounds = 5;
    private const int MessagesPerRound = 40_000;

    [NeedsFact("mosquitto")]
    public async Task Publishing_and_receiving_rates_are_printed()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(new MosquittoSettings { AutosaveSeconds = 1800 });

        await using MqttClient receiver = new(broker.Options("receiver"), TimeProvider.System);
        await receiver.ConnectAsync(CancellationToken.None);
        await receiver.SubscribeAsync("speed", MqttQoS.AtLeastOnce, CancellationToken.None);
        await receiver.DisconnectAsync(CancellationToken.None);
        await using MqttClient sender = new(broker.Options("sender"), TimeProvider.System);
        await sender.ConnectAsync(CancellationToken.None);
        for (int round = 0; round < Rounds; round++)
        {
            await MeasureAsync($"publish QoS 1, window {Window}, {PayloadBytes} B", () => PublishAsync(sender));
            await receiver.ConnectAsync(CancellationToken.None);
            await MeasureAsync("drain with an acknowledgement each", () => DrainAsync(receiver));
            await receiver.DisconnectAsync(CancellationToken.None);
        }
    }

    // Without the test runner's synchronization context, which our hosts do not have either.
    private static Task PublishAsync(MqttClient sender)
    {
        return Task.WhenAll(Enumerable.Range(0, Window).Select(_ => PublishSomeAsync(sender)));
    }

    private static async Task PublishSomeAsync(MqttClient sender)
    {
        byte[] payload = new byte[PayloadBytes];
        for (int count = 0; count < MessagesPerRound / Window; count++)
        {
            MqttReasonCode code = await sender.PublishAsync("speed", payload, MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).ConfigureAwait(false);
            if (code != MqttReasonCode.Success)
            {
                Assert.Fail($"The broker answered {code}.");
            }
        }
    }

    private static async Task DrainAsync(MqttClient receiver)
    {
        for (int count = 0; count < MessagesPerRound; count++)
        {
            receiver.Acknowledge(await receiver.Messages.ReadAsync().ConfigureAwait(false));
        }
    }

    private async Task MeasureAsync(string what, Func<Task> work)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await work().WaitAsync(TimeSpan.FromMinutes(2));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        output.WriteLine($"{what}: {MessagesPerRound / elapsed.TotalSeconds:N0}/s, {processor.TotalMicroseconds / MessagesPerRound:F1} us CPU, {allocated / MessagesPerRound} B each");
    }
}
