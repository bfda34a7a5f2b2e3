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
        command.SetAction(parsed => Make(parsed.GetRequiredValue(file), output));
        return command;
    }

    private static int Make(string file, TextWriter output)
    {
        string publicFile = file + ".pub";
        if (File.Exists(file) || File.Exists(publicFile))
        {
            throw new CloudFault(ExitCode.CannotCreate, $"{(File.Exists(file) ? file : publicFile)} exists already. Gateways trust the old key: keep it, or name another file and give gateways the new public key.");
        }

        try
        {
            using ECDsa key = SigningKey.Create(file);
            File.WriteAllText(publicFile, SigningKey.PublicPem(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.CannotCreate, $"cannot write {file}: {e.Message}. Does the directory exist, and may this user write in it?");
        }

        output.WriteLine(publicFile);
        return ExitCode.Ok;
    }
}
