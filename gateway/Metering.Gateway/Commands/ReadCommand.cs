using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway read: asks one meter for some registers, to see whether wiring, address and register are right.</summary>
internal static class ReadCommand
{
    private const int LastAddress = 65_535;
    private const int MaximumRegisters = 125;

    internal static Command Create()
    {
        Option<string?> tcp = new("--tcp") { Description = "HOST:PORT of a Modbus TCP device or converter." };
        Option<string?> rtu = new("--rtu") { Description = "Serial device, such as /dev/ttyUSB0." };
        Option<int> baud = new("--baud") { Description = "Bits per second.", DefaultValueFactory = _ => 9600 };
        Option<string> parity = new("--parity") { Description = "even, none or odd.", DefaultValueFactory = _ => "even" };
        Option<int> stopBits = new("--stop-bits") { Description = "1 or 2.", DefaultValueFactory = _ => 1 };
        Option<int> unit = new("--unit") { Description = "Unit id of the meter.", Required = true };
        Option<int?> holding = new("--holding") { Description = "First holding register as sent, from 0." };
        Option<int?> input = new("--input") { Description = "First input register as sent, from 0." };
        Option<int> count = new("--count") { Description = "Number of registers, 1 to 125.", DefaultValueFactory = _ => 1 };
        Option<string> timeout = new("--timeout") { Description = "How long the meter may take, such as 500ms.", DefaultValueFactory = _ => "500ms" };
        Option<bool> json = new("--json") { Description = "Exactly one JSON object on standard output." };
        Command command = new("read", "Read registers of one meter once.") { tcp, rtu, baud, parity, stopBits, unit, holding, input, count, timeout, json };
        command.SetAction(result =>
        {
            string? problem = TryBuild(
                new(result.GetValue(tcp), result.GetValue(rtu), result.GetValue(baud), result.GetValue(parity)!, result.GetValue(stopBits)),
                new(result.GetValue(unit), result.GetValue(holding), result.GetValue(input), result.GetValue(count), result.GetValue(timeout)!),
                out Question? question);
            return question is null ? Report(result.GetValue(json), "usage", problem ?? "", ExitCode.Usage) : Ask(question, result.GetValue(json));
        });
        return command;
    }

    private static string? TryBuild(LineArguments line, RegisterArguments registers, out Question? question)
    {
        question = null;
        if (registers.Holding is null == registers.Input is null)
        {
            return "Give one of --holding START and --input START.";
        }

        if (line.Tcp is null == line.Rtu is null)
        {
            return "Give one of --tcp HOST:PORT and --rtu DEVICE.";
        }

        int start = registers.Holding ?? registers.Input ?? 0;
        int smallestUnit = line.Rtu is null ? 0 : 1;
        int largestUnit = line.Rtu is null ? 255 : 247;
        if (start is < 0 or > LastAddress || registers.Count is < 1 or > MaximumRegisters || start + registers.Count > LastAddress + 1)
        {
            return "The start lies in 0 to 65535, the count in 1 to 125, and start + count may not pass 65536.";
        }

        if (registers.Unit < smallestUnit || registers.Unit > largestUnit)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The unit id lies in {smallestUnit} to {largestUnit}.");
        }

        if (!Duration.TryParse(registers.Timeout, out TimeSpan timeout, out string what, out string hint) || timeout <= TimeSpan.Zero || timeout > TimeSpan.FromHours(1))
        {
            return $"--timeout: {what}, {hint}.";
        }

        BusConfiguration bus = new() { Id = "read", AnswerTimeout = timeout, Meters = [] };
        if (line.Tcp is not null)
        {
            if (!Output.TryParseAddress(line.Tcp, out string host, out int port))
            {
                return $"--tcp '{line.Tcp}' is not HOST:PORT.";
            }

            bus = bus with { Tcp = new(host, port) };
        }
        else if (!ConfigurationFile.Parities.TryGetValue(line.Parity, out SerialParity parity) || line.StopBits is not (1 or 2) || line.Baud < 1200)
        {
            return "--parity is even, none or odd; --stop-bits 1 or 2; --baud 1200 or more.";
        }
        else
        {
            bus = bus with { Serial = new(line.Rtu!, new SerialSettings { BaudRate = line.Baud, Parity = parity, StopBits = line.StopBits }) };
        }

        question = new(bus, (byte)registers.Unit, registers.Input is null ? ModbusTable.HoldingRegisters : ModbusTable.InputRegisters, (ushort)start, registers.Count);
        return null;
    }

    private static int Ask(Question question, bool json)
    {
        ushort[] registers = new ushort[question.Count];
        ModbusReply reply;
        FieldbusException? problem;
        try
        {
            using ModbusClient client = new(TransportOf(question.Bus));
            client.Transport.Open();
            reply = client.Read(question.Table, question.Unit, question.Start, registers, question.Bus.AnswerTimeout);
            problem = client.Transport.LastProblem;
        }
        catch (FieldbusException e)
        {
            return Report(json, ReadAdvice.KindOf(e.Kind), e.Message, e.Kind == FieldbusProblem.PermissionDenied ? ExitCode.Permission : ExitCode.Unavailable);
        }
        catch (ArgumentException e)
        {
            // The first line without the name of the parameter, which means nothing to the user.
            string message = e.Message.Split('\n')[0].Split(" (Parameter")[0];
            return Report(json, "usage", message, ExitCode.Usage);
        }

        if (!reply.IsOk)
        {
            return Report(json, ReadAdvice.KindOf(reply.Outcome), problem?.Message ?? ReadAdvice.For(reply, question.Bus, question.Unit, question.Start), ExitCode.Unavailable);
        }

        if (json)
        {
            WriteJson(writer =>
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

    private static IModbusTransport TransportOf(BusConfiguration bus) => Polling.BusLine.TransportOf(bus, isVirtual: false, TimeProvider.System);

    private static int Report(bool json, string kind, string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        if (json)
        {
            WriteJson(writer =>
            {
                writer.WriteStartObject("error");
                writer.WriteString("kind", kind);
                writer.WriteString("message", message);
                writer.WriteEndObject();
            });
        }

        return exitCode;
    }

    private static void WriteJson(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private sealed record LineArguments(string? Tcp, string? Rtu, int Baud, string Parity, int StopBits);

    private sealed record RegisterArguments(int Unit, int? Holding, int? Input, int Count, string Timeout);

    private sealed record Question(BusConfiguration Bus, byte Unit, ModbusTable Table, ushort Start, int Count);
}
