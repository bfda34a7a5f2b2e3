using System.CommandLine;
using System.Globalization;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway profiles: which kinds of meters are known, and what is known of one.</summary>
internal static class ProfilesCommand
{
    internal static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Exactly one JSON object on standard output.", Recursive = true };
        Option<string?> lang = new("--lang") { Description = "es or en; as the terminal's when left out.", Recursive = true };
        Option<string?> folder = new("--profiles") { Description = "Folder of the profiles; beside the executable when left out.", Recursive = true };
        Argument<string> name = new("NAME") { Description = "Name of a profile." };
        Command show = new("show", "What one profile reads and where that comes from.") { name };
        Command schema = new("schema", "The JSON Schema of a profile.");
        Command command = new("profiles", "The kinds of meters that are known.") { show, schema };
        command.Options.Add(json);
        command.Options.Add(lang);
        command.Options.Add(folder);
        command.SetAction(result => Run(result.GetValue(lang), language => List(FolderOf(result.GetValue(folder)), result.GetValue(json), language)));
        show.SetAction(result => Run(result.GetValue(lang), language => Show(FolderOf(result.GetValue(folder)), result.GetValue(name)!, result.GetValue(json), language)));
        schema.SetAction(_ =>
        {
            Console.Out.Write(ProfileFile.Schema());
            return 0;
        });
        return command;
    }

    private static string FolderOf(string? asked) => asked ?? Path.Combine(AppContext.BaseDirectory, "profiles");

    private static int Run(string? lang, Func<Language, int> act)
    {
        Language terminal = Languages.OfTerminal(Environment.GetEnvironmentVariable);
        Language language = terminal;
        if (lang is not null && !Languages.TryParse(lang, out language))
        {
            return Output.Fail(ProfileTexts.WrongLanguage.In(terminal), ExitCode.Usage);
        }

        try
        {
            return act(language);
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.Message, ExitCode.Configuration);
        }
    }

    private static string[] NamesIn(string folder) => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
        : [];

    private static int List(string folder, bool json, Language language)
    {
        string[] names = NamesIn(folder);
        if (names.Length == 0)
        {
            return Output.Fail(ProfileTexts.NoFolder.In(language, folder), ExitCode.Configuration);
        }

        YamlFaults faults = new();
        List<DeviceProfile> profiles = [.. names.Select(name => ProfileFile.Load(Path.Combine(folder, name + ".yaml"), faults)).OfType<DeviceProfile>()];
        faults.ThrowIfAny();
        if (json)
        {
            Console.Out.WriteLine(ProfilesJson.List(profiles, language));
            return 0;
        }

        List<string[]> rows =
        [
            [ProfileTexts.Name.In(language), ProfileTexts.Maker.In(language), ProfileTexts.MediumTitle.In(language), ProfileTexts.Confidence.In(language), ProfileTexts.TrustTitle.In(language), ProfileTexts.Models.In(language)],
            .. profiles.Select(profile => (string[])
            [
                profile.Name, profile.Maker ?? "-", ProfileTexts.Of(profile.Medium).In(language), profile.Confidence?.Grade.ToString() ?? "-", ProfileTexts.Of(profile.Trust).In(language), string.Join(", ", profile.Models),
            ]),
        ];
        WriteTable(rows);
        Console.Error.WriteLine(ProfileTexts.Legend.In(language));
        return 0;
    }

    private static int Show(string folder, string name, bool json, Language language)
    {
        string[] names = NamesIn(folder);
        if (!names.Contains(name, StringComparer.Ordinal))
        {
            string? similar = Suggestion.Nearest(name, names);
            string hint = (similar is null ? "" : ProfileTexts.Similar.In(language, similar)) + ProfileTexts.SeeList.In(language);
            return Output.Fail(
                names.Length == 0 ? ProfileTexts.NoFolder.In(language, folder) : $"{ProfileTexts.NotThere.In(language, name, folder)} {hint}",
                names.Length == 0 ? ExitCode.Configuration : ExitCode.Usage);
        }

        DeviceProfile profile = ProfileFile.Load(Path.Combine(folder, name + ".yaml"));
        if (json)
        {
            Console.Out.WriteLine(ProfilesJson.One(profile, language));
            return 0;
        }

        WriteHead(profile, language);
        List<string[]> rows =
        [
            [ProfileTexts.Quantity.In(language), ProfileTexts.Address.In(language), ProfileTexts.Format.In(language), ProfileTexts.Unit.In(language), ProfileTexts.Notes.In(language)],
            .. profile.Registers.Select(register => (string[])
            [
                register.Quantity, PlaceOf(register.Table, register.Address),
                register.Order == WordOrder.Abcd ? ProfilesJson.NameOf(register.Format) : $"{ProfilesJson.NameOf(register.Format)} {ProfilesJson.NameOf(register.Order)}",
                register.Unit, string.Join("; ", ProfileTexts.NotesOf(register, language)),
            ]),
        ];
        Console.Out.WriteLine();
        WriteTable(rows);
        return 0;
    }

    private static void WriteHead(DeviceProfile profile, Language language)
    {
        Console.Out.WriteLine($"{profile.Reference}  {profile.Maker} {string.Join(", ", profile.Models)} ({ProfileTexts.Of(profile.Medium).In(language)})");
        Console.Out.WriteLine($"{ProfileTexts.Source.In(language)}: {profile.Source}");
        if (profile.Editions.Count > 0)
        {
            Console.Out.WriteLine($"{ProfileTexts.Editions.In(language)}: {string.Join("; ", profile.Editions)}");
        }

        if (profile.Confidence is Confidence confidence)
        {
            Console.Out.WriteLine(ProfileTexts.Grade.In(language, confidence.Grade, confidence.Reason.In(language)));
        }

        Console.Out.WriteLine(ProfileTexts.Checked.In(language, ProfileTexts.Of(profile.Trust).In(language)));
        string[] limits = [.. LimitsOf(profile, language)];
        if (limits.Length > 0)
        {
            Console.Out.WriteLine($"{ProfileTexts.Limits.In(language)}: {string.Join("; ", limits)}");
        }

        foreach (Identification way in profile.Identification.Where(way => way.Span is not null))
        {
            Console.Out.WriteLine($"{ProfileTexts.Told.In(language)}: {PlaceOf(way.Span!.Value.Table, way.Span.Value.Address)} = {way.Expected}");
        }

        foreach (Hazard hazard in profile.Hazards)
        {
            Console.Out.WriteLine($"{ProfileTexts.Hazards.In(language)} {PlaceOf(hazard.Table, hazard.Address)}: {hazard.Warning.In(language)}");
        }
    }

    private static IEnumerable<string> LimitsOf(DeviceProfile profile, Language language)
    {
        if (!profile.Coalesce)
        {
            yield return ProfileTexts.Alone.In(language);
        }

        if (profile.MaximumRegisters < 125)
        {
            yield return ProfileTexts.AtMost.In(language, profile.MaximumRegisters);
        }

        foreach ((TimeSpan? span, Text text) in ((TimeSpan?, Text)[])[(profile.Turnaround, ProfileTexts.Turnaround), (profile.MinimumGap, ProfileTexts.Gap), (profile.AnswerTimeout, ProfileTexts.Timeout)])
        {
            if (span is TimeSpan known)
            {
                yield return text.In(language, Duration.ToText(known));
            }
        }
    }

    private static string PlaceOf(ModbusTable table, ushort address) =>
        string.Create(CultureInfo.InvariantCulture, $"{(table == ModbusTable.InputRegisters ? "input" : "holding")} {address} (0x{address:X4})");

    private static void WriteTable(List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            Console.Out.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
