using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Readings;
using Metering.Readings.Texts;

namespace Metering.Evidence.Ocmf;

/// <summary>
/// One record of the Open Charge Metering Format 1.x: "OCMF|payload|signature", payload and signature in JSON; the signature is over the bytes of the payload as they
/// stand between the bars. Only ECDSA-secp256r1-SHA256 in DER is verified; energy in kWh and Wh is taken, as the format knows no other quantity.
/// </summary>
public sealed record OcmfRecord
{
    /// <summary>The only signature that is verified and made.</summary>
    public const string Algorithm = "ECDSA-secp256r1-SHA256";

    /// <summary>Most characters of a file.</summary>
    public const int MaximumLength = 64 * 1024 * 1024;

    private const string Header = "OCMF|";
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss,fffzzz";
    private const int TimeLength = 28;
    private const int MaximumReadings = 10_000;

    // A name that stands twice is read one way by one program and another way by the next.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The payload, as signed.</summary>
    public required string Payload { get; init; }

    /// <summary>Identification of the system that signed (GI); empty when it is not told.</summary>
    public required string System { get; init; }

    /// <summary>Serial number of that system (GS); empty when it is not told.</summary>
    public required string SystemSerial { get; init; }

    /// <summary>Serial number of the meter (MS); empty when it is not told.</summary>
    public required string MeterSerial { get; init; }

    /// <summary>Manufacturer and model of the meter (MV, MM); empty when they are not told.</summary>
    public required string Meter { get; init; }

    /// <summary>Context of the page (PG): 'T' a transaction, 'F' without one.</summary>
    public required char Context { get; init; }

    /// <summary>Number of the page in its context.</summary>
    public required long Page { get; init; }

    /// <summary>The readings.</summary>
    public required IReadOnlyList<OcmfReading> Readings { get; init; }

    private string SignatureAlgorithm { get; init; } = Algorithm;

    private byte[] Signature { get; init; } = [];

    /// <summary>Reads every record of a text: one behind the other, each beginning with "OCMF|" at the start of a line.</summary>
    /// <exception cref="OcmfException">There is none, or one is not of its form; the message says which.</exception>
    public static IReadOnlyList<OcmfRecord> ReadAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> starts = [];
        for (int at = text.IndexOf(Header, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Header, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || text[at - 1] is '\n' or '\uFEFF')
            {
                starts.Add(at);
            }
        }

        if (starts.Count == 0 || text.Length > MaximumLength || text[..starts[0]].Trim('\uFEFF', ' ', '\r', '\n').Length > 0)
        {
            throw new OcmfException("no es un archivo OCMF: debe empezar con «OCMF|», y cada registro siguiente debe empezar un renglón propio", $"not an OCMF file: it must begin with 'OCMF|', and each further record must begin a line of its own");
        }

        List<OcmfRecord> records = [];
        for (int index = 0; index < starts.Count; index++)
        {
            int end = index + 1 < starts.Count ? starts[index + 1] : text.Length;
            try
            {
                records.Add(Read(text[starts[index]..end]));
            }
            catch (Exception e) when (e is JsonException or OcmfException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                // What is wrong inside is part of the form here, so that its braces stand for themselves.
                string inside = ((e as OcmfException)?.In(Language.Spanish) ?? e.Message).TrimEnd('.').Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
                throw new OcmfException("el registro {0} no tiene la forma del formato: " + inside, $"record {index + 1} is not of the format's form: {e.Message.TrimEnd('.')}", e);
            }
        }

        return records;
    }

    /// <summary>Reads a public key: PEM, or the DER of a SubjectPublicKeyInfo in hexadecimal digits as meters print it.</summary>
    /// <exception cref="OcmfException">It is none of curve secp256r1.</exception>
    public static ECDsa ReadKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (text.Contains("-----BEGIN", StringComparison.Ordinal))
            {
                return SigningKey.Parse(text);
            }

            ECDsa key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromHexString(text.Trim()), out int read);
            return read == text.Trim().Length / 2 && IsOurCurve(key) ? key : throw new OcmfException("la llave pública no es de la curva secp256r1, la única que se admite", $"the public key is not of the curve secp256r1, the only one that is supported");
        }
        catch (Exception e) when (e is FormatException or CryptographicException or WireFormatException or PlatformNotSupportedException)
        {
            throw new OcmfException("la llave pública no es de la curva secp256r1: dé un PEM, o el SubjectPublicKeyInfo en dígitos hexadecimales", $"the public key is none of the curve secp256r1: give PEM, or the SubjectPublicKeyInfo in hexadecimal digits", e);
        }
    }

    /// <summary>Checks the signature.</summary>
    /// <exception cref="OcmfException">It does not fit, or was made by an algorithm that is not supported.</exception>
    public void Verify(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (SignatureAlgorithm != Algorithm)
        {
            throw new OcmfException("la página {0}{1} está firmada con {2}, que no se admite: solo {3}", $"page {Context}{Page} is signed by {SignatureAlgorithm}, which is not supported: only {Algorithm} is");
        }

        if (!key.VerifyData(Encoding.UTF8.GetBytes(Payload), Signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
        {
            throw new OcmfException("la firma de la página {0}{1} no corresponde: el registro se cambió, o es de otra llave", $"the signature of page {Context}{Page} does not fit: the record was changed, or it is of another key");
        }
    }

    /// <summary>Signs a payload.</summary>
    /// <returns>The record in one line, without a line feed.</returns>
    internal static string Sign(string payload, ECDsa key)
    {
        byte[] signature = key.SignData(Encoding.UTF8.GetBytes(payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return $$"""{{Header}}{{payload}}|{"SA":"{{Algorithm}}","SE":"hex","SM":"application/x-der","SD":"{{Convert.ToHexString(signature)}}"}""";
    }

    /// <summary>An instant as records write it, in UTC.</summary>
    internal static string Instant(long utcMilliseconds, char status) =>
        DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss,fff", CultureInfo.InvariantCulture) + "+0000 " + status;

    private static bool IsOurCurve(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256";

    private static OcmfRecord Read(string text)
    {
        string[] parts = text.Split('|');
        if (parts.Length != 3)
        {
            throw new OcmfException("debe tener tres partes, «OCMF|contenido|firma», y ninguna otra barra", $"it must have three parts, 'OCMF|payload|signature', and no other bar");
        }

        using JsonDocument payload = JsonDocument.Parse(parts[1], Strict);
        using JsonDocument signature = JsonDocument.Parse(parts[2], Strict);
        JsonElement root = payload.RootElement;
        string page = Text(root, "PG");
        if (page.Length < 2 || page[0] is not ('T' or 'F') || !long.TryParse(page.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            throw new OcmfException("la página (PG) «{0}» no es «T» o «F» con un número", $"the page (PG) '{page}' is not 'T' or 'F' with a number");
        }

        string encoded = Text(signature.RootElement, "SD");
        bool isHex = Text(signature.RootElement, "SE", "hex") is string encoding && (encoding == "hex" || (encoding == "base64" ? false : throw new OcmfException("no se conocen firmas codificadas en «{0}»", $"signatures encoded in '{encoding}' are not known")));
        return Text(signature.RootElement, "SM", "application/x-der") != "application/x-der"
            ? throw new OcmfException("solo se conocen firmas del tipo application/x-der", $"only signatures of the type application/x-der are known")
            : new()
            {
                Payload = parts[1],
                System = Text(root, "GI", ""),
                SystemSerial = Text(root, "GS", ""),
                MeterSerial = Text(root, "MS", ""),
                Meter = $"{Text(root, "MV", "")} {Text(root, "MM", "")}".Trim(),
                Context = page[0],
                Page = number,
                Readings = ReadReadings(root.GetProperty("RD")),
                SignatureAlgorithm = Text(signature.RootElement, "SA", Algorithm),
                Signature = isHex ? Convert.FromHexString(encoded) : Convert.FromBase64String(encoded),
            };
    }

    // A field that is left out has the value of the reading before it.
    private static List<OcmfReading> ReadReadings(JsonElement array)
    {
        if (array.GetArrayLength() is 0 or > MaximumReadings)
        {
            throw new OcmfException("no tiene ninguna lectura, o tiene demasiadas", $"it has no reading, or too many");
        }

        List<OcmfReading> readings = [];
        (string unit, string identification, string status, string flags) = ("", "", "", "");
        foreach (JsonElement item in array.EnumerateArray())
        {
            (unit, identification, status, flags) = (Text(item, "RU", unit), Text(item, "RI", identification), Text(item, "ST", status), Text(item, "EF", flags));
            (long at, char clock) = ReadTime(Text(item, "TM"));
            ExactDecimal? value = null;
            if (item.TryGetProperty("RV", out JsonElement number))
            {
                if (number.ValueKind != JsonValueKind.Number || !ExactDecimal.TryParse(Encoding.ASCII.GetBytes(number.GetRawText()), out ExactDecimal exact))
                {
                    throw new OcmfException("un valor (RV) no es un número, o no cabe en 64 bits", $"a value (RV) is no number, or one that does not fit 64 bits");
                }

                value = exact;
            }

            if (status.Length != 1 || (value is not null && unit is not ("kWh" or "Wh")))
            {
                throw status.Length != 1
                    ? new OcmfException("una lectura no tiene estado (ST)", $"a reading has no status (ST)")
                    : new OcmfException(
                        "la unidad «{0}» no se puede tomar: el formato conoce la energía en kWh y Wh solamente. El agua y el gas no tienen aquí forma firmada; tráigalos como CSV",
                        $"the unit '{unit}' cannot be taken: the format knows energy in kWh and Wh only. Water and gas have no signed form here; bring them in as CSV");
            }

            readings.Add(new(at, clock, value, value is null ? "" : unit, identification, status[0], flags));
        }

        return readings;
    }

    // "2018-07-24T13:22:04,000+0200 S"
    private static (long UtcMilliseconds, char Status) ReadTime(string text)
    {
        bool isWhole = text.Length == TimeLength + 2 && text[TimeLength] == ' ' && text[^1] is 'U' or 'I' or 'S' or 'R';
        string standard = isWhole ? text[..(TimeLength - 2)] + ":" + text[(TimeLength - 2)..TimeLength] : "";
        return DateTimeOffset.TryParseExact(standard, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant)
            ? (instant.ToUnixTimeMilliseconds(), text[^1])
            : throw new OcmfException("la hora (TM) «{0}» no es como «2018-07-24T13:22:04,000+0200 S»", $"the time (TM) '{text}' is not like '2018-07-24T13:22:04,000+0200 S'");
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : throw new OcmfException("falta «{0}»", $"'{name}' is missing");

    private static string Text(JsonElement element, string name, string otherwise) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString() ?? otherwise : otherwise;
}
