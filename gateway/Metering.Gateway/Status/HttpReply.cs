using System.Globalization;
using System.Text;

namespace Metering.Gateway.Status;

/// <summary>What is answered. Every answer closes its connection and forbids what a page of a gateway never needs: scripts, frames, other hosts, caches.</summary>
internal sealed record HttpReply
{
    /// <summary>What a browser may do with a page: show its own style sheet and send its own forms. No script at all.</summary>
    internal const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = "text/html; charset=utf-8";

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Where to go instead; with status 303.</summary>
    public string? Location { get; init; }

    /// <summary>A Set-Cookie header; null for none.</summary>
    public string? SetCookie { get; init; }

    /// <summary>Whether a browser may keep it for a day: the style sheet only.</summary>
    public bool IsLasting { get; init; }

    internal static HttpReply Text(int status, string text) => new() { Status = status, ContentType = "text/plain; charset=utf-8", Body = Encoding.UTF8.GetBytes(text + "\n") };

    internal static HttpReply Html(HtmlWriter page, int status = 200) => new() { Status = status, Body = page.ToBytes() };

    internal static HttpReply See(string location) => new() { Status = 303, Location = location, ContentType = "text/plain; charset=utf-8" };

    /// <summary>Status line and headers, with the empty line.</summary>
    internal byte[] Head()
    {
        StringBuilder head = new();
        _ = head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {Phrase(Status)}\r\nContent-Type: {ContentType}\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n");
        _ = head.Append(CultureInfo.InvariantCulture, $"Cache-Control: {(IsLasting ? "max-age=86400" : "no-store")}\r\nContent-Security-Policy: {ContentSecurityPolicy}\r\n");
        _ = head.Append("X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n");
        if (Location is not null)
        {
            _ = head.Append(CultureInfo.InvariantCulture, $"Location: {Location}\r\n");
        }

        if (SetCookie is not null)
        {
            _ = head.Append(CultureInfo.InvariantCulture, $"Set-Cookie: {SetCookie}\r\n");
        }

        if (Status == 401)
        {
            _ = head.Append("WWW-Authenticate: Bearer\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    private static string Phrase(int status) => status switch
    {
        200 => "OK",
        303 => "See Other",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Error",
    };
}
