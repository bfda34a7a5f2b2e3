using System.Text;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>What holds for all readings of one poll cycle.</summary>
/// <param name="SlotUtcMilliseconds">The scheduled instant.</param>
/// <param name="Clock">State of the clock.</param>
/// <param name="MonotonicMilliseconds">Monotonic clock of this start of the gateway when the cycle began.</param>
/// <param name="AnchorUtcMilliseconds">Wall clock at the same moment.</param>
internal readonly record struct CycleHeader(long SlotUtcMilliseconds, ClockState Clock, long MonotonicMilliseconds, long AnchorUtcMilliseconds);

/// <summary>What readings are to be understood by: written before the first cycle of each segment and of each start of the gateway.</summary>
internal sealed record CycleTable(string Boot, string ConfigHash, string Software, IReadOnlyList<Channel> Channels);

/// <summary>Kinds of frame in the log of cycles: the first byte of the payload.</summary>
internal enum CycleFrameKind : byte
{
    Table = (byte)'T',
    Cycle = (byte)'C',
    Gap = (byte)'G',
}

/// <summary>Bytes of the frames in the log of cycles. Numbers little-endian or as variable-length integers (7 bits a byte, low first).</summary>
internal static class CycleRecord
{
    private const int HasValueFlag = 1;

    internal static void WriteTable(BinaryWriter writer, CycleTable table)
    {
        writer.Write((byte)CycleFrameKind.Table);
        writer.Write(table.Boot);
        writer.Write(table.ConfigHash);
        writer.Write(table.Software);
        writer.Write7BitEncodedInt(table.Channels.Count);
        foreach (Channel channel in table.Channels)
        {
            writer.Write(channel.Id);
            writer.Write(channel.Meter);
            writer.Write(channel.Unit);
            writer.Write((byte)channel.Kind);
            writer.Write((byte)channel.DecimalPlaces);
            writer.Write(channel.Modulus ?? 0);
            writer.Write(channel.Profile);
        }
    }

    internal static CycleTable ReadTable(ReadOnlySpan<byte> payload)
    {
        using BinaryReader reader = new(new MemoryStream(payload[1..].ToArray()), Encoding.UTF8);
        string boot = reader.ReadString();
        string configHash = reader.ReadString();
        string software = reader.ReadString();
        Channel[] channels = new Channel[reader.Read7BitEncodedInt()];
        for (int index = 0; index < channels.Length; index++)
        {
            string id = reader.ReadString();
            string meter = reader.ReadString();
            string unit = reader.ReadString();
            ChannelKind kind = (ChannelKind)reader.ReadByte();
            int decimals = reader.ReadByte();
            long modulus = reader.ReadInt64();
            channels[index] = new Channel
            {
                Id = id, Meter = meter, Unit = unit, Kind = kind, DecimalPlaces = decimals, Modulus = modulus == 0 ? null : modulus, Profile = reader.ReadString(),
            };
        }

        return new(boot, configHash, software, channels);
    }

    internal static void WriteCycle(BinaryWriter writer, long tableSequence, in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        writer.Write((byte)CycleFrameKind.Cycle);
        writer.Write7BitEncodedInt64(tableSequence);
        writer.Write(header.SlotUtcMilliseconds);
        writer.Write((byte)header.Clock);
        writer.Write(header.MonotonicMilliseconds);
        writer.Write(header.AnchorUtcMilliseconds);
        writer.Write7BitEncodedInt(readings.Length);
        foreach (ref readonly Reading reading in readings)
        {
            writer.Write7BitEncodedInt(reading.ChannelIndex);
            writer.Write(reading.Quality.Code);
            writer.Write((byte)(reading.HasValue ? HasValueFlag : 0));
            if (reading.HasValue)
            {
                writer.Write7BitEncodedInt64((reading.ScaledValue << 1) ^ (reading.ScaledValue >> 63));
            }
        }
    }

    internal static (long TableSequence, CycleHeader Header, Reading[] Readings) ReadCycle(ReadOnlySpan<byte> payload)
    {
        using BinaryReader reader = new(new MemoryStream(payload[1..].ToArray()), Encoding.UTF8);
        long tableSequence = reader.Read7BitEncodedInt64();
        long slot = reader.ReadInt64();
        ClockState clock = (ClockState)reader.ReadByte();
        long monotonic = reader.ReadInt64();
        long anchor = reader.ReadInt64();
        Reading[] readings = new Reading[reader.Read7BitEncodedInt()];
        for (int index = 0; index < readings.Length; index++)
        {
            int channel = reader.Read7BitEncodedInt();
            ReadingQuality quality = new(reader.ReadByte());
            bool hasValue = (reader.ReadByte() & HasValueFlag) != 0;
            long folded = hasValue ? reader.Read7BitEncodedInt64() : 0;
            readings[index] = new(slot, unchecked((long)((ulong)folded >> 1)) ^ -(folded & 1), channel, quality, hasValue);
        }

        return (tableSequence, new(slot, clock, monotonic, anchor), readings);
    }

    internal static void WriteGap(BinaryWriter writer, GapEvent gap)
    {
        writer.Write((byte)CycleFrameKind.Gap);
        writer.Write(gap.FromUtcMilliseconds);
        writer.Write(gap.ThroughUtcMilliseconds);
        writer.Write(gap.Reason);
        writer.Write(gap.Count);
    }

    internal static GapEvent ReadGap(ReadOnlySpan<byte> payload)
    {
        using BinaryReader reader = new(new MemoryStream(payload[1..].ToArray()), Encoding.UTF8);
        return new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadString(), reader.ReadInt64());
    }
}
