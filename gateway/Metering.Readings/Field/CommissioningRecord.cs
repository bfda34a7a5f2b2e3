using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings.Field;

/// <summary>A photo taken at the meter: its file name and the SHA-256 of its bytes.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
public sealed record PhotoHash(string Name, string Hash);

/// <summary>
/// What an installer and the gateway state together about one meter: its plate, its certificate, its transformers, and what its dial
/// showed when its register was read. A signed note (see <see cref="SignedNote"/>): the first line names the kind, then one line
/// "keyword value" for each field in a fixed order, "-" for what was not given. UTF-8, no control characters.
/// </summary>
public sealed record CommissioningRecord
{
    /// <summary>First line of the text.</summary>
    public const string FirstLine = "metering/v1/commissioning";

    /// <summary>Longest field, in characters.</summary>
    public const int MaximumTextLength = 200;

    /// <summary>Most photos of one record.</summary>
    public const int MaximumPhotos = 20;

    private const string None = "-";
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>The gateway, an <see cref="Identifier"/>.</summary>
    public required string Gateway { get; init; }

    /// <summary>The meter, an <see cref="Identifier"/>.</summary>
    public required string Meter { get; init; }

    /// <summary>Number of the record of this meter, from 1; the highest holds.</summary>
    public required int Number { get; init; }

    /// <summary>Profile and revision the register was read by.</summary>
    public required string Profile { get; init; }

    /// <summary>The bus with the unit: how the meter was reached.</summary>
    public required string Way { get; init; }

    /// <summary>When it was made, to the second.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>State of the gateway's clock: U, I, S or R.</summary>
    public required string ClockState { get; init; }

    /// <summary>Serial number on the plate.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>Maker on the plate.</summary>
    public required string Maker { get; init; }

    /// <summary>Accuracy class as on the plate.</summary>
    public string? AccuracyClass { get; init; }

    /// <summary>Number of the calibration certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>Until when the certificate holds.</summary>
    public DateOnly? CertificateDue { get; init; }

    /// <summary>Current transformer as on its plate, such as 200/5.</summary>
    public string? CurrentTransformer { get; init; }

    /// <summary>Potential transformer as on its plate, such as 13200/120.</summary>
    public string? PotentialTransformer { get; init; }

    /// <summary>Pulses per unit where the meter gives pulses.</summary>
    public string? KFactor { get; init; }

    /// <summary>The channel whose register was read, an <see cref="Identifier"/>.</summary>
    public required string Channel { get; init; }

    /// <summary>Its unit.</summary>
    public required string Unit { get; init; }

    /// <summary>Decimal places of the register's integers.</summary>
    public required int Decimals { get; init; }

    /// <summary>What the installer read on the dial.</summary>
    public required ExactDecimal Display { get; init; }

    /// <summary>The register at that moment, a scaled integer.</summary>
    public required long Register { get; init; }

    /// <summary>The register some seconds later.</summary>
    public required long RegisterLater { get; init; }

    /// <summary>Photos taken, such as of the seal.</summary>
    public IReadOnlyList<PhotoHash> Photos { get; init; } = [];

    /// <summary>Who commissioned it: a person's name.</summary>
    public string? Installer { get; init; }

    /// <summary>Register minus dial, in steps of the register; null when the dial shows more decimals or the number is too large.</summary>
    public long? DifferenceSteps => Display.TryScale(Decimals, out long display) ? Register - display : null;

    /// <summary>Register minus dial, in percent of the dial; null when the dial shows 0.</summary>
    public double? DifferencePercent
    {
        get
        {
            double display = Display.ToDouble();
            return display == 0 ? null : 100 * (new ExactDecimal(Register, Decimals).ToDouble() - display) / display;
        }
    }

    /// <summary>Whether the register rose between the two readings: proof that it counts, not that it does not when it did not.</summary>
    public bool Counts => RegisterLater > Register;

    /// <summary>A text that may stand in a record: one line without control characters, trimmed, not too long; null when it is none.</summary>
    public static string? Clean(string? text)
    {
        string trimmed = text?.Trim() ?? "";
        return trimmed.Length is > 0 and <= MaximumTextLength && trimmed != None && !trimmed.Any(char.IsControl) ? trimmed : null;
    }

    /// <summary>The text that is signed.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        _ = text.Append(FirstLine).Append('\n');
        foreach ((string keyword, string value) in Fields())
        {
            _ = text.Append(keyword).Append(' ').Append(value).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Signs the record with the gateway's key.</summary>
    public byte[] Sign(ECDsa key) => SignedNote.Sign(Encoding.UTF8.GetBytes(ToText()), Gateway, key);

    /// <summary>Reads a record without checking its signature.</summary>
    /// <exception cref="WireFormatException">Not a record in canonical form.</exception>
    public static CommissioningRecord Read(ReadOnlySpan<byte> note)
    {
        if (!SignedNote.TrySplit(note, out int length, out _, out _))
        {
            throw new WireFormatException("it is no signed note");
        }

        string text = Encoding.UTF8.GetString(note[..length]);
        if (!Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(note[..length]) || text.Any(one => char.IsControl(one) && one != '\n'))
        {
            throw new WireFormatException("it is not UTF-8, or has control characters");
        }

        string[] lines = text.Split('\n');
        if (lines[0] != FirstLine || lines[^1].Length != 0)
        {
            throw new WireFormatException("it is no commissioning record");
        }

        CommissioningLines fields = new(lines[1..^1]);
        CommissioningRecord record = Parse(fields);
        bool isWhole = Identifier.IsValid(record.Gateway) && Identifier.IsValid(record.Meter) && Identifier.IsValid(record.Channel);
        return isWhole && record.ToText() == text ? record : throw new WireFormatException("the record is not in canonical form");
    }

    /// <summary>Reads a record and checks who signed it.</summary>
    /// <exception cref="WireFormatException">Not a record signed by this key.</exception>
    public static CommissioningRecord Open(ReadOnlySpan<byte> note, ECDsa key)
    {
        CommissioningRecord record = Read(note);
        NoteFault fault = SignedNote.Verify(note, record.Gateway, key);
        return fault == NoteFault.None ? record : throw new WireFormatException($"the signature is not right: {fault}");
    }

    private static CommissioningRecord Parse(CommissioningLines fields) => new()
    {
        Gateway = fields.Required("gateway"),
        Meter = fields.Required("meter"),
        Number = (int)fields.Integer("record", 1, int.MaxValue),
        Profile = fields.Required("profile"),
        Way = fields.Required("way"),
        At = fields.Instant("at", InstantFormat),
        ClockState = fields.Required("clock"),
        SerialNumber = fields.Required("serial"),
        Maker = fields.Required("maker"),
        AccuracyClass = fields.Optional("class"),
        Certificate = fields.Optional("certificate"),
        CertificateDue = fields.Date("certificate-due", DateFormat),
        CurrentTransformer = fields.Optional("ct"),
        PotentialTransformer = fields.Optional("pt"),
        KFactor = fields.Optional("k-factor"),
        Channel = fields.Required("channel"),
        Unit = fields.Required("unit"),
        Decimals = (int)fields.Integer("decimals", 0, Readings.Channel.MaximumDecimalPlaces),
        Display = fields.Decimal("display"),
        Register = fields.Integer("register", long.MinValue, long.MaxValue),
        RegisterLater = fields.Integer("register-later", long.MinValue, long.MaxValue),
        Photos = fields.Photos("photo"),
        Installer = fields.Optional("installer"),
    };

    private IEnumerable<(string Keyword, string Value)> Fields()
    {
        yield return ("gateway", Gateway);
        yield return ("meter", Meter);
        yield return ("record", Text(Number));
        yield return ("profile", Profile);
        yield return ("way", Way);
        yield return ("at", At.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture));
        yield return ("clock", ClockState);
        yield return ("serial", SerialNumber);
        yield return ("maker", Maker);
        yield return ("class", AccuracyClass ?? None);
        yield return ("certificate", Certificate ?? None);
        yield return ("certificate-due", CertificateDue?.ToString(DateFormat, CultureInfo.InvariantCulture) ?? None);
        yield return ("ct", CurrentTransformer ?? None);
        yield return ("pt", PotentialTransformer ?? None);
        yield return ("k-factor", KFactor ?? None);
        yield return ("channel", Channel);
        yield return ("unit", Unit);
        yield return ("decimals", Text(Decimals));
        yield return ("display", string.Create(CultureInfo.InvariantCulture, $"{Display.Mantissa} {Display.Places}"));
        yield return ("register", Text(Register));
        yield return ("register-later", Text(RegisterLater));
        foreach (PhotoHash photo in Photos)
        {
            yield return ("photo", $"{photo.Hash} {photo.Name}");
        }

        yield return ("installer", Installer ?? None);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The lines of a record, taken one after the other in their fixed order.</summary>
internal sealed class CommissioningLines(string[] lines)
{
    private const int HashLength = 64;
    private int _next;

    internal string Required(string keyword)
    {
        string lead = keyword + " ";
        return _next < lines.Length && lines[_next].StartsWith(lead, StringComparison.Ordinal) && lines[_next].Length > lead.Length
            ? lines[_next++][lead.Length..]
            : throw new WireFormatException($"the line '{keyword}' is missing");
    }

    internal string? Optional(string keyword) => Required(keyword) is string value and not "-" ? value : null;

    internal long Integer(string keyword, long minimum, long maximum) =>
        long.TryParse(Required(keyword), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= minimum && number <= maximum
            ? number
            : throw new WireFormatException($"the line '{keyword}' holds no such number");

    internal DateTimeOffset Instant(string keyword, string format) =>
        DateTimeOffset.TryParseExact(Required(keyword), format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? instant
            : throw new WireFormatException($"the line '{keyword}' holds no instant");

    internal DateOnly? Date(string keyword, string format) =>
        Optional(keyword) is not string text ? null
        : DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date
        : throw new WireFormatException($"the line '{keyword}' holds no date");

    internal ExactDecimal Decimal(string keyword)
    {
        string[] parts = Required(keyword).Split(' ');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long mantissa)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int places)
            && places <= Channel.MaximumDecimalPlaces
            ? new(mantissa, places)
            : throw new WireFormatException($"the line '{keyword}' holds no decimal number");
    }

    internal IReadOnlyList<PhotoHash> Photos(string keyword)
    {
        List<PhotoHash> photos = [];
        while (_next < lines.Length && lines[_next].StartsWith(keyword + " ", StringComparison.Ordinal) && photos.Count < CommissioningRecord.MaximumPhotos)
        {
            string value = Required(keyword);
            photos.Add(value.Length > HashLength + 1 && value[HashLength] == ' ' && value.AsSpan(0, HashLength).IndexOfAnyExcept("0123456789abcdef") < 0 ? new(value[(HashLength + 1)..], value[..HashLength]) : throw new WireFormatException("the line 'photo' has no hash"));
        }

        return photos;
    }
}
