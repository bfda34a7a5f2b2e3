using System.Net.Sockets;
using Metering.Mqtt;

namespace Metering.Gateway.Diagnosis;

/// <summary>What is wrong between this gateway and its broker, in words for a person.</summary>
/// <param name="What">What was seen.</param>
/// <param name="Remedy">The likely cause and what to do.</param>
internal sealed record BrokerTrouble(Text What, Text Remedy)
{
    private static readonly Text Rights = new(
        es: "Lo más probable: la lista de permisos del broker (acl) no deja a este usuario usar sus tópicos. Revise que broker.userName sea el nombre del gateway y que la acl tenga: pattern write metering/v1/%u/up/# y pattern read metering/v1/%u/down/#.",
        en: "Likely cause: the broker's access list (acl) does not let this user use its topics. Check that broker.userName is the gateway's name and that the acl says: pattern write metering/v1/%u/up/# and pattern read metering/v1/%u/down/#.");

    /// <summary>Whether only a person can mend it.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Why a connection did not come about or ended.</summary>
    internal static BrokerTrouble Of(MqttException fault, MqttClientOptions options) => (fault.Kind switch
    {
        MqttErrorKind.TlsFailed => OfTls(fault, options),
        MqttErrorKind.Refused => OfRefusal(fault, options),
        MqttErrorKind.SubscribeRefused => new(
            new(es: $"El broker no permite la suscripción a los acuses de la nube: {Code(fault.ReasonCode)}.", en: fault.Message), Rights),
        MqttErrorKind.ProtocolError => new(
            new(es: $"Lo que contesta en {options.Host}:{options.Port} no habla MQTT 5 como debe: {fault.Message}", en: $"What answers at {options.Host}:{options.Port} does not speak MQTT 5 as it must: {fault.Message}"),
            new(es: "¿Es el puerto del broker (1883, con TLS 8883) y no el de otro servicio, por ejemplo una página web? El broker debe hablar MQTT 5 (mosquitto 1.6 o posterior).", en: "Is it the broker's port (1883, with TLS 8883) and not another service's, such as a web page's? The broker must speak MQTT 5 (mosquitto 1.6 or newer).")),
        MqttErrorKind.Unreachable => OfSilence(fault, options),
        _ => new(
            new(es: $"Se cortó la conexión con el broker {options.Host}:{options.Port}: {Code(fault.ReasonCode)}.", en: fault.Message),
            new(es: "Si se repite, revise la red y el registro (log) del broker.", en: "If it happens again, look at the network and at the broker's log.")),
    }) with { IsRefusal = !fault.IsTransient };

    /// <summary>Why a message did not get through although there is a connection.</summary>
    internal static BrokerTrouble OfMessage(string topic, MqttReasonCode code) => code switch
    {
        MqttReasonCode.NoMatchingSubscribers => new(
            new(es: $"El broker aceptó {topic}, pero nadie lo recibe.", en: $"The broker took {topic}, but nobody receives it."),
            new(es: "Lo más probable: la recepción de la nube no está corriendo. Las lecturas se guardan aquí hasta que la nube las confirme.", en: "Likely cause: the cloud's ingestion does not run. The readings are kept here until the cloud confirms them.")),
        MqttReasonCode.NotAuthorized => new(new(es: $"El broker no deja escribir {topic} (0x87).", en: $"The broker does not let this gateway write {topic} (0x87)."), Rights) { IsRefusal = true },
        _ => new(
            new(es: $"El broker no aceptó {topic}: {Code(code)}.", en: $"The broker did not take {topic}: {Code(code)}."),
            new(es: "Revise los límites y el registro (log) del broker.", en: "Look at the broker's limits and log.")) { IsRefusal = true },
    };

    /// <summary>Why a message cannot be sent to this broker at all.</summary>
    internal static BrokerTrouble OfMessage(string topic, MqttException fault) => fault.Kind switch
    {
        MqttErrorKind.PacketTooLarge => new(
            new(es: $"Un mensaje de {topic} es más grande de lo que acepta el broker y no puede salir.", en: $"A message of {topic} is larger than the broker takes and cannot leave: {fault.Message}"),
            new(
                es: "Suba max_packet_size en el broker (mosquitto.conf; Metering usa 1048576) y reinícielo. El lote ya está firmado y no se parte; sigue guardado aquí. Para lotes nuevos más chicos: batch.maximumReadings.",
                en: "Raise max_packet_size at the broker (mosquitto.conf; Metering uses 1048576) and restart it. The batch is signed already and is not split; it stays here. For smaller new batches: batch.maximumReadings.")) { IsRefusal = true },
        MqttErrorKind.NotSupported => new(
            new(es: $"El broker no ofrece lo que {topic} necesita: {Code(fault.ReasonCode)}.", en: $"The broker does not offer what {topic} needs: {fault.Message}"),
            new(es: "El broker debe aceptar QoS 1 y guardar mensajes retenidos (mosquitto: max_qos 1, retain_available true).", en: "The broker must offer QoS 1 and keep retained messages (mosquitto: max_qos 1, retain_available true).")) { IsRefusal = true },
        _ => new(new(es: $"No salió {topic}: {Code(fault.ReasonCode)}.", en: $"{topic} did not leave: {fault.Message}"), Rights) { IsRefusal = true },
    };

    private static BrokerTrouble OfTls(MqttException fault, MqttClientOptions options) => fault.TlsFault switch
    {
        MqttTlsFault.UnknownAuthority => new(
            new(es: "El certificado del broker lo firmó una autoridad en la que este gateway no confía.", en: fault.Message),
            new(es: "Lo más probable: broker.tls.caFile no es la autoridad (CA) que firmó el certificado del broker. Copie aquí el archivo de la CA correcta. Si no lo esperaba, podría ser otro servidor: no lo acepte.", en: "Likely cause: broker.tls.caFile is not the authority (CA) that signed the broker's certificate. Copy the right CA file here. If you did not expect this, it may be another server: do not accept it.")),
        MqttTlsFault.NotTimeValid => new(
            new(es: "El certificado del broker no es válido en la fecha de esta máquina (vencido o todavía no vigente).", en: fault.Message),
            new(es: "Si la fecha de esta máquina es correcta (timedatectl), renueve el certificado del broker; si no, ponga la hora.", en: "If this machine's date is right (timedatectl), renew the broker's certificate; if not, set the clock.")),
        MqttTlsFault.WrongName => new(
            new(es: $"El certificado del broker no es para {options.Host}.", en: fault.Message),
            new(es: "Escriba en broker.host el nombre que está en el certificado, o emita el certificado para ese nombre (subjectAltName).", en: "Write in broker.host the name that stands in the certificate, or issue the certificate for that name (subjectAltName).")),
        MqttTlsFault.OwnCertificateRefused => new(
            new(es: options.ClientCertificateFile is null ? "El broker pide un certificado de este gateway y no hay ninguno." : "El broker no acepta el certificado de este gateway.", en: fault.Message),
            new(es: "Revise broker.tls.certificateFile y keyFile: que no esté vencido y que lo haya firmado la CA que el broker conoce (openssl x509 -in ARCHIVO -noout -enddate -issuer).", en: "Check broker.tls.certificateFile and keyFile: that it has not expired and was signed by the CA that the broker knows (openssl x509 -in FILE -noout -enddate -issuer).")),
        MqttTlsFault.FileUnusable => new(
            new(es: $"Un archivo de certificado o llave no se puede usar: {fault.InnerException?.Message}", en: fault.Message),
            new(es: "Revise los archivos de broker.tls, su dueño y sus permisos.", en: "Check the files of broker.tls, their owner and mode.")),
        _ => new(
            new(es: $"No se pudo establecer TLS con {options.Host}:{options.Port}.", en: fault.Message),
            new(es: "¿Habla TLS ese puerto (normalmente 8883)? Si el broker no usa TLS, quite broker.tls. Revise también los certificados y la hora de esta máquina.", en: "Does that port speak TLS (usually 8883)? If the broker has no TLS, remove broker.tls. Check the certificates and this machine's clock too.")),
    };

    private static BrokerTrouble OfRefusal(MqttException fault, MqttClientOptions options) => fault.ReasonCode switch
    {
        MqttReasonCode.BadUserNameOrPassword or MqttReasonCode.NotAuthorized => new(
            new(es: $"El broker rechazó al usuario {options.UserName ?? "(sin nombre)"}: {Code(fault.ReasonCode)}.", en: fault.Message),
            new(es: "Revise broker.userName y broker.passwordFile, y que la acl le deje escribir metering/v1/NOMBRE/up/#; alta en el broker: mosquitto_passwd ARCHIVO USUARIO", en: "Check broker.userName and broker.passwordFile, and that the acl lets it write metering/v1/NAME/up/#; to add it at the broker: mosquitto_passwd FILE USER")),
        _ => new(
            new(es: $"El broker rechazó la conexión: {Code(fault.ReasonCode)}.", en: fault.Message),
            new(es: "Revise la configuración y el registro (log) del broker; debe hablar MQTT 5 con QoS 1 y mensajes retenidos.", en: "Look at the broker's settings and log; it must speak MQTT 5 with QoS 1 and retained messages.")),
    };

    private static BrokerTrouble OfSilence(MqttException fault, MqttClientOptions options)
    {
        string place = $"{options.Host}:{options.Port}";
        return (fault.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => new(
                new(es: $"No se conoce el nombre {options.Host}.", en: fault.Message),
                new(es: "Revise broker.host y el servidor DNS (resolvectl status).", en: "Check broker.host and the DNS server (resolvectl status).")),
            SocketError.ConnectionRefused => new(
                new(es: $"Nadie acepta conexiones en {place}.", en: fault.Message),
                new(es: "Lo más probable: el broker no está corriendo (systemctl status mosquitto) o el puerto es otro (1883, con TLS 8883).", en: "Likely cause: the broker does not run (systemctl status mosquitto) or the port is another (1883, with TLS 8883).")),
            null when options.UseTls => new(
                new(es: $"{place} acepta la conexión y la corta antes de contestar.", en: fault.Message),
                new(es: "TLS debe estar igual en los dos lados: ¿es el puerto con TLS (8883)? Si el broker pide certificados, revise broker.tls.certificateFile y keyFile.", en: "TLS must be set the same on both sides: is it the port with TLS (8883)? If the broker wants certificates, check broker.tls.certificateFile and keyFile.")),
            null => new(
                new(es: $"{place} acepta la conexión, pero no contesta como un broker.", en: fault.Message),
                new(es: "¿Es el puerto del broker? TLS debe estar igual en los dos lados: con broker.tls el puerto con TLS (8883), sin él el otro (1883).", en: "Is it the broker's port? TLS must be set the same on both sides: with broker.tls the port with TLS (8883), without it the other (1883).")),
            _ => new(
                new(es: $"No se llega a {place}.", en: fault.Message),
                new(es: "Revise la red, el cortafuegos y broker.host.", en: "Check the network, the firewall and broker.host.")),
        };
    }

    private static string Code(MqttReasonCode code) => FormattableString.Invariant($"0x{(int)code:X2} {code}");
}
