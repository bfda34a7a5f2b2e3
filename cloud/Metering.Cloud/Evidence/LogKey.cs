using System.Security.Cryptography;
using Metering.Cloud.Accounts;
using Metering.Readings;

namespace Metering.Cloud.Evidence;

/// <summary>
/// The public half of the key that signs the log's checkpoints and the cloud's acknowledgements. Whoever verifies a bundle needs it from somewhere else than
/// the bundle, and compares its fingerprint with the one the operator gave by another way: a page that lies would show its own key, too.
/// </summary>
/// <param name="LogName">Name of the log.</param>
/// <param name="Pem">The public key in PEM, ending with a line feed.</param>
/// <param name="Fingerprint">SHA-256 of the public key (SubjectPublicKeyInfo, DER), lower-case hexadecimal, as 'metering verify' prints it.</param>
internal sealed record LogKey(string LogName, string Pem, string Fingerprint)
{
    /// <summary>Name of the file, the one that gateways know the cloud by.</summary>
    public const string FileName = "cloud.pub.pem";

    /// <summary>Where everyone gets it, without a language.</summary>
    public const string Address = "/" + FileName;

    private const string PemType = "application/x-pem-file";

    /// <summary>The public half of a key.</summary>
    /// <param name="logName">Name of the log.</param>
    /// <param name="key">The key, private or public.</param>
    public static LogKey Of(string logName, ECDsa key) =>
        new(logName, SigningKey.PublicPem(key), Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));

    /// <summary>Adds the address of the file where there is such a key.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<LogKey>() is { } key)
        {
            app.MapGet(Address, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "no-cache";
                return Results.File(System.Text.Encoding.ASCII.GetBytes(key.Pem), PemType, FileName);
            }).Open().ExcludeFromDescription();
        }
    }
}
