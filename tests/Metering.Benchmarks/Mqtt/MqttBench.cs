using System.Diagnostics;
using System.Globalization;
using Metering.Benchmarks.Ingestion;
using Metering.Mqtt;

namespace Metering.Benchmarks.Mqtt;

/// <summary>
/// `bench mqtt`: how many QoS 1 messages a second the gateway's client brings to a real mosquitto, beside a raw C pipeline
/// (mqtt_baseline.c, compiled here) in the same run, taken in turns. Goals: 60,000/s or 0.7 of C, and 64 bytes allocated a message.
/// </summary>
internal static class MqttBench
{
    private const int Rounds = 7;
    private const int Window = 100;
    private const int MessagesARound = 40_000;
    private const int PayloadLength = 100;
    private const double GoalPerSecond = 60_000;
    private const double GoalRatio = 0.7;
    private const long GoalAllocated = 64;
    private const string User = "bench";
    private const string Topic = "metering/v1/bench/up/batch";

    public static async Task<int> RunAsync()
    {
        string root = Environment.GetEnvironmentVariable("METERING_ROOT") ?? ".";
        if (LoadBroker.Find() is null)
        {
            Console.Error.WriteLine("bench mqtt: mosquitto is not installed. Run: sudo apt-get install -y mosquitto");
            return 69;
        }

        string folder = Directory.CreateTempSubdirectory("metering-mqtt-").FullName;
        try
        {
            string baseline = Path.Combine(folder, "mqtt_baseline");
            if (Run("cc", "-O2", "-o", baseline, Path.Combine(root, "tests", "Metering.Benchmarks", "mqtt_baseline.c")) is null)
            {
                Console.Error.WriteLine("bench mqtt: the C baseline could not be compiled. Run: sudo apt-get install -y gcc libc6-dev");
                return 69;
            }

            using LoadBroker broker = LoadBroker.Start(Path.Combine(folder, "broker"), [User]);
            return await MeasureAsync(broker, baseline) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> MeasureAsync(LoadBroker broker, string baseline)
    {
        List<double> own = [];
        List<double> raw = [];
        List<long> allocated = [];
        await using MqttClient client = new(broker.Options(User), TimeProvider.System);
        for (int round = 0; round <= Rounds; round++)
        {
            if (Run(baseline, broker.Port.ToString(CultureInfo.InvariantCulture), User, LoadBroker.CloudPassword, Topic, MessagesARound.ToString(CultureInfo.InvariantCulture)) is not string text
                || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rawRate))
            {
                Console.Error.WriteLine("bench mqtt: the C baseline failed");
                return false;
            }

            // Both use the same name at the broker, one after the other.
            _ = await client.ConnectAsync(CancellationToken.None);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long begin = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Window).Select(_ => PublishSomeAsync(client)));
            double rate = MessagesARound / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            long bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / MessagesARound;
            await client.DisconnectAsync(CancellationToken.None);
            if (round == 0)
            {
                continue;       // warm-up
            }

            own.Add(rate);
            raw.Add(rawRate);
            allocated.Add(bytes);
            Print($"  round {round}: {rate:N0}/s, raw C {rawRate:N0}/s, {bytes} B a message");
        }

        double ratio = Median([.. own.Zip(raw, (left, right) => left / right)]);
        bool isGood = (Median(own) >= GoalPerSecond || ratio >= GoalRatio) && allocated.Max() <= GoalAllocated;
        Print($"mqtt: {Median(own):N0} QoS 1 messages/s, {ratio:F2} of raw C, at most {allocated.Max()} B allocated a message: {(isGood ? "reached" : "NOT REACHED")} ({GoalPerSecond:N0}/s or {GoalRatio:F1} of C, {GoalAllocated} B)");
        return isGood;
    }

    private static async Task PublishSomeAsync(MqttClient client)
    {
        byte[] payload = new byte[PayloadLength];
        for (int count = 0; count < MessagesARound / Window; count++)
        {
            MqttReasonCode code = await client.PublishAsync(Topic, payload, MqttQoS.AtLeastOnce, retain: false, CancellationToken.None).ConfigureAwait(false);
            if ((int)code >= (int)MqttReasonCode.UnspecifiedError)
            {
                throw new InvalidOperationException($"the broker answered {code}");
            }
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // Standard output of a program that went well; null for one that did not, or is not there.
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
