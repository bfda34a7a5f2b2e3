using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Inputs;
using Metering.Readings.Field;

namespace Metering.Gateway.Commands;

/// <summary>gateway reading add, correct, list: values that people read or a laboratory found.</summary>
internal static class ReadingCommand
{
    internal static Command Create(Language language) => new("reading", new Text(es: "Valores leídos a ojo y resultados de laboratorio.", en: "Values read by eye and results of the laboratory.").In(language)) { CreateEntry(language, isCorrection: false), CreateEntry(language, isCorrection: true), CreateList(language) };

    private static Command CreateEntry(Language language, bool isCorrection)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Option<long?> corrected = new("--entry") { Description = new Text(es: "Número de la anotación que se corrige.", en: "Number of the entry to correct.").In(language), Required = isCorrection };
        Option<string> channel = new("--channel") { Description = new Text(es: "Canal manual, como effluent-lab.cod.", en: "Manual channel, such as effluent-lab.cod.").In(language), Required = true };
        Option<string> value = new("--value") { Description = new Text(es: "El valor, con punto decimal.", en: "The value, with a decimal point.").In(language), Required = true };
        Option<string> unit = new("--unit") { Description = new Text(es: "Su unidad; debe ser la del canal.", en: "Its unit; must be the channel's.").In(language), Required = true };
        Option<string> at = new("--at") { Description = new Text(es: "Cuándo se leyó o se tomó la muestra, como 2026-03-01T08:00-06:00.", en: "When it was read or sampled, such as 2026-03-01T08:00-06:00.").In(language), Required = true };
        Option<string> person = new("--operator") { Description = new Text(es: "Quién lo leyó.", en: "Who read it.").In(language), Required = true };
        Option<string?> method = new("--method") { Description = new Text(es: "Clave del método, como NMX-AA-030-SCFI-2012.", en: "Code of the method, such as NMX-AA-030-SCFI-2012.").In(language) };
        Option<string?> photo = new("--photo") { Description = new Text(es: "Foto de la carátula o de la hoja del laboratorio; se guarda una copia con su SHA-256.", en: "Photo of the dial or the laboratory's sheet; a copy is kept under its SHA-256.").In(language) };
        Option<string?> note = new("--note") { Description = new Text(es: "Lo que convenga saber.", en: "Anything worth knowing.").In(language) };
        Option<bool> json = new("--json") { Description = new Text(es: "Imprimir la anotación en JSON.", en: "Print the entry as JSON.").In(language) };
        Command command = isCorrection
            ? new("correct", new Text(es: "Corrige una anotación con otra nueva; nada se borra.", en: "Correct an entry by a new one; nothing is edited.").In(language)) { corrected }
            : new("add", new Text(es: "Anota un valor. La nube recibe la anotación firmada con la huella de la foto: con foto en cada lectura el canal es de grado C, si no D.", en: "Enter a value. The cloud gets the signed entry with the hash of the photo: with a photo for each reading the channel is of evidence grade C, else D.").In(language));
        foreach (Option option in new Option[] { config, channel, value, unit, at, person, method, photo, note, json })
        {
            command.Add(option);
        }

        command.SetAction(result => FieldCommand.Run(result.GetValue(config)!, language, book => FieldCommand.Kept(
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

    private static Command CreateList(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Option<bool> json = new("--json") { Description = new Text(es: "Imprimir todo en JSON.", en: "Print everything as JSON.").In(language) };
        Command command = new("list", new Text(es: "Todo lo anotado, también lo que ya se corrigió.", en: "Everything entered, also what was corrected since.").In(language)) { config, json };
        command.SetAction(result => FieldCommand.Run(result.GetValue(config)!, language, book => List(book, result.GetValue(json))));
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
