using System.Globalization;
using System.Text.Json;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Registers;

namespace Metering.Gateway.Commands.Probing;

/// <summary>The guesses of a probe as a table, as a line for a profile, and as JSON.</summary>
internal static class ProbeReport
{
    private const int MostRows = 400;
    private const int BestRows = 3;
    private static readonly Text Words = new(es: "Registros en crudo:", en: "Raw registers:");
    private static readonly Text Best = new(es: "Lo más probable, en este orden (compare con la pantalla del medidor):", en: "Best guesses, in this order (compare with the meter's display):");
    private static readonly Text NoGuess = new(
        es: "Ningún valor se parece a un voltaje, a una frecuencia ni a un contador que sube. Compare la tabla con la pantalla del medidor.",
        en: "No value looks like a voltage, a frequency or a rising counter. Compare the table with the meter's display.");

    private static readonly Text Head = new(es: "registro\ttabla\tformato\torden\tvalor\tdespués\tseñal", en: "register\ttable\tformat\torder\tvalue\tlater\tmark");
    private static readonly Text ForProfile = new(es: "Línea para el perfil:", en: "Line for the profile:");
    private static readonly Text Shifted = new(es: "el registro está corrido: el manual dice {0}, el valor está en {1}", en: "the register is shifted: the manual says {0}, the value stands at {1}");

    /// <summary>Writes the table to standard output and the verdict to standard error.</summary>
    internal static void Tell(IReadOnlyList<ProbeSpan> spans, IReadOnlyList<ProbeGuess> guesses, int register, Language language)
    {
        TextWriter talk = Console.Error;
        talk.WriteLine(Words.In(language));
        foreach (ProbeSpan span in spans)
        {
            talk.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {TableWord(span.Table)} {span.Address}: {string.Join(' ', span.First.Select(word => word.ToString("X4", CultureInfo.InvariantCulture)))}"));
        }

        Console.Out.WriteLine(Head.In(language));
        foreach (ProbeGuess guess in guesses.Take(MostRows))
        {
            Console.Out.WriteLine(Row(guess, language));
        }

        if (guesses.Count == 0 || guesses[0].Score == 0)
        {
            talk.WriteLine(NoGuess.In(language));
            return;
        }

        talk.WriteLine(Best.In(language));
        foreach (ProbeGuess guess in guesses.Take(BestRows).Where(guess => guess.Score > 0))
        {
            string shifted = guess.Shift == 0 ? "" : $"; {Shifted.In(language, register, guess.Address)}";
            talk.WriteLine($"  {guess.ValueText} ({MarkText(guess.Mark, language)}), {TableWord(guess.Table)} {guess.Address.ToString(CultureInfo.InvariantCulture)}, {FormatWord(guess.Format)} {OrderWord(guess.Order)}{shifted}");
        }

        talk.WriteLine(ForProfile.In(language));
        talk.WriteLine(ProfileLine(guesses[0]));
    }

    /// <summary>The guess as a register of a profile.</summary>
    internal static string ProfileLine(ProbeGuess guess)
    {
        bool isFloat = guess.Format is RegisterFormat.Float32 or RegisterFormat.Float64;
        (string unit, string kind, int decimals) = guess.Mark switch
        {
            ProbeMark.Voltage => ("V", "gauge", isFloat ? 1 : guess.Decimals),
            ProbeMark.Frequency => ("Hz", "gauge", isFloat ? 2 : guess.Decimals),
            ProbeMark.Rising => ("CHANGE-ME", "counter", isFloat ? 2 : 0),
            _ => ("CHANGE-ME", "gauge", isFloat ? 2 : 0),
        };
        string order = guess.Order == WordOrder.Abcd ? "" : $"order: {OrderWord(guess.Order)}, ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  - {{ quantity: CHANGE-ME, address: {guess.Address}, format: {FormatWord(guess.Format)}, {order}decimals: {decimals}, unit: {unit}, kind: {kind} }} # table: {TableWord(guess.Table)}, addressing: wire");
    }

    /// <summary>Writes everything as one object.</summary>
    internal static void WriteJson(Utf8JsonWriter json, IReadOnlyList<ProbeSpan> spans, IReadOnlyList<ProbeGuess> guesses)
    {
        json.WriteStartArray("registers");
        foreach (ProbeSpan span in spans)
        {
            json.WriteStartObject();
            json.WriteString("table", TableWord(span.Table));
            json.WriteNumber("address", span.Address);
            json.WriteStartArray("words");
            foreach (ushort word in span.First)
            {
                json.WriteNumberValue(word);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("guesses");
        foreach (ProbeGuess guess in guesses)
        {
            WriteGuess(json, guess);
        }

        json.WriteEndArray();
        json.WriteString("profileLine", guesses.Count > 0 && guesses[0].Score > 0 ? ProfileLine(guesses[0]).Trim() : null);
    }

    private static void WriteGuess(Utf8JsonWriter json, ProbeGuess guess)
    {
        json.WriteStartObject();
        json.WriteString("table", TableWord(guess.Table));
        json.WriteNumber("address", guess.Address);
        json.WriteString("format", FormatWord(guess.Format));
        json.WriteString("order", OrderWord(guess.Order));
        json.WriteString("value", guess.ValueText);
        json.WriteString("mark", guess.Mark.ToString().ToLowerInvariant());
        json.WriteNumber("score", guess.Score);
        json.WriteEndObject();
    }

    private static string Row(ProbeGuess guess, Language language) => string.Join(
        '\t',
        guess.Address.ToString(CultureInfo.InvariantCulture),
        TableWord(guess.Table),
        FormatWord(guess.Format),
        OrderWord(guess.Order),
        guess.ValueText,
        guess.Later is double later ? (guess with { Raw = later }).ValueText : "-",
        MarkText(guess.Mark, language));

    private static string MarkText(ProbeMark mark, Language language) => (mark switch
    {
        ProbeMark.Voltage => new Text(es: "voltaje", en: "voltage"),
        ProbeMark.Frequency => new Text(es: "frecuencia", en: "frequency"),
        ProbeMark.Rising => new Text(es: "contador que sube", en: "rising counter"),
        ProbeMark.Impossible => new Text(es: "imposible", en: "impossible"),
        _ => new Text(es: "-", en: "-"),
    }).In(language);

    private static string TableWord(ModbusTable table) => table == ModbusTable.InputRegisters ? "input" : "holding";

    private static string FormatWord(RegisterFormat format) => format.ToString().ToLowerInvariant();

    private static string OrderWord(WordOrder order) => order.ToString().ToLowerInvariant();
}
