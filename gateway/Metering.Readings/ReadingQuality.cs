using System.Diagnostics;

namespace Metering.Readings;

/// <summary>How far a reading may be trusted. The letter is what stands in a segment line.</summary>
public enum QualityClass : byte
{
    /// <summary>G: measured, every check passed.</summary>
    Good = 0,

    /// <summary>U: measured, but one check is open; used by analytics only where a rule says so.</summary>
    Uncertain = 1,

    /// <summary>B: not to be used; most bad readings carry no value.</summary>
    Bad = 2,

    /// <summary>S: put in by a rule or a person in place of a measured value.</summary>
    Substituted = 3,
}

/// <summary>Why a reading is not simply good. The numbers are part of the wire format: only ever added to.</summary>
public enum QualityReason : byte
{
    /// <summary>No reason: the reading is good.</summary>
    None = 0,

    /// <summary>The meter did not answer in time.</summary>
    Timeout = 1,

    /// <summary>An answer came, but its check sum was wrong.</summary>
    Crc = 2,

    /// <summary>The meter answered with a Modbus exception.</summary>
    Exception = 3,

    /// <summary>The connection or the serial device was gone.</summary>
    Disconnected = 4,

    /// <summary>An answer came that does not belong to the question.</summary>
    UnexpectedReply = 5,

    /// <summary>The meter's own "not available" value.</summary>
    Sentinel = 6,

    /// <summary>Outside the limits of the channel.</summary>
    OutOfRange = 7,

    /// <summary>Accepted after its time, so it may belong to an earlier question.</summary>
    Late = 8,

    /// <summary>The value has not moved for longer than it can stand still.</summary>
    Frozen = 9,

    /// <summary>The gateway's clock had no trusted time.</summary>
    ClockUnsynced = 10,

    /// <summary>The counter passed its end and began again.</summary>
    Rollover = 11,

    /// <summary>The counter was set back.</summary>
    Reset = 12,

    /// <summary>One impossible value among possible ones.</summary>
    Glitch = 13,

    /// <summary>Not measured: worked out by a rule.</summary>
    Estimated = 14,
}

/// <summary>Class and reason of a reading in one byte: class in bits 6-7, reason in bits 0-5. 0 is good.</summary>
/// <param name="Code">The byte as stored.</param>
public readonly record struct ReadingQuality(byte Code)
{
    private const int ClassShift = 6;
    private const int ReasonMask = 0x3F;

    private static readonly string[] ReasonNames =
    [
        "", "timeout", "crc", "exception", "disconnected", "unexpected-reply", "sentinel", "out-of-range",
        "late", "frozen", "clock-unsynced", "rollover", "reset", "glitch", "estimated",
    ];

    /// <summary>Good, without a reason.</summary>
    public static ReadingQuality Good => default;

    /// <summary>The class.</summary>
    public QualityClass Class => (QualityClass)(Code >> ClassShift);

    /// <summary>The reason.</summary>
    public QualityReason Reason => (QualityReason)(Code & ReasonMask);

    /// <summary>Good: the reading may be used without more ado.</summary>
    public bool IsGood => Class == QualityClass.Good;

    /// <summary>Not bad: the reading may be used where the rule at hand allows it.</summary>
    public bool IsUsable => Class != QualityClass.Bad;

    /// <summary>Puts class and reason together.</summary>
    public static ReadingQuality Of(QualityClass qualityClass, QualityReason reason) =>
        new((byte)(((int)qualityClass << ClassShift) | (int)reason));

    /// <summary>A bad reading with its reason.</summary>
    public static ReadingQuality Bad(QualityReason reason) => Of(QualityClass.Bad, reason);

    /// <summary>An uncertain reading with its reason.</summary>
    public static ReadingQuality Uncertain(QualityReason reason) => Of(QualityClass.Uncertain, reason);

    /// <summary>The canonical text: "G", or letter, point and reason as in "B.timeout".</summary>
    public override string ToString()
    {
        string letter = Class switch
        {
            QualityClass.Good => "G",
            QualityClass.Uncertain => "U",
            QualityClass.Bad => "B",
            QualityClass.Substituted => "S",
            _ => throw new UnreachableException(),
        };
        return Reason == QualityReason.None ? letter : $"{letter}.{ReasonNames[(int)Reason]}";
    }

    /// <summary>Reads the canonical text; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ReadingQuality quality)
    {
        quality = default;
        if (text.IsEmpty)
        {
            return false;
        }

        int qualityClass = "GUBS"u8.IndexOf(text[0]);
        if (qualityClass < 0)
        {
            return false;
        }

        if (text.Length == 1)
        {
            quality = Of((QualityClass)qualityClass, QualityReason.None);
            return true;
        }

        for (int reason = 1; reason < ReasonNames.Length; reason++)
        {
            if (text[1] == (byte)'.' && EqualsAscii(text[2..], ReasonNames[reason]))
            {
                quality = Of((QualityClass)qualityClass, (QualityReason)reason);
                return true;
            }
        }

        return false;
    }

    private static bool EqualsAscii(ReadOnlySpan<byte> bytes, string text)
    {
        if (bytes.Length != text.Length)
        {
            return false;
        }

        for (int index = 0; index < text.Length; index++)
        {
            if (bytes[index] != text[index])
            {
                return false;
            }
        }

        return true;
    }
}
