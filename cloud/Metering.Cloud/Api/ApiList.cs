using System.Globalization;
using System.Text;

namespace Metering.Cloud.Api;

/// <summary>A part of a list.</summary>
/// <param name="Items">What stands in this part, in the order of its keys.</param>
/// <param name="Next">Address of the part after it, as in the header Link; null at the end.</param>
internal sealed record ApiList<TItem>(IReadOnlyList<TItem> Items, string? Next);

/// <summary>
/// Which part of a list is asked for. A cursor is the key of the last item seen, so rows added or withdrawn meanwhile move nothing: every row that
/// stands all the while comes exactly once.
/// </summary>
/// <param name="After">Key of the last item seen; null at the beginning.</param>
/// <param name="Limit">Most items.</param>
internal sealed record ApiPaging(string? After, int Limit)
{
    /// <summary>Items of a part when nothing is asked.</summary>
    public const int UsualLimit = 100;

    /// <summary>Most items of a part.</summary>
    public const int MostLimit = 1000;

    private const int LongestCursor = 400;

    /// <summary>What the query asks for.</summary>
    /// <exception cref="ApiRefusal">limit or after cannot be read.</exception>
    public static ApiPaging Of(HttpContext http)
    {
        string limit = http.Request.Query["limit"].ToString();
        int most = UsualLimit;
        if (limit.Length > 0 && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MostLimit))
        {
            throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-limit", new($"limit es un número entero de 1 a {MostLimit}", $"limit is a whole number from 1 to {MostLimit}"), "limit");
        }

        string cursor = http.Request.Query["after"].ToString();
        return new(cursor.Length == 0 ? null : Read(cursor), most);
    }

    /// <summary>Answers with the asked part of a list.</summary>
    /// <param name="http">The request.</param>
    /// <param name="all">All items that the reader may see.</param>
    /// <param name="keyOf">Key of an item, none twice.</param>
    /// <param name="shape">What is written of an item.</param>
    public static IResult Answer<TSource, TItem>(HttpContext http, IEnumerable<TSource> all, Func<TSource, string> keyOf, Func<TSource, TItem> shape)
    {
        ApiPaging paging = Of(http);
        List<(string Key, TSource Source)> rest = [.. all.Select(source => (Key: keyOf(source), source))
            .Where(pair => paging.After is null || string.CompareOrdinal(pair.Key, paging.After) > 0)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Take(paging.Limit + 1)];
        string? next = rest.Count > paging.Limit ? paging.Next(http, rest[paging.Limit - 1].Key) : null;
        return ApiAnswer.Of(http, new ApiList<TItem>([.. rest.Take(paging.Limit).Select(pair => shape(pair.Source))], next));
    }

    /// <summary>Address of the part after a key, also given as header Link.</summary>
    public string Next(HttpContext http, string lastKey)
    {
        string cursor = Convert.ToBase64String(Encoding.UTF8.GetBytes(lastKey)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        IEnumerable<string> others = http.Request.Query.Where(pair => pair.Key is not "after" and not "limit")
            .SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}"));
        string query = string.Join('&', others.Append(string.Create(CultureInfo.InvariantCulture, $"limit={Limit}")).Append("after=" + cursor));
        string address = $"{http.Request.Path.ToUriComponent()}?{query}";
        http.Response.Headers.Link = $"<{address}>; rel=\"next\"";
        return address;
    }

    private static string Read(string cursor)
    {
        string padded = cursor.Replace('-', '+').Replace('_', '/') + (cursor.Length % 4) switch { 2 => "==", 3 => "=", _ => "" };
        byte[] bytes = new byte[LongestCursor];
        return cursor.Length <= LongestCursor && Convert.TryFromBase64String(padded, bytes, out int length) && length > 0 && IsText(bytes.AsSpan(0, length))
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-cursor", new("after no es un cursor de esta lista", "after is no cursor of this list"), "after");
    }

    private static bool IsText(ReadOnlySpan<byte> bytes) => Utf8IsValid(bytes) && !bytes.ContainsAnyInRange((byte)0, (byte)31);

    private static bool Utf8IsValid(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);
}
