using System.CommandLine;
using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud key`: makes the key that signs acks.</summary>
internal static class KeyCommand
{
    public static Command Create(TextWriter output, Language help)
    {
        Option<string> file = new("--out") { Description = new Text("Archivo para la llave privada (permisos 0600); la pública queda en FILE.pub", "File for the private key (mode 0600); the public key goes to FILE.pub").In(help), Required = true, HelpName = "FILE" };
        Command command = new("key", new Text("Crear la llave con la que firma el servicio e imprimir dónde queda su mitad pública", "Make the cloud's signing key and print the path of its public half").In(help)) { file };
        command.SetAction(parsed => Make(parsed.GetRequiredValue(file), output, help));
        return command;
    }

    private static int Make(string file, TextWriter output, Language help)
    {
        string publicFile = file + ".pub";
        if (File.Exists(file) || File.Exists(publicFile))
        {
            throw new CloudFault(ExitCode.CannotCreate, new Text("{0} ya existe. Los gateways confían en la llave anterior: consérvela, o nombre otro archivo y dé a los gateways la llave pública nueva.", "{0} exists already. Gateways trust the old key: keep it, or name another file and give gateways the new public key.").In(help, File.Exists(file) ? file : publicFile));
        }

        try
        {
            using ECDsa key = SigningKey.Create(file);
            File.WriteAllText(publicFile, SigningKey.PublicPem(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.CannotCreate, new Text("no se puede escribir {0}: {1}. ¿Existe la carpeta, y puede escribir en ella este usuario?", "cannot write {0}: {1}. Does the directory exist, and may this user write in it?").In(help, file, e.Message));
        }

        output.WriteLine(publicFile);
        return ExitCode.Ok;
    }
}
