using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Metering.Gateway.Status;

/// <summary>
/// Who may look and who may write: the token as a bearer or by the log-in form, host names that are this computer's own (a foreign
/// name that leads here is a trap set in somebody's browser), and a secret in each form.
/// </summary>
internal sealed class StatusAccess(string? token, TimeProvider clock)
{
    internal const string CookieName = "gateway";
    private const int MostSessions = 32;
    private const int SecretLength = 24;
    private const int FailuresAMinute = 5;
    private const int MostFailures = 256;
    private static readonly TimeSpan SessionAge = TimeSpan.FromHours(12);
    private static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(1);

    private readonly byte[] _formKey = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<string, long> _sessions = new(StringComparer.Ordinal);
    private readonly Queue<(string Peer, long At)> _failures = new();

    /// <summary>Whether a token is wanted at all.</summary>
    internal bool IsGuarded => token is not null;

    /// <summary>Whether the Host header is an address or a name without a dot, or ends in .local: never a public name.</summary>
    internal static bool IsOwnHost(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return false;
        }

        string name = host[0] == '[' ? host[..(host.IndexOf(']', StringComparison.Ordinal) + 1)].Trim('[', ']') : host.Split(':')[0];
        return IPAddress.TryParse(name, out _)
            || name.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
            || (name.Length > 0 && !name.Contains('.', StringComparison.Ordinal));
    }

    /// <summary>Whether this visitor may look.</summary>
    internal bool MayLook(HttpRequest request)
    {
        if (token is null)
        {
            return true;
        }

        string? bearer = request.Header("authorization");
        return bearer is not null && bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? TryToken(bearer[7..].Trim(), request.Peer)
            : request.Cookie(CookieName) is string session && _sessions.TryGetValue(session, out long begun) && clock.GetElapsedTime(begun) < SessionAge;
    }

    /// <summary>Whether too many wrong tokens came from there in the last minute.</summary>
    internal bool IsThrottled(string peer)
    {
        while (_failures.TryPeek(out (string Peer, long At) oldest) && (_failures.Count > MostFailures || clock.GetElapsedTime(oldest.At) > FailureWindow))
        {
            _ = _failures.Dequeue();
        }

        return _failures.Count(failure => failure.Peer == peer) >= FailuresAMinute;
    }

    /// <summary>Takes a token from the log-in form.</summary>
    /// <returns>A Set-Cookie header, or null when it is the wrong one.</returns>
    internal string? LogIn(string given, string peer)
    {
        if (!TryToken(given, peer))
        {
            return null;
        }

        string session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretLength));
        if (_sessions.Count >= MostSessions)
        {
            _ = _sessions.Remove(_sessions.MinBy(pair => pair.Value).Key);
        }

        _sessions[session] = clock.GetTimestamp();
        return $"{CookieName}={session}; HttpOnly; SameSite=Strict; Path=/; Max-Age={(int)SessionAge.TotalSeconds}";
    }

    /// <summary>The secret that a form carries, so that no other page can send it in a visitor's name.</summary>
    internal string FormSecret(HttpRequest request) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_formKey, Encoding.UTF8.GetBytes(request.Cookie(CookieName) ?? request.Peer)));

    /// <summary>Whether a form comes from a page of this gateway.</summary>
    internal bool IsOwnForm(HttpRequest request, string? secret)
    {
        bool isSameOrigin = request.Header("origin") is not string origin
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority == request.Header("host"));
        return isSameOrigin && Same(secret ?? "", FormSecret(request));
    }

    private bool TryToken(string given, string peer)
    {
        bool isThrottled = IsThrottled(peer);
        if (token is null || (!isThrottled && Same(given, token)))
        {
            return true;
        }

        if (!isThrottled)
        {
            _failures.Enqueue((peer, clock.GetTimestamp()));
        }

        return false;
    }

    // In a time that tells nothing of how much was right.
    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
