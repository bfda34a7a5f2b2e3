using System.Globalization;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>What `gateway profiles` writes: results to one writer, talk to the other.</summary>
internal sealed class ProfilesReport(string folder, Language language, TextWriter output, TextWriter talk)
{
    private string[] NamesIn() => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Writes the table, or one JSON object.</summary>
    /// <returns>Exit code.</returns>
    /// <exception cref="YamlFaultException">A profile is faulty.</exception>
    internal int List(bool json)
    {
        string[] names = NamesIn();
        if (names.Length == 0)
        {
            return Fail(ProfileTexts.NoFolder.In(language, folder), ExitCode.Configuration);
        }

        YamlFaults faults = new();
        List<DeviceProfile> profiles = [.. names.Select(name => ProfileFile.Load(Path.Combine(folder, name + ".yaml"), faults)).OfType<DeviceProfile>()];
        faults.ThrowIfAny();
        if (json)
        {
            output.WriteLine(ProfilesJson.List(profiles, language));
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
        talk.WriteLine(ProfileTexts.Legend.In(language));
        return 0;
    }

    /// <summary>Writes one profile, or one JSON object.</summary>
    /// <returns>Exit code.</returns>
    /// <exception cref="YamlFaultException">The profile is faulty.</exception>
    internal int Show(string name, bool json)
    {
        string[] names = NamesIn();
        if (!names.Contains(name, StringComparer.Ordinal))
        {
            string? similar = Suggestion.Nearest(name, names);
            string hint = (similar is null ? "" : ProfileTexts.Similar.In(language, similar)) + ProfileTexts.SeeList.In(language);
            return Fail(
                names.Length == 0 ? ProfileTexts.NoFolder.In(language, folder) : $"{ProfileTexts.NotThere.In(language, name, folder)} {hint}",
                names.Length == 0 ? ExitCode.Configuration : ExitCode.Usage);
        }

        DeviceProfile profile = ProfileFile.Load(Path.Combine(folder, name + ".yaml"));
        if (json)
        {
            output.WriteLine(ProfilesJson.One(profile, language));
            return 0;
        }

        WriteHead(profile);
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
        output.WriteLine();
        WriteTable(rows);
        return 0;
    }

    private void WriteHead(DeviceProfile profile)
    {
        output.WriteLine($"{profile.Reference}  {profile.Maker} {string.Join(", ", profile.Models)} ({ProfileTexts.Of(profile.Medium).In(language)})");
        output.WriteLine($"{ProfileTexts.Source.In(language)}: {profile.Source}");
        if (profile.Editions.Count > 0)
        {
            output.WriteLine($"{ProfileTexts.Editions.In(language)}: {string.Join("; ", profile.Editions)}");
        }

        if (profile.Confidence is Confidence confidence)
        {
            output.WriteLine(ProfileTexts.Grade.In(language, confidence.Grade, confidence.Reason.In(language)));
        }

        output.WriteLine(ProfileTexts.Checked.In(language, ProfileTexts.Of(profile.Trust).In(language)));
        string[] limits = [.. LimitsOf(profile)];
        if (limits.Length > 0)
        {
            output.WriteLine($"{ProfileTexts.Limits.In(language)}: {string.Join("; ", limits)}");
        }

        foreach (Identification way in profile.Identification.Where(way => way.Span is not null))
        {
            output.WriteLine($"{ProfileTexts.Told.In(language)}: {PlaceOf(way.Span!.Value.Table, way.Span.Value.Address)} = {way.Expected}");
        }

        foreach (Hazard hazard in profile.Hazards)
        {
            output.WriteLine($"{ProfileTexts.Hazards.In(language)} {PlaceOf(hazard.Table, hazard.Address)}: {hazard.Warning.In(language)}");
        }
    }

    private IEnumerable<string> LimitsOf(DeviceProfile profile)
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

    private void WriteTable(List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private int Fail(string message, int exitCode)
    {
        talk.WriteLine(message);
        return exitCode;
    }
}
