using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Cloud.Hosting;

/// <summary>Reads the secrets that the configuration names by file.</summary>
internal static class CloudSecrets
{
    public static ECDsa LoadKey(string file)
    {
        try
        {
            ECDsa key = SigningKey.Load(file);
            if (HasPrivateHalf(key))
            {
                return key;
            }

            key.Dispose();
            throw new CloudFault(ExitCode.Configuration, "{0} solo tiene una llave pública, así que no se pueden firmar acuses. Dé el archivo que escribió «cloud key --out ARCHIVO», no ARCHIVO.pub.", $"{file} holds only a public key, so acks cannot be signed. Give the file that 'cloud key --out FILE' wrote, not FILE.pub.");
        }
        catch (WireFormatException e)
        {
            throw new CloudFault(ExitCode.Configuration, "{0}: {1}. Haga una llave con «cloud key --out ARCHIVO».", $"{file}: {e.Message}. Make a key with 'cloud key --out FILE'.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.Permission, "este usuario no puede leer {0}. La llave debe ser del usuario con que corre el servicio.", $"{file} may not be read by this user. The key must belong to the user the cloud runs as.");
        }
    }

    /// <summary>The first line of a password file; null without a file.</summary>
    public static string? ReadPassword(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            using StreamReader reader = new(file);
            string? password = reader.ReadLine();
            return string.IsNullOrEmpty(password)
                ? throw new CloudFault(ExitCode.Configuration, "{0} está vacío: su primera línea debe ser la contraseña.", $"{file} is empty: its first line must be the password.")
                : password;
        }
        catch (UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.Permission, "este usuario no puede leer {0}. Debe ser del usuario con que corre el servicio.", $"{file} may not be read by this user. It must belong to the user the cloud runs as.");
        }
    }

    private static bool HasPrivateHalf(ECDsa key)
    {
        try
        {
            CryptographicOperations.ZeroMemory(key.ExportParameters(includePrivateParameters: true).D);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
