using Metering.Evidence.Bundle;
using Metering.Evidence.Log;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>A folder of bundles that the reader keeps: what they showed of their logs is what was seen.</summary>
internal static class EarlierBundles
{
    private const int LargestNote = 64 * 1024;

    /// <summary>Takes in every bundle of a folder but one.</summary>
    /// <param name="folder">The folder; its files *.mevb are looked at.</param>
    /// <param name="except">The bundle that is verified, which may lie in the folder itself.</param>
    /// <exception cref="WireFormatException">A file in it is no sound bundle, or two of them contradict each other.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static SeenLogs Read(string folder, string except)
    {
        SeenLogs seen = SeenLogs.Parse("");
        List<(string File, long Size)> bundles = [];
        foreach (string file in Directory.GetFiles(folder, "*.mevb").Where(file => Path.GetFullPath(file) != Path.GetFullPath(except)))
        {
            bundles.Add((file, With(file, stream => Checkpoint.Read(BundleFile.Open(stream).Read(BundleNames.Checkpoint, LargestNote)).Size)));
        }

        // The older ones first, so that none is taken for a log that went back.
        foreach ((string file, _) in bundles.OrderBy(bundle => bundle.Size))
        {
            FaultList faults = With(file, stream => BundleVerifier.Verify(stream, new([], seen), BundleDepth.Log).Report.Faults);
            if (faults.Count > 0)
            {
                throw new WireFormatException($"{file}, in the folder of --seen, is no sound bundle or contradicts another one there: {faults.InOrder[0].In(Language.English)}");
            }
        }

        return seen;
    }

    private static T With<T>(string file, Func<Stream, T> read)
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read);
            return read(stream);
        }
        catch (BundleFormatException e)
        {
            throw new WireFormatException($"{file}, in the folder of --seen: {e.Message}", e);
        }
    }
}
