using System.Globalization;
using System.Text.RegularExpressions;
using Metering.Readings.Texts;

namespace Metering.Evidence.Bundle;

/// <summary>Names of the files in a bundle; a bundle has no others.</summary>
public static partial class BundleNames
{
    /// <summary>What the bundle is about.</summary>
    public const string Description = "bundle.json";

    /// <summary>How to check it without our programs, in Spanish and English.</summary>
    public const string ReadMe = "README.txt";

    /// <summary>Public key of the log.</summary>
    public const string LogKey = "keys/log.pem";

    /// <summary>Signed checkpoint of the log.</summary>
    public const string Checkpoint = "log/checkpoint.note";

    /// <summary>The entries shown, a line each.</summary>
    public const string Entries = "log/entries.txt";

    /// <summary>Hashes that lead from the entries shown to the root, 32 bytes each.</summary>
    public const string Proof = "log/proof.bin";

    /// <summary>Proofs that earlier checkpoints are beginnings of the log, 32 bytes a hash, see <see cref="Log.MerkleGrowth"/>.</summary>
    public const string Consistency = "log/consistency.bin";

    /// <summary>Signed checkpoint that a time stamp was made over.</summary>
    public const string TimeStampNote = "log/timestamp.note";

    /// <summary>The authority's answer (RFC 3161, TimeStampResp).</summary>
    public const string TimeStamp = "log/timestamp.tsr";

    /// <summary>The run of the validation rules that the result names, canonical JSON.</summary>
    public const string Validation = "validation.json";

    /// <summary>The result, canonical JSON.</summary>
    public const string Result = "result.json";

    /// <summary>What the result was computed by.</summary>
    public const string Code = "code.json";

    /// <summary>Parts of the software (CycloneDX).</summary>
    public const string Parts = "sbom.cdx.json";

    /// <summary>Public key of a gateway in a key epoch.</summary>
    public static string KeyOf(string gateway, int keyEpoch) => string.Create(CultureInfo.InvariantCulture, $"keys/{gateway}.{keyEpoch}.pem");

    /// <summary>Manifests of a gateway in a key epoch, one behind the other.</summary>
    public static string NotesOf(string gateway, int keyEpoch) => string.Create(CultureInfo.InvariantCulture, $"batches/{gateway}.{keyEpoch}.notes");

    /// <summary>The hashes of these manifests, see <see cref="NoteHashes"/>.</summary>
    public static string HashesOf(string gateway, int keyEpoch) => string.Create(CultureInfo.InvariantCulture, $"batches/{gateway}.{keyEpoch}.hashes");

    /// <summary>Segments of a channel in a key epoch of its gateway, one behind the other.</summary>
    public static string SegmentsOf(string gateway, int keyEpoch, string channel) => string.Create(CultureInfo.InvariantCulture, $"readings/{gateway}.{keyEpoch}/{channel}.txt");

    /// <summary>Body of an entry.</summary>
    public static string BodyOf(long index) => string.Create(CultureInfo.InvariantCulture, $"bodies/{index}");

    /// <summary>Report in a language.</summary>
    public static string ReportOf(Language language) => $"report.{language.Code()}.html";

    /// <summary>Whether a name is one of these forms.</summary>
    public static bool IsKnown(string name) => Form().IsMatch(name);

    [GeneratedRegex(
        @"\A(?:bundle\.json|README\.txt|keys/log\.pem|keys/[a-z0-9][a-z0-9._-]{0,63}\.[1-9][0-9]{0,8}\.pem|log/(?:checkpoint\.note|entries\.txt|proof\.bin|consistency\.bin|timestamp\.note|timestamp\.tsr)|validation\.json|result\.json|code\.json|sbom\.cdx\.json|report\.(?:es|en)\.html"
        + @"|batches/[a-z0-9][a-z0-9._-]{0,63}\.[1-9][0-9]{0,8}\.(?:notes|hashes)|readings/[a-z0-9][a-z0-9._-]{0,63}\.[1-9][0-9]{0,8}/[a-z0-9][a-z0-9._-]{0,63}\.txt|bodies/(?:0|[1-9][0-9]{0,17}))\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
