using Metering.Store;

namespace Metering.Tests.Store;

/// <summary>How a chunk is damaged.</summary>
public enum ChunkDamage
{
    /// <summary>One byte is another one.</summary>
    Byte,

    /// <summary>No byte is left.</summary>
    Empty,

    /// <summary>Every chunk has the bytes of the first.</summary>
    Exchanged,

    /// <summary>The row says one reading more.</summary>
    CountTooHigh,

    /// <summary>The row says no readings.</summary>
    CountZero,
}

/// <summary>How a rollup is damaged.</summary>
public enum RollupDamage
{
    /// <summary>One byte is another one.</summary>
    Byte,

    /// <summary>No byte is left.</summary>
    Empty,

    /// <summary>Every rollup has the bytes of the first.</summary>
    Exchanged,

    /// <summary>What it was made of is not known.</summary>
    Source,
}

/// <summary>A place with one store in it, of one kind, for the tests that every kind has to pass.</summary>
internal interface IStoreHouse : IDisposable
{
    /// <summary>Whether any number of stores may append at a time.</summary>
    bool TakesManyWriters { get; }

    /// <summary>Opens the store once more, or again.</summary>
    IReadingStore Open();

    /// <summary>What a sudden end of everything leaves behind of a store, opened again. The store given is of no use any more.</summary>
    IReadingStore Crash(IReadingStore open);

    /// <summary>Like <see cref="Crash"/>, but as quick as it goes: only this program ends.</summary>
    IReadingStore Abandon(IReadingStore open);

    /// <summary>Damages every chunk.</summary>
    void Damage(ChunkDamage damage);

    /// <summary>Damages every rollup.</summary>
    void Damage(RollupDamage damage);

    /// <summary>Every chunk with its version and bytes, by identifier.</summary>
    string Chunks();

    /// <summary>Makes all chunks again and gives their number. No store is open meanwhile.</summary>
    long Rebuild();
}
