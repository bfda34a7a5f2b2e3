using System.Buffers;
using System.Globalization;
using System.Text;

namespace Metering.Readings;

/// <summary>A growing buffer whose memory goes back when it is disposed: what a batch is laid out in would else be new garbage for each.</summary>
internal sealed class RentedBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; until the next writing.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>A part of what was written; until the next writing.</summary>
    public ReadOnlyMemory<byte> At(Range place) => _bytes.AsMemory(0, Length)[place];

    public void Advance(int count) => Length = checked(Length + count);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>Appends bytes.</summary>
    public RentedBuffer Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    /// <summary>Appends text that is ASCII.</summary>
    public RentedBuffer Append(string text)
    {
        Length += Encoding.ASCII.GetBytes(text, GetSpan(text.Length));
        return this;
    }

    /// <summary>Appends the digits of a number.</summary>
    public RentedBuffer Append(long number)
    {
        const int LongestNumber = 20;
        _ = number.TryFormat(GetSpan(LongestNumber), out int length, default, CultureInfo.InvariantCulture);
        Length += length;
        return this;
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length >= Math.Max(1, count))
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, Length + count));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
