using System.CommandLine;
using Metering.Gateway;
using Metering.Gateway.Commands;

RootCommand root = new("Reads meters over Modbus and brings signed readings to the cloud.")
{
    RunCommand.Create(), ReadCommand.Create(), KeyCommand.Create(), EnrolCommand.Create(), CheckCommand.Create(), PlanCommand.Create(),
    ReadingCommand.Create(), MeterSwapCommand.Create(),
};
ParseResult result = root.Parse(args);
if (result.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in result.Errors)
    {
        Console.Error.WriteLine(Output.Plain(error.Message));
    }

    Console.Error.WriteLine("Try: gateway --help");
    return ExitCode.Usage;
}

// The commands that run for long end themselves on SIGTERM, as cleanly as they can.
try
{
    return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
#pragma warning disable CA1031 // the last catch of the program: a user sees a sentence, never a stack trace
catch (Exception e)
#pragma warning restore CA1031
{
    return Output.FailUnforeseen(e);
}
