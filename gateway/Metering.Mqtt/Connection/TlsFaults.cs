using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Metering.Mqtt.Connection;

/// <summary>Notes why the broker's certificate is not accepted, and puts failures of TLS into words.</summary>
internal sealed class TlsFaults
{
    // What OpenSSL writes when the other side has sent an alert about our certificate.
    private static readonly string[] AlertsAboutUs =
    [
        "alert certificate required", "alert bad certificate", "alert unknown ca", "alert certificate unknown", "alert certificate expired",
        "alert certificate revoked", "alert unsupported certificate", "alert access denied", "alert handshake failure",
    ];

    // What the framework writes when the first bytes that come are no TLS record.
    private static readonly string[] NoTls = ["Cannot determine the frame size", "wrong version number"];

    private MqttTlsFault seen;
    private string detail = "";

    /// <summary>Accepts a certificate without errors only; the reason of a refusal is kept for the message.</summary>
    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        X509ChainStatusFlags flags = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain?.ChainStatus ?? [])
        {
            flags |= status.Status;
        }

        X509Certificate2? broker = certificate as X509Certificate2;
        if ((flags & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != X509ChainStatusFlags.NoError)
        {
            (seen, detail) = (MqttTlsFault.UnknownAuthority, $"its certificate was signed by '{broker?.Issuer}', which is not trusted here");
        }
        else if ((flags & X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError)
        {
            string until = broker is null ? "" : FormattableString.Invariant($" (valid from {broker.NotBefore.ToUniversalTime():yyyy-MM-dd} to {broker.NotAfter.ToUniversalTime():yyyy-MM-dd} UTC)");
            (seen, detail) = (MqttTlsFault.NotTimeValid, $"its certificate is not valid today{until}");
        }
        else if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
        {
            (seen, detail) = (MqttTlsFault.WrongName, $"its certificate was issued for another name ('{broker?.Subject}')");
        }

        return false;
    }

    /// <summary>A handshake that failed.</summary>
    public MqttException Failed(MqttClientOptions options, AuthenticationException fault)
    {
        MqttTlsFault kind = seen != MqttTlsFault.None ? seen : SpeaksOfUs(fault) ? MqttTlsFault.OwnCertificateRefused : Contains(fault, NoTls) ? MqttTlsFault.NotTls : MqttTlsFault.None;
        string why = kind switch
        {
            MqttTlsFault.UnknownAuthority or MqttTlsFault.NotTimeValid or MqttTlsFault.WrongName => detail,
            MqttTlsFault.OwnCertificateRefused => OwnRefused(options),
            MqttTlsFault.NotTls => "what answers there does not speak TLS",
            _ => Innermost(fault).Message.TrimEnd('.'),
        };
        return new(MqttErrorKind.TlsFailed, MqttReasonCode.UnspecifiedError, $"TLS with the broker at {options.Host}:{options.Port} failed: {why}.", innerException: fault) { TlsFault = kind };
    }

    /// <summary>A refusal that came only after the handshake, as TLS 1.3 does it; null when the fault is another.</summary>
    public static MqttException? AfterHandshake(MqttClientOptions options, Exception fault) => !SpeaksOfUs(fault)
        ? null
        : new(MqttErrorKind.TlsFailed, MqttReasonCode.UnspecifiedError, $"TLS with the broker at {options.Host}:{options.Port} failed: {OwnRefused(options)}.", innerException: fault)
        {
            TlsFault = MqttTlsFault.OwnCertificateRefused,
        };

    private static string OwnRefused(MqttClientOptions options) => options.ClientCertificateFile is null
        ? "it wants a certificate of this client, and none is set"
        : "it does not accept this client's certificate";

    private static bool SpeaksOfUs(Exception fault) => Contains(fault, AlertsAboutUs);

    private static bool Contains(Exception fault, string[] parts)
    {
        for (Exception? one = fault; one is not null; one = one.InnerException)
        {
            foreach (string part in parts)
            {
                if (one.Message.Contains(part, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static Exception Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault;
}
