namespace Metering.Store.Influx;

/// <summary>Throws a measurement of the copy away, as the server's generation can.</summary>
internal static class InfluxRemoval
{
    /// <summary>
    /// 1.x and 2.x: DROP MEASUREMENT (2.x: docs.influxdata.com/influxdb/v2/query-data/influxql/manage-data). 3.x has no such
    /// statement: the table is deleted by the API, which takes an admin token.
    /// </summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public static async Task RemoveAsync(InfluxClient client, string measurement, CancellationToken cancellationToken)
    {
        InfluxOptions options = client.Options;
        if (options.Version == InfluxVersion.Three)
        {
            InfluxAnswer deleted = await client.DeleteTableAsync(measurement, cancellationToken);
            if (deleted.Verdict != InfluxVerdict.Ok)
            {
                throw deleted.Verdict == InfluxVerdict.Unavailable
                    ? Explain(deleted, options)
                    : new(
                        "InfluxDB no borra la tabla {0}: {1}. Para eso hace falta un token de administrador: ejecute con uno «influxdb3 delete table --database {2} --hard-delete now {3}», y luego otra vez «cloud influx rebuild».",
                        $"InfluxDB does not delete table {measurement}: {deleted.Text}. That takes an admin token: run 'influxdb3 delete table --database {options.Database} --hard-delete now {measurement}' with one, then 'cloud influx rebuild' again.",
                        StoreException.Configuration);
            }

            return;
        }

        if (options.Version == InfluxVersion.One)
        {
            InfluxAnswer created = await client.QueryAsync($"CREATE DATABASE \"{options.Database}\"", static _ => { }, cancellationToken);
            if (created.Verdict != InfluxVerdict.Ok)
            {
                throw Explain(created, options);
            }
        }

        InfluxAnswer answer = await client.QueryAsync($"DROP MEASUREMENT \"{measurement}\"", static _ => { }, cancellationToken);
        if (answer.Verdict != InfluxVerdict.Ok && !answer.Text.Contains("measurement not found", StringComparison.Ordinal))
        {
            throw Explain(answer, options);
        }
    }

    /// <summary>A refusal or an absence as the error of a command.</summary>
    public static StoreException Explain(InfluxAnswer answer, InfluxOptions options) => answer.Verdict == InfluxVerdict.Unavailable
        ? new("InfluxDB no está disponible: {0}. Arránquelo, o corrija {1}.", $"InfluxDB is not available: {answer.Text}. Start it, or correct {(options.IsSource ? "--from-url" : "'influx: url'")}.", StoreException.TryLater)
        : new("InfluxDB rechaza: {0}. {1}.", $"InfluxDB refuses: {answer.Text}. {InfluxAdvice.For(answer, options)}.", StoreException.Configuration);
}
