using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Metering.Readings;

/// <summary>The version of a range of readings, by which a report pins its data.</summary>
public static class ReadingVersion
{
    /// <summary>SHA-256 over unit, decimals and every reading: equal when and only when the readings are.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="utcMilliseconds">Instants, ascending.</param>
    /// <param name="scaledValues">The channel's integers.</param>
    /// <param name="qualities">Quality of each reading.</param>
    /// <param name="hasValues">Whether each reading has a value.</param>
    /// <returns>64 hexadecimal digits in lower case.</returns>
    public static string Of(Channel channel, ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<long> scaledValues, ReadOnlySpan<ReadingQuality> qualities, ReadOnlySpan<bool> hasValues)
    {
        ArgumentNullException.ThrowIfNull(channel);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(null, $"metering/v1/version {channel.Unit} {channel.DecimalsText} {utcMilliseconds.Length}\n")));
        AppendLittleEndian(hash, utcMilliseconds);
        AppendLittleEndian(hash, scaledValues);
        hash.AppendData(MemoryMarshal.AsBytes(qualities));
        hash.AppendData(MemoryMarshal.AsBytes(hasValues));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendLittleEndian(IncrementalHash hash, ReadOnlySpan<long> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (long value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            hash.AppendData(bytes);
        }
    }
}
