using System.CommandLine;

namespace Metering.Gateway.Commands;

/// <summary>gateway meter swap: a change of meter, so that the totals go on exactly.</summary>
internal static class MeterSwapCommand
{
    internal static Command Create()
    {
        Option<string> config = new("--config") { Description = "Configuration file.", Required = true };
        Option<string> meter = new("--meter") { Description = "The meter's name in the configuration.", Required = true };
        Option<string?> channel = new("--channel") { Description = "Which of its counters, where it has several." };
        Option<string?> final = new("--final") { Description = "What the old meter showed last; left out when nobody wrote it down." };
        Option<string> initial = new("--initial") { Description = "What the new meter showed first.", Required = true };
        Option<string> at = new("--at") { Description = "When the new meter began, while no readings came, such as 2026-03-01T08:00-06:00.", Required = true };
        Option<string> person = new("--operator") { Description = "Who changed it.", Required = true };
        Option<string?> serial = new("--serial") { Description = "Serial number of the new meter." };
        Option<string?> photo = new("--photo") { Description = "Photo of both displays; a copy is kept under its SHA-256." };
        Option<string?> reason = new("--reason") { Description = "Why it was changed." };
        Option<bool> json = new("--json") { Description = "Print the entry as JSON." };
        Option<string?> lang = new("--lang") { Description = "es or en; from LANG if left out." };
        Command swap = new("swap", "Record a change of meter with its last and first register.") { config, meter, channel, final, initial, at, person, serial, photo, reason, json, lang };
        swap.SetAction(result => FieldCommand.Run(result.GetValue(config)!, result.GetValue(lang), (book, language) => FieldCommand.Kept(
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
        return new("meter", "What happens to meters.") { swap };
    }
}
