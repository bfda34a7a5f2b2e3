using System.Diagnostics;
using Metering.Cloud.Accounts;
using Metering.Cloud.Projects;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Api;

/// <summary>Plants, meters and channels: what there is to be read.</summary>
internal static class PlantApi
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/plants", (HttpContext http, ProjectBoard board, AccessScope scope, string? after, string? limit) =>
                ApiPaging.Answer(http, board.Register.Plants.Where(scope.MaySee), plant => plant.Id, ShapeOf))
            .Needs(Permission.SeePlant).Told<ApiList<ApiPlant>>("plants", "Plants one may see.");
        api.MapGet("/plants/{id}", (string id, HttpContext http, ProjectBoard board) =>
                ApiAnswer.Of(http, ShapeOf(board.Register.FindPlant(id) ?? throw ApiRefusal.Unknown("plant", new($"no hay ninguna planta '{id}'", $"there is no plant '{id}'")))))
            .Needs(Permission.SeePlant, Target.Plant).Told<ApiPlant>("plants", "One plant.");
        api.MapGet("/meters", (HttpContext http, ProjectBoard board, AccessScope scope, string? plant, string? after, string? limit) =>
                ApiPaging.Answer(http, Meters(board, scope, plant), KeyOf, meter => meter))
            .Needs(Permission.SeePlant).Told<ApiList<ApiMeter>>("meters", "Meters one may see, of one plant if asked.");
        api.MapGet("/meters/{gateway}/{meter}", (string gateway, string meter, HttpContext http, ProjectBoard board, AccessScope scope) =>
                ApiAnswer.Of(http, Meters(board, scope, null).FirstOrDefault(one => one.Gateway == gateway && one.Meter == meter)
                    ?? throw ApiRefusal.Unknown("meter", new("no existe ese medidor", "there is no such meter"))))
            .Needs(Permission.SeePlant).Told<ApiMeter>("meters", "One meter.");
        api.MapGet("/channels", (HttpContext http, ProjectBoard board, AccessScope scope, string? plant, string? after, string? limit) =>
                ApiPaging.Answer(http, Channels(board, scope, plant), channel => channel.Gateway + " " + channel.Channel.Id, channel => ShapeOf(board.Store, channel)))
            .Needs(Permission.SeePlant).Told<ApiList<ApiChannel>>("channels", "Channels one may see, of one plant if asked.");
        api.MapGet("/channels/{gateway}/{channel}", (string gateway, string channel, HttpContext http, ProjectBoard board) =>
                ApiAnswer.Of(http, ShapeOf(board.Store, board.Store.FindChannel(gateway, channel) ?? throw Unknown(gateway, channel))))
            .Needs(Permission.SeePlant, Target.Channel).Told<ApiChannel>("channels", "One channel.");
    }

    /// <summary>The refusal of a channel that has no readings.</summary>
    public static ApiRefusal Unknown(string gateway, string channel) => ApiRefusal.Unknown("channel", new($"el gateway '{gateway}' no tiene ningún canal '{channel}' con lecturas", $"gateway '{gateway}' has no channel '{channel}' with readings"));

    /// <summary>Word of a channel's kind.</summary>
    public static string WordOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Counter => "counter",
        ChannelKind.Gauge => "gauge",
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<StoredChannel> Channels(ProjectBoard board, AccessScope scope, string? plant)
    {
        if (!string.IsNullOrEmpty(plant))
        {
            return scope.MaySeePlant(plant) ? board.Store.ChannelsOfPlant(plant) : [];
        }

        Dictionary<string, bool> seen = new(StringComparer.Ordinal);
        return board.Store.Channels().Where(channel =>
        {
            if (!seen.TryGetValue(channel.Plant, out bool maySee))
            {
                seen[channel.Plant] = maySee = scope.MaySeePlant(channel.Plant);
            }

            return maySee;
        });
    }

    private static IEnumerable<ApiMeter> Meters(ProjectBoard board, AccessScope scope, string? plant) =>
        Channels(board, scope, plant).GroupBy(channel => (channel.Gateway, channel.Channel.Meter)).Select(group => new ApiMeter(
            group.Key.Gateway,
            group.Key.Meter,
            group.First().Plant,
            group.First().Channel.Profile,
            [.. group.Select(channel => channel.Channel.Id)],
            Instant(group.Max(channel => channel.LastUtcMilliseconds))));

    private static string KeyOf(ApiMeter meter) => meter.Gateway + " " + meter.Meter;

    private static ApiPlant ShapeOf(Plant plant) => new(plant.Id, ApiText.Of(plant.Name), plant.Sector, plant.State, plant.Zone.Id, plant.IsSimulated);

    private static ApiChannel ShapeOf(IReadingStore store, StoredChannel stored) => new()
    {
        Gateway = stored.Gateway,
        Channel = stored.Channel.Id,
        Plant = stored.Plant,
        Meter = stored.Channel.Meter,
        Unit = stored.Channel.Unit,
        Ucum = UcumCodes.Of(stored.Channel.Unit),
        Kind = WordOf(stored.Channel.Kind),
        DecimalPlaces = stored.Channel.Form == ValueForm.Binary64 ? null : stored.Channel.DecimalPlaces,
        Modulus = stored.Channel.Modulus,
        Profile = stored.Channel.Profile,
        Readings = stored.Count,
        FirstReading = Instant(stored.FirstUtcMilliseconds),
        LastReading = Instant(stored.LastUtcMilliseconds),
        EvidenceGrade = Evidence.Grades.Of(store, stored).ToString(),
    };

    private static DateTimeOffset Instant(long utcMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds);
}
