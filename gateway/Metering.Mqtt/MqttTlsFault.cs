namespace Metering.Mqtt;

/// <summary>Why TLS failed, as far as this side can tell. Goes with <see cref="MqttErrorKind.TlsFailed"/>.</summary>
public enum MqttTlsFault
{
    /// <summary>Nothing of the list, or no fault of TLS at all.</summary>
    None,

    /// <summary>The broker's certificate was signed by an authority that is not trusted here.</summary>
    UnknownAuthority,

    /// <summary>The broker's certificate, or that of its authority, has expired or is not valid yet by this machine's clock.</summary>
    NotTimeValid,

    /// <summary>The broker's certificate was issued for another name.</summary>
    WrongName,

    /// <summary>The broker refused this client's certificate, or wants one and got none.</summary>
    OwnCertificateRefused,

    /// <summary>What answered does not speak TLS.</summary>
    NotTls,

    /// <summary>A certificate or key file of this side cannot be read or used.</summary>
    FileUnusable,
}
