using System.Text;
using Metering.Mqtt.Packets;

namespace Metering.Mqtt.Session;

/// <summary>The rules for topic names and filters (MQTT 5.0, 4.7).</summary>
internal static class Topics
{
    public const string SharePrefix = "$share/";

    /// <summary>Checks a name to publish to and returns its length in bytes.</summary>
    public static int CheckName(string topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        if (topic.AsSpan().IndexOfAny('+', '#', '\0') >= 0)
        {
            throw new ArgumentException("A topic name may not contain +, # or a zero character.", nameof(topic));
        }

        return CheckLength(topic, nameof(topic));
    }

    /// <summary>Checks a filter to subscribe to: + and # stand alone in their level, # only at the end, a share has a name.</summary>
    public static void CheckFilter(string filter)
    {
        ArgumentException.ThrowIfNullOrEmpty(filter);
        CheckLength(filter, nameof(filter));
        string levels = filter;
        if (filter.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            int end = filter.IndexOf('/', SharePrefix.Length);
            if (end <= SharePrefix.Length || end == filter.Length - 1 || filter.AsSpan(SharePrefix.Length, end - SharePrefix.Length).IndexOfAny('+', '#') >= 0)
            {
                throw new ArgumentException("A shared subscription reads $share/name/filter.", nameof(filter));
            }

            levels = filter[(end + 1)..];
        }

        string[] parts = levels.Split('/');
        for (int index = 0; index < parts.Length; index++)
        {
            string part = parts[index];
            bool wildcard = part.AsSpan().IndexOfAny('+', '#') >= 0;
            if (part.Contains('\0', StringComparison.Ordinal) || (wildcard && part.Length > 1) || (part is "#" && index < parts.Length - 1))
            {
                throw new ArgumentException($"The topic filter '{filter}' is not valid: + and # stand alone between slashes, # only at the end.", nameof(filter));
            }
        }
    }

    private static int CheckLength(string text, string parameter)
    {
        try
        {
            int byteCount = SendBuffer.ByteCount(text);
            return byteCount <= ushort.MaxValue ? byteCount : throw new ArgumentException("A topic has at most 65535 bytes.", parameter);
        }
        catch (EncoderFallbackException fault)
        {
            throw new ArgumentException("A topic must be valid Unicode.", parameter, fault);
        }
    }
}
