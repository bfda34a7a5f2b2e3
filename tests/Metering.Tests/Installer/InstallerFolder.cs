using System.Security.Cryptography;
using Metering.Readings;
using Metering.Tests.Support;

namespace Metering.Tests.Installer;

/// <summary>A folder with a gateway's configuration and the secret files beside it.</summary>
internal sealed class InstallerFolder : IDisposable
{
    internal const string Password = "correct horse battery staple";
    internal const string Token = "tok-5b1f0c7d9e";
    private readonly TemporaryFolder _folder = new();

    internal InstallerFolder(string yaml)
    {
        Config = _folder.Write("gateway.yaml", yaml);
        _ = _folder.Write("broker.password", Password + "\n");
        using ECDsa key = SigningKey.Create(_folder.Combine("gateway.pem"));
        PrivatePem = File.ReadAllText(_folder.Combine("gateway.pem"));
        using ECDsa cloud = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _ = _folder.Write("cloud.pub.pem", SigningKey.PublicPem(cloud));
        foreach (string profile in Directory.GetFiles(Repository.Path("gateway", "profiles"), "*.yaml"))
        {
            _ = _folder.Write("profiles/" + Path.GetFileName(profile), File.ReadAllText(profile));
        }
    }

    internal string Config { get; }

    internal string PrivatePem { get; }

    internal string Combine(string name) => _folder.Combine(name);

    internal string Write(string name, string text) => _folder.Write(name, text);

    public void Dispose() => _folder.Dispose();
}
