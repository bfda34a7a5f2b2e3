using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Inputs;

namespace Metering.Gateway.Commands;

/// <summary>gateway reading add, correct, list: values that people read or a laboratory found.</summary>
internal static class ReadingCommand
{
    internal static Command Create() => new("reading", "Values read by eye and results of the laboratory.") { CreateEntry(isCorrection: false), CreateEntry(isCorrection: true), CreateList() };

    private static Command CreateEntry(bool isCorrection)
    {
        Option<string> config = new("--config") { Description = "Configuration file.", Required = true };
        Option<long?> corrected = new("--entry") { Description = "Number of the entry to correct.", Required = isCorrection };
        Option<string> channel = new("--channel") { Description = "Manual channel, such as effluent-lab.cod.", Required = true };
        Option<string> value = new("--value") { Description = "The value, with a decimal point.", Required = true };
        Option<string> unit = new("--unit") { Description = "Its unit; must be the channel's.", Required = true };
        Option<string> at = new("--at") { Description = "When it was read or sampled, such as 2026-03-01T08:00-06:00.", Required = true };
        Option<string> person = new("--operator") { Description = "Who read it.", Required = true };
        Option<string?> method = new("--method") { Description = "Code of the method, such as NMX-AA-030-SCFI-2012." };
        Option<string?> photo = new("--photo") { Description = "Photo of the dial or the laboratory's sheet; a copy is kept under its SHA-256." };
        Option<string?> note = new("--note") { Description = "Anything worth knowing." };
        Option<bool> json = new("--json") { Description = "Print the entry as JSON." };
        Option<string?> lang = new("--lang") { Description = "es or en; from LANG if left out." };
        Command command = isCorrection
            ? new("correct", "Correct an entry by a new one; nothing is edited.") { corrected }
            : new("add", "Enter a value.");
        foreach (Option option in new Option[] { config, channel, value, unit, at, person, method, photo, note, json, lang })
        {
            command.Add(option);
        }

        command.SetAction(result => FieldCommand.Run(result.GetValue(config)!, result.GetValue(lang), (book, language) => FieldCommand.Kept(
            book.Add(new()
            {
                Channel = result.GetValue(channel)!,
                Value = result.GetValue(value)!,
                Unit = result.GetValue(unit)!,
                At = result.GetValue(at)!,
                Operator = result.GetValue(person)!,
                Method = result.GetValue(method),
                Photo = result.GetValue(photo),
                Note = result.GetValue(note),
                Corrects = isCorrection ? result.GetValue(corrected) : null,
            }),
            result.GetValue(json),
            language)));
        return command;
    }

    private static Command CreateList()
    {
        Option<string> config = new("--config") { Description = "Configuration file.", Required = true };
        Option<bool> json = new("--json") { Description = "Print everything as JSON." };
        Option<string?> lang = new("--lang") { Description = "es or en; from LANG if left out." };
        Command command = new("list", "Everything entered, also what was corrected since.") { config, json, lang };
        command.SetAction(result => FieldCommand.Run(result.GetValue(config)!, result.GetValue(lang), (book, _) => List(book, result.GetValue(json))));
        return command;
    }

    private static int List(FieldBook book, bool json)
    {
        List<string> faults = [];
        IReadOnlyList<FieldEntry> entries = book.Entries(faults);
        foreach (string fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        if (json)
        {
            Console.Out.WriteLine(FieldCommand.Json(entries));
            return faults.Count == 0 ? 0 : ExitCode.DataError;
        }

        HashSet<long> valid = [.. FieldEntries.Valid(entries).Select(entry => entry.Number)];
        foreach (FieldEntry entry in entries)
        {
            string value = entry.Kind == FieldEntryKind.Swap
                ? $"{(entry.FinalValue is long final ? FieldNumbers.Text(final, entry.Decimals) : "?")} > {FieldNumbers.Text(entry.InitialValue ?? 0, entry.Decimals)}"
                : FieldNumbers.Text(entry.Value ?? 0, entry.Decimals);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Number}\t{FieldNumbers.Instant(entry.UtcMilliseconds)}\t{entry.Channel}\t{value}\t{entry.Unit}\t{entry.Operator}\t{entry.Method ?? entry.Serial ?? "-"}\t{(valid.Contains(entry.Number) ? "" : "x")}"));
        }

        return faults.Count == 0 ? 0 : ExitCode.DataError;
    }
}
