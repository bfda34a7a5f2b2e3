using System.Globalization;
using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Projects;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Verifier.Bundles;

/// <summary>Walks a figure of a sound bundle to the register it comes from: saving, its days, a day's two registers, their lines in signed batches.</summary>
internal sealed class Explanation
{
    // A change of meter has its two registers on the two milliseconds before its instant.
    private const int SwapLead = 2;

    private readonly BundleVerifier verifier;
    private readonly Language language;
    private readonly TextWriter output;
    private readonly BundleFile file;
    private readonly ReadingFinder finder;
    private readonly JsonElement result;
    private readonly string unit;

    public Explanation(Stream stream, BundleVerifier verifier, Language language, TextWriter output)
    {
        (this.verifier, this.language, this.output) = (verifier, language, output);
        file = BundleFile.Open(stream);
        finder = new(file, verifier.Batches);
        using JsonDocument document = JsonDocument.Parse(file.Read(BundleNames.Result, ResultStatement.MaximumLength));
        result = document.RootElement.Clone();
        unit = result.Text("unit");
    }

    /// <summary>Answers a question of the command line.</summary>
    /// <exception cref="WireFormatException">Day, month or instant is none, or is not in the bundle.</exception>
    public void Answer(IReadOnlyList<string> question)
    {
        switch (question)
        {
            case ["saving"]:
                Saving();
                break;
            case ["day", { } day]:
                Day(day);
                break;
            case ["month", { } month]:
                Month(month);
                break;
            case ["reading", { } gateway, { } channel, { } instant]:
                Reading(new(gateway, channel), instant);
                break;
            default:
                throw new WireFormatException("this cannot be explained");
        }
    }

    private string In(string es, string en) => language == Language.Spanish ? es : en;

    private void Saving()
    {
        if (result.GetProperty("saving") is not { ValueKind: JsonValueKind.Object } saving)
        {
            output.WriteLine(In($"No hay ahorro: {result.Text("verdict")}.", $"There is no saving: {result.Text("verdict")}."));
            return;
        }

        (double value, double halfWidth) = (saving.Number("value"), saving.Number("halfWidth"));
        output.WriteLine($"{In("Ahorro", "Saving")} {Round(value)} ± {Round(halfWidth)} {unit} = {In("línea base ajustada", "adjusted baseline")} {Round(saving.Number("counterfactual"))} - {In("medido", "metered")} {Round(saving.Number("metered"))} ({saving.Whole("days").ToString(CultureInfo.InvariantCulture)} {In("días", "days")})");
        output.WriteLine($"  {In("entrada del registro de transparencia", "log entry")} {ResultEntry()}");
        (double sum, double _) = Days(day => day.Text("phase") == "reporting");
        output.WriteLine($"  {In("suma de los días", "sum of the days")} {Round(sum)} {unit}");
    }

    private void Month(string month)
    {
        (double sum, double count) = Days(day => day.Text("phase") == "reporting" && day.Text("day").StartsWith(month + "-", StringComparison.Ordinal));
        if (count == 0)
        {
            throw new WireFormatException($"no day of {month} counts in this bundle; write a month as 2026-03");
        }

        foreach (JsonElement row in result.GetProperty("months").EnumerateArray())
        {
            if (month == string.Create(CultureInfo.InvariantCulture, $"{row.Whole("year"):D4}-{row.Whole("month"):D2}"))
            {
                output.WriteLine($"{month}: {Round(row.Number("saving"))} ± {Round(row.Number("halfWidth"))} {unit}, {In("suma de los días", "sum of the days")} {Round(sum)} {unit}");
            }
        }
    }

    // The days that count, each a line; their sum and number.
    private (double Sum, double Count) Days(Func<JsonElement, bool> belongs)
    {
        (double sum, int count) = (0, 0);
        foreach (JsonElement day in result.GetProperty("days").EnumerateArray().Where(belongs))
        {
            (double use, double baseline) = (day.Number("use"), day.Number("baseline"));
            if (double.IsFinite(use) && double.IsFinite(baseline))
            {
                output.WriteLine($"  {day.Text("day")}  {In("línea base", "baseline")} {Round(baseline)} - {In("medido", "metered")} {Round(use)} = {Round(baseline - use)}");
                sum += baseline - use;
                count++;
            }
        }

        return (sum, count);
    }

    private void Day(string text)
    {
        JsonElement[] days = [.. result.GetProperty("days").EnumerateArray()];
        int place = Array.FindIndex(days, day => day.Text("day") == text);
        if (place < 0)
        {
            throw new WireFormatException($"'{text}' is no day of this bundle; write a day as 2026-03-02");
        }

        JsonElement row = days[place];
        Project project = verifier.Report.Project!;
        DateOnly next = DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(1);
        long end = Metering.Analytics.Intervals.PlantCalendar.StartOfDay(next, project.Plant.Zone);
        output.WriteLine($"{text} ({row.Text("phase")}, {row.Text("state")}): {In("medido", "metered")} {Round(row.Number("use"))} {unit} = {In("registro al final del día menos registro al principio", "register at the day's end less register at its start")}");
        FoundReading? first = Border(project.Use, row.Whole("startUtc"));
        FoundReading? last = Border(project.Use, end);
        if (first is not null && last is not null && first.UtcMilliseconds == row.Whole("startUtc") && last.UtcMilliseconds == end)
        {
            output.WriteLine($"  {Exact(last.Value)} - {Exact(first.Value)} = {Round(last.Value - first.Value)} {unit}");
        }

        output.WriteLine($"{In("Línea base", "Baseline")} {Round(row.Number("baseline"))} ± {Round(row.Number("halfWidth"))} {unit}, {In("modelo", "model")}:");
        Model(project, row);
    }

    private void Model(Project project, JsonElement row)
    {
        int driver = 0;
        foreach (JsonElement value in row.GetProperty("drivers").EnumerateArray())
        {
            string text = value.ValueKind == JsonValueKind.Null ? "-" : value.GetRawText();
            output.WriteLine($"  {project.Drivers[driver].Id} = {text} {result.GetProperty("driverUnits")[driver].GetString()}");
            driver++;
        }

        if (result.GetProperty("model") is { ValueKind: JsonValueKind.Object } model)
        {
            JsonElement[] terms = [.. model.GetProperty("terms").EnumerateArray()];
            JsonElement[] coefficients = [.. model.GetProperty("coefficients").EnumerateArray()];
            output.WriteLine("  " + coefficients[0].GetRawText() + string.Concat(terms.Select((term, index) => $" + {coefficients[index + 1].GetRawText()} x {term.Text("name")}")));
        }
    }

    // The registers on both sides of a midnight; one when it was read on the dot.
    private FoundReading? Border(ChannelName name, long utcMilliseconds)
    {
        output.WriteLine($"  {In("medianoche", "midnight")} {ReadingFinder.Instant(utcMilliseconds)}");
        FoundReading? before = finder.AtOrBefore(name, utcMilliseconds);
        Write(before, name.Channel);
        if (before?.UtcMilliseconds != utcMilliseconds)
        {
            Write(finder.AtOrAfter(name, utcMilliseconds), name.Channel);
        }

        return before;
    }

    private void Reading(ChannelName name, string instant)
    {
        if (!DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            throw new WireFormatException($"'{instant}' is no instant; write 2026-03-02T06:00:00Z");
        }

        FoundReading found = finder.At(name, time.ToUnixTimeMilliseconds())
            ?? throw new WireFormatException($"the bundle has no reading of {name.Gateway} {name.Channel} at {ReadingFinder.Instant(time.ToUnixTimeMilliseconds())}");
        Write(found, name.Channel);
    }

    private void Write(FoundReading? found, string channel)
    {
        if (found is null)
        {
            output.WriteLine($"    {In("no se leyó", "not read")}");
            return;
        }

        BundleGateway gateway = verifier.Report.Gateways.Find(one => one.Gateway == found.Gateway && one.KeyEpoch == found.KeyEpoch)!;
        output.WriteLine($"    {ReadingFinder.Instant(found.UtcMilliseconds)}  {Exact(found.Value)} {found.Unit}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      {In("lote", "batch")} {found.Gateway}.{found.KeyEpoch} {In("número", "number")} {found.Batch}, {In("línea", "line")} {found.LineNumber}: {found.Line}"));
        output.WriteLine($"      {In("huella del segmento", "hash of the segment")} {found.SegmentHash}");
        output.WriteLine($"      {In("huella del manifiesto", "hash of the note")} {found.NoteHash}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      {In("entrada del registro de transparencia", "log entry")} {found.LogIndex}, {In("llave del gateway", "key of the gateway")} {gateway.Fingerprint}"));
        Recorded(found, channel);
    }

    // What was done and what shows it; who read it is a person's name, and not what is asked for.
    private void Recorded(FoundReading found, string channel)
    {
        foreach ((long index, FieldRecord record) in verifier.Records)
        {
            if (record.Entry is { } entry && record.Gateway == found.Gateway && record.Channel == channel && found.UtcMilliseconds >= entry.UtcMilliseconds - SwapLead && found.UtcMilliseconds <= entry.UtcMilliseconds)
            {
                string what = entry.Kind == FieldEntryKind.Swap ? In("cambio de medidor", "change of meter") : In("leído por una persona", "read by a person");
                output.WriteLine($"      {what}, {In("método", "method")} {entry.Method ?? "-"}, {In("huella de la foto", "hash of the photo")} {entry.PhotoHash ?? "-"}");
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"        {In("anotación", "record")} {entry.Number}{(entry.Supersedes is long old ? $" ({In("corrige la", "corrects")} {old})" : "")}, {In("entrada del registro de transparencia", "log entry")} {index}"));
            }
        }
    }

    private string ResultEntry() => BundleDescription.Read(file.Read(BundleNames.Description, StatementJson.MaximumLength)).Result.ToString(CultureInfo.InvariantCulture)
        + $", {LogEntry.Instant(verifier.Report.Checkpoint!.UtcMilliseconds)}";

    private static string Round(double value) => BundleText.Number(value);

    private static string Exact(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "-";
}
