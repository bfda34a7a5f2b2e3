using Metering.Gateway.Polling;

namespace Metering.Gateway.Status;

/// <summary>The card of one input beside Modbus: how it stands, its value, its age, its last hour, and what to do when something is wrong.</summary>
internal static class InputCard
{
    private static readonly Text Pulse = new(es: "Pulsos", en: "Pulses");
    private static readonly Text Analogue = new(es: "Lazo de 4-20 mA", en: "4-20 mA loop");
    private static readonly Text OneWire = new(es: "Termómetro 1-Wire", en: "1-wire thermometer");
    private static readonly Text Manual = new(es: "Lectura a mano", en: "Read by hand");
    private static readonly Text Other = new(es: "Entrada", en: "Input");
    private static readonly Text PulseAdvice = new(
        es: "Revise el cable del contacto y que ningún otro programa use ese pin; lo que se contó se conserva.", en: "Check the wire of the contact, and that no other program uses that pin; what was counted is kept.");
    private static readonly Text AnalogueAdvice = new(
        es: "Sin señal de 4-20 mA: revise el convertidor, la alimentación del transmisor, los dos hilos del lazo y la resistencia.", en: "No signal of 4-20 mA: check the converter, the transmitter's supply, both wires of the loop and the resistor.");
    private static readonly Text OneWireAdvice = new(
        es: "Revise el cable del sensor y la resistencia de 4.7 kΩ entre datos y 3.3 V.", en: "Check the sensor's cable and the 4.7 kΩ resistor between data and 3.3 V.");

    internal static void Write(HtmlWriter page, GatewayStatus status, InputSnapshot input, StatusView view)
    {
        Language language = view.Language;
        Mark mark = MarkOf(input);
        page.Write($"<article class=\"card {mark.Class}\"><div class=\"top\"><h3>{input.Id}</h3><span class=\"state {mark.Class}\">{mark.Sign} {mark.Word.In(language)}</span></div>");
        foreach (ChannelSnapshot channel in input.Channels)
        {
            string name = channel.Id.StartsWith(input.Id + ".", StringComparison.Ordinal) ? channel.Id[(input.Id.Length + 1)..] : channel.Id;
            page.Write($"<p class=\"value\">{MeterCard.ValueOf(channel)} <small>{channel.Unit} · {name}</small></p>");
            if (input.Kind != InputKind.Manual)
            {
                Sparkline.Write(page, view.Recent.Points(channel.Id), StatusTexts.LastHour.In(language, channel.Id));
            }
        }

        page.Write($"<dl class=\"facts\"><dt>{StatusTexts.LastReading.In(language)}</dt><dd>{StatusTexts.Ago(input.LastGoodUtcMilliseconds, status.AtUtcMilliseconds, language)}</dd>");
        page.Write($"<dt>{StatusTexts.InputKind.In(language)}</dt><dd>{NameOf(input.Kind).In(language)}</dd>");
        foreach (ChannelSnapshot channel in input.Channels.Where(channel => channel.Quality is not null and not "G"))
        {
            page.Write($"<dt>{StatusTexts.Quality.In(language)}</dt><dd><code>{channel.Quality}</code></dd>");
        }

        page.Write($"</dl>");
        if (IsFailing(input) && AdviceFor(input.Kind) is Text advice)
        {
            page.Write($"<p class=\"advice\">{advice.In(language)}</p>");
        }

        page.Write($"</article>");
    }

    /// <summary>Whether the last reading of any of its channels was bad.</summary>
    internal static bool IsFailing(InputSnapshot input) => input.Channels.Any(channel => channel.Quality is ['B', ..]);

    private static Mark MarkOf(InputSnapshot input) =>
        IsFailing(input) ? Mark.Bad(new(es: "con fallas", en: "failing"))
        : input.Channels.Any(channel => channel.Quality is ['U', ..]) ? Mark.Open(new(es: "dudosa", en: "doubtful"))
        : input.LastGoodUtcMilliseconds is not null ? Mark.Good(new(es: "bien", en: "well"))
        : input.Kind == InputKind.Manual ? Mark.Open(new(es: "nada anotado aún", en: "nothing entered yet"))
        : Mark.Open(new(es: "sin leer aún", en: "not read yet"));

    private static Text NameOf(InputKind kind) => kind switch
    {
        InputKind.Pulse => Pulse,
        InputKind.Analogue => Analogue,
        InputKind.OneWire => OneWire,
        InputKind.Manual => Manual,
        InputKind.Unknown => Other,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Text? AdviceFor(InputKind kind) => kind switch
    {
        InputKind.Pulse => PulseAdvice,
        InputKind.Analogue => AnalogueAdvice,
        InputKind.OneWire => OneWireAdvice,
        InputKind.Manual or InputKind.Unknown => null,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
