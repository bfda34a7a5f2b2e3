using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Metering.Mqtt.Connection;

/// <summary>A TCP connection to the broker, with TLS on top when asked for.</summary>
internal sealed class Transport : IAsyncDisposable
{
    /// <summary>Kernel send buffer. Small, so that a ping does not queue behind minutes of data on a slow line.</summary>
    private const int SendBufferBytes = 128 * 1024;

    /// <summary>The connection is broken already, so what can be read is there.</summary>
    private static readonly TimeSpan LastWordTimeout = TimeSpan.FromMilliseconds(200);

    private readonly Socket socket;

    private Transport(Socket socket, Stream stream)
    {
        this.socket = socket;
        Stream = stream;
    }

    public Stream Stream { get; }

    /// <summary>Opens the connection. Throws <see cref="MqttException"/> of kind Unreachable or TlsFailed.</summary>
    public static async Task<Transport> OpenAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        Socket tcp = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = SendBufferBytes };
        Stream? stream = null;
        try
        {
            await tcp.ConnectAsync(options.Host, options.Port, cancellationToken);
            stream = new NetworkStream(tcp, ownsSocket: true);
            if (options.UseTls)
            {
                stream = await StartTlsAsync(stream, options, cancellationToken);
            }

            return new Transport(tcp, stream);
        }
        catch (Exception fault)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            tcp.Dispose();
            if (Translate(fault, options) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }

    /// <summary>Says that nothing more will be sent, and lets the other side end the connection.</summary>
    public async Task FinishSendingAsync()
    {
        try
        {
            if (Stream is SslStream tls)
            {
                await tls.ShutdownAsync();
            }

            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            // The other side was quicker.
        }
    }

    /// <summary>
    /// The alert of a broker that refused our certificate: TLS 1.3 lets it come after the handshake, and our CONNECT may meet the closed
    /// connection before the alert is read. Null when there is none.
    /// </summary>
    public async Task<Exception?> LastWordAsync()
    {
        using CancellationTokenSource limit = new(LastWordTimeout);
        try
        {
            _ = await Stream.ReadAsync(new byte[1], limit.Token);
            return null;
        }
        catch (Exception fault) when (IsBroken(fault) || fault is OperationCanceledException)
        {
            return fault is IOException ? fault : null;
        }
    }

    /// <summary>Reads to the end without looking, so that closing does not reset the line under our last words.</summary>
    public async Task DrainAsync()
    {
        byte[] waste = new byte[4096];
        try
        {
            while (await Stream.ReadAsync(waste, CancellationToken.None) > 0)
            {
            }
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            // That is the end that was waited for.
        }
    }

    /// <summary>Ends the connection at once; reads and writes in progress fail.</summary>
    public void Abort() => socket.Dispose();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return Stream.DisposeAsync();
    }

    /// <summary>Whether an exception only says that the connection is no more.</summary>
    public static bool IsBroken(Exception fault) => fault is IOException or SocketException or ObjectDisposedException;

    private static MqttException? Translate(Exception fault, MqttClientOptions options) => fault switch
    {
        CryptographicException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException => new MqttException(
            MqttErrorKind.TlsFailed,
            MqttReasonCode.UnspecifiedError,
            $"A certificate or key file for the broker cannot be used: {fault.Message}",
            innerException: fault) { TlsFault = MqttTlsFault.FileUnusable },
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery } => new MqttException(
            MqttErrorKind.Unreachable,
            MqttReasonCode.ServerUnavailable,
            $"The name of the broker, {options.Host}, cannot be resolved: {fault.Message}. Check broker.host and this machine's name server (DNS).",
            innerException: fault),
        SocketException or IOException => new MqttException(
            MqttErrorKind.Unreachable,
            MqttReasonCode.ServerUnavailable,
            $"The broker at {options.Host}:{options.Port} cannot be reached: {fault.Message}. Is it running, and does the network let us through?",
            innerException: fault),
        _ => null,
    };

    private static async Task<SslStream> StartTlsAsync(Stream inner, MqttClientOptions options, CancellationToken cancellationToken)
    {
        SslClientAuthenticationOptions tls = new()
        {
            TargetHost = options.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (options.CaFile is not null)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
            tls.CertificateChainPolicy = policy;
        }

        if (options.ClientCertificateFile is not null)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(options.ClientCertificateFile, options.ClientKeyFile)];
        }

        TlsFaults faults = new();
        tls.RemoteCertificateValidationCallback = faults.Accept;
        SslStream stream = new(inner, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(tls, cancellationToken);
            return stream;
        }
        catch (Exception fault)
        {
            await stream.DisposeAsync();
            if (fault is AuthenticationException refused)
            {
                throw faults.Failed(options, refused);
            }

            if (fault is IOException)
            {
                throw TlsFaults.AfterHandshake(options, fault) ?? Ended(options, fault);
            }

            throw;
        }
    }

    private static MqttException Ended(MqttClientOptions options, Exception fault) => new(
        MqttErrorKind.Unreachable,
        MqttReasonCode.ServerUnavailable,
        $"The broker at {options.Host}:{options.Port} ended the connection while TLS was being agreed. Does that port speak TLS (usual: 8883)?",
        innerException: fault);
}
