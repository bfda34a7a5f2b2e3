using System.Security.Cryptography;

namespace Metering.Readings;

/// <summary>ECDSA P-256 keys in PEM files: the private key readable by its owner only (mode 0600).</summary>
public static class SigningKey
{
    /// <summary>Makes a key and writes it to a new file with mode 0600.</summary>
    /// <exception cref="IOException">The file exists already or cannot be written.</exception>
    public static ECDsa Create(string path)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream stream = new(path, options);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        stream.Flush(flushToDisk: true);
        return key;
    }

    /// <summary>Reads a private or public key in PEM.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="WireFormatException">The file holds no P-256 key.</exception>
    public static ECDsa Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads a private or public key from PEM text.</summary>
    /// <exception cref="WireFormatException">The text holds no P-256 key.</exception>
    public static ECDsa Parse(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? key : throw new WireFormatException("the key is not of curve P-256");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or PlatformNotSupportedException)
        {
            throw new WireFormatException("no P-256 key in PEM form", e);
        }
    }

    /// <summary>The public half in PEM, ending with a line feed.</summary>
    public static string PublicPem(ECDsa key) => key.ExportSubjectPublicKeyInfoPem() + "\n";
}
