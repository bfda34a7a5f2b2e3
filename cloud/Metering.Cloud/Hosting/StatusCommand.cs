using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud status`: what the store holds, by gateway. Works beside a running cloud.</summary>
internal static class StatusCommand
{
    public static Command Create(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<bool> json = CommonOptions.Json(help);
        Command command = new("status", new Text("Mostrar lo que tiene el almacén, por gateway", "Show what the store holds, by gateway").In(help)) { config, json };
        command.SetAction(parsed =>
        {
            (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
            using (store)
            {
                Print(Collect(settings, store), parsed.GetValue(json), output, help);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static StoreStatus Collect(CloudConfig config, IReadingStore store)
    {
        ILookup<string, StoredChannel> channels = store.Channels().ToLookup(channel => channel.Gateway, StringComparer.Ordinal);
        ILookup<string, EarlyReading> newest = store.NewestEarly(null).ToLookup(reading => reading.Gateway, StringComparer.Ordinal);
        List<GatewayStatus> gateways = [];
        foreach (IGrouping<string, GatewayEnrolment> enrolments in store.Enrolments().GroupBy(enrolment => enrolment.Gateway, StringComparer.Ordinal))
        {
            GatewayEnrolment last = enrolments.MaxBy(enrolment => enrolment.KeyEpoch)!;
            StoredChannel[] mine = [.. channels[last.Gateway]];
            (ChainHead head, IReadOnlyList<long> early) = store.Standing(last.Gateway, last.KeyEpoch);
            gateways.Add(new(
                last.Gateway,
                last.Plant,
                last.KeyEpoch,
                head.Through,
                head.NoteHash,
                mine.Length,
                mine.Sum(channel => channel.Count),
                mine.Length == 0 ? null : Instant(mine.Min(channel => channel.FirstUtcMilliseconds)),
                mine.Length == 0 ? null : Instant(mine.Max(channel => channel.LastUtcMilliseconds)),
                store.QuarantinedOf(last.Gateway),
                early.Count,
                newest[last.Gateway].Max(reading => (DateTimeOffset?)Instant(reading.Reading.UtcMilliseconds))));
        }

        return new(config.Name, config.Store.ToString(), store.LastSequence, gateways.Sum(gateway => gateway.Readings), store.QuarantineCount, gateways, store.QuarantineCounts(), store.Losses());
    }

    private static void Print(StoreStatus status, bool json, TextWriter output, Language help)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(status, JsonSerializerOptions.Web));
            return;
        }

        IFormatProvider invariant = CultureInfo.InvariantCulture;
        output.WriteLine(new Text("{0}: {1} lotes, {2} lecturas, {3} mensajes apartados, en {4}", "{0}: {1} batches, {2} readings, {3} messages set aside, in {4}").In(help, status.Name, status.Batches, status.Readings, status.Quarantined, status.Store));
        output.WriteLine(new Text("gateway\tplanta\tllave\thasta\tcanales\tlecturas\tprimera\túltima\tapartados", "gateway\tplant\tepoch\tthrough\tchannels\treadings\tfirst\tlast\tset aside").In(help));
        foreach (GatewayStatus gateway in status.Gateways)
        {
            output.WriteLine(string.Create(
                invariant,
                $"{gateway.Gateway}\t{gateway.Plant}\t{gateway.KeyEpoch}\t{gateway.Through}\t{gateway.Channels}\t{gateway.Readings}\t{gateway.FirstUtc:yyyy-MM-ddTHH:mm:ssZ}\t{gateway.LastUtc:yyyy-MM-ddTHH:mm:ssZ}\t{gateway.Quarantined}"));
        }

        foreach (GatewayStatus gateway in status.Gateways.Where(gateway => gateway.Early > 0))
        {
            output.WriteLine(new Text("aún no en la cadena\t{0}\t{1} lotes\tlectura más nueva {2:yyyy-MM-ddTHH:mm:ssZ}", "not yet in the chain\t{0}\t{1} batches\tnewest reading {2:yyyy-MM-ddTHH:mm:ssZ}").In(help, gateway.Gateway, gateway.Early, gateway.EarlyLastUtc!));
        }

        foreach (QuarantineCount count in status.SetAside)
        {
            output.WriteLine(new Text("apartados\t{0}\t{1}\t{2}", "set aside\t{0}\t{1}\t{2}").In(help, count.Gateway, count.Kind, count.Count));
        }

        foreach (Readings.LostBatches lost in status.Lost)
        {
            output.WriteLine(new Text("perdidos\t{0}\tllave {1}\tlotes {2} a {3}", "lost\t{0}\tepoch {1}\tbatches {2} to {3}").In(help, lost.Gateway, lost.KeyEpoch, lost.First, lost.Last));
        }
    }

    private static DateTimeOffset Instant(long utcMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds);

    private sealed record StoreStatus(string Name, string Store, long Batches, long Readings, long Quarantined, IReadOnlyList<GatewayStatus> Gateways,
        IReadOnlyList<QuarantineCount> SetAside, IReadOnlyList<Readings.LostBatches> Lost);

    private sealed record GatewayStatus(
        string Gateway, string Plant, int KeyEpoch, long Through, string Head, int Channels, long Readings, DateTimeOffset? FirstUtc, DateTimeOffset? LastUtc, long Quarantined,
        int Early, DateTimeOffset? EarlyLastUtc);
}
