using System.Diagnostics;
using System.Globalization;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis;

namespace Metering.Gateway.Commands.Lines;

/// <summary>How Modbus frames travel on a TCP connection.</summary>
internal enum TcpFraming
{
    /// <summary>Modbus TCP: each frame with its header.</summary>
    Modbus = 0,

    /// <summary>RTU frames passed through by a converter in transparent mode.</summary>
    Rtu,
}

/// <summary>The line a tool asks over: a serial device or a TCP address. Exactly one of the two is set.</summary>
internal sealed record ToolLine
{
    public SerialLine? Serial { get; init; }

    public TcpAddress? Tcp { get; init; }

    public TcpFraming Framing { get; init; }

    /// <summary>How long a meter may take to answer.</summary>
    public required TimeSpan AnswerTimeout { get; init; }

    internal bool IsTcp => Tcp is not null;

    /// <summary>The options that lead a command to this line.</summary>
    internal string Target => Tcp is TcpAddress tcp ? $"--tcp {tcp.Host}:{tcp.Port}" : $"--rtu {Serial!.Device}";

    /// <summary>What a line that did not open is called: its device or address.</summary>
    internal string Place => Tcp is TcpAddress tcp ? string.Create(CultureInfo.InvariantCulture, $"{tcp.Host}:{tcp.Port}") : Serial!.Device;

    /// <summary>The line as a person knows it: /dev/ttyUSB0 at 9600 8E1.</summary>
    internal string Describe(Language language) =>
        Serial is SerialLine serial ? $"{serial.Device} {(language == Language.Spanish ? "a" : "at")} {ShapeOf(serial.Settings)}" : Place;

    /// <summary>Speed and shape of the characters in short: 9600 8E1.</summary>
    internal static string ShapeOf(SerialSettings settings)
    {
        char parity = settings.Parity switch { SerialParity.None => 'N', SerialParity.Even => 'E', SerialParity.Odd => 'O', _ => '?' };
        return string.Create(CultureInfo.InvariantCulture, $"{settings.BaudRate} {settings.DataBits}{parity}{settings.StopBits}");
    }

    /// <summary>The word for a parity in the configuration.</summary>
    internal static string ParityWord(SerialParity parity) => ConfigurationFile.Parities.First(pair => pair.Value == parity).Key;

    /// <summary>The facts of this line for the advice table.</summary>
    internal SymptomFacts Facts(Language language) => new() { Line = Describe(language), Target = Target };

    /// <summary>Makes the transport; nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">The port takes no such speed.</exception>
    internal IModbusTransport Transport() => this switch
    {
        { Serial: SerialLine serial } => new RtuTransport(new SerialPort(serial.Device, SettingsOf(serial)), new RtuTransportOptions { FirstReopenDelay = TimeSpan.Zero }),
        { Tcp: TcpAddress tcp, Framing: TcpFraming.Modbus } => new TcpTransport(tcp.Host, tcp.Port, new TcpTransportOptions { FirstReconnectDelay = TimeSpan.Zero }),
        { Tcp: TcpAddress tcp } => new RtuOverTcpTransport(tcp.Host, tcp.Port, new TcpTransportOptions { FirstReconnectDelay = TimeSpan.Zero }),
        _ => throw new UnreachableException(),
    };

    // A pseudo-terminal has no wire and drops parity; the C library then refuses to set a mode that differs in parity alone.
    private static SerialSettings SettingsOf(SerialLine serial) =>
        serial.Device.StartsWith("/dev/pts/", StringComparison.Ordinal) ? serial.Settings with { Parity = SerialParity.None } : serial.Settings;
}

/// <summary>Advice about a line that failed, with the exit code it ends a command with.</summary>
internal static class LineFault
{
    /// <summary>What to do about a line that did not open.</summary>
    internal static Advice Of(FieldbusException problem, ToolLine line, Language language)
    {
        Symptom symptom = Symptoms.Of(problem.Kind, line.IsTcp);
        SymptomFacts facts = line.Facts(language) with { Line = line.Place, Detail = symptom == Symptom.PortBusy ? PortHolders.Named(line.Serial!.Device, language) : problem.Message };
        return Advice.For(symptom, facts, language);
    }

    /// <summary>What to do about a request that failed.</summary>
    internal static Advice Of(ModbusReply reply, ToolLine line, byte unit, ushort register, Language language)
    {
        SymptomFacts facts = line.Facts(language) with
        {
            Unit = unit,
            Register = register,
            Waited = Metering.Meters.Yaml.Duration.ToText(line.AnswerTimeout),
            Detail = reply.ExceptionCode > 0 ? reply.ExceptionCode.ToString(CultureInfo.InvariantCulture) : null,
        };
        return Advice.For(Symptoms.Of(reply, line.IsTcp), facts, language);
    }
}
