using System.Net.Http.Headers;
using System.Text;

namespace Metering.Store.Influx;

/// <summary>
/// The Authorization header of a request. The secret is read anew for every request, so a changed file takes effect
/// without a restart, and it stands in no address, message or log.
/// 1.x: Basic (docs.influxdata.com/influxdb/v1/administration/authentication_and_authorization). 1.8 and 2.x: "Token"; the
/// 1.x interface of 2.x does not read "Bearer" (influxdata/influxdb 2.7 http/legacy/influx1x_authentication_handler.go).
/// 3.x: "Bearer" (docs.influxdata.com/influxdb3/core/write-data/http-api/compatibility-apis).
/// </summary>
internal static class InfluxLogin
{
    /// <summary>The header, or null when no login is configured.</summary>
    /// <exception cref="StoreException">The file with the secret cannot be read or holds what no header can carry (78).</exception>
    public static AuthenticationHeaderValue? HeaderOf(InfluxOptions options)
    {
        if (options.TokenFile is string tokenFile)
        {
            string scheme = options.Version == InfluxVersion.Three ? "Bearer" : "Token";
            return new(scheme, ReadSecret(tokenFile, "token"));
        }

        if (options.UserName is null)
        {
            return null;
        }

        string password = options.PasswordFile is null ? "" : ReadSecret(options.PasswordFile, "password");
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.UserName}:{password}")));
    }

    private static string ReadSecret(string file, string what)
    {
        string secret;
        try
        {
            secret = File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException("no se puede leer el secreto ({0}) de InfluxDB de {1}. Ponga el secreto ({2}) en ese archivo, de modo que este usuario lo pueda leer.", $"cannot read the {what} of InfluxDB from {file}. Put the {what} into that file, readable by this user.", StoreException.Configuration, e);
        }

        bool isToken = what == "token";
        return secret.Length == 0 || secret.AsSpan().ContainsAnyInRange('\0', '\u001f') || (isToken && secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
            ? throw new StoreException("{0} no tiene una línea con el secreto ({1}) de InfluxDB. Ponga el secreto ({2}), y nada más, en ese archivo.", $"{file} does not hold one line with the {what} of InfluxDB. Put the {what}, and nothing else, into that file.", StoreException.Configuration)
            : secret;
    }
}
