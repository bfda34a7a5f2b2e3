using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Store;

/// <summary>The version of a range of readings, by which a report pins its data.</summary>
internal static class ReadingVersion
{
    /// <summary>SHA-256 over unit, decimals and every reading: equal when and only when the readings are.</summary>
    public static string Of(ReadingColumns readings)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(null, $"metering/v1/version {readings.Channel.Unit} {readings.Channel.DecimalsText} {readings.Count}\n")));
        AppendLittleEndian(hash, readings.UtcMilliseconds);
        AppendLittleEndian(hash, readings.ScaledValues);
        hash.AppendData(MemoryMarshal.AsBytes<ReadingQuality>(readings.Qualities));
        hash.AppendData(MemoryMarshal.AsBytes<bool>(readings.HasValues));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendLittleEndian(IncrementalHash hash, long[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes<long>(values));
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
