using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Status;

/// <summary>The two forms of the page: a reading taken by hand, and a change of meter. Both end in the same book as the commands, signed and durable.</summary>
internal sealed class EntryForms(Func<GatewayConfiguration> configuration, Func<FieldBook> book, StatusAccess access, TimeProvider clock)
{
    internal const string ReadingAddress = "/reading";
    internal const string SwapAddress = "/swap";

    internal static readonly Text ReadingTitle = new(es: "Anotar una lectura", en: "Enter a reading");
    internal static readonly Text SwapTitle = new(es: "Anotar un cambio de medidor", en: "Record a change of meter");
    private static readonly Text Channel = new(es: "Canal", en: "Channel");
    private static readonly Text Value = new(es: "Valor, con punto decimal", en: "Value, with a decimal point");
    private static readonly Text At = new(es: "Cuándo (fecha, hora y zona)", en: "When (date, time and zone)");
    private static readonly Text Operator = new(es: "Quién lo leyó", en: "Who read it");
    private static readonly Text Changer = new(es: "Quién lo cambió", en: "Who changed it");
    private static readonly Text Method = new(es: "Método, si es de laboratorio (p. ej. NMX-AA-030-SCFI-2012)", en: "Method, for a laboratory result (e.g. NMX-AA-030-SCFI-2012)");
    private static readonly Text Note = new(es: "Nota", en: "Note");
    private static readonly Text Counter = new(es: "Medidor y contador", en: "Meter and counter");
    private static readonly Text Final = new(es: "Última lectura del medidor retirado (vacío si nadie la anotó)", en: "Last register of the old meter (empty when nobody wrote it down)");
    private static readonly Text Initial = new(es: "Primera lectura del medidor nuevo", en: "First register of the new meter");
    private static readonly Text Serial = new(es: "Número de serie del medidor nuevo", en: "Serial number of the new meter");
    private static readonly Text Reason = new(es: "Motivo", en: "Reason");
    private static readonly Text Save = new(es: "Guardar", en: "Save");
    private static readonly Text Saved = new(es: "Guardado y firmado como anotación {0}. Se envía con el siguiente ciclo.", en: "Saved and signed as entry {0}. It is sent with the next cycle.");
    private static readonly Text NotSaved = new(es: "El disco no guardó la anotación: {0}", en: "The disk did not keep the entry: {0}");
    private static readonly Text None = new(es: "La configuración no tiene canales manuales (inputs: manual).", en: "The configuration has no manual channels (inputs: manual).");
    private static readonly Text Back = new(es: "Volver al estado", en: "Back to the status");

    /// <summary>Answers one of the two addresses.</summary>
    internal HttpReply Answer(HttpRequest request, Language language)
    {
        bool isReading = request.Path == ReadingAddress;
        IReadOnlyDictionary<string, string> fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string? said = null;
        bool isBad = false;
        if (request.Method == "POST")
        {
            fields = request.Form();
            if (!access.IsOwnForm(request, fields.GetValueOrDefault("secret")))
            {
                return HttpReply.Text(403, "the form is too old or comes from another page; open it again");
            }

            (said, isBad) = Keep(isReading, fields, language);
            fields = isBad ? fields : new Dictionary<string, string>(StringComparer.Ordinal);
        }

        HtmlWriter page = new();
        string title = (isReading ? ReadingTitle : SwapTitle).In(language);
        StatusPage.Begin(page, title, language, refreshSeconds: null);
        page.Write($"<header><h1>{title}</h1><nav><a href=\"/?lang={language.Code()}\">{Back.In(language)}</a></nav></header><main>");
        if (said is not null)
        {
            page.Write($"<div class=\"verdict {(isBad ? "bad" : "good")}\" role=\"alert\"><span aria-hidden=\"true\">{(isBad ? "✖" : "✔")}</span><div>{said}</div></div>");
        }

        WriteForm(page, isReading, fields, access.FormSecret(request), language);
        page.Write($"</main></body></html>");
        return HttpReply.Html(page, isBad ? 422 : 200);
    }

    private (string Said, bool IsBad) Keep(bool isReading, IReadOnlyDictionary<string, string> fields, Language language)
    {
        try
        {
            FieldEntry entry = isReading ? book().Add(ReadingOf(fields)) : book().Swap(SwapOf(fields));
            return (Saved.In(language, entry.Number.ToString(CultureInfo.InvariantCulture)), false);
        }
        catch (FieldRefusalException e)
        {
            return (e.In(language), true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (NotSaved.In(language, e.Message), true);
        }
    }

    private ReadingRequest ReadingOf(IReadOnlyDictionary<string, string> fields)
    {
        string channel = fields.GetValueOrDefault("channel") ?? "";
        return new()
        {
            Channel = channel,
            Value = fields.GetValueOrDefault("value") ?? "",

            // The form names the unit beside the channel and lets nobody choose another one.
            Unit = configuration().ManualChannels.FirstOrDefault(manual => manual.Channel.Id == channel)?.Channel.Unit ?? "",
            At = fields.GetValueOrDefault("at") ?? "",
            Operator = fields.GetValueOrDefault("operator") ?? "",
            Method = Filled(fields, "method"),
            Note = Filled(fields, "note"),
        };
    }

    private SwapRequest SwapOf(IReadOnlyDictionary<string, string> fields)
    {
        string channel = fields.GetValueOrDefault("channel") ?? "";
        return new()
        {
            Meter = configuration().Channels.FirstOrDefault(one => one.Id == channel)?.Meter ?? "",
            Channel = channel,
            Final = Filled(fields, "final"),
            Initial = fields.GetValueOrDefault("initial") ?? "",
            At = fields.GetValueOrDefault("at") ?? "",
            Operator = fields.GetValueOrDefault("operator") ?? "",
            Serial = Filled(fields, "serial"),
            Reason = Filled(fields, "reason"),
        };
    }

    private static string? Filled(IReadOnlyDictionary<string, string> fields, string name) => fields.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    private void WriteForm(HtmlWriter page, bool isReading, IReadOnlyDictionary<string, string> fields, string secret, Language language)
    {
        Channel[] channels = isReading
            ? [.. configuration().ManualChannels.Select(manual => manual.Channel)]
            : [.. configuration().Channels.Where(channel => channel.Kind == ChannelKind.Counter && !channel.Profile.StartsWith("pulse/", StringComparison.Ordinal))];
        if (channels.Length == 0)
        {
            page.Write($"<p>{None.In(language)}</p>");
            return;
        }

        string address = isReading ? ReadingAddress : SwapAddress;
        page.Write($"<form method=\"post\" action=\"{address}?lang={language.Code()}\"><input type=\"hidden\" name=\"secret\" value=\"{secret}\"><label>{(isReading ? Channel : Counter).In(language)}<select name=\"channel\">");
        foreach (Channel channel in channels)
        {
            page.Write($"<option value=\"{channel.Id}\"");
            if (fields.GetValueOrDefault("channel") == channel.Id)
            {
                page.Write($" selected");
            }

            page.Write($">{channel.Id} ({channel.Unit})</option>");
        }

        page.Write($"</select></label>");
        (string Name, Text Label, bool IsRequired)[] inputs = isReading
            ? [("value", Value, true), ("at", At, true), ("operator", Operator, true), ("method", Method, false), ("note", Note, false)]
            : [("final", Final, false), ("initial", Initial, true), ("at", At, true), ("operator", Changer, true), ("serial", Serial, false), ("reason", Reason, false)];
        foreach ((string name, Text label, bool isRequired) in inputs)
        {
            string value = fields.GetValueOrDefault(name) ?? (name == "at" ? Now() : "");
            page.Write($"<label>{label.In(language)}<input name=\"{name}\" value=\"{value}\" maxlength=\"200\" autocomplete=\"off\"");
            if (isRequired)
            {
                page.Write($" required");
            }

            page.Write($"></label>");
        }

        page.Write($"<button>{Save.In(language)}</button></form>");
    }

    private string Now() => TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZoneInfo.Local).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
