using Metering.Gateway.Diagnosis;
using Metering.Gateway.Diagnosis.Health;
using Metering.Gateway.Uplink;
using Metering.Mqtt;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Uplink;

/// <summary>What is said of a broker that does not take what is sent, and how often.</summary>
public sealed class BrokerTroubleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-secrets-").FullName;

    [Fact]
    public void A_refusal_is_told_once_an_hour_for_each_topic_however_many_batches_meet_it()
    {
        Metering.Tests.Mqtt.ManualTimeProvider clock = new();
        CountingLogger logger = new();
        DeliveryLog deliveries = new(clock, logger);
        for (int batch = 0; batch < 1000; batch++)
        {
            deliveries.Answered("up/batch", MqttReasonCode.NotAuthorized, isKept: false);
            deliveries.Answered("up/meta", MqttReasonCode.NotAuthorized, isKept: true);
            deliveries.Failed("up/batch", new(MqttErrorKind.PacketTooLarge, MqttReasonCode.PacketTooLarge, $"A message with {batch} bytes is larger than 400 bytes."));
        }

        Assert.Equal(3, logger.Lines.Count);
        clock.Advance(DeliveryLog.Spacing);
        deliveries.Answered("up/batch", MqttReasonCode.NotAuthorized, isKept: false);
        Assert.Equal(4, logger.Lines.Count);
        Assert.Contains("pattern write metering/v1/%u/up/#", logger.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_broker_takes_again_and_a_new_connection_end_the_trouble()
    {
        DeliveryLog deliveries = new(TimeProvider.System, new CountingLogger());
        deliveries.Answered("up/batch", MqttReasonCode.NotAuthorized, isKept: false);
        deliveries.Answered("up/request", MqttReasonCode.NoMatchingSubscribers, isKept: false);
        Assert.True(deliveries.Current!.IsRefusal);
        deliveries.Answered("up/batch", MqttReasonCode.Success, isKept: false);
        Assert.False(deliveries.Current!.IsRefusal);
        deliveries.Forget();
        Assert.Null(deliveries.Current);
    }

    [Fact]
    public void A_batch_that_nobody_receives_is_no_refusal_and_is_not_logged_but_shown()
    {
        CountingLogger logger = new();
        DeliveryLog deliveries = new(TimeProvider.System, logger);
        deliveries.Answered("up/meta", MqttReasonCode.NoMatchingSubscribers, isKept: true);
        Assert.Null(deliveries.Current);
        deliveries.Answered("up/batch", MqttReasonCode.NoMatchingSubscribers, isKept: false);
        Assert.Contains("nadie lo recibe", deliveries.Current!.What.In(Language.Spanish), StringComparison.Ordinal);
        Assert.False(deliveries.Current.IsRefusal);
        Assert.Empty(logger.Lines);
    }

    [Fact]
    public void Every_trouble_says_in_both_languages_what_to_do()
    {
        MqttClientOptions plain = new() { Host = "broker.example", Port = 1883, ClientId = "plant", UserName = "plant", Password = "do-not-print-me" };
        foreach (MqttErrorKind kind in Enum.GetValues<MqttErrorKind>())
        {
            foreach (MqttTlsFault tls in Enum.GetValues<MqttTlsFault>())
            {
                foreach (MqttReasonCode code in (MqttReasonCode[])[MqttReasonCode.UnspecifiedError, MqttReasonCode.NotAuthorized, MqttReasonCode.QoSNotSupported])
                {
                    MqttException fault = new(kind, code, "The cause in English.") { TlsFault = tls };
                    AssertUseful(BrokerTrouble.Of(fault, plain), fault.IsTransient);
                    AssertUseful(BrokerTrouble.Of(fault, plain with { UseTls = true }), fault.IsTransient);
                    AssertUseful(BrokerTrouble.OfMessage("up/batch", fault), isTransient: false);
                }
            }
        }
    }

    [Fact]
    public void A_secret_that_everybody_may_read_is_noticed_and_one_of_the_owner_is_not()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string open = Path.Combine(_folder, "open.password");
        string closed = Path.Combine(_folder, "closed.password");
        foreach (string file in new[] { open, closed })
        {
            File.WriteAllText(file, "secret");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        Assert.Empty(SecretHealth.Check([open, closed]));
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        HealthCheck check = Assert.Single(SecretHealth.Check([open, closed]));
        Assert.Equal((HealthMark.Notice, "secret-file"), (check.Mark, check.Name));
        Assert.Contains($"chmod o= {open}", check.Remedy!.In(Language.Spanish), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AssertUseful(BrokerTrouble trouble, bool isTransient)
    {
        Assert.Equal(!isTransient, trouble.IsRefusal);
        Assert.NotEqual(trouble.What.In(Language.Spanish), trouble.What.In(Language.English));
        Assert.NotEqual(trouble.Remedy.In(Language.Spanish), trouble.Remedy.In(Language.English));
        Assert.DoesNotContain("do-not-print-me", trouble.ToString(), StringComparison.Ordinal);
    }

    private sealed class CountingLogger : ILogger
    {
        internal List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
