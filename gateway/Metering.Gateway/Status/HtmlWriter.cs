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

    internal void Write(ref EscapingHandler text) => _ = _text.Append(text.ToStringAndClear());

    public override string ToString() => _text.ToString();

    /// <summary>Text that may stand in an element or between double quotes.</summary>
    internal static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>Escapes the holes of an interpolated text.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct EscapingHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _parts = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string literal) => _ = _parts.Append(literal);

        public void AppendFormatted(string? value) => _ = _parts.Append(Escape(value ?? ""));

        public void AppendFormatted(long value) => _ = _parts.Append(value.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double value, string format) => _ = _parts.Append(value.ToString(format, CultureInfo.InvariantCulture));

        internal string ToStringAndClear() => _parts.ToString();
    }
}
