using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Metering.Cloud.Hosting;

/// <summary>Where pages answer, and for readers of other machines only by https: with a certificate here, or behind one proxy that ends it.</summary>
internal static class RemoteAccess
{
    /// <summary>Listens as configured.</summary>
    /// <exception cref="CloudFault">The certificate cannot be read.</exception>
    public static void Listen(KestrelServerOptions kestrel, WebConfig web, int port)
    {
        if (web is not { IsRemote: true, CertificateFile: string certificate, CertificateKeyFile: string key })
        {
            kestrel.Listen(web.Address, port);
            return;
        }

        try
        {
            X509Certificate2 loaded = X509Certificate2.CreateFromPemFile(certificate, key);
            kestrel.Listen(web.Address, port, listen => listen.UseHttps(loaded));
        }
        catch (CryptographicException e)
        {
            throw new CloudFault(ExitCode.Configuration, "el certificado {0} con la llave {1} no se puede usar: {2}. Ambos deben ser archivos PEM, y corresponderse.", $"the certificate {certificate} with the key {key} cannot be used: {e.Message}. Both must be PEM files, and belong together.");
        }
    }

    /// <summary>Believes the proxy's headers, and refuses what did not come by https through it.</summary>
    public static void Use(WebApplication app, WebConfig web)
    {
        if (web is not { IsRemote: true, TrustedProxy: { } proxy })
        {
            return;
        }

        ForwardedHeadersOptions options = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        options.KnownProxies.Add(proxy);
        app.UseForwardedHeaders(options);
        app.Use(async (HttpContext http, RequestDelegate next) =>
        {
            if (http.Request.IsHttps || http.Request.Path == "/health" || http.Request.Path == "/ready")
            {
                await next(http);
                return;
            }

            http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await http.Response.WriteAsync("Only https through the proxy is answered. Solo se responde https a través del proxy.\n", http.RequestAborted);
        });
    }
}
