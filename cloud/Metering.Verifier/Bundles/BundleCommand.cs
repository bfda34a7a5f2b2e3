using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>Verifies a bundle for the command line.</summary>
internal static class BundleCommand
{
    private const int Tail = 2048;

    /// <summary>Whether a file is meant to be a bundle: it ends with a seal, or is called one.</summary>
    public static bool IsBundle(Stream stream, string path)
    {
        int length = (int)Math.Min(stream.Length, Tail);
        byte[] tail = new byte[length];
        stream.Position = stream.Length - length;
        stream.ReadExactly(tail);
        stream.Position = 0;
        return path.EndsWith(".mevb", StringComparison.OrdinalIgnoreCase) || tail.AsSpan().IndexOf("metering/v1/bundle/"u8) >= 0;
    }

    /// <summary>Checks it, prints the report and what was asked, remembers the log.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Stream stream, VerifyArguments arguments, IReadOnlyList<ECDsa> trusted, TextWriter output)
    {
        bool isFolder = Directory.Exists(arguments.SeenFile);
        SeenLogs? seen = arguments.SeenFile is not { } path ? null : isFolder ? EarlierBundles.Read(path, arguments.File) : SeenLogs.Parse(File.Exists(path) ? File.ReadAllText(path) : "");
        TrustStep trust = new(trusted, seen, arguments.IsStrict) { TimeAuthorities = AuthoritiesOf(arguments) };
        BundleVerifier verifier = BundleVerifier.Verify(stream, trust);
        bool isSound = verifier.Report.Faults.Count == 0;
        if (arguments.IsJson)
        {
            output.WriteLine(BundleJson.Of(verifier.Report, arguments.Language, isSound ? ExplanationOf(stream, verifier, arguments) : null));
        }
        else if (arguments.Question.Count == 0 || !isSound)
        {
            BundleText.Write(verifier.Report, arguments.Language, output);
        }

        if (isSound && seen is not null && !isFolder)
        {
            Keep(seen, arguments.SeenFile!);
        }

        if (isSound && arguments.Question.Count > 0 && !arguments.IsJson)
        {
            new Explanation(stream, verifier, arguments.Language, output).Answer(arguments.Question);
        }

        return isSound ? VerifyCommand.Verified : VerifyCommand.DoesNotMatch;
    }

    // The lines of the explanation; null when nothing was asked.
    private static string[]? ExplanationOf(Stream stream, BundleVerifier verifier, VerifyArguments arguments)
    {
        if (arguments.Question.Count == 0)
        {
            return null;
        }

        using StringWriter lines = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new Explanation(stream, verifier, arguments.Language, lines).Answer(arguments.Question);
        return lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static X509Certificate2Collection? AuthoritiesOf(VerifyArguments arguments)
    {
        if (arguments.TimeAuthority is not { } file)
        {
            return null;
        }

        try
        {
            X509Certificate2Collection certificates = [];
            certificates.ImportFromPem(File.ReadAllText(file));
            return certificates.Count > 0 ? certificates : throw new WireFormatException($"--time-authority {file}: no certificate in PEM form");
        }
        catch (CryptographicException e)
        {
            throw new WireFormatException($"--time-authority {file}: no certificate in PEM form ({e.Message.TrimEnd('.')})", e);
        }
    }

    // Written beside and moved into place: a power cut leaves the old file or the new one.
    private static void Keep(SeenLogs seen, string path)
    {
        string beside = path + ".new";
        File.WriteAllText(beside, seen.ToText(), new UTF8Encoding(false));
        File.Move(beside, path, overwrite: true);
    }
}
