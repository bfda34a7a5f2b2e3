using System.Security.Cryptography;
using System.Text;
using Metering.Ingestion.Import;
using Metering.Readings;

namespace Metering.Cloud.Commands;

/// <summary>Writes the rows of a file that was planned, in slices, so that neither memory nor a kill depends on the file's size.</summary>
internal sealed class ImportCsvLoad(ImportCsvRequest request, ImportCsvPlan plan, ImportWriter writer, (TextWriter Output, Language Language) talk)
{
    private const int ReadingsPerSlice = 65_536;
    private const long RowsBetweenWords = 1_000_000;

    private readonly Channel[] _channels = [.. plan.Columns.Select(column => column.Channel)];
    private readonly List<Reading> _slice = new(ReadingsPerSlice);

    /// <summary>What every batch is signed with in place of a configuration: SHA-256 of the file's SHA-256 and of how it was understood.</summary>
    public static async Task<string> SourceHashAsync(ImportCsvRequest request, CancellationToken cancellationToken)
    {
        await using FileStream file = new(request.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] content = await SHA256.HashDataAsync(file, cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(Convert.ToHexStringLower(content) + "\n" + request.Canonical())]));
    }

    /// <summary>Writes everything; every reading counted is durable.</summary>
    public async Task<ImportCounts> RunAsync(CancellationToken cancellationToken)
    {
        ImportCounts counts = default;
        long rows = 0;
        using ImportCsvRows source = new(request);
        while (source.Read())
        {
            Take(source);
            rows++;
            if (_slice.Count + _channels.Length > ReadingsPerSlice)
            {
                counts += await FlushAsync(cancellationToken);
            }

            if (rows % RowsBetweenWords == 0)
            {
                await talk.Output.WriteLineAsync(new Text("{0} de {1} renglones, {2} lecturas nuevas", "{0} of {1} rows, {2} readings new").In(talk.Language, rows, plan.Rows, counts.New));
            }
        }

        return counts + await FlushAsync(cancellationToken);
    }

    private void Take(ImportCsvRows source)
    {
        for (int index = 0; index < _channels.Length; index++)
        {
            if (source.TryValue(index, out ImportValue value))
            {
                long instant = source.UtcMilliseconds - request.Times.ShiftOf(plan.Columns[index].Column.Kind);
                _slice.Add(new(instant, Scale(source, index, value), index, ReadingQuality.Good, HasValue: true));
            }
        }
    }

    private long Scale(ImportCsvRows source, int index, in ImportValue value)
    {
        Channel channel = _channels[index];
        bool fits = value.IsExact && channel.Form == ValueForm.Decimal
            ? value.Exact.TryScale(channel.DecimalPlaces, out long scaled)
            : channel.TryToScaled(value.Double, out scaled);
        if (fits)
        {
            return scaled;
        }

        return request.Rounds && plan.Columns[index].Column.Decimals is not null
            ? Rounded(value, channel.DecimalPlaces)
            : throw source.At(index, "el valor no cabe en la forma hallada cuando se leyó el archivo la primera vez. ¿Cambió el archivo entre tanto? Impórtelo de nuevo.", $"the value does not fit the form found when the file was read first. Was the file changed meanwhile? Import it again.");
    }

    // Half to even, from the digits as they were written where they fit.
    private static long Rounded(in ImportValue value, int decimals)
    {
        if (!value.IsExact)
        {
            return (long)Math.Round((decimal)value.Double * PowerOfTen(decimals), MidpointRounding.ToEven);
        }

        Int128 divisor = 1;
        for (int place = decimals; place < value.Exact.Places; place++)
        {
            divisor *= 10;
        }

        (Int128 quotient, Int128 rest) = Int128.DivRem(value.Exact.Mantissa, divisor);
        Int128 twice = 2 * Int128.Abs(rest);
        bool isUp = twice > divisor || (twice == divisor && !Int128.IsEvenInteger(quotient));
        return (long)(isUp ? quotient + Int128.Sign(rest) : quotient);
    }

    private static decimal PowerOfTen(int places)
    {
        decimal power = 1;
        for (int place = 0; place < places; place++)
        {
            power *= 10;
        }

        return power;
    }

    private async Task<ImportCounts> FlushAsync(CancellationToken cancellationToken)
    {
        Reading[] readings = [.. _slice];
        _slice.Clear();
        return await writer.WriteAsync(_channels, readings, cancellationToken);
    }
}
