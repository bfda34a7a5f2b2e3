using System.Reflection;
using System.Security.Cryptography;
using Metering.Evidence.Archive;
using Metering.Evidence.Bundle;
using Metering.Readings;
using Metering.Verifier.Bundles;

namespace Metering.Verifier;

/// <summary>`metering verify FILE`: checks an evidence bundle or a batch archive without a network, a store or any of the cloud's code.</summary>
internal static class VerifyCommand
{
    internal const int Verified = 0;
    internal const int DoesNotMatch = 3;
    private const int Usage = 64;
    private const int NotSuchAFile = 65;
    private const int Software = 70;
    private const int Unreadable = 74;

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, string? environmentLanguage)
    {
        VerifyArguments arguments = VerifyArguments.Parse(args, environmentLanguage, out string? fault);
        if (fault is not null)
        {
            _ = Fail(arguments, output, error, Usage, "usage", $"verify: {fault}");
            error.WriteLine(VerifyHelp.In(arguments.Language));
            return Usage;
        }

        if (arguments.WantsVersion && !arguments.WantsHelp)
        {
            // Behind the plus sign stands the commit, where the build knew it.
            output.WriteLine(typeof(VerifyCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
            return Verified;
        }

        if (arguments.WantsHelp)
        {
            output.WriteLine(VerifyHelp.In(arguments.Language));
            return Verified;
        }

        return Guarded(arguments, output, error);
    }

    private static int Guarded(VerifyArguments arguments, TextWriter output, TextWriter error)
    {
        try
        {
            return Verify(arguments, output);
        }
        catch (ArchiveFormatException e)
        {
            return Fail(arguments, output, error, NotSuchAFile, "not-an-archive", $"{arguments.File}: {e.Message}");
        }
        catch (BundleFormatException e)
        {
            Fault fault = FaultTexts.Of(e);
            return Fail(arguments, output, error, NotSuchAFile, "not-a-bundle", $"{arguments.File}: {fault.In(arguments.Language)}.", FaultTexts.CodeOf(fault.Code));
        }
        catch (WireFormatException e)
        {
            return Fail(arguments, output, error, NotSuchAFile, "not-a-bundle", $"{arguments.File}: {e.Message}");
        }
        catch (FileNotFoundException e)
        {
            return Fail(arguments, output, error, Unreadable, "not-found", $"{e.FileName} does not exist. Check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string message = Directory.Exists(arguments.File) ? $"{arguments.File} is a folder. Name the file in it." : $"cannot read or write: {e.Message} Check the path, its owner and mode.";
            return Fail(arguments, output, error, Unreadable, "unreadable", message);
        }
#pragma warning disable CA1031 // the last catch of the program: a user sees a sentence, never a stack trace
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Whatever a hostile file does to the program, its answer is not "verified" and no stack trace.
            return Fail(arguments, output, error, Software, "fault", $"{arguments.File}: the program failed ({e.Message}). Nothing is verified. Please report it together with the file.");
        }
    }

    private static int Fail(VerifyArguments arguments, TextWriter output, TextWriter error, int exitCode, string kind, string message, string? code = null)
    {
        error.WriteLine(message);
        if (arguments.IsJson)
        {
            output.WriteLine(JsonReport.OfError(kind, message, code));
        }

        return exitCode;
    }

    private static int Verify(VerifyArguments arguments, TextWriter output)
    {
        List<ECDsa> trusted = [];
        try
        {
            foreach (string file in arguments.TrustedKeys)
            {
                trusted.Add(LoadKey(file));
            }

            using FileStream stream = new(arguments.File, FileMode.Open, FileAccess.Read);
            if (arguments.IsDifference)
            {
                using FileStream other = new(arguments.Other!, FileMode.Open, FileAccess.Read);
                return BundleComparison.Write(stream, other, arguments, output);
            }

            return BundleCommand.IsBundle(stream, arguments.File) ? BundleCommand.Run(stream, arguments, trusted, output) : VerifyArchive(stream, arguments, trusted, output);
        }
        finally
        {
            trusted.ForEach(key => key.Dispose());
        }
    }

    private static int VerifyArchive(FileStream zip, VerifyArguments arguments, List<ECDsa> trusted, TextWriter output)
    {
        ArchiveReport report = BatchArchive.Verify(zip, trusted);
        if (arguments.IsJson)
        {
            output.WriteLine(JsonReport.Of(report));
        }
        else
        {
            TextReport.Write(report, arguments, output);
        }

        return report.Verdict == ArchiveVerdict.Mismatch ? DoesNotMatch : Verified;
    }

    private static ECDsa LoadKey(string file)
    {
        try
        {
            return SigningKey.Load(file);
        }
        catch (Exception e) when (e is WireFormatException or PlatformNotSupportedException)
        {
            throw new ArchiveFormatException($"--trust {file}: no P-256 key in PEM form", e);
        }
    }
}
