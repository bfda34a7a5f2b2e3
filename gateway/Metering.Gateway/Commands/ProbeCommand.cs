using System.CommandLine;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Commands.Probing;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway probe: decodes a register in every way, and says which one makes sense.</summary>
internal static class ProbeCommand
{
    private const int LastAddress = 65_535;
    private const int MostRegisters = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private static readonly Text About = new(
        es: "Decodifica un registro y sus vecinos de todas las formas y dice cuál tiene sentido. Solo lee.",
        en: "Decode a register and its neighbours in every way and say which one makes sense. Reads only.");

    private static readonly Text Unit = new(es: "Dirección (unit id) del medidor.", en: "Unit id of the meter.");
    private static readonly Text Register = new(es: "Registro que nombra el manual, tal como se envía, desde 0.", en: "Register the manual names, as sent, from 0.");
    private static readonly Text Count = new(es: "Registros que ocupa el valor: 1, 2 o 4; 0 si no se sabe.", en: "Registers the value takes: 1, 2 or 4; 0 when not known.");
    private static readonly Text Table = new(es: "Tabla: holding, input, o both (las dos).", en: "Table: holding, input or both.");
    private static readonly Text Wait = new(es: "Espera antes de leer otra vez para ver si un contador sube; 0s no espera.", en: "Wait before reading again to see whether a counter rises; 0s does not.");
    private static readonly Text Json = new(es: "Exactamente un objeto JSON en la salida estándar.", en: "Exactly one JSON object on standard output.");
    private static readonly Text Range = new(es: "El registro va de 0 a 65535 y la cantidad es 0, 1, 2 o 4.", en: "The register lies in 0 to 65535, and the count is 0, 1, 2 or 4.");
    private static readonly Text Waiting = new(es: "Esperando {0} para leer otra vez ...", en: "Waiting {0} to read again ...");

    internal static Command Create(Language language)
    {
        ToolLineOptions lines = new(language, "500ms");
        Option<int> unit = new("--unit") { Description = Unit.In(language), Required = true };
        Option<int> register = new("--register") { Description = Register.In(language), Required = true };
        Option<int> count = new("--count") { Description = Count.In(language), DefaultValueFactory = _ => 0 };
        Option<string> table = new Option<string>("--table") { Description = Table.In(language), DefaultValueFactory = _ => "both" }.AcceptOnlyFromAmong("holding", "input", "both");
        Option<string> wait = new("--wait") { Description = Wait.In(language), DefaultValueFactory = _ => "5s" };
        Option<bool> json = new("--json") { Description = Json.In(language) };
        Command command = new("probe", About.In(language)) { unit, register, count, table, wait, json };
        lines.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            ToolOutput output = new(language, result.GetValue(json));
            string? problem = lines.TryRead(result, out ToolLine? line);
            problem ??= lines.CheckUnit(line!, result.GetValue(unit));
            problem ??= result.GetValue(register) is < 0 or > LastAddress || result.GetValue(count) is not (0 or 1 or 2 or MostRegisters) ? Range.In(language) : null;
            TimeSpan pause = default;
            if (problem is null && (!Duration.TryParse(result.GetValue(wait)!, out pause, out _, out _) || pause > LongestWait))
            {
                problem = $"--wait: {result.GetValue(wait)}; 0s ... {Duration.ToText(LongestWait)}";
            }

            if (problem is not null)
            {
                return Task.FromResult(output.FailUsage(problem));
            }

            IReadOnlyList<ModbusTable> tables = result.GetValue(table) switch
            {
                "holding" => [ModbusTable.HoldingRegisters],
                "input" => [ModbusTable.InputRegisters],
                _ => [ModbusTable.HoldingRegisters, ModbusTable.InputRegisters],
            };
            ProbePlace place = new((byte)result.GetValue(unit), tables, (ushort)result.GetValue(register));
            return ProbeAsync(line!, place, result.GetValue(count), pause, output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ProbeAsync(ToolLine line, ProbePlace place, int count, TimeSpan pause, ToolOutput output, CancellationToken cancellationToken)
    {
        try
        {
            using ModbusClient client = new(line.Transport());
            client.Transport.Open();
            IReadOnlyList<ProbeSpan> spans = LineProbe.Read(client, line, place, out ModbusReply worst);
            if (!worst.IsOk && spans.Count == 0)
            {
                return output.Fail(LineFault.Of(worst, line, place.Unit, place.Register, output.Language));
            }

            if (pause > TimeSpan.Zero)
            {
                Console.Error.WriteLine(Waiting.In(output.Language, Duration.ToText(pause)));
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
                spans = LineProbe.ReadAgain(client, line, place.Unit, spans);
            }

            IReadOnlyList<ProbeGuess> guesses = ProbeGuess.All(spans, place.Register, count);
            if (output.IsJson)
            {
                ToolOutput.WriteJson(json => ProbeReport.WriteJson(json, spans, guesses));
            }
            else
            {
                ProbeReport.Tell(spans, guesses, place.Register, output.Language);
            }

            return 0;
        }
        catch (FieldbusException e)
        {
            return output.Fail(LineFault.Of(e, line, output.Language));
        }
        catch (ArgumentException e)
        {
            return output.FailUsage(Output.FirstLine(e));
        }
    }
}
