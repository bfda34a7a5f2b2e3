using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Ingestion.Import;

/// <summary>
/// The key that signs unsigned readings: not proof of any meter, only that this cloud took them in and nobody changed them since.
/// A file beside the cloud's own key, mode 0600, never in the store.
/// </summary>
public static class ImportKey
{
    private const string Extension = ".import";

    /// <summary>The import key's file beside the cloud's own key.</summary>
    public static string FileBeside(string cloudKeyFile) => cloudKeyFile + Extension;

    /// <summary>
    /// Reads the key, or makes it at the first import. Written whole under another name first, so that a power cut leaves no half
    /// key, and never over one that is there.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    /// <exception cref="ImportException">The file holds no private P-256 key.</exception>
    public static ECDsa LoadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        try
        {
            ECDsa key = SigningKey.Load(path);
            if (HasPrivateHalf(key))
            {
                return key;
            }

            key.Dispose();
            throw new ImportException("{0} solo tiene una llave pública, así que no se pueden firmar importaciones. Vuelva a poner la llave privada, o retire el archivo: se hace una llave nueva, y las importaciones siguen con otro número de llave.", $"{path} holds only a public key, so imports cannot be signed. Put the private key back, or move the file away: a new key is made, and imports go on under a new key epoch.");
        }
        catch (WireFormatException e)
        {
            throw new ImportException("{0} no tiene ninguna llave ({1}). Vuelva a poner la llave de un respaldo, o retire el archivo: se hace una llave nueva, y las importaciones siguen con otro número de llave.", $"{path} holds no key ({e.Message}). Put the key back from a backup, or move the file away: a new key is made, and imports go on under a new key epoch.", e);
        }
    }

    private static void Create(string path)
    {
        string whole = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        try
        {
            SigningKey.Create(whole).Dispose();
            File.Move(whole, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its key is the key.
        }
        finally
        {
            File.Delete(whole);
        }
    }

    private static bool HasPrivateHalf(ECDsa key)
    {
        try
        {
            CryptographicOperations.ZeroMemory(key.ExportPkcs8PrivateKey());
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
