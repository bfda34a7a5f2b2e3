using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Metering.FirmwareSim.Output;
using Metering.FirmwareSim.Plants;

namespace Metering.FirmwareSim;

/// <summary>The command line: run and replay.</summary>
internal static class Commands
{
    /// <summary>Carries out a command line.</summary>
    /// <returns>The exit code: 0, or one of sysexits.</returns>
    internal static async Task<int> RunAsync(string[] arguments, TimeProvider clock)
    {
        RootCommand root = new("Simulated plants and replayed data on real Modbus TCP and RTU.") { RunCommand(clock), ReplayCommand(clock) };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(Plain(error.Message));
            }

            await Console.Error.WriteLineAsync("Add --help to see the options.");
            return SimulatorException.Usage;
        }

        try
        {
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
            return await parsed.InvokeAsync(configuration);
        }
        catch (SimulatorException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }
#pragma warning disable CA1031 // the last catch of the program: a user sees a sentence, never a stack trace
        catch (Exception e)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync(Environment.GetEnvironmentVariable("METERING_TRACE") == "1"
                ? e.ToString()
                : $"The simulator failed: {e.Message} This is its own fault, not yours. Please report it with what METERING_TRACE=1 prints.");
            return SimulatorException.Software;
        }
    }

    // A fault of the command line without the name of a type of this program.
    private static string Plain(string message)
    {
        int type = message.IndexOf(" as expected type", StringComparison.Ordinal);
        return type < 0 ? message : message[..type] + ": write a whole number.";
    }

    private static Command RunCommand(TimeProvider clock)
    {
        Option<DirectoryInfo> output = OutputOption();
        Option<BrokerAddress> broker = BrokerOption();
        Option<string> plants = new("--plants") { Description = "Which plants: all, or ids with commas between", DefaultValueFactory = _ => "all" };
        Option<long> seed = new("--seed") { Description = "Seed of the field", DefaultValueFactory = _ => PlantCatalogue.DefaultSeed };
        Option<DateOnly?> from = DayOption("--from", "First day of the history, such as 2024-11-20; two years before the end unless given");
        Option<DateOnly?> until = DayOption("--until", "First day behind the history; today unless given");
        Option<bool> tcpOnly = new("--tcp-only") { Description = "Serve every plant on Modbus TCP, none on a serial line" };
        Command run = new("run", "Serves simulated plants.") { output, broker, plants, seed, from, until, tcpOnly };
        run.SetAction((result, stopping) => RunSession.RunAsync(
            new RunSettings
            {
                Output = result.GetRequiredValue(output).FullName,
                Broker = result.GetRequiredValue(broker),
                Plants = Choose(result.GetRequiredValue(plants)),
                Seed = result.GetValue(seed),
                Window = WindowOf(result.GetValue(from), result.GetValue(until), clock),
                IsTcpOnly = result.GetValue(tcpOnly),
            },
            clock,
            stopping));
        return run;
    }

    private static Command ReplayCommand(TimeProvider clock)
    {
        Option<FileInfo> csv = new("--csv") { Description = "The file, plain or gzipped", Required = true };
        Option<FileInfo> map = new("--map") { Description = "What its columns are (YAML)", Required = true };
        Option<DirectoryInfo> output = OutputOption();
        Option<BrokerAddress> broker = BrokerOption();
        Option<bool> serial = new("--rtu") { Description = "Serve on a serial line instead of Modbus TCP" };
        Command replay = new("replay", "Serves a CSV file as the registers of a plant.") { csv, map, output, broker, serial };
        replay.SetAction((result, stopping) => ReplaySession.RunAsync(
            new ReplaySettings
            {
                Csv = result.GetRequiredValue(csv).FullName,
                Map = result.GetRequiredValue(map).FullName,
                Output = result.GetRequiredValue(output).FullName,
                Broker = result.GetRequiredValue(broker),
                IsSerial = result.GetValue(serial),
            },
            clock,
            stopping));
        return replay;
    }

    private static Option<DirectoryInfo> OutputOption() => new("--out") { Description = "Folder for gateways/, projects.yaml and truth.json", Required = true };

    private static Option<BrokerAddress> BrokerOption() => new("--broker")
    {
        Description = "Where the gateways find the broker, HOST:PORT",
        Required = true,
        CustomParser = result =>
        {
            if (!BrokerAddress.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : null, out BrokerAddress address))
            {
                result.AddError("--broker must be HOST:PORT, such as 127.0.0.1:1883");
            }

            return address;
        },
    };

    private static Option<DateOnly?> DayOption(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            {
                return day;
            }

            result.AddError($"{name} must be a day, such as 2024-11-20");
            return null;
        },
    };

    private static IReadOnlyList<PlantSpec> Choose(string list)
    {
        try
        {
            return PlantCatalogue.Choose(list);
        }
        catch (ArgumentException e)
        {
            throw new SimulatorException(SimulatorException.Usage, $"--plants: {e.Message}.");
        }
    }

    private static SimulationWindow WindowOf(DateOnly? from, DateOnly? until, TimeProvider clock)
    {
        try
        {
            DateOnly end = until ?? SimulationWindow.LastMidnight(clock.GetUtcNow());
            return new SimulationWindow(from ?? end.AddYears(-2), end);
        }
        catch (ArgumentException e)
        {
            throw new SimulatorException(SimulatorException.Usage, $"--from, --until: {e.Message}.");
        }
    }
}
