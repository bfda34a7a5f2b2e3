using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Commissioning;
using Metering.Gateway.Configuration;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Commands;

/// <summary>gateway commission: compares a meter's dial with its register and signs the result.</summary>
internal static class CommissionCommand
{
    private static readonly Text About = new(es: "Da de alta un medidor: compara su carátula con su registro y firma el acta.", en: "Commission a meter: compare its dial with its register and sign the record.");
    private static readonly Text Config = new(es: "Archivo de configuración.", en: "Configuration file.");
    private static readonly Text MeterText = new(es: "Medidor (id de la configuración).", en: "Meter (id of the configuration).");

    private static readonly (string Option, Text Question, bool IsRequired)[] Fields =
    [
        ("serial", new(es: "Número de serie de la placa", en: "Serial number on the plate"), true),
        ("maker", new(es: "Fabricante y modelo", en: "Maker and model"), true),
        ("class", new(es: "Clase de exactitud (Enter si no se conoce)", en: "Accuracy class (Enter when not known)"), false),
        ("certificate", new(es: "Número del certificado de calibración (Enter si no hay)", en: "Number of the calibration certificate (Enter when there is none)"), false),
        ("certificate-due", new(es: "Vigencia del certificado, AAAA-MM-DD (Enter si no hay)", en: "Certificate valid until, YYYY-MM-DD (Enter when there is none)"), false),
        ("ct", new(es: "Relación de los TC, como 200/5 (Enter si es directo)", en: "Ratio of the CTs, such as 200/5 (Enter when direct)"), false),
        ("pt", new(es: "Relación de los TP, como 13200/120 (Enter si es directo)", en: "Ratio of the PTs, such as 13200/120 (Enter when direct)"), false),
        ("k-factor", new(es: "Pulsos por unidad (Enter si no es de pulsos)", en: "Pulses per unit (Enter when it gives none)"), false),
        ("installer", new(es: "Nombre del instalador (Enter para omitir)", en: "Installer's name (Enter to leave out)"), false),
        ("display", new(es: "Lectura de la carátula ahora, como 12345.6", en: "Reading on the dial now, such as 12345.6"), true),
    ];

    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = Config.In(language), Required = true };
        Option<string?> meter = new("--meter") { Description = MeterText.In(language) };
        Option<string?> channel = new("--channel") { Description = new Text(es: "Magnitud que se compara; si falta, el primer contador.", en: "Quantity to compare; left out, the first counter.").In(language) };
        Option<string[]> photos = new("--photo") { Description = new Text(es: "Foto tomada en el medidor (puede repetirse).", en: "Photo taken at the meter (may be repeated).").In(language) };
        Option<string> wait = new("--wait") { Description = new Text(es: "Espera entre las dos lecturas.", en: "Pause between the two readings.").In(language), DefaultValueFactory = _ => "5s" };
        Dictionary<string, Option<string?>> fields = Fields.ToDictionary(field => field.Option, field => new Option<string?>("--" + field.Option) { Description = field.Question.In(language) }, StringComparer.Ordinal);
        Command command = new("commission", About.In(language)) { config, meter, channel, photos, wait };
        foreach (Option<string?> field in fields.Values)
        {
            command.Options.Add(field);
        }

        foreach (Command sub in CommissionRecords.Commands(language))
        {
            command.Subcommands.Add(sub);
        }

        command.SetAction((result, cancellationToken) =>
        {
            ToolOutput output = new(language, IsJson: false);
            if (!Duration.TryParse(result.GetValue(wait)!, out TimeSpan pause, out Text what, out Text hint))
            {
                return Task.FromResult(output.FailUsage($"--wait: {what.In(language)}, {hint.In(language)}."));
            }

            Dictionary<string, string?> given = fields.ToDictionary(field => field.Key, field => result.GetValue(field.Value), StringComparer.Ordinal);
            MeterAnswers answers = new(given, Console.IsInputRedirected ? null : Console.In, Console.Error, language);
            return CommissionAsync(new(result.GetValue(config)!, result.GetValue(meter), result.GetValue(channel), result.GetValue(photos) ?? [], pause), answers, output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> CommissionAsync(Request request, MeterAnswers answers, ToolOutput output, CancellationToken cancellationToken)
    {
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(request.ConfigFile);
            if (Find(configuration, request, output.Language, out Place? place) is string notFound)
            {
                return output.FailUsage(notFound);
            }

            Dictionary<string, string?> said = Fields.ToDictionary(
                field => field.Option, field => field.IsRequired ? answers.Required(field.Option, field.Question) : answers.Optional(field.Option, field.Question), StringComparer.Ordinal);
            DateOnly due = default;
            ExactDecimal display = default;
            string? problem = answers.Problem;
            problem ??= said["certificate-due"] is string date && !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out due)
                ? new Text(es: "--certificate-due es una fecha AAAA-MM-DD.", en: "--certificate-due is a date YYYY-MM-DD.").In(output.Language) : null;
            problem ??= !ExactDecimal.TryParse(Encoding.UTF8.GetBytes(said["display"]!), out display)
                ? new Text(es: "--display es un número como 12345.6, sin comas ni unidad.", en: "--display is a number such as 12345.6, without commas or unit.").In(output.Language) : null;
            if (problem is not null)
            {
                return output.FailUsage(problem);
            }

            IReadOnlyList<PhotoHash> photos = [.. request.Photos.Select(Hash)];
            (long? first, long? later, int exitCode) = await ReadTwiceAsync(place!, request.Pause, output, cancellationToken);
            if (first is null || later is null)
            {
                return exitCode;
            }

            using KeyChain keys = KeyChain.Open(configuration.StateDirectory, configuration.KeyEpoch, configuration.Key);
            CommissioningFolder folder = new(configuration.StateDirectory);
            CommissioningRecord record = Build(configuration, place!, said, folder.NextNumber(place!.Meter.Id)) with
            {
                CertificateDue = said["certificate-due"] is null ? null : due, Display = display, Register = first.Value, RegisterLater = later.Value, Photos = photos,
            };
            string file = folder.Save(record, keys.Key);
            CommissionRecords.Tell(record, output.Language, Console.Error);
            Console.Out.WriteLine(file);
            return 0;
        }
        catch (YamlFaultException e)
        {
            return output.Fail("configuration", e.In(output.Language), ExitCode.Configuration);
        }
        catch (OutboxException e)
        {
            return output.Fail("state", e.Message, e.ExitCode);
        }
        catch (UnauthorizedAccessException e)
        {
            return output.Fail("permission", e.Message, ExitCode.Permission);
        }
        catch (IOException e)
        {
            return output.Fail("file", e.Message, ExitCode.CannotCreate);
        }
    }

    private static string? Find(GatewayConfiguration configuration, Request request, Language language, out Place? place)
    {
        place = null;
        foreach (BusConfiguration bus in configuration.Buses)
        {
            if (bus.Meters.FirstOrDefault(candidate => candidate.Id == request.Meter) is MeterConfiguration meter)
            {
                RegisterDefinition? register = meter.Profile.Registers.FirstOrDefault(candidate => request.Channel is null ? candidate.Kind == ChannelKind.Counter : candidate.Quantity == request.Channel);
                place = register is null ? null : new(bus, meter, register);
                return register is not null ? null
                    : new Text(es: "El perfil {0} no tiene '{1}'; tiene: {2}.", en: "The profile {0} has no '{1}'; it has: {2}.")
                        .In(language, meter.Profile.Name, request.Channel ?? "counter", string.Join(", ", meter.Profile.Registers.Select(candidate => candidate.Quantity)));
            }
        }

        string known = string.Join(", ", configuration.Buses.SelectMany(bus => bus.Meters).Select(meter => meter.Id));
        return new Text(es: "--meter: no hay medidor '{0}'; hay: {1}.", en: "--meter: there is no meter '{0}'; there are: {1}.").In(language, request.Meter ?? "", known);
    }

    private static async Task<(long? First, long? Later, int ExitCode)> ReadTwiceAsync(Place place, TimeSpan pause, ToolOutput output, CancellationToken cancellationToken)
    {
        ToolLine line = new() { Serial = place.Bus.Serial, Tcp = place.Bus.Tcp, AnswerTimeout = place.Bus.AnswerTimeout, Framing = place.Bus.Tcp is { HasRtuFraming: true } ? TcpFraming.Rtu : TcpFraming.Modbus };
        try
        {
            using ModbusClient client = new(line.Transport());
            client.Transport.Open();
            (long? first, int exitCode) = ReadOnce(client, line, place, output);
            if (first is null)
            {
                return (null, null, exitCode);
            }

            await Task.Delay(pause, TimeProvider.System, cancellationToken);
            (long? later, exitCode) = ReadOnce(client, line, place, output);
            return (first, later, exitCode);
        }
        catch (FieldbusException e)
        {
            return (null, null, output.Fail(LineFault.Of(e, line, output.Language)));
        }
    }

    private static (long? Value, int ExitCode) ReadOnce(ModbusClient client, ToolLine line, Place place, ToolOutput output)
    {
        ushort[] registers = new ushort[place.Register.Spans.Sum(span => span.Count)];
        int start = 0;
        foreach (RegisterSpan span in place.Register.Spans)
        {
            ModbusReply reply = client.Read(span.Table, place.Meter.Unit, span.Address, registers.AsSpan(start, span.Count), line.AnswerTimeout);
            if (!reply.IsOk)
            {
                return (null, output.Fail(LineFault.Of(reply, line, place.Meter.Unit, span.Address, output.Language)));
            }

            start += span.Count;
        }

        ReadingQuality quality = RegisterValue.Decode(place.Register, registers, out long scaled, out bool hasValue);
        return hasValue && quality == ReadingQuality.Good
            ? (scaled, 0)
            : (null, output.Fail("value", new Text(es: "El medidor contestó, pero el valor no sirve; revise el perfil con gateway probe.", en: "The meter answered, and the value cannot be used; check the profile with gateway probe.").In(output.Language), 65));
    }

    private static CommissioningRecord Build(GatewayConfiguration configuration, Place place, Dictionary<string, string?> said, int number) => new()
    {
        Gateway = configuration.Gateway,
        Meter = place.Meter.Id,
        Number = number,
        Profile = place.Meter.Profile.Reference,
        Way = string.Create(CultureInfo.InvariantCulture, $"{place.Bus.Id} {(place.Bus.Tcp is TcpAddress tcp ? $"tcp {tcp.Host}:{tcp.Port}" : $"serial {place.Bus.Serial!.Device}")} unit {place.Meter.Unit}"),
        At = TimeProvider.System.GetUtcNow(),
        ClockState = GuardedClock.OfMachine(TimeProvider.System, lastSlot: null).State.ToString()[..1],
        SerialNumber = said["serial"]!,
        Maker = said["maker"]!,
        AccuracyClass = said["class"],
        Certificate = said["certificate"],
        CurrentTransformer = said["ct"],
        PotentialTransformer = said["pt"],
        KFactor = said["k-factor"],
        Installer = said["installer"],
        Channel = $"{place.Meter.Id}.{place.Register.Quantity}",
        Unit = place.Register.Unit,
        Decimals = place.Register.Decimals,
        Display = default,
        Register = 0,
        RegisterLater = 0,
    };

    private static PhotoHash Hash(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read);
        return new(CommissioningRecord.Clean(Path.GetFileName(file)) ?? "photo", Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private sealed record Request(string ConfigFile, string? Meter, string? Channel, string[] Photos, TimeSpan Pause);

    private sealed record Place(BusConfiguration Bus, MeterConfiguration Meter, RegisterDefinition Register);
}
