using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Readings;

namespace Metering.Evidence.Ocmf;

/// <summary>
/// Writes readings of an energy register as a record without a transaction (page F, "fiscal metering"), for programs that know OCMF. The signature is that of
/// whoever writes it: it says that this program holds these readings, not that the meter signed them.
/// </summary>
public static class OcmfWriter
{
    private const string Version = "1.0";

    /// <summary>One signed record.</summary>
    /// <param name="signer">System that signs (GI, GS).</param>
    /// <param name="page">Number of the page, from 1.</param>
    /// <param name="channel">The register: a counter in kWh.</param>
    /// <param name="obis">OBIS code of the register, such as <see cref="OcmfReading.ImportedEnergy"/>.</param>
    /// <param name="readings">Instants and the channel's integers, ascending.</param>
    /// <param name="key">Private key of the signer, P-256.</param>
    /// <returns>The record in one line, without a line feed.</returns>
    /// <exception cref="OcmfException">The channel is no energy register; the message says why.</exception>
    public static string Write((string Name, string Software) signer, long page, Channel channel, string obis, IReadOnlyList<(long UtcMilliseconds, long ScaledValue)> readings, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(readings);
        if (channel.Unit != "kWh" || channel.Kind != ChannelKind.Counter)
        {
            throw channel.Kind == ChannelKind.Counter
                ? new OcmfException(
                    "«{0}» es un contador en {1}: OCMF conoce solo registros de energía en kWh y Wh (tabla 20), así que agua, gas y otros no se pueden escribir en él",
                    $"'{channel.Id}' is a counter in {channel.Unit}: OCMF knows energy registers in kWh and Wh only (table 20), so water, gas and others cannot be written in it")
                : new OcmfException(
                    "«{0}» es un valor instantáneo en {1}: OCMF conoce solo registros de energía en kWh y Wh (tabla 20), así que agua, gas y otros no se pueden escribir en él",
                    $"'{channel.Id}' is a momentary value in {channel.Unit}: OCMF knows energy registers in kWh and Wh only (table 20), so water, gas and others cannot be written in it");
        }

        if (readings.Count == 0)
        {
            throw new OcmfException("no hay ninguna lectura de «{0}» que escribir", $"there is no reading of '{channel.Id}' to write");
        }

        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("FV", Version);
            json.WriteString("GI", signer.Software);
            json.WriteString("GS", signer.Name);
            json.WriteString("PG", string.Create(CultureInfo.InvariantCulture, $"F{page}"));
            json.WriteString("MS", channel.Meter);
            json.WriteStartArray("RD");
            foreach ((long at, long value) in readings)
            {
                json.WriteStartObject();
                json.WriteString("TM", OcmfRecord.Instant(at, 'I'));
                json.WritePropertyName("RV");

                // The digits after the point are the meter's own: 1.50 is not 1.5.
                json.WriteRawValue(Digits(value, channel.DecimalPlaces));
                json.WriteString("RI", obis);
                json.WriteString("RU", channel.Unit);
                json.WriteString("ST", "G");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        string payload = Encoding.UTF8.GetString(stream.ToArray());
        return payload.Contains('|', StringComparison.Ordinal) ? throw new OcmfException("un nombre lleva una barra, lo que el formato no permite", $"a name has a bar in it, which the format does not allow") : OcmfRecord.Sign(payload, key);
    }

    private static string Digits(long value, int places)
    {
        string digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        string text = places == 0 ? digits : $"{digits[..^places]}.{digits[^places..]}";
        return value < 0 ? "-" + text : text;
    }
}
