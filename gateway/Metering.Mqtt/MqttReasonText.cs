namespace Metering.Mqtt;

/// <summary>Reason codes in words.</summary>
internal static class MqttReasonText
{
    /// <summary>Code in hexadecimal, its name, and the broker's own words if there are any.</summary>
    public static string Describe(MqttReasonCode code, string? reasonString)
    {
        string name = Enum.IsDefined(code) ? code.ToString() : "unknown code";
        string text = FormattableString.Invariant($"0x{(int)code:X2} {name}");
        return string.IsNullOrEmpty(reasonString) ? text : $"{text} ({reasonString})";
    }

    /// <summary>What a person can do about a refused connection.</summary>
    public static string Advice(MqttReasonCode code) => code switch
    {
        MqttReasonCode.BadUserNameOrPassword or MqttReasonCode.NotAuthorized => "Check the user name, the password and what the broker allows this user.",
        MqttReasonCode.ClientIdentifierNotValid => "Check the client identifier.",
        MqttReasonCode.UnsupportedProtocolVersion or (MqttReasonCode)1 => "The broker must speak MQTT 5 (mosquitto 1.6 or newer).",
        MqttReasonCode.RetainNotSupported => "The broker must keep retained messages (mosquitto: retain_available true).",
        MqttReasonCode.QoSNotSupported => "The broker must offer QoS 1 (mosquitto: max_qos 1 or 2).",
        MqttReasonCode.Banned => "Ask the operator of the broker.",
        _ => "It will be tried again.",
    };
}
