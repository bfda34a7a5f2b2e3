using System.Globalization;

namespace Metering.Cloud.Commands;

/// <summary>
/// Reads stamps: `yyyy-MM-dd`, `yyyy-MM-dd HH:mm`, `yyyy-MM-dd HH:mm:ss[.fff]`, with a blank or T between, and Z or an
/// offset after it or nothing. A stamp without Z or offset, and a date alone, is the clock of the given zone. When the clock
/// is set back and an hour comes twice, the second one is taken as soon as time would run backwards.
/// </summary>
internal sealed class CsvTime(TimeZoneInfo zone)
{
    private const int FirstYear = 1970;
    private const int LastYear = 2199;
    private readonly bool isUtc = zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime;
    private long previous = long.MinValue;

    /// <summary>UTC milliseconds since 1970-01-01 of a field.</summary>
    /// <exception cref="CsvException">It is not a time, or one that the zone skips.</exception>
    public long Read(CsvReader reader, int column)
    {
        ReadOnlySpan<byte> text = reader.Field(column);
        if (!TryParse(text, out long localTicks, out TimeSpan? offset))
        {
            throw reader.At(column, "«{0}» no es una hora. Escriba 2025-03-01, 2025-03-01 14:15 o 2025-03-01T14:15:00-06:00 (años {1} a {2}).", $"'{reader.Text(column)}' is not a time. Write 2025-03-01, 2025-03-01 14:15 or 2025-03-01T14:15:00-06:00 (years {FirstYear} to {LastYear}).");
        }

        DateTime local = new(localTicks, DateTimeKind.Unspecified);
        if (offset is null && !isUtc && zone.IsInvalidTime(local))
        {
            throw reader.At(column, "«{0}» no existe en {1}: ahí se adelantan los relojes. Si el registrador no sigue el horario de verano, dé su zona fija, por ejemplo --zone Etc/GMT+6, o escriba el desfase.", $"'{reader.Text(column)}' does not exist in {zone.Id}: the clocks are set forward there. If the logger does not follow summer time, give its fixed zone, for example --zone Etc/GMT+6, or write the offset.");
        }

        long utc = Milliseconds(localTicks, offset ?? (isUtc ? TimeSpan.Zero : zone.GetUtcOffset(local)));
        if (offset is null && !isUtc && zone.IsAmbiguousTime(local))
        {
            TimeSpan[] offsets = zone.GetAmbiguousTimeOffsets(local);
            long first = Milliseconds(localTicks, offsets.Max());
            utc = first > previous ? first : Milliseconds(localTicks, offsets.Min());
        }

        previous = utc;
        return utc;
    }

    private static long Milliseconds(long localTicks, TimeSpan offset) =>
        (localTicks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;

    private static bool TryParse(ReadOnlySpan<byte> text, out long localTicks, out TimeSpan? offset)
    {
        localTicks = 0;
        offset = null;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !TryNumber(text[..4], out int year) || !TryNumber(text[5..7], out int month) || !TryNumber(text[8..10], out int day)
            || year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        localTicks = new DateOnly(year, month, day).DayNumber * TimeSpan.TicksPerDay;
        text = text[10..];
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ((byte)' ' or (byte)'T' or (byte)'t') || text.Length < 6 || text[3] != ':'
            || !TryNumber(text[1..3], out int hour) || !TryNumber(text[4..6], out int minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        localTicks += ((hour * 60) + minute) * TimeSpan.TicksPerMinute;
        text = text[6..];
        return TrySeconds(ref text, ref localTicks) && TryOffset(text.TrimStart((byte)' '), out offset);
    }

    private static bool TrySeconds(ref ReadOnlySpan<byte> text, ref long localTicks)
    {
        if (text.IsEmpty || text[0] != ':')
        {
            return true;
        }

        if (text.Length < 3 || !TryNumber(text[1..3], out int second) || second > 59)
        {
            return false;
        }

        localTicks += second * TimeSpan.TicksPerSecond;
        text = text[3..];
        if (text.IsEmpty || text[0] != '.')
        {
            return true;
        }

        int digits = 1;
        int milliseconds = 0;
        while (digits < text.Length && char.IsAsciiDigit((char)text[digits]))
        {
            milliseconds = digits <= 3 ? (milliseconds * 10) + (text[digits] - '0') : milliseconds;
            digits++;
        }

        for (int i = digits; i <= 3; i++)
        {
            milliseconds *= 10;
        }

        text = text[digits..];
        localTicks += (milliseconds) * TimeSpan.TicksPerMillisecond;
        return digits > 1;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan? offset)
    {
        offset = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z')
        {
            offset = TimeSpan.Zero;
            return true;
        }

        bool colon = text.Length == 6 && text[3] == ':';
        if (text[0] is not ((byte)'+' or (byte)'-') || !(colon || text.Length is 5 or 3) || !TryNumber(text[1..3], out int hours))
        {
            return false;
        }

        int minutes = 0;
        if (text.Length > 3 && !TryNumber(text[^2..], out minutes))
        {
            return false;
        }

        if (hours > 14 || minutes > 59)
        {
            return false;
        }

        TimeSpan size = new(hours, minutes, 0);
        offset = text[0] == '-' ? -size : size;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
