using Metering.Meters.Inputs;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Inputs;

/// <summary>A root folder with the kernel's files as inputs read them.</summary>
internal sealed class InputTree : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public InputTree() => Boot("3f2504e0-4f89-11d3-9a0c-0305e82c3301");

    public InputFolders Folders => new() { Root = _folder.Combine("root"), State = _folder.Combine("state") };

    public string Write(string path, string text) => _folder.Write("root/" + path, text);

    public void Boot(string id) => Write("proc/sys/kernel/random/boot_id", id + "\n");

    public void Link(string path, string target)
    {
        string link = _folder.Combine("root/" + path);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        _ = File.CreateSymbolicLink(link, target);
    }

    public void Delete(string path) => File.Delete(_folder.Combine("root/" + path));

    public string StateFile(string name) => _folder.Combine("state/" + name);

    public void Dispose() => _folder.Dispose();

    public static Reading Read(ISlotInput input, long slot = 60_000)
    {
        Reading[] destination = new Reading[1];
        input.Read(slot, 3, destination);
        Assert.Equal((slot, 3), (destination[0].UtcMilliseconds, destination[0].ChannelIndex));
        return destination[0];
    }

    public static string Text(in Reading reading) => reading.HasValue ? string.Create(null, $"{reading.ScaledValue} {reading.Quality}") : reading.Quality.ToString();

    public static Channel ChannelOf(string unit, int decimals, ChannelKind kind = ChannelKind.Gauge) => new()
    {
        Id = "test.value", Meter = "test", Unit = unit, Kind = kind, DecimalPlaces = decimals, Profile = "test/1",
    };
}
