using System.Reflection;
using System.Security.Cryptography;
using Metering.Evidence.Archive;
using Metering.Readings;

namespace Metering.Verifier;

/// <summary>`metering verify FILE.zip`: checks a batch archive without a network, a store or any of the cloud's code.</summary>
internal static class VerifyCommand
{
    private const int Verified = 0;
    private const int DoesNotMatch = 3;
    private const int Usage = 64;
    private const int NotSuchAFile = 65;
    private const int Software = 70;
    private const int Unreadable = 74;

    private const string Help = """
        usage: verify FILE.zip [--trust KEY.pem]... [--json] [--lang es|en]

        Checks every batch in a file written by 'cloud export batches': its form, its segments, the signature by the
        gateway's key, the numbers without a hole and the link to the batch before.

        --trust KEY.pem   a gateway's public key that you got from the plant itself; may be given several times.
                          Without it the keys of the file are used, which proves only that the file agrees with itself.
        --json            print one JSON object, {"error":{"kind","message"}} when there is nothing to report on
        --version         print the version
        --lang es|en      language of the report (default: from LANG)

        exit code: 0 verified, 3 does not match, 64 wrong usage, 65 not such a file, 74 cannot be read
        """;

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, string? environmentLanguage)
    {
        VerifyArguments arguments = VerifyArguments.Parse(args, environmentLanguage, out string? fault);
        if (fault is not null)
        {
            _ = Fail(arguments, output, error, Usage, "usage", $"verify: {fault}");
            error.WriteLine(Help);
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
            output.WriteLine(Help);
            return Verified;
        }

        try
        {
            return Verify(arguments, output);
        }
        catch (ArchiveFormatException e)
        {
            return Fail(arguments, output, error, NotSuchAFile, "not-an-archive", $"{arguments.File}: {e.Message}");
        }
        catch (FileNotFoundException e)
        {
            return Fail(arguments, output, error, Unreadable, "not-found", $"{e.FileName} does not exist. Check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string message = Directory.Exists(arguments.File) ? $"{arguments.File} is a folder. Name the .zip file." : $"cannot read: {e.Message} Check the path, its owner and mode.";
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

    private static int Fail(VerifyArguments arguments, TextWriter output, TextWriter error, int exitCode, string kind, string message)
    {
        error.WriteLine(message);
        if (arguments.IsJson)
        {
            output.WriteLine(JsonReport.OfError(kind, message));
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

            using FileStream zip = new(arguments.File, FileMode.Open, FileAccess.Read);
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
        finally
        {
            trusted.ForEach(key => key.Dispose());
        }
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
