using System.CommandLine;
using System.CommandLine.Parsing;
using Metering.Cloud.Accounts;
using Metering.Cloud.Commands;
using Metering.Cloud.Demo;
using Metering.Cloud.Evidence;
using Metering.Cloud.Projects;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>The cloud's commands. Data goes to the output, talk to the error stream; exit codes are those of sysexits.h.</summary>
internal static class CloudCommandLine
{
    /// <summary>Runs one command.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        Language help = CommandWords.LanguageOf(args, Environment.GetEnvironmentVariable);
        ParseResult parsed = Create(output, error, help).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return TellUsage(error, parsed, help);
        }

        // The host handles SIGTERM and Ctrl+C itself; the short commands simply end.
        InvocationConfiguration configuration = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (ConfigException e)
        {
            return Tell(error, ExitCode.Configuration, e.In(help));
        }
        catch (ProjectsFileException e)
        {
            return Tell(error, ExitCode.Configuration, e.Message);
        }
        catch (CloudFault e)
        {
            return Tell(error, e.Code, e.In(help));
        }
        catch (StoreException e)
        {
            return Tell(error, e.ExitCode, e.In(help));
        }
        catch (UnauthorizedAccessException e)
        {
            return Tell(error, ExitCode.Permission, e.Message);
        }
        catch (IOException e)
        {
            return Tell(error, ExitCode.InputOutput, e.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }
#pragma warning disable CA1031 // the last catch of the program: a user sees a sentence, never a stack trace
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Tell(error, ExitCode.Software, Environment.GetEnvironmentVariable("METERING_TRACE") == "1"
                ? e.ToString()
                : help.Say(
                    "El programa falló: {0} Es una falla suya, no de usted. Las lecturas guardadas están a salvo. Repórtelo, por favor, con lo que imprime METERING_TRACE=1.",
                    $"The program failed: {e.Message} This is its own fault, not yours. Stored readings are safe. Please report it with what METERING_TRACE=1 prints."));
        }
    }

    // On the error stream: the output belongs to data, and somebody may read it as JSON.
    private static int TellUsage(TextWriter error, ParseResult parsed, Language language)
    {
        foreach (ParseError fault in parsed.Errors)
        {
            // The parser ends such a sentence with the name of a type of this program, in either language.
            int type = Math.Max(fault.Message.IndexOf(" as expected type", StringComparison.Ordinal), fault.Message.IndexOf(" como el tipo esperado", StringComparison.Ordinal));
            error.WriteLine(type < 0 ? fault.Message : fault.Message[..type] + CommandWords.WholeNumber.In(language));
        }

        string command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
        string parent = parsed.CommandResult.Parent is CommandResult { Command: not RootCommand and Command above } ? above.Name + " " : "";
        error.WriteLine(CommandWords.Try.In(language, parent + command));
        return ExitCode.Usage;
    }

    /// <summary>All commands, described in a language.</summary>
    public static RootCommand Create(TextWriter output, TextWriter error, Language help)
    {
        RootCommand root = new(new Text("Metering en la nube: recibe lotes firmados de los gateways, los guarda y muestra ahorros verificados", "Metering cloud: takes signed batches from gateways, keeps them, shows verified savings").In(help));
        root.Add(RunCommand.Create(output, error, help));
        root.Add(KeyCommand.Create(output, help));
        root.Add(GatewaysCommand.Create(output, help));
        root.Add(QuarantineCommand.Create(output, help));
        root.Add(StatusCommand.Create(output, help));
        root.Add(ExportCommand.Create(output, help));
        root.Add(StoreCommand.Create(output, error, help));
        root.Add(InfluxCommand.Create(output, error, help));
        root.Add(ImportCommand.Create(output, error, help));
        root.Add(IntakeCommand.Create(output, help));
        root.Add(AccountsCommand.Create(output, help));
        root.Add(KeysCommand.Create(output, help));
        root.Add(AuditCommand.Create(output, help));
        root.Add(LogCommand.Create(output, error, help));
        root.Add(EvidenceCommand.Create(output, error, help));
        root.Add(SavingsCommand.Create(help));
        root.Add(IntervalsCommand.Create(help));
        root.Add(Reports.ReportCommand.Create(output, help));
        root.Add(ProgrammeCommand.Create(output, error, help));
        root.Add(SbomCommand.Create(output, help));
        root.Add(DemoCommand.Create(help));
        SpeakEverywhere(root, help);
        return root;
    }

    // Help and what is said of a faulty line follow it in every command; the commands that print texts of their own have it already.
    private static void SpeakEverywhere(Command command, Language help)
    {
        foreach (Command below in command.Subcommands)
        {
            SpeakEverywhere(below, help);
        }

        if (command.Subcommands.Count == 0 && command.Options.All(option => option.Name != "--lang"))
        {
            Option<string?> language = new("--lang") { Description = CommandWords.Lang.In(help), HelpName = "es|en" };
            command.Add(language.AcceptOnlyFromAmong("es", "en"));
        }
    }

    private static int Tell(TextWriter error, int exitCode, string message)
    {
        error.WriteLine(message);
        return exitCode;
    }
}
