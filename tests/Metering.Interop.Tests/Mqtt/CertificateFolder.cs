using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Metering.Interop.Tests.Mqtt;

/// <summary>An authority and certificates signed by it, as PEM files in a folder of their own.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("metering-certificates-").FullName;
    private readonly X509Certificate2 authority;

    internal CertificateFolder()
    {
        authority = Authority("test authority");
        File.WriteAllText(PathOf("ca.pem"), authority.ExportCertificatePem());
        using X509Certificate2 other = Authority("another authority");
        File.WriteAllText(PathOf("other-ca.pem"), other.ExportCertificatePem());
    }

    internal string PathOf(string file) => Path.Combine(folder, file);

    /// <summary>Issues name.pem and name.key.</summary>
    /// <param name="name">Common name and file name.</param>
    /// <param name="host">A DNS name or address it stands for; null for none.</param>
    /// <param name="hasExpired">Whether it ended an hour ago.</param>
    internal void Issue(string name, string? host, bool hasExpired = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        if (host is not null)
        {
            SubjectAlternativeNameBuilder names = new();
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        DateTimeOffset end = hasExpired ? TimeProvider.System.GetUtcNow().AddHours(-1) : new DateTimeOffset(authority.NotAfter);
        using X509Certificate2 certificate = request.Create(authority, new DateTimeOffset(authority.NotBefore), end, SHA256.HashData(Encoding.UTF8.GetBytes(name))[..8]);
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        OwnerOnly(PathOf($"{name}.key"));
    }

    internal static void OwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static X509Certificate2 Authority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-2), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
