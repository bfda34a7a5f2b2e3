using System.CommandLine;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands.Lines;

/// <summary>The options by which every tool is told its line.</summary>
internal sealed class ToolLineOptions
{
    private static readonly Text OneLine = new(es: "Indique una: --tcp IP:PUERTO o --rtu DISPOSITIVO.", en: "Give one of --tcp HOST:PORT and --rtu DEVICE.");
    private static readonly Text NoAddress = new(es: "--tcp '{0}' no es IP:PUERTO.", en: "--tcp '{0}' is not HOST:PORT.");
    private static readonly Text BadShape = new(es: "--parity es even, none u odd; --stop-bits 1 o 2; --baud de 1200 a 921600.", en: "--parity is even, none or odd; --stop-bits 1 or 2; --baud 1200 to 921600.");
    private static readonly Text BadUnit = new(es: "La dirección del medidor (unit) va de {0} a {1}.", en: "The unit id lies in {0} to {1}.");
    private const int SlowestBaud = 1200;
    private const int FastestBaud = 921_600;

    private readonly Language _language;
    private readonly Option<string?> _tcp;
    private readonly Option<string?> _rtu;
    private readonly Option<int> _baud;
    private readonly Option<string> _parity;
    private readonly Option<int> _stopBits;
    private readonly Option<string> _framing;
    private readonly Option<string> _timeout;

    /// <param name="language">Language of the descriptions and faults.</param>
    /// <param name="answerTimeout">How long a meter may take unless told otherwise, such as 500ms.</param>
    internal ToolLineOptions(Language language, string answerTimeout)
    {
        _language = language;
        _tcp = new("--tcp") { Description = new Text(es: "IP:PUERTO de un aparato o convertidor Modbus TCP.", en: "HOST:PORT of a Modbus TCP device or converter.").In(language) };
        _rtu = new("--rtu") { Description = new Text(es: "Puerto serie, como /dev/ttyUSB0.", en: "Serial device, such as /dev/ttyUSB0.").In(language) };
        _baud = new("--baud") { Description = new Text(es: "Bits por segundo.", en: "Bits per second.").In(language), DefaultValueFactory = _ => 9600 };
        _parity = new("--parity") { Description = new Text(es: "Paridad: even, none u odd.", en: "even, none or odd.").In(language), DefaultValueFactory = _ => "even" };
        _stopBits = new("--stop-bits") { Description = new Text(es: "Bits de paro: 1 o 2.", en: "1 or 2.").In(language), DefaultValueFactory = _ => 1 };
        _framing = new Option<string>("--framing")
        {
            Description = new Text(es: "En TCP: modbus, o rtu para un convertidor en modo transparente.", en: "On TCP: modbus, or rtu for a converter in transparent mode.").In(language),
            DefaultValueFactory = _ => "modbus",
        }.AcceptOnlyFromAmong("modbus", "rtu");
        _timeout = new("--timeout") { Description = new Text(es: "Cuánto puede tardar el medidor, como 500ms.", en: "How long the meter may take, such as 500ms.").In(language), DefaultValueFactory = _ => answerTimeout };
    }

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _tcp, _rtu, _baud, _parity, _stopBits, _framing, _timeout })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the person gave speed and parity, and not only their defaults stand.</summary>
    internal bool HasSettings(ParseResult result) => result.GetResult(_baud) is { Implicit: false } || result.GetResult(_parity) is { Implicit: false };

    /// <summary>Whether the person gave the framing.</summary>
    internal bool HasFraming(ParseResult result) => result.GetResult(_framing) is { Implicit: false };

    /// <summary>Reads the line.</summary>
    /// <returns>What is wrong; null when the line was read.</returns>
    internal string? TryRead(ParseResult result, out ToolLine? line)
    {
        line = null;
        string? tcp = result.GetValue(_tcp);
        string? rtu = result.GetValue(_rtu);
        if (tcp is null == rtu is null)
        {
            return OneLine.In(_language);
        }

        if (!Duration.TryParse(result.GetValue(_timeout)!, out TimeSpan timeout, out Text what, out Text hint) || timeout <= TimeSpan.Zero || timeout > TimeSpan.FromHours(1))
        {
            return $"--timeout: {what.In(_language)}, {hint.In(_language)}.";
        }

        if (tcp is not null)
        {
            if (!Output.TryParseAddress(tcp, out string host, out int port))
            {
                return NoAddress.In(_language, tcp);
            }

            line = new() { Tcp = new(host, port), AnswerTimeout = timeout, Framing = result.GetValue(_framing) == "rtu" ? TcpFraming.Rtu : TcpFraming.Modbus };
            return null;
        }

        int baud = result.GetValue(_baud);
        int stopBits = result.GetValue(_stopBits);
        if (!ConfigurationFile.Parities.TryGetValue(result.GetValue(_parity)!, out SerialParity parity) || stopBits is not (1 or 2) || baud is < SlowestBaud or > FastestBaud)
        {
            return BadShape.In(_language);
        }

        line = new() { Serial = new(rtu!, new SerialSettings { BaudRate = baud, Parity = parity, StopBits = stopBits }), AnswerTimeout = timeout };
        return null;
    }

    /// <summary>Checks a unit id for the line.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal string? CheckUnit(ToolLine line, int unit)
    {
        (int smallest, int largest) = line.IsTcp && line.Framing == TcpFraming.Modbus ? (0, 255) : (1, 247);
        return unit >= smallest && unit <= largest ? null : BadUnit.In(_language, smallest, largest);
    }
}
