using System.CommandLine;

namespace Metering.Cloud.Commands;

/// <summary>`cloud intervals`: intervals of a cumulative register in a CSV. Exits 0 with intervals, 65 when the file cannot be used, 64 on a wrong command line.</summary>
internal static class IntervalsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Command command = new("intervals", "Intervals from a cumulative register: rollover, reset, glitches and gaps told apart, every interval coded.");
        foreach (Option option in IntervalsArguments.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(arguments => Run(arguments, arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(ParseResult arguments, TextWriter output, TextWriter error)
    {
        bool json = arguments.GetValue(IntervalsArguments.Json);
        try
        {
            IntervalsAnswer answer = IntervalsComputation.Run(IntervalsArguments.Read(arguments));
            if (json)
            {
                IntervalsJson.Write(output, answer);
            }
            else
            {
                IntervalsText.Write(output, answer);
            }

            return 0;
        }
        catch (CsvUsageException fault)
        {
            error.WriteLine($"intervals: {fault.Message}");
            if (json)
            {
                IntervalsJson.WriteRefusal(output, "usage", fault.Message);
            }

            return CsvArguments.UsageExit;
        }
        catch (CsvException fault)
        {
            error.WriteLine(fault.Message);
            if (json)
            {
                IntervalsJson.WriteRefusal(output, "unreadable", fault.Message);
            }

            return CsvArguments.DataExit;
        }
    }
}
