using System.Text;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Output;

/// <summary>Where a simulator writes its files: gateways/PLANT/gateway.yaml and profiles, projects.yaml, truth.json.</summary>
internal sealed class OutputFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _path;

    /// <summary>Names the folder; it is made when it is not there.</summary>
    /// <exception cref="SimulatorException">It cannot be made.</exception>
    internal OutputFolder(string path)
    {
        _path = path;
        Try(() => Directory.CreateDirectory(_path));
    }

    /// <summary>Writes a file, whole: a reader sees the old one or the new one.</summary>
    /// <param name="relativePath">With '/' between folders, which are made.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="SimulatorException">It cannot be written.</exception>
    internal void Write(string relativePath, string text) => Try(() =>
    {
        string path = Path.Combine(_path, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = path + ".new";
        File.WriteAllText(temporary, text, Utf8);
        File.Move(temporary, path, overwrite: true);
    });

    /// <summary>Writes a gateway's configuration and the profiles of its meters.</summary>
    internal void WriteGateway(ServedPlant served, BrokerAddress broker, TimeSpan interval)
    {
        IFieldSource source = served.Plant.Source;
        string folder = $"gateways/{source.Id}";
        Write($"{folder}/gateway.yaml", GatewayYaml.Of(served, broker, interval));
        foreach (MeterMap meter in source.Meters)
        {
            Write($"{folder}/profiles/{meter.Profile}.yaml", ProfileYaml.Of(meter));
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SimulatorException(SimulatorException.CannotCreate, $"The output folder '{_path}' cannot be written: {e.Message} Choose another with --out.");
        }
    }
}
