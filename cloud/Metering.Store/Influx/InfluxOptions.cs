using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>Where the mirror in InfluxDB stands: 1.x, or 2.x and 3.x through their 1.x interface.</summary>
public sealed record InfluxOptions
{
    /// <summary>Address of the server, such as "http://127.0.0.1:8086".</summary>
    public required Uri Url { get; init; }

    /// <summary>Database, an <see cref="Identifier"/>; made when it is missing and the user may.</summary>
    public required string Database { get; init; }

    /// <summary>User name for Basic authentication, or null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>File whose text, without the line end, is the password or token; never the secret itself.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Name under which the store keeps how far this mirror is.</summary>
    internal string Target => $"influx {Base.AbsoluteUri} {Database}";

    /// <summary>The address with a slash at its end, so that a path in it is kept.</summary>
    internal Uri Base => Url.AbsolutePath.EndsWith('/') ? Url : new(Url.GetLeftPart(UriPartial.Path) + "/");

    /// <summary>Checks address and database name.</summary>
    /// <exception cref="ArgumentException">The address is not http or https or carries a password, or the name is no identifier.</exception>
    internal void Check()
    {
        _ = Identifier.Require(Database, nameof(Database));
        if (!Url.IsAbsoluteUri || (Url.Scheme != Uri.UriSchemeHttp && Url.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"'{Url}' is no http or https address", nameof(Url));
        }

        if (Url.UserInfo.Length > 0)
        {
            throw new ArgumentException("the address must not carry a password: use 'userName' and 'passwordFile'", nameof(Url));
        }
    }
}
