using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>The generation of an InfluxDB server. All three are spoken to through the 1.x interface (/write and /query); they differ in what they cannot do.</summary>
public enum InfluxVersion
{
    /// <summary>1.x, and whatever else speaks its interface.</summary>
    One = 1,

    /// <summary>2.x: a database is a bucket of the same name, which somebody has to make.</summary>
    Two = 2,

    /// <summary>3.x: a database is made by its first write; queries reach over two days at most; single points cannot be removed.</summary>
    Three = 3,
}

/// <summary>Where the mirror in InfluxDB stands and how to log in there.</summary>
public sealed record InfluxOptions
{
    /// <summary>Address of the server, such as "http://127.0.0.1:8086".</summary>
    public required Uri Url { get; init; }

    /// <summary>Database, an <see cref="Identifier"/>.</summary>
    public required string Database { get; init; }

    /// <summary>Generation of the server.</summary>
    public InfluxVersion Version { get; init; } = InfluxVersion.One;

    /// <summary>User name for Basic authentication, or null for none. With 2.x and 3.x any name goes with a token as the password.</summary>
    public string? UserName { get; init; }

    /// <summary>File whose text, without the line end, is the password; never the secret itself.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>File whose text, without the line end, is the token: sent as "Token" to 1.8 and 2.x, as "Bearer" to 3.x. Null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>How long the server may take for the answer to a write, or for each part of the answer to a query.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether readings are only taken from it: then the database may have any name, as somebody else has chosen it.</summary>
    public bool IsSource { get; init; }

    /// <summary>Name under which the store keeps how far this mirror is.</summary>
    internal string Target => $"influx {Base.AbsoluteUri} {Database}";

    /// <summary>The address with a slash at its end, so that a path in it is kept.</summary>
    internal Uri Base => Url.AbsolutePath.EndsWith('/') ? Url : new(Url.GetLeftPart(UriPartial.Path) + "/");

    /// <summary>Checks address, database name, version and login.</summary>
    /// <exception cref="ArgumentException">One of them is outside its range; the message says which and what to write.</exception>
    internal void Check()
    {
        if (!IsSource)
        {
            _ = Identifier.Require(Database, nameof(Database));
        }

        if (string.IsNullOrWhiteSpace(Database) || Database.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            throw new ArgumentException("the database must have a name without control characters", nameof(Database));
        }

        if (!Url.IsAbsoluteUri || (Url.Scheme != Uri.UriSchemeHttp && Url.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"'{Url}' is no http or https address", nameof(Url));
        }

        if (Url.UserInfo.Length > 0)
        {
            throw new ArgumentException("the address must not carry a password: use 'userName' and 'passwordFile'", nameof(Url));
        }

        if (Version is < InfluxVersion.One or > InfluxVersion.Three)
        {
            throw new ArgumentException("the version must be 1, 2 or 3", nameof(Version));
        }

        if (TokenFile is not null && (UserName is not null || PasswordFile is not null))
        {
            throw new ArgumentException("give either 'tokenFile' or 'userName' with 'passwordFile', not both", nameof(TokenFile));
        }

        if (RequestTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentException("the timeout must be longer than nothing", nameof(RequestTimeout));
        }
    }
}
