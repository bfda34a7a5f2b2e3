using System.CommandLine;

namespace Metering.Cloud.Commands;

/// <summary>`cloud intervals`: intervals of a cumulative register in a CSV. Exits 0 with intervals, 65 when the file cannot be used, 64 on a wrong command line.</summary>
internal static class IntervalsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Language help = Language.English)
    {
        IntervalsArguments options = new(help);
        Command command = new("intervals", new Text("Intervalos a partir de un registro acumulado: distingue vuelta a cero, reinicio, picos falsos y huecos; cada intervalo lleva su código.", "Intervals from a cumulative register: rollover, reset, glitches and gaps told apart, every interval coded.").In(help));
        foreach (Option option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(arguments => Run(options, arguments, arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(IntervalsArguments options, ParseResult arguments, TextWriter output, TextWriter error)
    {
        bool json = arguments.GetValue(options.Json);
        try
        {
            IntervalsAnswer answer = IntervalsComputation.Run(options.Read(arguments));
            if (json)
            {
                IntervalsJson.Write(output, answer);
            }
            else
            {
                new IntervalsText(output, options.Language).Write(answer);
            }

            return 0;
        }
        catch (CsvUsageException fault)
        {
            error.WriteLine($"intervals: {fault.In(options.Language)}");
            if (json)
            {
                IntervalsJson.WriteRefusal(output, "usage", fault.Message);
            }

            return CsvArguments.UsageExit;
        }
        catch (CsvException fault)
        {
            error.WriteLine(fault.In(options.Language));
            if (json)
            {
                IntervalsJson.WriteRefusal(output, "unreadable", fault.Message);
            }

            return CsvArguments.DataExit;
        }
    }
}
