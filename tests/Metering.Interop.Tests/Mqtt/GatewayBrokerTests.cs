using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Metering.Gateway.Diagnosis.Health;
using Metering.Mqtt;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Xunit;
using Topics = Metering.Readings.Topics;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>The gateway's executable and its doctor against a real mosquitto set up as cloud/broker does, when all is right and with one thing wrong.</summary>
public sealed class GatewayBrokerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    [NeedsTheory("mosquitto")]
    [InlineData("password", false)]
    [InlineData("tls", true)]
    [InlineData("mtls", true)]
    public async Task Batches_arrive_over_a_login_as_a_user_configures_it(string kind, bool hasTls)
    {
        await using BrokerCase one = await BrokerCase.StartAsync(kind);
        await using MqttClient cloud = new(one.CloudOptions(hasTls), TimeProvider.System);
        await cloud.ConnectAsync(CancellationToken.None);
        await cloud.SubscribeAsync(Topics.AllBatches, MqttQoS.AtLeastOnce, CancellationToken.None);
        one.Gateway.Start();
        MqttMessage batch = await cloud.Messages.ReadAsync().AsTask().WaitAsync(Deadline);
        Assert.Equal(Topics.Batch("plant"), batch.Topic);
        one.Gateway.Stop();

        IReadOnlyList<HealthCheck> checks = await one.ExamineAsync();
        Assert.Equal(["broker-dns", "broker-tcp", "broker-login", "broker-topics"], checks.Select(check => check.Name));
        Assert.DoesNotContain(checks, check => check.Mark == HealthMark.Bad);
        Assert.Equal(HealthMark.Notice, checks[^1].Mark);       // nobody receives the question here
    }

    [NeedsTheory("mosquitto")]
    [InlineData("wrong password", "broker-login", 77, "Check broker.userName and broker.passwordFile", "Revise broker.userName y broker.passwordFile")]
    [InlineData("other authority", "broker-tls", 69, "is not the authority (CA)", "no es la autoridad (CA)")]
    [InlineData("expired", "broker-tls", 69, "renew the broker's certificate", "renueve el certificado del broker")]
    [InlineData("other name", "broker-tls", 69, "the name that stands in the certificate", "el nombre que está en el certificado")]
    [InlineData("no own certificate", "broker-tls", 69, "heck broker.tls.certificateFile", "evise broker.tls.certificateFile")]
    [InlineData("own expired", "broker-tls", 69, "heck broker.tls.certificateFile", "evise broker.tls.certificateFile")]
    [InlineData("tls against plain", "broker-tls", 69, "TLS must be set the same on both sides", "TLS debe estar igual en los dos lados")]
    [InlineData("plain against tls", "broker-login", 69, "TLS must be set the same on both sides", "TLS debe estar igual en los dos lados")]
    [InlineData("no subscriptions", "broker-topics", 77, "pattern read metering/v1/%u/down/#", "pattern read metering/v1/%u/down/#")]
    public async Task A_fault_of_the_connection_is_told_and_the_readings_wait(string fault, string stage, int exitCode, string english, string spanish)
    {
        if (fault == "no subscriptions" && !File.Exists(BrokerCase.DynamicSecurity))
        {
            return;
        }

        await using BrokerCase one = await BrokerCase.StartAsync(fault);
        IReadOnlyList<HealthCheck> checks = await one.ExamineAsync();
        HealthCheck bad = Assert.Single(checks, check => check.Mark == HealthMark.Bad);
        Assert.Equal((stage, exitCode), (bad.Name, bad.ExitCode));
        Assert.Contains(english, bad.Remedy!.In(Language.English), StringComparison.Ordinal);
        Assert.Contains(spanish, bad.Remedy.In(Language.Spanish), StringComparison.Ordinal);

        // A refusal of our certificate comes after the handshake of TLS 1.3: as an alert, or as a connection cut before it is read.
        await AssertToldAndKeptAsync(one, english, spanish, mostLines: fault.Contains("own", StringComparison.Ordinal) ? 2 : 1);
    }

    [NeedsTheory("mosquitto")]
    [InlineData("no rights", "metering/v1/plant/up/batch (0x87)", "pattern write metering/v1/%u/up/#", "pattern write metering/v1/%u/up/#")]
    [InlineData("small packets", "larger than the broker accepts (400 bytes", "Raise max_packet_size", "Suba max_packet_size")]
    public async Task What_the_broker_does_not_take_is_told_once_and_waits(string fault, string what, string english, string spanish)
    {
        await using BrokerCase one = await BrokerCase.StartAsync(fault);
        string log = await AssertToldAndKeptAsync(one, english, spanish, topic: "up/batch");
        Assert.Contains(what, log, StringComparison.Ordinal);
    }

    [NeedsFact("mosquitto")]
    public async Task A_web_server_in_place_of_the_broker_is_named()
    {
        using TcpListener web = new(IPAddress.Loopback, 0);
        web.Start();
        Task serving = ServeAsync(web, 2);
        MqttClientOptions options = new() { Host = "127.0.0.1", Port = ((IPEndPoint)web.LocalEndpoint).Port, ClientId = "plant" };
        IReadOnlyList<HealthCheck> checks = await BrokerHealth.CheckAsync(options, isRunning: false, TimeProvider.System, CancellationToken.None);
        HealthCheck bad = Assert.Single(checks, check => check.Mark == HealthMark.Bad);
        Assert.Equal(("broker-login", 69), (bad.Name, bad.ExitCode));
        Assert.Contains("web server (HTTP)", bad.What.In(Language.English), StringComparison.Ordinal);
        Assert.Contains("una página web", bad.Remedy!.In(Language.Spanish), StringComparison.Ordinal);
        await serving.WaitAsync(Deadline);
    }

    [NeedsFact("mosquitto")]
    public async Task A_broker_that_is_not_running_is_told_as_such()
    {
        await using BrokerCase one = await BrokerCase.StartAsync("password");
        await one.Broker.StopAsync();
        HealthCheck bad = Assert.Single(await one.ExamineAsync(), check => check.Mark == HealthMark.Bad);
        Assert.Equal("broker-tcp", bad.Name);
        await AssertToldAndKeptAsync(one, "the broker does not run", "el broker no está corriendo");
    }

    [NeedsFact("mosquitto")]
    public async Task Queued_messages_survive_a_restart_of_the_broker()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttClient receiver = new(broker.Options("receiver"), TimeProvider.System);
        await receiver.ConnectAsync(CancellationToken.None);
        await receiver.SubscribeAsync("kept", MqttQoS.AtLeastOnce, CancellationToken.None);
        await receiver.DisconnectAsync(CancellationToken.None);
        await using (MqttClient sender = new(broker.Options("sender"), TimeProvider.System))
        {
            await sender.ConnectAsync(CancellationToken.None);
            for (byte number = 0; number < 10; number++)
            {
                Assert.Equal(MqttReasonCode.Success, await sender.PublishAsync("kept", new[] { number }, MqttQoS.AtLeastOnce, retain: false, CancellationToken.None));
            }
        }

        await broker.StopAsync();
        await broker.StartAgainAsync();
        Assert.True((await receiver.ConnectAsync(CancellationToken.None)).SessionPresent);
        for (byte number = 0; number < 10; number++)
        {
            MqttMessage message = await receiver.Messages.ReadAsync().AsTask().WaitAsync(Deadline);
            Assert.Equal(number, message.Payload.Span[0]);
            receiver.Acknowledge(message);
        }
    }

    /// <summary>Runs the gateway until it has batches; the fault stands on the page in both languages and once in the log, and nothing is freed.</summary>
    private static async Task<string> AssertToldAndKeptAsync(BrokerCase one, string english, string spanish, string topic = "", int mostLines = 1)
    {
        one.Gateway.Start();
        _ = one.Gateway.Heard("READY=1");
        using HttpClient client = new() { BaseAddress = new Uri(File.ReadAllText(one.Gateway.At("state/status.address")).Trim()), Timeout = Deadline };
        JsonElement status = await UntilAsync(client, element =>
            element.GetProperty("outbox").GetProperty("lastBatch").GetInt64() >= 2 && element.GetProperty("uplink").GetProperty("remedy").GetString()?.Contains(english, StringComparison.Ordinal) == true);
        Assert.Equal(0, status.GetProperty("outbox").GetProperty("ackedThrough").GetInt64());
        Assert.Equal(0, status.GetProperty("outbox").GetProperty("refusedReadings").GetInt64());
        string page = WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/?lang=es", UriKind.Relative)));
        Assert.Contains(spanish, page, StringComparison.Ordinal);
        page = WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/?lang=en", UriKind.Relative)));
        Assert.Contains(english, page, StringComparison.Ordinal);
        one.Gateway.Stop();
        string log = one.Gateway.ErrorText;
        int lines = log.Split('\n').Count(line => line.Contains(english, StringComparison.Ordinal) && line.Contains(topic, StringComparison.Ordinal));
        Assert.InRange(lines, 1, mostLines);
        Assert.DoesNotContain("-password", log, StringComparison.Ordinal);
        return log;
    }

    private static async Task<JsonElement> UntilAsync(HttpClient client, Func<JsonElement, bool> holds)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/status.json", UriKind.Relative)));
            if (holds(document.RootElement))
            {
                return document.RootElement.Clone();
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Deadline, document.RootElement.ToString());
            await Task.Delay(BetweenLooks, TimeProvider.System);
        }
    }

    // The first visitor is the doctor's look at the port alone.
    private static async Task ServeAsync(TcpListener web, int visitors)
    {
        for (int visitor = 0; visitor < visitors; visitor++)
        {
            using TcpClient client = await web.AcceptTcpClientAsync();
            if (await client.GetStream().ReadAsync(new byte[256]) > 0)
            {
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nBad Request\r\n\r\n"u8.ToArray());
            }
        }
    }
}
