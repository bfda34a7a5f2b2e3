using System.Text;
using Metering.Gateway.Configuration;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

/// <summary>
/// The readers of profiles and configurations under seeded damage: they never throw, never run on, and every fault has its place.
/// METERING_FUZZ=N draws N inputs of each; the inputs of the first 20,000 draws are the same everywhere.
/// </summary>
public sealed class ProfileFuzzTests
{
    private const int Inputs = 20_000;
    private const int ConfigurationInputs = 6_000;
    private const int Seed = 20_260_311;
    private const long MostBytesPerInput = 16L * 1024 * 1024;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ": ", "- ", "\n", "  ", "\t", "\"", "'", "#", "&a ", "*a", "!!int ", "!x ", "---\n", "...\n", "? ", "| ", ">-\n", "%YAML 9.9\n", "<<: ", ",", "~", "null", "true", "yes", "\0", "\u0085",
        "\u2028", "\uFEFF", "\uD800", "\\U0010FFFF", "\"\\UFFFFFFFF\"", "\"\\xZZ\"", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "1e400", "0x7FFF", "NaN", ".inf", "-0", "65536", "-1", "0s", "999999999d",
        "float32", "uint64", "sumOf: [ 1, 2 ]", "fraction: { address: 1, format: float32 }", "exponent: { address: 1, format: int16 }", "unitCode: { address: 1, format: uint16, codes: [] }", "status: { address: 65535, format: uint32, good: [ 1 ] }",
        "rollovers: { address: 1, format: int32, modulus: 9223372036854775807 }", "multiplier: 1000000", "divisor: 0", "ratio: ct-pt", "sentinelWords: [ \"FFFF\" ]", "hazards: [ {} ]", "identification: [ { method: registers, expected: x } ]",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
    ];

    [Fact]
    public void A_damaged_profile_gives_faults_with_their_places_and_nothing_else()
    {
        string[] names = [.. GoldenCase.Profiles];
        string[] texts = [.. names.Select(name => Shortened(File.ReadAllLines(Repository.Path("gateway", "profiles", name + ".yaml"))))];
        int read = 0;
        Run(Inputs, texts, (which, text) =>
        {
            YamlFaults faults = new();
            DeviceProfile? profile = ProfileFile.Parse(names[which] + ".yaml", text, faults);
            Check(profile is null, faults);
            if (profile is not null)
            {
                read++;
                _ = Metering.Meters.Polling.PollPlan.For(profile);
                DecodeAll(profile);
            }
        });
        Assert.True(read > 100, $"only {read} inputs were still profiles: the damage is too coarse to test what lies behind the parser");
    }

    [Fact]
    public void A_damaged_configuration_gives_faults_with_their_places_and_nothing_else()
    {
        string good = $$"""
            gateway: leon-tannery
            keyFile: none.pem
            keyEpoch: 1
            stateDirectory: state
            profilesDirectory: {{Path.Combine(AppContext.BaseDirectory, "profiles")}}
            cloud: { name: metering-cloud, keyFile: none.pub.pem }
            broker: { host: 127.0.0.1, port: 1883, userName: leon-tannery }
            polling: { interval: 15m }
            batch: { maximumAge: 60s, maximumReadings: 2000 }
            buses:
              - id: switchboard
                tcp: { host: 127.0.0.1, port: 5020 }
                answerTimeout: 500ms
                meters: [ { id: mains, unit: 1, profile: hach-uvas }, { id: ph, unit: 2, profile: suto-s401, currentTransformer: 200/5 } ]
              - id: rs485
                serial: { device: /dev/pts/3, baudRate: 19200, parity: even }
                meters: [ { id: water, unit: 7, profile: hach-uvas } ]

            """;
        int damaged = 0;
        Run(ConfigurationInputs, [good], (_, text) =>
        {
            YamlFaults faults = new();
            YamlSection? root = YamlSection.Parse("gateway.yaml", text, faults);
            object? configuration = root is null ? null : ConfigurationFile.Read("gateway.yaml", root, faults);
            Check(configuration is null, faults);
            damaged++;
        });
        Assert.True(damaged >= ConfigurationInputs);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("a:\n")]
    [InlineData("&a ")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("#")]
    [InlineData("\t")]
    [InlineData("-\n ")]
    [InlineData("a,")]
    [InlineData("[],")]
    [InlineData("---\n")]
    [InlineData("!")]
    [InlineData("|")]
    [InlineData("\\")]
    public void A_million_of_one_piece_is_refused_with_a_place(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        foreach (string hostile in (string[])[text, "profile: " + text, "registers: [ " + text, "registers: \"" + text, "registers:\n  - { quantity: " + text])
        {
            YamlFaults faults = new();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(ProfileFile.Parse("p.yaml", hostile, faults));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * MostBytesPerInput);
            Check(isRefused: true, faults);
        }
    }

    [Fact]
    public void A_hundred_thousand_keys_are_refused_and_ten_thousand_unknown_ones_are_told_a_hundred_times()
    {
        YamlFaults faults = new();
        Assert.Null(ProfileFile.Parse("p.yaml", string.Concat(Enumerable.Range(0, 100_000).Select(index => $"k{index}: 1\n")), faults));
        Assert.Contains("more than 50000 keys and values", Assert.Throws<YamlFaultException>(faults.ThrowIfAny).Message, StringComparison.Ordinal);
        faults = new();
        Assert.Null(ProfileFile.Parse("p.yaml", string.Concat(Enumerable.Range(0, 10_000).Select(index => $"k{index}: 1\n")), faults));
        Assert.Equal(YamlFaults.MaximumCount, faults.Count);
    }

    // Without comments and with three registers only: damage then more often meets what it has not met yet, and four times as many inputs fit a second.
    private static string Shortened(string[] lines)
    {
        string[] kept = [.. lines.Where(line => !line.StartsWith('#'))];
        int first = Array.IndexOf(kept, "registers:") + 1;
        return string.Join('\n', kept.Where((_, index) => index < first + 2 || index == kept.Length - 1)) + "\n";
    }

    private static void DecodeAll(DeviceProfile profile)
    {
        ushort[] registers = new ushort[RegisterValue.MaximumRegisters];
        foreach (ushort fill in (ushort[])[0, 1, 0x4366, 0x7FFF, 0x8000, 0xFFFF])
        {
            Array.Fill(registers, fill);
            foreach (RegisterDefinition register in profile.Registers)
            {
                _ = RegisterValue.Decode(register, registers, out _, out _);
            }
        }
    }

    private static void Check(bool isRefused, YamlFaults faults)
    {
        Assert.Equal(isRefused, faults.Count > 0);
        if (isRefused)
        {
            YamlFaultException told = Assert.Throws<YamlFaultException>(faults.ThrowIfAny);
            Assert.All(told.Faults, fault => Assert.True(fault.Line > 0 && fault.Column > 0 && fault.Message.In(Language.English).Length > 0, fault.ToString()));
        }
    }

    private static void Run(int least, string[] texts, Action<int, string> read)
    {
        int inputs = int.TryParse(Environment.GetEnvironmentVariable("METERING_FUZZ"), System.Globalization.CultureInfo.InvariantCulture, out int wanted) ? Math.Max(wanted, least) : least;
        for (int draw = 0; draw < inputs; draw++)
        {
            Random random = new(Seed + draw);
            int which = random.Next(texts.Length);
            string text = Damage(texts[which], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(which, text);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"seed {Seed + draw}, {text.Length} characters: {e.GetType().Name}: {e.Message}\n{Shown(text)}", e);
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(bytes < MostBytesPerInput, $"seed {Seed + draw}: {bytes} bytes for {text.Length} characters");
        }
    }

    private static string Shown(string text) => text.Length < 2000 ? text : text[..2000];

    private static string Damage(string text, Random random)
    {
        StringBuilder damaged = new(text);
        int wounds = random.Next(1, 5);
        for (int wound = 0; wound < wounds && damaged.Length > 2; wound++)
        {
            int place = random.Next(damaged.Length - 1);
            int length = Math.Min(random.Next(1, 40), damaged.Length - place);
            switch (random.Next(7))
            {
                case 0:
                    _ = damaged.Remove(place, length);
                    break;
                case 1:
                    _ = damaged.Insert(random.Next(damaged.Length), damaged.ToString(place, length));
                    break;
                case 2:
                    _ = damaged.Insert(place, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 3:
                    damaged[place] = (char)random.Next(0, 0x180);
                    break;
                case 4:
                    ReplaceWord(damaged, place, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 5:
                    ReplaceWord(damaged, place, random.NextInt64(-70_000, 70_000).ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
                default:
                    _ = damaged.Remove(place, random.Next(20) == 0 ? damaged.Length - place : 1);
                    break;
            }
        }

        return damaged.ToString();
    }

    // The word at a place, whatever it is: a key, a number, a name.
    private static void ReplaceWord(StringBuilder text, int place, string by)
    {
        int start = place;
        while (start > 0 && char.IsLetterOrDigit(text[start - 1]))
        {
            start--;
        }

        int end = place;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
        {
            end++;
        }

        _ = text.Remove(start, end - start).Insert(start, by);
    }
}
