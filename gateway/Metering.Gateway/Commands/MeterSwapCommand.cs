using System.CommandLine;

namespace Metering.Gateway.Commands;

/// <summary>gateway meter swap: a change of meter, so that the totals go on exactly.</summary>
internal static class MeterSwapCommand
{
    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = new Text(es: "Archivo de configuración.", en: "Configuration file.").In(language), Required = true };
        Option<string> meter = new("--meter") { Description = new Text(es: "Nombre del medidor en la configuración.", en: "The meter's name in the configuration.").In(language), Required = true };
        Option<string?> channel = new("--channel") { Description = new Text(es: "Cuál de sus totalizadores, si tiene varios.", en: "Which of its counters, where it has several.").In(language) };
        Option<string?> final = new("--final") { Description = new Text(es: "Última lectura del medidor anterior; se omite si nadie la anotó.", en: "What the old meter showed last; left out when nobody wrote it down.").In(language) };
        Option<string> initial = new("--initial") { Description = new Text(es: "Primera lectura del medidor nuevo.", en: "What the new meter showed first.").In(language), Required = true };
        Option<string> at = new("--at") { Description = new Text(es: "Cuándo empezó el medidor nuevo, mientras no llegaban lecturas, como 2026-03-01T08:00-06:00.", en: "When the new meter began, while no readings came, such as 2026-03-01T08:00-06:00.").In(language), Required = true };
        Option<string> person = new("--operator") { Description = new Text(es: "Quién lo cambió.", en: "Who changed it.").In(language), Required = true };
        Option<string?> serial = new("--serial") { Description = new Text(es: "Número de serie del medidor nuevo.", en: "Serial number of the new meter.").In(language) };
        Option<string?> photo = new("--photo") { Description = new Text(es: "Foto de ambas pantallas; se guarda una copia con su SHA-256.", en: "Photo of both displays; a copy is kept under its SHA-256.").In(language) };
        Option<string?> reason = new("--reason") { Description = new Text(es: "Por qué se cambió.", en: "Why it was changed.").In(language) };
        Option<bool> json = new("--json") { Description = new Text(es: "Imprimir la anotación en JSON.", en: "Print the entry as JSON.").In(language) };
        Command swap = new("swap", new Text(es: "Anota un cambio de medidor con su última y su primera lectura; la nube recibe la anotación firmada.", en: "Record a change of meter with its last and first register; the cloud gets the signed entry.").In(language)) { config, meter, channel, final, initial, at, person, serial, photo, reason, json };
        swap.SetAction(result => FieldCommand.Run(result.GetValue(config)!, language, book => FieldCommand.Kept(
            book.Swap(new()
            {
                Meter = result.GetValue(meter)!,
                Channel = result.GetValue(channel),
                Final = result.GetValue(final),
                Initial = result.GetValue(initial)!,
                At = result.GetValue(at)!,
                Operator = result.GetValue(person)!,
                Serial = result.GetValue(serial),
                Photo = result.GetValue(photo),
                Reason = result.GetValue(reason),
            }),
            result.GetValue(json),
            language)));
        return new("meter", new Text(es: "Lo que les pasa a los medidores.", en: "What happens to meters.").In(language)) { swap };
    }
}
