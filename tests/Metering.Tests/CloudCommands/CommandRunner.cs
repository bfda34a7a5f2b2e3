using System.CommandLine;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Metering.Tests.CloudCommands;

/// <summary>Runs a command in this process and keeps what it printed.</summary>
internal sealed class CommandRunner : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("metering-commands").FullName;

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public int Run(Command command, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exit = command.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        Output = output.ToString();
        Error = error.ToString();
        return exit;
    }

    public JsonElement Json()
    {
        using JsonDocument document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string WriteGzip(string name, string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return Write(name, packed.ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
