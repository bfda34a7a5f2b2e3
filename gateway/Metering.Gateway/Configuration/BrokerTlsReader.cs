using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Configuration;

/// <summary>Reads how the line to the broker is protected, and opens every certificate it names, so that a faulty one is told now and with its place.</summary>
internal static class BrokerTlsReader
{
    internal static BrokerTls? Read(YamlSection? section, string folder)
    {
        if (section is null)
        {
            return null;
        }

        string? authority = PathOf(section, "caFile", folder);
        string? certificate = PathOf(section, "certificateFile", folder);
        string? key = PathOf(section, "keyFile", folder);
        if (section.Has("certificateFile") != section.Has("keyFile"))
        {
            section.Fault(section.Has("keyFile") ? "keyFile" : "certificateFile", new(es: "un certificado y su llave privada van juntos", en: "a certificate and its private key belong together"), new(es: "escriba los dos, o ninguno si el broker solo pide contraseña", en: "write both, or neither for a broker that asks for a password only"));
        }

        if (authority is not null)
        {
            Try(section, "caFile", authority, new(es: "dé el archivo PEM de la autoridad que firmó el certificado del broker", en: "give the PEM file of the authority that signed the broker's certificate"), () =>
            {
                X509Certificate2Collection found = [];
                found.ImportFromPemFile(authority);
                return found.Count > 0;
            });
        }

        if (certificate is not null && key is not null)
        {
            Try(section, "certificateFile", certificate, new(es: "dé el archivo PEM del certificado de este gateway, y en keyFile la llave privada para la que se hizo", en: "give the PEM file of this gateway's certificate, and in keyFile the private key it was made for"), () =>
            {
                using X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificate, key);
                return own.HasPrivateKey;
            });
        }

        section.Close();
        return new(authority, certificate, key);
    }

    private static string? PathOf(YamlSection section, string key, string folder)
    {
        string? name = section.Text(key, required: false);
        if (name is null)
        {
            return null;
        }

        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            section.Fault(key, new(es: $"no existe el archivo {path}", en: $"the file {path} does not exist"), new(es: "revise el nombre; las rutas empiezan en la carpeta de la configuración", en: "check the name; paths begin at the configuration file"));
            return null;
        }

        return path;
    }

    private static void Try(YamlSection section, string key, string path, Text hint, Func<bool> open)
    {
        try
        {
            if (!open())
            {
                section.Fault(key, new(es: $"{path} no contiene un certificado en formato PEM", en: $"{path} holds no certificate in PEM form"), hint);
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            section.Fault(key, new(es: $"{path} no se puede usar: está dañado, o no se permite leerlo", en: $"{path} cannot be used: {e.Message.Split(" (Parameter")[0]}"), hint);
        }
    }
}
