using System.CommandLine;
using System.Globalization;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;

namespace Metering.Gateway.Commands;

/// <summary>gateway read: asks one meter for some registers, to see whether wiring, address and register are right.</summary>
internal static class ReadCommand
{
    private const int LastAddress = 65_535;
    private const int MaximumRegisters = 125;
    private const string AnswerTimeout = "500ms";

    private static readonly Text About = new(es: "Lee una vez registros de un medidor.", en: "Read registers of one meter once.");
    private static readonly Text Unit = new(es: "Dirección (unit id) del medidor.", en: "Unit id of the meter.");
    private static readonly Text Holding = new(es: "Primer registro holding tal como se envía, desde 0.", en: "First holding register as sent, from 0.");
    private static readonly Text Input = new(es: "Primer registro input tal como se envía, desde 0.", en: "First input register as sent, from 0.");
    private static readonly Text Count = new(es: "Cantidad de registros, de 1 a 125.", en: "Number of registers, 1 to 125.");
    private static readonly Text Json = new(es: "Exactamente un objeto JSON en la salida estándar.", en: "Exactly one JSON object on standard output.");
    private static readonly Text OneStart = new(es: "Indique uno: --holding INICIO o --input INICIO.", en: "Give one of --holding START and --input START.");
    private static readonly Text Range = new(
        es: "El inicio va de 0 a 65535, la cantidad de 1 a 125, e inicio + cantidad no puede pasar de 65536.",
        en: "The start lies in 0 to 65535, the count in 1 to 125, and start + count may not pass 65536.");

    internal static Command Create(Language language)
    {
        ToolLineOptions lines = new(language, AnswerTimeout);
        Option<int> unit = new("--unit") { Description = Unit.In(language), Required = true };
        Option<int?> holding = new("--holding") { Description = Holding.In(language) };
        Option<int?> input = new("--input") { Description = Input.In(language) };
        Option<int> count = new("--count") { Description = Count.In(language), DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = Json.In(language) };
        Command command = new("read", About.In(language)) { unit, holding, input, count, json };
        lines.AddTo(command);
        command.SetAction(result =>
        {
            ToolOutput output = new(language, result.GetValue(json));
            string? problem = CheckRange(result.GetValue(holding), result.GetValue(input), result.GetValue(count), language);
            ToolLine? line = null;
            problem ??= lines.TryRead(result, out line);
            problem ??= lines.CheckUnit(line!, result.GetValue(unit));
            if (problem is not null)
            {
                return output.FailUsage(problem);
            }

            bool isInput = result.GetValue(input) is not null;
            int start = result.GetValue(holding) ?? result.GetValue(input) ?? 0;
            Question question = new(line!, (byte)result.GetValue(unit), isInput ? ModbusTable.InputRegisters : ModbusTable.HoldingRegisters, (ushort)start, result.GetValue(count));
            return Ask(question, output);
        });
        return command;
    }

    private static string? CheckRange(int? holding, int? input, int count, Language language)
    {
        if (holding is null == input is null)
        {
            return OneStart.In(language);
        }

        int start = holding ?? input ?? 0;
        return start is < 0 or > LastAddress || count is < 1 or > MaximumRegisters || start + count > LastAddress + 1 ? Range.In(language) : null;
    }

    private static int Ask(Question question, ToolOutput output)
    {
        ushort[] registers = new ushort[question.Count];
        ModbusReply reply;
        FieldbusException? problem;
        try
        {
            using ModbusClient client = new(question.Line.Transport());
            client.Transport.Open();
            reply = client.Read(question.Table, question.Unit, question.Start, registers, question.Line.AnswerTimeout);
            problem = client.Transport.LastProblem;
        }
        catch (FieldbusException e)
        {
            return output.Fail(LineFault.Of(e, question.Line, output.Language));
        }
        catch (ArgumentException e)
        {
            return output.FailUsage(Output.FirstLine(e));
        }

        if (!reply.IsOk)
        {
            return output.Fail(problem is null
                ? LineFault.Of(reply, question.Line, question.Unit, question.Start, output.Language)
                : LineFault.Of(problem, question.Line, output.Language));
        }

        if (output.IsJson)
        {
            ToolOutput.WriteJson(writer =>
            {
                writer.WriteStartArray("registers");
                foreach (ushort register in registers)
                {
                    writer.WriteNumberValue(register);
                }

                writer.WriteEndArray();
            });
            return 0;
        }

        for (int index = 0; index < registers.Length; index++)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{question.Start + index}\t{registers[index]}\t0x{registers[index]:X4}"));
        }

        return 0;
    }

    private sealed record Question(ToolLine Line, byte Unit, ModbusTable Table, ushort Start, int Count);
}
