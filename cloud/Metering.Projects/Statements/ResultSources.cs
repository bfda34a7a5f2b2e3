using Metering.Readings.Field;

namespace Metering.Projects.Statements;

/// <summary>The program that computed a result.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Commit">Commit it was built from; empty where the build did not know it.</param>
/// <param name="Sha256">SHA-256 of `code.json`, lower-case hexadecimal.</param>
internal sealed record ResultCode(string Version, string Commit, string Sha256);

/// <summary>What a result was computed from, by the log's indices.</summary>
internal sealed record ResultSources
{
    /// <summary>Entry of the project's definition.</summary>
    public required long Plan { get; init; }

    /// <summary>Entries of the decisions that count, in the order in which the result takes them.</summary>
    public required IReadOnlyList<long> Decisions { get; init; }

    /// <summary>Entries of the newest version of each production record of the plant that counts, ascending; none when no driver names a product.</summary>
    public required IReadOnlyList<long> Production { get; init; }

    /// <summary>Entry of the run of the validation rules over the readings it was computed from.</summary>
    public required long Validation { get; init; }

    /// <summary>Entries the log had: what was logged later took no part.</summary>
    public required long LogSize { get; init; }

    /// <summary>The program.</summary>
    public required ResultCode Code { get; init; }

    /// <summary>SHA-256 of `sbom.cdx.json`, lower-case hexadecimal.</summary>
    public required string PartsSha256 { get; init; }

    /// <summary>Evidence grade of each gateway, see <see cref="EvidenceGrade"/>; a gateway that is not there is D.</summary>
    public required IReadOnlyDictionary<string, char> Grades { get; init; }

    /// <summary>What people entered about each channel whose readings they enter, below <see cref="LogSize"/> and not erased, in the order of the log; a channel that is not there has none.</summary>
    public IReadOnlyDictionary<ChannelName, IReadOnlyList<FieldEntry>> Entries { get; init; } = new Dictionary<ChannelName, IReadOnlyList<FieldEntry>>();
}
