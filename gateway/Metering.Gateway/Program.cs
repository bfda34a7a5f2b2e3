using System.CommandLine;
using Metering.Gateway;
using Metering.Gateway.Commands;

RootCommand root = new("Reads meters over Modbus and brings signed readings to the cloud.")
{
    RunCommand.Create(), ReadCommand.Create(), KeyCommand.Create(), CheckCommand.Create(),
};
ParseResult result = root.Parse(args);
if (result.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in result.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("Try: gateway --help");
    return ExitCode.Usage;
}

// The commands that run for long end themselves on SIGTERM, as cleanly as they can.
return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
