using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion.Import;

/// <summary>Under which name, for which plant and with which key unsigned readings are brought in.</summary>
public sealed record ImportOptions
{
    /// <summary>What an import's gateway identifier begins with.</summary>
    public const string Prefix = "import-";

    /// <summary>Name of the import, such as "scada-2019": its readings stand under the gateway "import-scada-2019".</summary>
    public required string Name { get; init; }

    /// <summary>The plant the readings belong to; one name belongs to one plant for ever.</summary>
    public required string Plant { get; init; }

    /// <summary>The cloud's import key, see <see cref="ImportKey"/>; the caller disposes it.</summary>
    public required ECDsa Key { get; init; }

    /// <summary>
    /// SHA-256 of what the readings were read from (file or address, and how its columns were understood), 64 lower-case hexadecimal
    /// digits: signed into every batch where a gateway states the hash of its configuration.
    /// </summary>
    public string SourceHash { get; init; } = BatchManifest.NoPrevious;

    /// <summary>How far the readings prove anything: unsigned, or signed by the meter and verified by the caller. One name has one origin for ever.</summary>
    public ReadingOrigin Origin { get; init; } = ReadingOrigin.Import;

    /// <summary>Software name and version as signed into every batch.</summary>
    public string Software { get; init; } = "metering-import/0.1.0";

    /// <summary>
    /// Leaves out readings that the store holds already with the same value and quality, so that the same file again adds nothing.
    /// Costs a read of the range that is written; a stream that hardly ever repeats itself does without.
    /// </summary>
    public bool LeavesOutStored { get; init; } = true;

    /// <summary>Whether a reading that differs from the stored one of its instant is refused instead of taking its place.</summary>
    public bool RefusesChanges { get; init; }

    /// <summary>Most readings in one signed batch, 1 to <see cref="BatchLimits.MaximumReadings"/>.</summary>
    public int ReadingsPerBatch { get; init; } = 16_384;

    /// <summary>The gateway identifier the readings stand under.</summary>
    public string Gateway => Prefix + Name;
}

/// <summary>What became of readings that were brought in. Every one of them is durable.</summary>
/// <param name="New">Instants that had no reading.</param>
/// <param name="Changed">Instants that had another reading; this one stands now.</param>
/// <param name="Same">Instants that had this very reading; nothing was written for them.</param>
/// <param name="Batches">Signed batches written.</param>
public readonly record struct ImportCounts(long New, long Changed, long Same, long Batches)
{
    /// <summary>Both together.</summary>
    public static ImportCounts operator +(ImportCounts left, ImportCounts right) =>
        new(left.New + right.New, left.Changed + right.Changed, left.Same + right.Same, left.Batches + right.Batches);

    /// <summary>Both together.</summary>
    public static ImportCounts Add(ImportCounts left, ImportCounts right) => left + right;
}
