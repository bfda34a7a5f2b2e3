using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Metering.Gateway.Status;

/// <summary>
/// Gathers a page. What stands between the braces of an interpolated text is escaped, always; only the literal parts, which are
/// written in the source, are taken as they are. So no value from a meter or a configuration can become markup.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends; the handler has done so already when this is called.</summary>
    internal void Write([InterpolatedStringHandlerArgument("")] ref EscapingHandler text) => Debug.Assert(text.IsOf(_text), "the compiler gives the handler this writer");

    public override string ToString() => _text.ToString();

    /// <summary>The page in UTF-8, without the whole of it as a text in between: pages of many meters are long.</summary>
    internal byte[] ToBytes()
    {
        int length = 0;
        foreach (ReadOnlyMemory<char> chunk in _text.GetChunks())
        {
            length += Encoding.UTF8.GetMaxByteCount(chunk.Length);
        }

        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // A pair of surrogates may lie across two chunks; the encoder remembers the first half.
            Encoder encoder = Encoding.UTF8.GetEncoder();
            int written = 0;
            foreach (ReadOnlyMemory<char> chunk in _text.GetChunks())
            {
                written += encoder.GetBytes(chunk.Span, buffer.AsSpan(written), flush: false);
            }

            written += encoder.GetBytes([], buffer.AsSpan(written), flush: true);
            return buffer.AsSpan(0, written).ToArray();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (char character in value)
        {
            _ = character switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '"' => text.Append("&quot;"),
                '\'' => text.Append("&#39;"),
                _ => text.Append(character),
            };
        }
    }

    /// <summary>Escapes the holes of an interpolated text while it is appended.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct EscapingHandler
    {
        private readonly StringBuilder _parts;

        public EscapingHandler(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _parts = writer._text;
            Debug.Assert(literalLength >= 0 && formattedCount >= 0, "given by the compiler");
        }

        public void AppendLiteral(string literal) => _ = _parts.Append(literal);

        public void AppendFormatted(string? value) => AppendEscaped(_parts, value ?? "");

        public void AppendFormatted(long value) => _ = _parts.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(double value, string format) => _ = _parts.Append(value.ToString(format, CultureInfo.InvariantCulture));

        internal bool IsOf(StringBuilder text) => ReferenceEquals(_parts, text);
    }
}
