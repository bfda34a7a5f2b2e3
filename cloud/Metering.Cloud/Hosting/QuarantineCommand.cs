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
            QuarantinedMessage message = Find(store, parsed.GetRequiredValue(number), help);
            output.WriteLine(Line(message));
            if (store.QuarantinedBytes(message.Number) is ReadOnlyMemory<byte> bytes)
            {
                output.WriteLine(Describe(bytes.Span, help));
                Dump(bytes.Span[..Math.Min(bytes.Length, ShownBytes)], output);
            }
            else
            {
                output.WriteLine(new Text("sus bytes no se guardaron: se llegó al límite de lo apartado", "its bytes were not kept: the limit of all messages aside was reached").In(help));
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
            QuarantinedMessage message = Find(store, parsed.GetRequiredValue(number), help);
            ReadOnlyMemory<byte> bytes = store.QuarantinedBytes(message.Number) ?? throw new CloudFault(ExitCode.Data, new Text("los bytes del mensaje {0} no se guardaron.", "the bytes of message {0} were not kept.").In(help, message.Number));
            string path = parsed.GetRequiredValue(file);
            try
            {
                File.WriteAllBytes(path, bytes.ToArray());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CloudFault(ExitCode.CannotCreate, new Text("no se puede escribir {0}: {1} ¿Existe la carpeta, y puede escribir en ella este usuario?", "cannot write {0}: {1} Does the directory exist, and may this user write in it?").In(help, path, e.Message));
            }

            output.WriteLine(new Text("{0} bytes en {1}", "{0} bytes in {1}").In(help, bytes.Length, path));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Retry(TextWriter output, Language help) => OnSome(
        help,
        "retry",
        new Text("Hacer que el servicio en marcha los reciba otra vez como si llegaran ahora; lo que se rechace de nuevo se queda", "Have the running cloud take them once more as if they came now; what is refused again stays").In(help),
        (store, message) => store.RequestRetry(message.Number),
        new("{0} se reciben otra vez en segundos si el servicio está en marcha; si no, en su siguiente arranque; vea 'cloud quarantine list'", "{0} are taken once more within seconds while the cloud's ingestion runs, else at its next start; see 'cloud quarantine list'"),
        output);

    private static Command Drop(TextWriter output, Language help) => OnSome(
        help,
        "drop",
        new Text("Quitarlos para siempre; exporte antes lo que sea evidencia", "Take them away for ever; export first what is evidence").In(help),
        (store, message) => store.DropQuarantined(message.Number),
        new("{0} quitados", "{0} dropped"),
        output);

    // One by its number, or all of one gateway.
    private static Command OnSome(Language help, string name, string description, Func<IReadingStore, QuarantinedMessage, bool> act, Text tell, TextWriter output)
    {
        (Option<string> config, Option<string?> gateway) = (CommonOptions.Config(help), Gateway(help));
        Argument<long?> number = new("number") { Description = new Text("Número de un mensaje, de 'list'", "Number of a message, from 'list'").In(help), Arity = ArgumentArity.ZeroOrOne };
        Command command = new(name, description) { config, number, gateway };
        command.SetAction(parsed =>
        {
            (long? one, string? mine) = (parsed.GetValue(number), parsed.GetValue(gateway));
            if (one is null == mine is null)
            {
                throw new CloudFault(ExitCode.Usage, new Text("dé el número de un mensaje, o --gateway para todos los de un gateway.", "give the number of a message, or --gateway for all of one gateway.").In(help));
            }

            using IReadingStore store = CommonOptions.OpenStore(parsed, config).Store;
            QuarantinedMessage[] messages = one is long wanted ? [Find(store, wanted, help)] : [.. All(store, mine)];
            output.WriteLine(tell.In(help, messages.Count(message => act(store, message))));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Option<string?> Gateway(Language help) => new("--gateway") { Description = new Text("Solo los de este gateway", "Only of this gateway").In(help), HelpName = "GATEWAY" };

    private static Argument<long> Number(Language help) => new("number") { Description = new Text("Número del mensaje, de 'list'", "Number of the message, from 'list'").In(help) };

    private static QuarantinedMessage Find(IReadingStore store, long number, Language help) =>
        store.FindQuarantined(number) ?? throw new CloudFault(ExitCode.Data, new Text("no hay un mensaje {0}. Lístelos con 'cloud quarantine list'.", "there is no message {0}. List them with 'cloud quarantine list'.").In(help, number));

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

    private static string Describe(ReadOnlySpan<byte> bytes, Language help)
    {
        try
        {
            BatchManifest manifest = BatchEnvelope.Open(bytes).Manifest;
            return new Text("un lote entero: número {0} de la llave {1} de {2}, {3} lecturas en {4} canales; aquí no se revisa su firma", "a whole batch: number {0} of key epoch {1} of {2}, {3} readings in {4} channels; its signature is not looked at here").In(help, manifest.Batch, manifest.KeyEpoch, manifest.Gateway, manifest.ReadingCount, manifest.Channels.Count);
        }
        catch (WireFormatException e)
        {
            return new Text("no es un lote de esta versión: {0}", "no batch of this version: {0}").In(help, e.Message);
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
