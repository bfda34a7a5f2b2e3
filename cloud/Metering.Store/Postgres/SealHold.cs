namespace Metering.Store.Postgres;

/// <summary>
/// The right to seal every gateway, held by one process for as long as it replaces chunks. Other processes append and read
/// meanwhile; what they append is sealed afterwards.
/// </summary>
internal sealed class SealHold : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private readonly PostgresDatabase _database;

    private SealHold(PostgresDatabase database, string owner, HashSet<string> gateways) => (_database, Owner, Gateways) = (database, owner, gateways);

    public string Owner { get; }

    public HashSet<string> Gateways { get; }

    /// <summary>Takes every gateway's seal.</summary>
    /// <exception cref="StoreException">Another process seals at this moment (75).</exception>
    public static SealHold Take(PostgresDatabase database)
    {
        string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
        SealHold hold = new(database, owner, database.Write(session => SealTable.ClaimAll(session, owner, Lease)));
        if (database.Read(session => SealTable.FindOther(session, owner)) is (string gateway, string other))
        {
            hold.Dispose();
            throw new StoreException(
                "el proceso {0} (máquina/número) está pasando a bloques las lecturas del gateway {1}. Detenga los procesos del servicio, o intente de nuevo en un minuto.", $"process {other} (machine/number) puts the readings of gateway {gateway} into chunks just now. Stop the cloud's workers, or try again in a minute.",
                StoreException.TryLater);
        }

        return hold;
    }

    /// <summary>Locks the seals for the session's transaction and extends the lease.</summary>
    /// <exception cref="StoreException">The lease ran out and another process has taken over (75).</exception>
    public void Renew(PostgresSession session)
    {
        if (SealTable.Renew(session, Owner, Lease) != Gateways.Count)
        {
            throw new StoreException("la reconstrucción se detuvo tanto tiempo que ya otro proceso sella. El almacén está bien; ejecútela de nuevo.", $"the rebuild stood still for so long that another process seals by now. The store is sound; run it again.", StoreException.TryLater);
        }
    }

    public void Dispose() => _ = _database.Write(session => SealTable.ReleaseAll(session, Owner));
}
