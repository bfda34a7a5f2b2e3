using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;

namespace Metering.Gateway.Commands;

/// <summary>`gateway profiles --json`.</summary>
internal static class ProfilesJson
{
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string List(IReadOnlyList<DeviceProfile> profiles, Language language) => Write(json =>
    {
        json.WriteStartArray("profiles");
        foreach (DeviceProfile profile in profiles)
        {
            json.WriteStartObject();
            WriteFacts(json, profile, language);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    internal static string One(DeviceProfile profile, Language language) => Write(json =>
    {
        WriteFacts(json, profile, language);
        json.WriteString("source", profile.Source);
        WriteList(json, "editions", profile.Editions);
        json.WriteBoolean("coalesce", profile.Coalesce);
        json.WriteNumber("maximumRegisters", profile.MaximumRegisters);
        json.WriteNumber("maximumHole", profile.MaximumHole);
        json.WriteStartArray("hazards");
        foreach (Hazard hazard in profile.Hazards)
        {
            json.WriteStartObject();
            WritePlace(json, hazard.Table, hazard.Address);
            json.WriteString("warning", hazard.Warning.In(language));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("registers");
        foreach (RegisterDefinition register in profile.Registers)
        {
            json.WriteStartObject();
            json.WriteString("quantity", register.Quantity);
            WritePlace(json, register.Table, register.Address);
            json.WriteString("format", NameOf(register.Format));
            json.WriteString("order", NameOf(register.Order));
            json.WriteNumber("decimals", register.Decimals);
            json.WriteString("unit", register.Unit);
            json.WriteString("kind", register.Kind.ToString().ToLowerInvariant());
            if (register.MaximumStepsPerHour is long most)
            {
                json.WriteNumber("maximumPerHour", new decimal(most) * new decimal(1, 0, 0, false, (byte)register.Decimals));
            }

            json.WriteString("rate", register.Rate.ToString().ToLowerInvariant());
            json.WriteString("confidence", (register.Confidence ?? profile.Confidence)?.Grade.ToString());
            json.WriteString("trust", NameOf(register.Trust ?? profile.Trust));
            WriteList(json, "notes", [.. ProfileTexts.NotesOf(register, language)]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    internal static string NameOf(RegisterFormat format) => format.ToString().ToLowerInvariant();

    internal static string NameOf(WordOrder order) => order.ToString().ToLowerInvariant();

    private static string NameOf(ProfileTrust trust) => trust switch
    {
        ProfileTrust.Simulated => "simulated",
        ProfileTrust.FromDocument => "from-document",
        ProfileTrust.Commissioned => "commissioned",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static void WriteFacts(Utf8JsonWriter json, DeviceProfile profile, Language language)
    {
        json.WriteString("profile", profile.Name);
        json.WriteNumber("revision", profile.Revision);
        json.WriteString("maker", profile.Maker);
        json.WriteString("family", profile.Family);
        WriteList(json, "models", profile.Models);
        json.WriteString("medium", profile.Medium?.ToString().ToLowerInvariant());
        json.WriteString("confidence", profile.Confidence?.Grade.ToString());
        json.WriteString("confidenceReason", profile.Confidence?.Reason.In(language));
        json.WriteString("trust", NameOf(profile.Trust));
    }

    private static void WritePlace(Utf8JsonWriter json, ModbusTable table, ushort address)
    {
        json.WriteString("table", table == ModbusTable.InputRegisters ? "input" : "holding");
        json.WriteNumber("address", address);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Layout))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
