using Metering.Readings.Texts;
using Metering.Readings;

namespace Metering.Evidence.Ocmf;

/// <summary>One reading of a record (OCMF 1.x, table 7).</summary>
/// <param name="UtcMilliseconds">When it was read, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="TimeStatus">How the clock stood (table 19): 'U' unknown, 'I' informative, 'S' synchronised, 'R' relative.</param>
/// <param name="Value">The value as it was written; null when only an error is told.</param>
/// <param name="Unit">"kWh" or "Wh"; empty when only an error is told.</param>
/// <param name="Identification">OBIS code, such as "1-0:1.8.0"; empty when none is given.</param>
/// <param name="Status">How the meter stood (table 10); 'G' is good.</param>
/// <param name="ErrorFlags">Quantities that are not usable: 'E' energy, 't' time; empty when none.</param>
public sealed record OcmfReading(long UtcMilliseconds, char TimeStatus, ExactDecimal? Value, string Unit, string Identification, char Status, string ErrorFlags)
{
    /// <summary>Active energy imported, all tariffs (IEC 62056-6-1): the register of a usual meter.</summary>
    public const string ImportedEnergy = "1-0:1.8.0";

    /// <summary>Active energy exported, all tariffs.</summary>
    public const string ExportedEnergy = "1-0:2.8.0";

    private static readonly ExactDecimal Thousandth = new(1, 3);

    /// <summary>The value in kWh, exactly; null when there is none, or it does not fit 64 bits.</summary>
    public ExactDecimal? KilowattHours => Value is not { } value ? null
        : Unit == "kWh" ? value
        : value.TryTimes(Thousandth, out ExactDecimal scaled) ? scaled : null;

    /// <summary>What the quality of the reading is here: good only when meter, time and energy are.</summary>
    public ReadingQuality Quality => Status switch
    {
        'G' when ErrorFlags.Contains('E', StringComparison.Ordinal) => ReadingQuality.Bad(QualityReason.OutOfRange),
        'G' when TimeStatus == 'U' || ErrorFlags.Contains('t', StringComparison.Ordinal) => ReadingQuality.Uncertain(QualityReason.ClockUnsynced),
        'G' => ReadingQuality.Good,
        'S' => ReadingQuality.Of(QualityClass.Substituted, QualityReason.Estimated),
        'T' => ReadingQuality.Bad(QualityReason.Timeout),
        'N' or 'D' or 'R' => ReadingQuality.Bad(QualityReason.Disconnected),
        'O' => ReadingQuality.Bad(QualityReason.OutOfRange),
        'X' => ReadingQuality.Bad(QualityReason.Reset),
        _ => ReadingQuality.Bad(QualityReason.Exception),
    };
}

/// <summary>The text is no OCMF record that can be taken: its form, its signature, or a part of the format that is not supported.</summary>
public sealed class OcmfException : Exception
{
    private readonly (string Spanish, FormattableString English)? sentence;

    /// <summary>Without a message.</summary>
    public OcmfException()
    {
    }

    /// <summary>With what is wrong and what to do.</summary>
    public OcmfException(string message)
        : base(message)
    {
    }

    /// <summary>With its sentence in both languages; the message is the English one.</summary>
    /// <param name="spanish">What is wrong and what to do in Spanish, with the places of the English form.</param>
    /// <param name="english">The same in English, with its values.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public OcmfException(string spanish, FormattableString english, Exception? innerException = null)
        : base(FormattableString.Invariant(english), innerException) => sentence = (spanish, english);

    /// <summary>With what is wrong and its cause.</summary>
    public OcmfException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What is wrong and what to do, in a language; English where it is known in English only.</summary>
    public string In(Language language) => sentence is (string spanish, FormattableString english) ? language.Say(spanish, english) : Message;
}
