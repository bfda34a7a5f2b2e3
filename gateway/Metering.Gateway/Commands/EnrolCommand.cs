using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Meters.Yaml;
using Metering.Mqtt;
using Metering.Readings;
using Topics = Metering.Readings.Topics;

namespace Metering.Gateway.Commands;

/// <summary>gateway enrol: makes this gateway's key known to the cloud by a one-time code.</summary>
internal static class EnrolCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Option<string> code = new("--code") { Description = new Text(es: "El código que imprimió 'cloud gateways code'.", en: "The code that 'cloud gateways code' printed.").In(language), Required = true };
        Command command = new("enrol", new Text(es: "Da de alta en la nube la llave de este gateway con un código de un solo uso.", en: "Make this gateway's key known to the cloud by a one-time code.").In(language)) { config, code };
        command.SetAction((result, cancellationToken) => EnrolAsync(result.GetValue(config)!, result.GetValue(code)!, language, cancellationToken));
        return command;
    }

    private static async Task<int> EnrolAsync(string path, string code, Language language, CancellationToken cancellationToken)
    {
        if (EnrolmentRequest.HashOf(code) is not string codeHash)
        {
            return Output.Fail("--code is no code: it has 20 letters and digits in five groups, as 'cloud gateways code' printed it. Type it again.", ExitCode.Usage);
        }

        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(path);
            using StateLock stateLock = StateLock.Take(configuration.StateDirectory);
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(Deadline);
            return Tell(configuration, await AskAsync(configuration, codeHash, deadline.Token));
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
        catch (OutboxException e)
        {
            return Output.Fail(e.Message, e.ExitCode);
        }
        catch (MqttException e)
        {
            return Output.Fail(
                $"The broker refuses this gateway: {e.Message} Check broker.userName and broker.passwordFile; a new gateway needs a login at the broker first: mosquitto_passwd FILE GATEWAY.",
                ExitCode.Permission);
        }
        catch (OperationCanceledException)
        {
            return Output.Fail(
                $"No answer within {Deadline.TotalSeconds:F0} s. Is the broker reachable, does the cloud's ingestion run, and is cloud.keyFile the key of that cloud? The code is still good; try again.",
                ExitCode.Unavailable);
        }
    }

    /// <summary>Sends the request until an answer to it comes.</summary>
    /// <exception cref="MqttException">The broker refuses the login.</exception>
    /// <exception cref="OperationCanceledException">No answer in time.</exception>
    internal static async Task<EnrolmentAnswer> AskAsync(GatewayConfiguration configuration, string codeHash, CancellationToken cancellationToken)
    {
        byte[] request = EnrolmentRequest.Sign(configuration.Gateway, codeHash, configuration.Key);
        string hash = Convert.ToHexStringLower(SHA256.HashData(request));
        await using MqttSession session = new(GatewayHost.BrokerOptionsOf(configuration), TimeProvider.System, [new MqttSubscription(Topics.Answer(configuration.Gateway))]);
        TaskCompletionSource<MqttException> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        session.StatusChanged += (_, change) =>
        {
            if (change.Status.Fault is { Kind: MqttErrorKind.Refused, IsTransient: false } fault)
            {
                _ = refused.TrySetResult(fault);
            }
        };
        session.Start();
        Task connected = session.WaitUntilConnectedAsync(cancellationToken);
        if (await Task.WhenAny(connected, refused.Task) == refused.Task)
        {
            throw await refused.Task;
        }

        await connected;
        _ = await session.PublishAsync(Topics.Request(configuration.Gateway), request, MqttQoS.AtLeastOnce, retain: false, cancellationToken);
        await foreach (MqttMessage message in session.Messages.ReadAllAsync(cancellationToken))
        {
            if (message.QoS == MqttQoS.AtLeastOnce)
            {
                session.Acknowledge(message);
            }

            if (TryOpen(configuration, message, hash) is EnrolmentAnswer answer)
            {
                return answer;
            }
        }

        throw new OperationCanceledException();
    }

    private static EnrolmentAnswer? TryOpen(GatewayConfiguration configuration, MqttMessage message, string request)
    {
        try
        {
            EnrolmentAnswer answer = EnrolmentAnswer.Open(message.Payload.Span, configuration.Cloud.Name, configuration.Cloud.Key);
            return answer.Gateway == configuration.Gateway && answer.Request == request ? answer : null;
        }
        catch (WireFormatException e)
        {
            Console.Error.WriteLine($"An answer was thrown away: {e.Message}. Check cloud.name and cloud.keyFile");
            return null;
        }
    }

    private static int Tell(GatewayConfiguration configuration, EnrolmentAnswer answer)
    {
        const string NewCode = "Ask for a new one: cloud gateways code --gateway GATEWAY --plant PLANT.";
        switch (answer.Result)
        {
            case EnrolmentResult.Enrolled when answer.KeyEpoch == configuration.KeyEpoch:
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.Gateway} is enrolled for plant {answer.Plant}, key epoch {answer.KeyEpoch}"));
                return 0;
            case EnrolmentResult.Enrolled:
                return Output.Fail(
                    string.Create(CultureInfo.InvariantCulture, $"{answer.Gateway} is enrolled for plant {answer.Plant} with key epoch {answer.KeyEpoch}, but {configuration.File} says keyEpoch: {configuration.KeyEpoch}. Write keyEpoch: {answer.KeyEpoch} there before the gateway runs."),
                    ExitCode.Configuration);
            case EnrolmentResult.WrongCode:
                return Output.Fail($"The cloud knows no such code for gateway {answer.Gateway}. Type it again, and check that it was made for this gateway. After five wrong ones it is void.", ExitCode.Permission);
            case EnrolmentResult.Expired:
                return Output.Fail($"The code is too old. {NewCode}", ExitCode.Permission);
            case EnrolmentResult.Used:
                return Output.Fail($"The code has enrolled another key already; if nobody here did that, revoke that key (cloud gateways revoke). {NewCode}", ExitCode.Permission);
            case EnrolmentResult.Locked:
                return Output.Fail($"Too many wrong codes came for this gateway, so the code is void. {NewCode}", ExitCode.Permission);
            default:
                throw new UnreachableException();
        }
    }
}
