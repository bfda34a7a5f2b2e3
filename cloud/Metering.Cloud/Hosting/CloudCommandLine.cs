using System.CommandLine;
using Metering.Cloud.Commands;
using Metering.Cloud.Demo;
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
        ParseResult parsed = Create(output, error).Parse(args);

        // The host handles SIGTERM and Ctrl+C itself; the short commands simply end.
        InvocationConfiguration configuration = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            int exitCode = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : exitCode;
        }
        catch (ConfigException e)
        {
            return Tell(error, ExitCode.Configuration, e.Message);
        }
        catch (ProjectsFileException e)
        {
            return Tell(error, ExitCode.Configuration, e.Message);
        }
        catch (CloudFault e)
        {
            return Tell(error, e.Code, e.Message);
        }
        catch (StoreException e)
        {
            return Tell(error, e.ExitCode, e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return Tell(error, ExitCode.Permission, e.Message);
        }
        catch (IOException e)
        {
            return Tell(error, ExitCode.InputOutput, e.Message);
        }
    }

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        RootCommand root = new("Metering cloud: takes signed batches from gateways, keeps them, shows verified savings");
        root.Add(RunCommand.Create(output, error));
        root.Add(KeyCommand.Create(output));
        root.Add(GatewaysCommand.Create(output));
        root.Add(StatusCommand.Create(output));
        root.Add(ExportCommand.Create(output));
        root.Add(InfluxCommand.Create(output));
        root.Add(SavingsCommand.Create());
        root.Add(IntervalsCommand.Create());
        root.Add(DemoCommand.Create());
        return root;
    }

    private static int Tell(TextWriter error, int exitCode, string message)
    {
        error.WriteLine(message);
        return exitCode;
    }
}
