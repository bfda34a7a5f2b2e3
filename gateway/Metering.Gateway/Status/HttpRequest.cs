using System.Text;

namespace Metering.Gateway.Status;

/// <summary>A request that is no sound HTTP, or more than this server takes.</summary>
internal sealed class HttpRequestException(int status, string reason) : Exception(reason)
{
    /// <summary>Status of the answer, 400-599.</summary>
    internal int Status { get; } = status;
}

/// <summary>One request: the part of HTTP/1.1 (RFC 9112) that a page, a form and a scraper need. What may be read in two ways is refused.</summary>
internal sealed class HttpRequest
{
    internal const int LongestTarget = 1024;
    internal const int MostHeaders = 64;

    private readonly Dictionary<string, string> _headers;
    private readonly Dictionary<string, string> _query;

    private HttpRequest(string method, string path, Dictionary<string, string> query, Dictionary<string, string> headers)
    {
        (Method, Path, _query, _headers) = (method, path, query, headers);
        Body = "";
    }

    /// <summary>GET, HEAD or POST.</summary>
    internal string Method { get; }

    /// <summary>Path without the query, with its leading slash; percent signs are not decoded.</summary>
    internal string Path { get; }

    /// <summary>The body; set by the server after the head.</summary>
    internal string Body { get; set; }

    /// <summary>Who asks; set by the server.</summary>
    internal string Peer { get; set; } = "";

    /// <summary>Bytes of the body that were announced.</summary>
    internal int ContentLength { get; private init; }

    /// <summary>A header by its name in lower case; null when it is not there.</summary>
    internal string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>A field of the query; null when it is not there.</summary>
    internal string? Query(string name) => _query.GetValueOrDefault(name);

    /// <summary>The value of a cookie; null when it was not sent.</summary>
    internal string? Cookie(string name)
    {
        foreach (string pair in (Header("cookie") ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            if (pair.StartsWith(name, StringComparison.Ordinal) && pair.Length > name.Length && pair[name.Length] == '=')
            {
                return pair[(name.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>The fields of a form (application/x-www-form-urlencoded).</summary>
    /// <exception cref="HttpRequestException">It is something else.</exception>
    internal IReadOnlyDictionary<string, string> Form() =>
        (Header("content-type") ?? "").StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            ? ParseFields(Body)
            : throw new HttpRequestException(415, "a form is expected");

    /// <summary>Reads a head.</summary>
    /// <param name="head">Everything up to the empty line, without it.</param>
    /// <param name="longestBody">Bytes a body may have.</param>
    /// <exception cref="HttpRequestException">It is not sound, or not taken here.</exception>
    internal static HttpRequest Parse(ReadOnlySpan<byte> head, int longestBody)
    {
        foreach (byte character in head)
        {
            if (character is >= 0x7F or (< 0x20 and not (byte)'\r' and not (byte)'\n' and not (byte)'\t'))
            {
                throw new HttpRequestException(400, "a control character or a byte beyond ASCII in the head");
            }
        }

        string[] lines = Encoding.ASCII.GetString(head).Split("\r\n");
        string[] first = lines[0].Split(' ');
        if (lines.Length - 1 > MostHeaders)
        {
            throw new HttpRequestException(431, "too many headers");
        }

        if (first.Length != 3 || first[2] is not ("HTTP/1.1" or "HTTP/1.0") || Array.Exists(lines, line => line.Contains('\n', StringComparison.Ordinal) || line.Contains('\r', StringComparison.Ordinal)))
        {
            throw new HttpRequestException(400, "no sound request line");
        }

        if (first[0] is not ("GET" or "HEAD" or "POST"))
        {
            throw new HttpRequestException(405, "GET, HEAD or POST");
        }

        if (first[1].Length > LongestTarget)
        {
            throw new HttpRequestException(414, "the address is too long");
        }

        if (first[1][0] != '/')
        {
            throw new HttpRequestException(400, "the address must begin with a slash");
        }

        Dictionary<string, string> headers = ParseHeaders(lines.AsSpan(1));
        int question = first[1].IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? first[1] : first[1][..question];
        return new(first[0], path, ParseFields(question < 0 ? "" : first[1][(question + 1)..]), headers) { ContentLength = LengthOf(headers, first[0], longestBody) };
    }

    private static Dictionary<string, string> ParseHeaders(ReadOnlySpan<string> lines)
    {
        Dictionary<string, string> headers = new(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = colon > 0 ? line[..colon].ToLowerInvariant() : "";
            if (name.Length == 0 || !name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal)))
            {
                throw new HttpRequestException(400, "a header without a sound name");
            }

            if (!headers.TryAdd(name, line[(colon + 1)..].Trim(' ', '\t')) && name is "host" or "content-length" or "transfer-encoding" or "authorization" or "cookie" or "origin")
            {
                throw new HttpRequestException(400, $"the header {name} stands twice");
            }
        }

        return headers;
    }

    private static int LengthOf(Dictionary<string, string> headers, string method, int longestBody)
    {
        if (headers.ContainsKey("transfer-encoding"))
        {
            throw new HttpRequestException(501, "a body needs a Content-Length here");
        }

        if (!headers.TryGetValue("content-length", out string? text))
        {
            return method == "POST" ? throw new HttpRequestException(411, "a body needs a Content-Length") : 0;
        }

        if (text.Length is 0 or > 9 || !text.All(char.IsAsciiDigit))
        {
            throw new HttpRequestException(400, "Content-Length is no number");
        }

        int length = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        return length <= longestBody ? length : throw new HttpRequestException(413, "the body is too long");
    }

    private static Dictionary<string, string> ParseFields(string text)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            _ = fields.TryAdd(Decode(name), equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        }

        return fields;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
