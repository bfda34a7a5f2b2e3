using System.Globalization;
using Metering.Programme.Kinds;

namespace Metering.Programme.Records;

/// <summary>New records whose identifier is the kind and the next free number: "lead-7".</summary>
internal static class NumberedRecord
{
    private const int MostTries = 20;

    /// <summary>Stores a new record, and others with it in the same transaction.</summary>
    /// <param name="store">The register.</param>
    /// <param name="make">The record with an identifier that is free; called again when somebody else took it meanwhile.</param>
    /// <param name="actor">Who.</param>
    /// <param name="beside">Further new records, stored before it.</param>
    /// <returns>The record stored.</returns>
    /// <exception cref="RecordFaultsException">Something in it is not allowed.</exception>
    /// <exception cref="RecordConflictException">One of the others is there already, or no number stayed free in twenty tries.</exception>
    public static TRecord Add<TRecord>(RecordStore store, Func<string, TRecord> make, Actor actor, params IReadOnlyList<IProgrammeRecord> beside)
        where TRecord : class, IProgrammeRecord
    {
        RecordKind kind = RecordKinds.Of(typeof(TRecord));
        for (int tried = 1; ; tried++)
        {
            TRecord record = make(Next(store.Snapshot, kind, tried));
            try
            {
                _ = store.Save([.. beside.Select(other => new RecordChange(other, 0)), new(record, 0)], actor, null);
                return record;
            }
            catch (RecordConflictException e) when (tried < MostTries && e.Record == new RecordKey(kind.Name, record.Id))
            {
                // Taken by another process since the snapshot was made: the next number.
            }
        }
    }

    /// <summary>An identifier that no record of the kind ever had, withdrawn ones included.</summary>
    public static string Next(RegisterSnapshot register, RecordKind kind, int first = 1)
    {
        int number = register.Versions(kind).Count + first;
        while (register.Version(new(kind.Name, IdOf(kind, number))) is not null)
        {
            number++;
        }

        return IdOf(kind, number);
    }

    private static string IdOf(RecordKind kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind.Name}-{number}");
}
