using System.Diagnostics;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

/// <summary>
/// Every shipped profile against register images that a Python script made without this product's code (tests/golden/profiles/images.py):
/// loaded, planned, served over Modbus TCP and read.
/// </summary>
public sealed class GoldenProfileTests
{
    private static readonly string Undetected = Path.Combine(GoldenCase.Folder, "undetected.txt");

    public static TheoryData<string> Names => [.. GoldenCase.Profiles];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_device_of_each_shipped_profile_is_read_to_the_digit(string name)
    {
        DeviceProfile profile = GoldenCase.Load(name);
        foreach (GoldenCase one in GoldenCase.Of(name))
        {
            Reading[] readings = ProfileReader.Read(profile, new ImageDevice(one.Table, one.Registers));
            Dictionary<string, GoldenReading> found = profile.Registers.Zip(readings).ToDictionary(pair => pair.First.Quantity, pair => ProfileReader.Text(pair.First, pair.Second));
            Assert.All(one.Readings, expected => Assert.Equal(expected, found[expected.Quantity]));
            if (one.Case == "normal")
            {
                Assert.Equal(found.Keys.Order(), one.Readings.Select(reading => reading.Quantity).Order());
            }
        }
    }

    [Fact]
    public void Every_kind_of_bad_value_is_among_the_cases()
    {
        string[] qualities = [.. GoldenCase.Profiles.SelectMany(GoldenCase.Of).SelectMany(one => one.Readings).Select(reading => reading.Quality).Distinct().Order()];
        Assert.Equal(["B.out-of-range", "B.sentinel", "B.unexpected-reply", "G", "U"], qualities);
        Assert.DoesNotContain(GoldenCase.Profiles, name => name != "siemens-hydroranger-200" && GoldenCase.Of(name).Count < 2);
    }

    [Fact]
    public void The_images_are_what_the_script_makes()
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            return; // the images are compared where Python is; everywhere else they are only read
        }

        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(GoldenCase.Folder, "images.py"), folder.Combine("images.py"));
        using Process python = Process.Start("/usr/bin/python3", folder.Combine("images.py"));
        Assert.True(python.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, python.ExitCode);
        foreach (string file in Directory.GetFiles(GoldenCase.Folder, "*.yaml"))
        {
            Assert.Equal(File.ReadAllText(folder.Combine(Path.GetFileName(file))), File.ReadAllText(file));
        }

        Assert.Equal(Directory.GetFiles(GoldenCase.Folder, "*.yaml").Length, Directory.GetFiles(folder.Path, "*.yaml").Length);
    }

    /// <summary>
    /// The same images with the words of every value in the other order, and with every register one place off (zeros where nothing stands):
    /// what limits, sentinels, codes and parts can tell comes out bad. What they cannot tell stands in undetected.txt, one line each; that
    /// list is why a profile is not trusted before its values were compared with a display. METERING_GOLDEN=write writes it anew.
    /// </summary>
    [Fact]
    public void Wrong_word_order_and_an_address_off_by_one_come_out_bad_where_that_can_be_told()
    {
        List<string> lines = ["# Values that stay good when a device is read wrongly, for the images in this folder: profile, mistake, quantities."];
        foreach (string name in GoldenCase.Profiles)
        {
            DeviceProfile profile = GoldenCase.Load(name);
            GoldenCase normal = GoldenCase.Of(name)[0];
            DeviceProfile swapped = profile with { Registers = [.. profile.Registers.Select(register => register with { Order = Other(register) })] };
            lines.Add($"{name}: word order: {StillGood(swapped, normal, shift: 0, only: register => register.Format.RegisterCount() > 1)}");
            lines.Add($"{name}: one too low: {StillGood(profile, normal, shift: 1)}");
            lines.Add($"{name}: one too high: {StillGood(profile, normal, shift: -1)}");
        }

        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") == "write")
        {
            File.WriteAllLines(Undetected, lines);
        }

        Assert.Equal(File.ReadAllLines(Undetected), lines);
    }

    private static string StillGood(DeviceProfile profile, GoldenCase normal, int shift, Func<RegisterDefinition, bool>? only = null)
    {
        Dictionary<int, ushort> image = normal.Registers.ToDictionary(pair => pair.Key + shift, pair => pair.Value);
        Reading[] readings = ProfileReader.Read(profile, new ImageDevice(normal.Table, image, answersHoles: true));
        string[] good = [.. profile.Registers.Zip(readings)
            .Where(pair => pair.Second.Quality.IsGood && (only is null || only(pair.First)))
            .Where(pair => !normal.Readings.Contains(ProfileReader.Text(pair.First, pair.Second)))
            .Select(pair => pair.First.Quantity)];
        return good.Length == 0 ? "none" : string.Join(' ', good);
    }

    private static WordOrder Other(RegisterDefinition register) => register.Order switch
    {
        _ when register.Format.RegisterCount() == 1 => register.Order,
        WordOrder.Abcd => WordOrder.Cdab,
        WordOrder.Cdab => WordOrder.Abcd,
        WordOrder.Badc => WordOrder.Dcba,
        _ => WordOrder.Badc,
    };
}
