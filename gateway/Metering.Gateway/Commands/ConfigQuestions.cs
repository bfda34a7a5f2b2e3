using System.Globalization;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Gateway.Commands;

/// <summary>
/// Asks a person at a terminal for what a first configuration needs. Enter takes what stands in brackets; an answer that cannot be is
/// asked for again, with the reason.
/// </summary>
/// <param name="input">What the person types.</param>
/// <param name="talk">Where questions go.</param>
/// <param name="root">Where /dev stands: "/" but in tests.</param>
/// <param name="profilesFolder">The profiles to choose from.</param>
/// <param name="language">The language to ask in.</param>
internal sealed class ConfigQuestions(TextReader input, TextWriter talk, string root, string profilesFolder, Language language)
{
    private const int MostTries = 20;
    private const int MostMeters = 32;
    private const int MostListed = 40;
    private const int LargestUnit = 247;
    private const string SerialNames = "dev/serial/by-id";
    private static readonly string[] Speeds = ["1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200"];

    private readonly string[] _profiles = Directory.Exists(profilesFolder)
        ? [.. Directory.GetFiles(profilesFolder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>All answers.</summary>
    /// <param name="machine">Name of this machine: what the gateway is called unless told otherwise.</param>
    /// <returns>Null when the person ended the input or would not answer.</returns>
    internal FirstConfiguration? Ask(string machine)
    {
        if (_profiles.Length == 0)
        {
            talk.WriteLine(ConfigQuestionTexts.NoProfiles.In(language, profilesFolder));
            return null;
        }

        talk.WriteLine(ConfigQuestionTexts.Hello.In(language));
        string? gateway = AskIdentifier(ConfigQuestionTexts.Gateway, NameFrom(machine), []);
        string? kind = gateway is null ? null : AskOneOf(ConfigQuestionTexts.Kind, ["1", "2"], Ports().Count > 0 ? "1" : "2");
        FirstConfiguration? first = kind switch
        {
            "1" => AskSerial(),
            "2" => AskNetwork(),
            _ => null,
        };
        List<FirstMeter>? meters = first is null ? null : AskMeters();
        string? broker = meters is null ? null : AskAddress(ConfigQuestionTexts.Broker, "127.0.0.1:1883", 1883);
        return broker is null ? null : first! with { Gateway = gateway!, Broker = broker, Meters = meters! };
    }

    private static FirstConfiguration Line(string? tcp, string? rtu) => new("", "", tcp, rtu, 1, "");

    private FirstConfiguration? AskSerial()
    {
        IReadOnlyList<string> ports = Ports();
        talk.WriteLine((ports.Count > 0 ? ConfigQuestionTexts.Ports : ConfigQuestionTexts.NoPorts).In(language));
        for (int index = 0; index < ports.Count; index++)
        {
            talk.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {index + 1}  {ports[index]}"));
        }

        string? port = Repeat(ConfigQuestionTexts.Port, ports.Count > 0 ? "1" : "/dev/ttyUSB0", answer =>
            int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= ports.Count ? (ports[number - 1], null)
            : answer.StartsWith('/') && answer.All(sign => !char.IsWhiteSpace(sign) && sign is not (',' or '#' or '{' or '}')) ? (answer, null)
            : (null, ConfigQuestionTexts.BadPort));
        string? speed = port is null ? null : AskOneOf(ConfigQuestionTexts.Speed, Speeds, "9600");
        string? parity = speed is null ? null : AskOneOf(ConfigQuestionTexts.Parity, ["even", "none", "odd"], "even");
        return parity is null ? null : Line(null, port) with { BaudRate = int.Parse(speed!, CultureInfo.InvariantCulture), Parity = parity };
    }

    private FirstConfiguration? AskNetwork() => AskAddress(ConfigQuestionTexts.Address, null, 502) is string address ? Line(address, null) : null;

    private List<FirstMeter>? AskMeters()
    {
        List<FirstMeter> meters = [];
        HashSet<string> units = [];
        do
        {
            string? profile = AskProfile();
            string? unit = profile is null ? null : Repeat(ConfigQuestionTexts.Unit, NextUnit(units), answer =>
                !int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > LargestUnit ? (null, ConfigQuestionTexts.BadUnit)
                : units.Add(number.ToString(CultureInfo.InvariantCulture)) ? (number.ToString(CultureInfo.InvariantCulture), null)
                : (null, ConfigQuestionTexts.UnitTwice));
            string? id = unit is null ? null : AskIdentifier(ConfigQuestionTexts.Meter, "meter-" + unit, [.. meters.Select(meter => meter.Id)]);
            if (id is null || AskTransformers(new(id, int.Parse(unit!, CultureInfo.InvariantCulture), profile!)) is not FirstMeter meter)
            {
                return null;
            }

            meters.Add(meter);
        }
        while (meters.Count < MostMeters && AskOneOf(ConfigQuestionTexts.Another, ConfigQuestionTexts.YesNo(language), ConfigQuestionTexts.YesNo(language)[1]) == ConfigQuestionTexts.YesNo(language)[0]);
        return meters;
    }

    // A profile of the secondary side is of no use without the ratios on the nameplates.
    private FirstMeter? AskTransformers(FirstMeter meter)
    {
        YamlFaults faults = new();
        DeviceProfile? profile = ProfileFile.Load(Path.Combine(profilesFolder, meter.Profile + ".yaml"), faults);
        ExactRatio? current = null;
        ExactRatio? voltage = null;
        if (profile is not null && TransformerRatios.NeedsCurrent(profile) && (current = AskRatio(ConfigQuestionTexts.Current)) is null)
        {
            return null;
        }

        if (profile is not null && TransformerRatios.NeedsVoltage(profile) && (voltage = AskRatio(ConfigQuestionTexts.Voltage)) is null)
        {
            return null;
        }

        return meter with { CurrentTransformer = current, VoltageTransformer = voltage };
    }

    private ExactRatio? AskRatio(Text question) =>
        Repeat(question, "1/1", answer => ExactRatio.TryParse(answer, out _) ? (answer, null) : (null, ConfigQuestionTexts.BadRatio)) is string text && ExactRatio.TryParse(text, out ExactRatio ratio) ? ratio : null;

    // Each answer narrows the list: a part of the maker's or the model's name, or a number of the list shown last.
    private string? AskProfile()
    {
        IReadOnlyList<string> shown = [];
        return Repeat(ConfigQuestionTexts.Profile, null, answer =>
        {
            if (int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= shown.Count)
            {
                return (shown[number - 1], null);
            }

            List<string> found = answer == "?" ? [.. _profiles] : Search(answer);
            if (found.Count == 1)
            {
                talk.WriteLine("  " + found[0]);
                return (found[0], null);
            }

            shown = [.. found.Take(MostListed)];
            for (int index = 0; index < shown.Count; index++)
            {
                talk.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {index + 1}  {shown[index]}"));
            }

            return (null, found.Count == 0 ? ConfigQuestionTexts.NoProfile : ConfigQuestionTexts.Choose);
        });
    }

    private List<string> Search(string answer)
    {
        string whole = answer.ToLowerInvariant();
        if (_profiles.Contains(whole, StringComparer.Ordinal))
        {
            return [whole];
        }

        string[] words = whole.Split([' ', '-', '_', '.'], StringSplitOptions.RemoveEmptyEntries);
        List<string> found = [.. _profiles.Where(name => words.Length > 0 && words.All(word => name.Contains(word, StringComparison.Ordinal)))];
        return found.Count > 0 || Suggestion.Nearest(whole, _profiles) is not string near ? found : [near];
    }

    private IReadOnlyList<string> Ports()
    {
        string folder = Path.Combine(root, SerialNames);
        return Directory.Exists(folder) ? [.. Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal)] : [];
    }

    private string? AskIdentifier(Text question, string preset, IReadOnlyList<string> taken) => Repeat(question, preset, answer =>
        !Identifier.IsValid(answer) ? (null, Identifier.RuleText)
        : taken.Contains(answer, StringComparer.Ordinal) ? (null, ConfigQuestionTexts.NameTwice)
        : (answer, null));

    private string? AskAddress(Text question, string? preset, int port) => Repeat(question, preset, answer =>
    {
        string full = answer.Contains(':', StringComparison.Ordinal) ? answer : string.Create(CultureInfo.InvariantCulture, $"{answer}:{port}");
        return Output.TryParseAddress(full, out string host, out _) && Uri.CheckHostName(host) != UriHostNameType.Unknown ? (full, null) : (null, ConfigQuestionTexts.BadAddress);
    });

    private string? AskOneOf(Text question, IReadOnlyList<string> words, string preset) =>
        Repeat(question, preset, answer => words.Contains(answer.ToLowerInvariant(), StringComparer.Ordinal) ? (answer.ToLowerInvariant(), null) : (null, OneOf(words)));

    private static Text OneOf(IReadOnlyList<string> words) => new(es: "uno de: " + string.Join(", ", words), en: "one of: " + string.Join(", ", words));

    private string? Repeat(Text question, string? preset, Func<string, (string? Answer, Text? Fault)> take)
    {
        for (int turn = 0; turn < MostTries; turn++)
        {
            talk.Write(question.In(language) + (preset is null ? ": " : $" [{preset}]: "));
            talk.Flush();
            if (input.ReadLine() is not string line)
            {
                return null;
            }

            string text = line.Trim();
            if (text.Length == 0 && preset is null)
            {
                continue;
            }

            (string? answer, Text? fault) = take(text.Length == 0 ? preset! : text);
            if (answer is not null)
            {
                return answer;
            }

            talk.WriteLine($"  {fault!.In(language)}");
        }

        return null;
    }

    private static string NextUnit(HashSet<string> taken) =>
        Enumerable.Range(1, LargestUnit).Select(unit => unit.ToString(CultureInfo.InvariantCulture)).First(unit => !taken.Contains(unit));

    private static string NameFrom(string machine)
    {
        string name = string.Concat(machine.ToLowerInvariant().Select(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '.' or '_' ? sign : '-')).TrimStart('-', '.', '_');
        return Identifier.IsValid(name) ? name : "gateway-1";
    }
}
