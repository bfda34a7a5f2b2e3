using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis;

namespace Metering.Gateway.Commands.Scanning;

/// <summary>The result of a scan as talk, as YAML to paste into the configuration, and as JSON.</summary>
internal static class ScanReport
{
    private static readonly Text Answers = new(es: "unidad {0}: contesta ({1}){2}", en: "unit {0}: answers ({1}){2}");
    private static readonly Text WithValues = new(es: "con valores", en: "with values");
    private static readonly Text WithOddReply = new(es: "de forma inesperada", en: "oddly");
    private static readonly Text WithException = new(es: "con la excepción {0}, así que está ahí", en: "with exception {0}, so it is there");
    private static readonly Text Fits = new(es: "parece {0} ({1})", en: "fits {0} ({1})");
    private static readonly Text NoProfile = new(es: "ningún perfil coincide: elija uno y compruébelo con gateway probe", en: "no profile fits: choose one and check it with gateway probe");
    private static readonly Text Header = new(es: "Pegue esto en gateway.yaml y cambie los nombres (id):", en: "Paste this into gateway.yaml and change the names (id):");
    private static readonly Text EveryUnit = new(
        es: "{0} contesta en cualquier dirección (unit): es un solo aparato que no la mira. Use unit: {1}.",
        en: "{0} answers to every unit id: it is one device that does not look at it. Use unit: {1}.");

    private static readonly Text Ended = new(es: "Búsqueda interrumpida; esto es lo encontrado hasta ahora.", en: "The scan was ended early; this is what was found so far.");

    /// <summary>Tells on standard error what was found and what is wrong.</summary>
    internal static void Tell(ScanResult result, IReadOnlyList<byte> expected, Language language, TextWriter talk)
    {
        if (result.IsCancelled)
        {
            talk.WriteLine(Ended.In(language));
        }

        if (result.AnswersEveryUnit)
        {
            talk.WriteLine(EveryUnit.In(language, result.Line.Place, result.Devices[0].Unit));
        }

        if (result.Line.Framing == TcpFraming.Rtu && result.Devices.Count > 0)
        {
            talk.WriteLine(Advice.For(Symptom.TransparentConverter, result.Line.Facts(language), language).ToText());
        }

        foreach (FoundDevice device in result.Devices)
        {
            talk.WriteLine(Answers.In(language, device.Unit, ReplyText(device.Reply, language), IdentityText(device.Identity, language)));
        }

        foreach (Advice advice in Faults(result, expected, language))
        {
            talk.WriteLine(advice.ToText());
        }
    }

    /// <summary>What is wrong although, or because, the scan ended as it did.</summary>
    internal static IReadOnlyList<Advice> Faults(ScanResult result, IReadOnlyList<byte> expected, Language language)
    {
        SymptomFacts facts = result.Line.Facts(language) with { Waited = Metering.Meters.Yaml.Duration.ToText(result.Line.AnswerTimeout) };
        List<Advice> faults = [];
        if (result.Symptom is Symptom symptom)
        {
            facts = symptom == Symptom.SilenceOfAllUnits ? facts with { Line = result.Line.Place } : facts;
            faults.Add(Advice.For(symptom, facts with { Unit = 1, Register = 0, Detail = "11" }, language));
            return faults;
        }

        faults.AddRange(result.Overlapping.Select(unit => Advice.For(Symptom.OverlappingAnswers, facts with { Unit = unit }, language)));
        if (result.DamagedPercent is > 0 and int percent)
        {
            faults.Add(Advice.For(Symptom.SometimesDamaged, facts with { Detail = percent.ToString(CultureInfo.InvariantCulture) }, language));
        }

        if (!result.IsCancelled && !result.AnswersEveryUnit)
        {
            string answering = UnitList(result.Devices.Select(device => device.Unit));
            faults.AddRange(expected.Except(result.Devices.Select(device => device.Unit)).Except(result.Overlapping)
                .Select(unit => Advice.For(Symptom.SilenceOfOneUnit, facts with { Unit = unit, Detail = answering }, language)));
        }

        return faults;
    }

    /// <summary>Unit ids in short: 1-4, 7.</summary>
    internal static string UnitList(IEnumerable<byte> units)
    {
        List<string> parts = [];
        int first = -1;
        int last = -1;
        foreach (byte unit in units.Order().Append(byte.MaxValue))
        {
            if (first >= 0 && unit == last + 1)
            {
                last = unit;
                continue;
            }

            if (first >= 0)
            {
                parts.Add(first == last ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first}-{last}"));
            }

            (first, last) = (unit, unit);
        }

        return string.Join(", ", parts);
    }

    /// <summary>The bus as it stands in a configuration.</summary>
    internal static string Yaml(ScanResult result, Language language, string root)
    {
        StringBuilder yaml = new();
        _ = yaml.Append("# ").AppendLine(Header.In(language)).AppendLine("buses:");
        if (result.Line.Serial is SerialLine serial)
        {
            SerialSettings settings = serial.Settings;
            _ = yaml.AppendLine("  - id: rs485").AppendLine(
                CultureInfo.InvariantCulture,
                $"    serial: {{ device: {SerialNames.Lasting(serial.Device, root) ?? serial.Device}, baudRate: {settings.BaudRate}, dataBits: {settings.DataBits}, parity: {ToolLine.ParityWord(settings.Parity)}, stopBits: {settings.StopBits} }}");
        }
        else
        {
            string framing = result.Line.Framing == TcpFraming.Rtu ? ", framing: rtu" : "";
            _ = yaml.AppendLine("  - id: network").AppendLine(CultureInfo.InvariantCulture, $"    tcp: {{ host: {result.Line.Tcp!.Host}, port: {result.Line.Tcp.Port}{framing} }}");
        }

        _ = yaml.AppendLine("    answerTimeout: 500ms").AppendLine("    meters:");
        foreach (FoundDevice device in result.Devices)
        {
            ProfileCandidate? best = device.Identity.Candidates.Count > 0 ? device.Identity.Candidates[0] : null;
            string comment = string.Join("; ", new[] { device.Identity.Name, best?.Evidence ?? NoProfile.In(language) }.OfType<string>().Select(OneLine));
            _ = yaml.AppendLine(CultureInfo.InvariantCulture, $"      - {{ id: meter-{device.Unit}, unit: {device.Unit}, profile: {best?.Profile ?? "CHANGE-ME"} }} # {comment}");
        }

        return yaml.ToString();
    }

    /// <summary>Writes the result as one object.</summary>
    internal static void WriteJson(Utf8JsonWriter json, ScanResult result, IReadOnlyList<byte> expected, Language language)
    {
        json.WriteStartObject("line");
        if (result.Line.Serial is SerialLine serial)
        {
            json.WriteString("device", serial.Device);
            json.WriteNumber("baudRate", serial.Settings.BaudRate);
            json.WriteString("parity", ToolLine.ParityWord(serial.Settings.Parity));
            json.WriteNumber("stopBits", serial.Settings.StopBits);
        }
        else
        {
            json.WriteString("host", result.Line.Tcp!.Host);
            json.WriteNumber("port", result.Line.Tcp.Port);
            json.WriteString("framing", result.Line.Framing == TcpFraming.Rtu ? "rtu" : "modbus");
        }

        json.WriteEndObject();
        json.WriteStartArray("devices");
        foreach (FoundDevice device in result.Devices)
        {
            WriteDevice(json, device);
        }

        json.WriteEndArray();
        json.WriteBoolean("answersEveryUnit", result.AnswersEveryUnit);
        json.WriteBoolean("endedEarly", result.IsCancelled);
        json.WriteNumber("requests", result.Requests);
        if (result.DamagedPercent is int percent)
        {
            json.WriteNumber("damagedPercent", percent);
        }

        json.WriteStartArray("faults");
        foreach (Advice advice in Faults(result, expected, language))
        {
            json.WriteStartObject();
            json.WriteString("kind", Symptoms.KindOf(advice.Symptom));
            json.WriteString("message", advice.ToText());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDevice(Utf8JsonWriter json, FoundDevice device)
    {
        json.WriteStartObject();
        json.WriteNumber("unit", device.Unit);
        if (device.Reply.ExceptionCode > 0)
        {
            json.WriteNumber("exception", device.Reply.ExceptionCode);
        }

        json.WriteString("identity", device.Identity.Name);
        json.WriteStartArray("profiles");
        foreach (ProfileCandidate candidate in device.Identity.Candidates)
        {
            json.WriteStartObject();
            json.WriteString("profile", candidate.Profile);
            json.WriteString("evidence", candidate.Evidence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string ReplyText(ModbusReply reply, Language language) => reply.Outcome switch
    {
        ModbusOutcome.Ok => WithValues.In(language),
        ModbusOutcome.Exception => WithException.In(language, reply.ExceptionCode),
        _ => WithOddReply.In(language),
    };

    private static string IdentityText(DeviceIdentity identity, Language language)
    {
        string name = identity.Name is null ? "" : $": {OneLine(identity.Name)}";
        string profiles = string.Join("; ", identity.Candidates.Select(candidate => Fits.In(language, candidate.Profile, candidate.Evidence)));
        return profiles.Length == 0 ? name : $"{name}; {profiles}";
    }

    // A device's name comes from the field: no line break of it may reach the YAML or the terminal.
    private static string OneLine(string text) => new([.. text.Select(character => char.IsControl(character) ? ' ' : character)]);
}
