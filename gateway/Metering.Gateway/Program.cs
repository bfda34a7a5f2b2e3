using System.CommandLine;
using System.CommandLine.Help;
using Metering.Gateway.Commands;

Language language = TerminalLanguage.Of(args);

// Not a RootCommand: that one is called after its assembly, and a person types "gateway".
Command root = new("gateway", new Text(es: "Lee medidores por Modbus y lleva lecturas firmadas a la nube.", en: "Reads meters over Modbus and brings signed readings to the cloud.").In(language))
{
    new HelpOption { Description = new Text(es: "Muestra esta ayuda.", en: "Show this help.").In(language) },
    new VersionOption { Description = new Text(es: "Muestra la versión.", en: "Show the version.").In(language) },
    TerminalLanguage.Option(language),
    RunCommand.Create(language), ConfigCommand.Create(language), CheckCommand.Create(language), DoctorCommand.Create(language),
    ScanCommand.Create(language), ProbeCommand.Create(language), ReadCommand.Create(language), ProfilesCommand.Create(language),
    PlanCommand.Create(language), LiveCommand.Create(language), CommissionCommand.Create(language), ReadingCommand.Create(language),
    MeterSwapCommand.Create(language), KeyCommand.Create(language), EnrolCommand.Create(language), LogCommand.Create(language), BundleCommand.Create(language),
    SbomCommand.Create(language),
};
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
