using System.CommandLine;
using System.CommandLine.Help;
using Metering.Gateway.Commands;

Language language = TerminalLanguage.Of(args);

Command root = GatewayCommands.Create(language);
ParseResult result = root.Parse(args);
if (result.Errors.Count > 0 || result.Action is HelpAction)
{
    // Only where the parser itself speaks: a gateway that runs loads no texts for it.
    TerminalLanguage.LetParserSpeak(language);
    result = root.Parse(args);
}

if (result.Errors.Count > 0)
{
    return UsageFault.Tell(result, language);
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
