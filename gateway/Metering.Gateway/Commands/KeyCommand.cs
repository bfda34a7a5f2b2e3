using System.CommandLine;
using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Gateway.Commands;

/// <summary>gateway key: makes the gateway's signing key.</summary>
internal static class KeyCommand
{
    internal static Command Create(Language language)
    {
        Option<string> output = new("--out") { Description = new Text(es: "Archivo para la llave privada; la pública queda en ARCHIVO.pub.", en: "File for the private key; FILE.pub takes the public one.").In(language), Required = true };
        Command command = new("key", new Text(es: "Crea la llave que firma los lotes. La mitad pública se da de alta en la nube.", en: "Make the key that signs the batches. Enrol the public half in the cloud.").In(language)) { output, KeyRotateCommand.Create(language) };
        command.SetAction(result => Make(result.GetValue(output)!));
        return command;
    }

    private static int Make(string path)
    {
        try
        {
            using ECDsa key = SigningKey.Create(path);
            File.WriteAllText(path + ".pub", SigningKey.PublicPem(key));
            Console.Out.WriteLine(path + ".pub");
            return 0;
        }
        catch (UnauthorizedAccessException e)
        {
            return Output.Fail($"{path} cannot be written: {e.Message} Choose another folder, or check its owner.", ExitCode.Permission);
        }
        catch (IOException e)
        {
            string advice = File.Exists(path) ? "A key is never written over: batches signed with it could not be checked any more. Choose another name." : "Check the folder.";
            return Output.Fail($"{path} cannot be made: {e.Message} {advice}", ExitCode.CannotCreate);
        }
    }
}
