using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Ocmf;
using Metering.Readings;

namespace Metering.Cloud.Evidence.Ocmf;

/// <summary>What a file of OCMF records brings in, after every signature was verified.</summary>
internal sealed record OcmfImport
{
    /// <summary>The channel.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Its readings, ascending in time.</summary>
    public required IReadOnlyList<Reading> Readings { get; init; }

    /// <summary>Records in the file.</summary>
    public required int Records { get; init; }

    /// <summary>SHA-256 of the file's text, lower-case hexadecimal.</summary>
    public required string SourceHash { get; init; }

    /// <summary>What somebody should know, in English: pages that are not there.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Reads and verifies a file.</summary>
    /// <param name="text">The records.</param>
    /// <param name="keyText">The meter's public key.</param>
    /// <param name="channel">The channel they become.</param>
    /// <param name="obis">The register; null when all readings are of one.</param>
    /// <exception cref="OcmfException">A record is not of its form, of another meter, not signed by the key, or does not fit the channel.</exception>
    /// <exception cref="ArgumentException">The channel is not sound.</exception>
    public static OcmfImport Make(string text, string keyText, Channel channel, string? obis)
    {
        channel.Check();
        IReadOnlyList<OcmfRecord> records = OcmfRecord.ReadAll(text);
        using (ECDsa key = OcmfRecord.ReadKey(keyText))
        {
            foreach (OcmfRecord record in records)
            {
                record.Verify(key);
            }
        }

        if (records.Select(record => (record.SystemSerial, record.MeterSerial)).Distinct().Count() > 1)
        {
            throw new OcmfException("los registros son de varios medidores (GS, MS): traiga un medidor a la vez", $"the records are of several meters (GS, MS): bring in one meter at a time");
        }

        SortedDictionary<long, Reading> readings = [];
        foreach (OcmfReading reading in records.SelectMany(record => record.Readings).Where(reading => obis is null || reading.Identification == obis))
        {
            Reading taken = Take(reading, channel);
            if (!readings.TryAdd(reading.UtcMilliseconds, taken) && readings[reading.UtcMilliseconds] != taken)
            {
                throw new OcmfException(
                    "hay dos lecturas del {0:O}: si son de varios registros, elija uno con --obis",
                    $"there are two readings of {DateTimeOffset.FromUnixTimeMilliseconds(reading.UtcMilliseconds):O}: when they are of several registers, choose one with --obis");
            }
        }

        if (readings.Count == 0 || records.SelectMany(record => record.Readings).Where(reading => obis is null && reading.Value is not null).Select(reading => reading.Identification).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            throw readings.Count == 0
                ? new OcmfException("no hay ninguna lectura del registro {0}", $"there is no reading of the register {obis}")
                : new OcmfException("las lecturas son de varios registros (RI): elija uno con --obis", $"the readings are of several registers (RI): choose one with --obis");
        }

        return new()
        {
            Channel = channel,
            Readings = [.. readings.Values],
            Records = records.Count,
            SourceHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            Notes = [.. MissingPages(records)],
        };
    }

    private static Reading Take(OcmfReading reading, Channel channel)
    {
        if (reading.Value is null)
        {
            ReadingQuality why = reading.Quality.IsUsable ? ReadingQuality.Bad(QualityReason.Exception) : reading.Quality;
            return new(reading.UtcMilliseconds, 0, 0, why, HasValue: false);
        }

        return reading.KilowattHours is { } energy && energy.TryScale(channel.DecimalPlaces, out long scaled)
            ? new(reading.UtcMilliseconds, scaled, 0, reading.Quality, HasValue: true)
            : throw new OcmfException("un valor tiene más de {0} decimales de kWh: dé --decimals", $"a value has more than {channel.DecimalPlaces} decimal places of a kWh: give --decimals");
    }

    // Each context has its own counter that goes up by one: a page that is missing is a record that somebody holds back, or never made.
    private static IEnumerable<string> MissingPages(IReadOnlyList<OcmfRecord> records)
    {
        foreach (IGrouping<char, OcmfRecord> context in records.GroupBy(record => record.Context))
        {
            long[] pages = [.. context.Select(record => record.Page).Distinct().Order()];
            long missing = pages[^1] - pages[0] + 1 - pages.Length;
            if (missing > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{missing} pages between {context.Key}{pages[0]} and {context.Key}{pages[^1]} are not in the file");
            }
        }
    }
}
