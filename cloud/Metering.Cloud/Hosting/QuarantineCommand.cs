using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud quarantine list|show|export|retry|drop`: the messages that were refused and put aside.</summary>
internal static class QuarantineCommand
{
    private const int Page = 1_000;
    private const int ShownBytes = 256;
    private const int BytesOfRow = 16;

    public static Command Create(TextWriter output, Language help) =>
        new("quarantine", new Text("Mensajes que se rechazaron y se apartaron", "Messages that were refused and put aside").In(help)) { List(output, help), Show(output, help), Export(output, help), Retry(output, help), Drop(output, help) };

    private static Command List(TextWriter output, Language help)
    {
        (Option<string> config, Option<string?> gateway, Option<bool> json) = (CommonOptions.Config(help), Gateway(help), CommonOptions.Json(help));
        Command command = new("list", new Text("Listarlos: número, gateway, recibido, bytes, motivo", "List them: number, gateway, received, bytes, reason").In(help)) { config, gateway, json };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            IEnumerable<QuarantinedMessage> rows = All(store, parsed.GetValue(gateway));
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(new { messages = rows }, JsonSerializerOptions.Web));
                return ExitCode.Ok;
            }

            foreach (QuarantinedMessage row in rows)
            {
                output.WriteLine(Line(row));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(TextWriter output, Language help)
    {
        (Option<string> config, Argument<long> number) = (CommonOptions.Config(help), Number(help));
        Command command = new("show", new Text("Mostrar uno: motivo, lo que dice ser, sus primeros bytes", "Show one: reason, what it says it is, its first bytes").In(help)) { config, number };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            QuarantinedMessage message = Find(store, parsed.GetRequiredValue(number));
            output.WriteLine(Line(message));
            if (store.QuarantinedBytes(message.Number) is ReadOnlyMemory<byte> bytes)
            {
                output.WriteLine(Describe(bytes.Span));
                Dump(bytes.Span[..Math.Min(bytes.Length, ShownBytes)], output);
            }
            else
            {
                output.WriteLine("its bytes were not kept: the limit of all messages aside was reached");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Export(TextWriter output, Language help)
    {
        (Option<string> config, Argument<long> number) = (CommonOptions.Config(help), Number(help));
        Option<string> file = new("--out") { Description = new Text("Archivo que recibe los bytes tal como llegaron", "File that takes the bytes as they came").In(help), Required = true, HelpName = "FILE" };
        Command command = new("export", new Text("Escribir uno en un archivo, tal como llegó", "Write one into a file, as it came").In(help)) { config, number, file };
        command.SetAction(parsed =>
        {
            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            QuarantinedMessage message = Find(store, parsed.GetRequiredValue(number));
            ReadOnlyMemory<byte> bytes = store.QuarantinedBytes(message.Number) ?? throw new CloudFault(ExitCode.Data, $"the bytes of message {message.Number} were not kept.");
            string path = parsed.GetRequiredValue(file);
            try
            {
                File.WriteAllBytes(path, bytes.ToArray());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CloudFault(ExitCode.CannotCreate, $"cannot write {path}: {e.Message} Does the directory exist, and may this user write in it?");
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes in {path}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Retry(TextWriter output, Language help) => OnSome(
        help,
        "retry",
        new Text("Hacer que el servicio en marcha los reciba otra vez como si llegaran ahora; lo que se rechace de nuevo se queda", "Have the running cloud take them once more as if they came now; what is refused again stays").In(help),
        (store, message) => store.RequestRetry(message.Number),
        count => $"{count} are taken once more within seconds while the cloud's ingestion runs, else at its next start; see 'cloud quarantine list'",
        output);

    private static Command Drop(TextWriter output, Language help) => OnSome(
        help,
        "drop",
        new Text("Quitarlos para siempre; exporte antes lo que sea evidencia", "Take them away for ever; export first what is evidence").In(help),
        (store, message) => store.DropQuarantined(message.Number),
        count => $"{count} dropped",
        output);

    // One by its number, or all of one gateway.
    private static Command OnSome(Language help, string name, string description, Func<IReadingStore, QuarantinedMessage, bool> act, Func<int, FormattableString> tell, TextWriter output)
    {
        (Option<string> config, Option<string?> gateway) = (CommonOptions.Config(help), Gateway(help));
        Argument<long?> number = new("number") { Description = new Text("Número de un mensaje, de 'list'", "Number of a message, from 'list'").In(help), Arity = ArgumentArity.ZeroOrOne };
        Command command = new(name, description) { config, number, gateway };
        command.SetAction(parsed =>
        {
            (long? one, string? mine) = (parsed.GetValue(number), parsed.GetValue(gateway));
            if (one is null == mine is null)
            {
                throw new CloudFault(ExitCode.Usage, "give the number of a message, or --gateway for all of one gateway.");
            }

            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            QuarantinedMessage[] messages = one is long wanted ? [Find(store, wanted)] : [.. All(store, mine)];
            output.WriteLine(FormattableString.Invariant(tell(messages.Count(message => act(store, message)))));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Option<string?> Gateway(Language help) => new("--gateway") { Description = new Text("Solo los de este gateway", "Only of this gateway").In(help), HelpName = "GATEWAY" };

    private static Argument<long> Number(Language help) => new("number") { Description = new Text("Número del mensaje, de 'list'", "Number of the message, from 'list'").In(help) };

    private static QuarantinedMessage Find(IReadingStore store, long number) =>
        store.FindQuarantined(number) ?? throw new CloudFault(ExitCode.Data, string.Create(CultureInfo.InvariantCulture, $"there is no message {number}. List them with 'cloud quarantine list'."));

    private static IEnumerable<QuarantinedMessage> All(IReadingStore store, string? gateway)
    {
        long after = 0;
        while (store.Quarantined(after, Page, gateway) is { Count: > 0 } rows)
        {
            foreach (QuarantinedMessage row in rows)
            {
                yield return row;
            }

            after = rows[^1].Number;
        }
    }

    private static string Line(QuarantinedMessage row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Number}\t{row.Gateway}\t{row.Received:yyyy-MM-ddTHH:mm:ssZ}\t{row.Length}\t{row.Reason}");

    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        try
        {
            BatchManifest manifest = BatchEnvelope.Open(bytes).Manifest;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"a whole batch: number {manifest.Batch} of key epoch {manifest.KeyEpoch} of {manifest.Gateway}, {manifest.ReadingCount} readings in {manifest.Channels.Count} channels; its signature is not looked at here");
        }
        catch (WireFormatException e)
        {
            return $"no batch of this version: {e.Message}";
        }
    }

    private static void Dump(ReadOnlySpan<byte> bytes, TextWriter output)
    {
        for (int offset = 0; offset < bytes.Length; offset += BytesOfRow)
        {
            ReadOnlySpan<byte> row = bytes[offset..Math.Min(bytes.Length, offset + BytesOfRow)];
            StringBuilder text = new();
            foreach (byte one in row)
            {
                _ = text.Append(one is >= 0x20 and < 0x7f ? (char)one : '.');
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{offset:x6}  {Convert.ToHexStringLower(row),-32}  {text}"));
        }
    }
}
