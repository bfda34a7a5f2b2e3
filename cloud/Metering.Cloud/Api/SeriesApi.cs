using System.Diagnostics;
using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Api;

/// <summary>Series of a channel: intervals in columns or as a table, and readings as they are stored.</summary>
internal static class SeriesApi
{
    private const long Lead = 6 * 60 * 60 * 1000L;
    private const int MostIntervals = 400_000;

    /// <summary>Adds the addresses.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/channels/{gateway}/{channel}/series", (string gateway, string channel, HttpContext http, ProjectBoard board, string? from, string? to, string? step) =>
            {
                SeriesAsk ask = SeriesAsk.Of(http, board, gateway, channel);
                return ApiAnswer.WantsCsv(http)
                    ? ApiAnswer.OfCsv(http, Table(ask, Intervals(board.Store, ask)), $"{gateway}-{channel}.csv")
                    : ApiAnswer.Of(http, Columns(board.Store, ask, Intervals(board.Store, ask)));
            })
            .Needs(Permission.SeePlant, Target.Channel).Told<ApiSeries>("series", "Intervals of a channel in columns, or as text/csv if Accept says so. from and to: days of the plant or instants; step: 15m, 1h, 1d or 1mo.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/channels/{gateway}/{channel}/intervals.csv", (string gateway, string channel, HttpContext http, ProjectBoard board, string? from, string? to, string? step) =>
            {
                SeriesAsk ask = SeriesAsk.Of(http, board, gateway, channel);
                return ApiAnswer.OfCsv(http, Table(ask, Intervals(board.Store, ask)), $"{gateway}-{channel}.csv");
            })
            .Needs(Permission.SeePlant, Target.Channel).WithTags("series").WithSummary("The same as a file for spreadsheets.").Produces<string>(StatusCodes.Status200OK, "text/csv");
        api.MapGet("/channels/{gateway}/{channel}/readings", (string gateway, string channel, HttpContext http, ProjectBoard board, string? from, string? to, string? after, string? limit) =>
                ApiAnswer.Of(http, Readings(http, board.Store, SeriesAsk.Of(http, board, gateway, channel))))
            .Needs(Permission.SeePlant, Target.Channel).Told<ApiReadings>("series", "Readings as they are stored, in pages.").ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static ApiReadings Readings(HttpContext http, IReadingStore store, SeriesAsk ask)
    {
        ApiPaging paging = ApiPaging.Of(http);
        long from = ask.From;
        if (paging.After is string after)
        {
            from = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out long last) && last < long.MaxValue
                ? Math.Max(from, last + 1)
                : throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-cursor", new("after no es un cursor de esta lista", "after is no cursor of this list"), "after");
        }

        ReadingColumns columns = Page(store, ask, from, paging.Limit);
        int count = Math.Min(columns.Count, paging.Limit);
        string[] quality = new string[count];
        double?[] values = new double?[count];
        for (int index = 0; index < count; index++)
        {
            quality[index] = columns.Qualities[index].ToString();
            values[index] = columns.HasValues[index] ? columns.Channel.ToDouble(columns.ScaledValues[index]) : null;
        }

        return new()
        {
            Gateway = ask.Stored.Gateway,
            Channel = ask.Stored.Channel.Id,
            Unit = columns.Channel.Unit,
            Ucum = UcumCodes.Of(columns.Channel.Unit),
            EvidenceGrade = Evidence.Grades.Of(store, ask.Stored, from, ask.To).ToString(),
            UtcMilliseconds = columns.UtcMilliseconds.AsSpan(0, count).ToArray(),
            Values = values,
            Q = quality,
            Next = columns.Count > count ? paging.Next(http, columns.UtcMilliseconds[count - 1].ToString(CultureInfo.InvariantCulture)) : null,
        };
    }

    // A page is read in growing windows, so that a page of two years of readings costs no more than itself.
    private static ReadingColumns Page(IReadingStore store, SeriesAsk ask, long from, int limit)
    {
        long window = TimeSpan.MillisecondsPerDay;
        while (true)
        {
            long to = ask.To - from > window ? from + window : ask.To;
            ReadingColumns columns = store.Read(ask.Stored.Gateway, ask.Stored.Channel.Id, from, to);
            if (columns.Count > limit || to >= ask.To)
            {
                return columns;
            }

            window *= 4;
        }
    }

    private static (IReadOnlyList<long> Starts, IReadOnlyList<double> Values, string Q) Intervals(IReadingStore store, SeriesAsk ask)
    {
        if (ask.Step.IsMonth)
        {
            return Months(store, ask);
        }

        IntervalReadings read = store.ReadIntervals(new()
        {
            Gateway = ask.Stored.Gateway,
            Channel = ask.Stored.Channel.Id,
            FromUtcMilliseconds = ask.From,
            ToUtcMilliseconds = ask.To,
            Step = ask.Step.IsDay ? RollupStep.Day : ask.Step == IntervalStep.Hour ? RollupStep.Hour : RollupStep.QuarterHour,
            Zone = ask.Zone,
        });
        char[] letters = new char[read.Count];
        for (int index = 0; index < letters.Length; index++)
        {
            letters[index] = LetterOf(read.Code[index]);
        }

        return (read.Count == 0 ? [] : read.BordersUtcMilliseconds[..read.Count].ToArray(), read.Value.ToArray(), new(letters));
    }

    private static (IReadOnlyList<long> Starts, IReadOnlyList<double> Values, string Q) Months(IReadingStore store, SeriesAsk ask)
    {
        ReadingColumns columns = store.Read(ask.Stored.Gateway, ask.Stored.Channel.Id, ask.From - Lead, ask.To + Lead);
        (IReadOnlyList<long> starts, IReadOnlyList<double> values) = ChannelSeries.Of(columns, ask.Step, ask.Zone);
        int[] kept = [.. Enumerable.Range(0, starts.Count).Where(index => starts[index] >= ask.From && starts[index] < ask.To)];
        return ([.. kept.Select(index => starts[index])], [.. kept.Select(index => values[index])], string.Concat(kept.Select(index => double.IsNaN(values[index]) ? 'X' : 'M')));
    }

    private static ApiSeries Columns(IReadingStore store, SeriesAsk ask, (IReadOnlyList<long> Starts, IReadOnlyList<double> Values, string Q) series)
    {
        double?[] values = new double?[series.Values.Count];
        for (int index = 0; index < values.Length; index++)
        {
            double value = series.Values[index];
            values[index] = double.IsFinite(value) ? value == 0 ? 0 : value : null;
        }

        return new()
        {
            Gateway = ask.Stored.Gateway,
            Channel = ask.Stored.Channel.Id,
            T0 = series.Starts.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(series.Starts[0]),
            Step = ask.Step.IsMonth ? "P1M" : ask.Step.IsDay ? "P1D" : ask.Step == IntervalStep.Hour ? "PT1H" : "PT15M",
            Zone = ask.Zone.Id,
            Unit = ask.Stored.Channel.Unit,
            Ucum = UcumCodes.Of(ask.Stored.Channel.Unit),
            EvidenceGrade = Evidence.Grades.Of(store, ask.Stored, ask.From, ask.To).ToString(),
            Kind = KindOf(ask),
            Values = values,
            Q = series.Q,
        };
    }

    private static string Table(SeriesAsk ask, (IReadOnlyList<long> Starts, IReadOnlyList<double> Values, string Q) series)
    {
        Csv csv = new();
        _ = csv.Text("start_utc").Text("start_local").Text($"{KindOf(ask)} [{ask.Stored.Channel.Unit}]");
        csv.Line();
        for (int index = 0; index < series.Starts.Count; index++)
        {
            _ = csv.Instant(series.Starts[index], ask.Zone).Number(series.Values[index]);
            csv.Line();
        }

        return csv.ToString();
    }

    private static string KindOf(SeriesAsk ask) => ask.Stored.Channel.Kind == ChannelKind.Counter ? "use" : "mean";

    private static char LetterOf(IntervalCode code) => code switch
    {
        IntervalCode.Measured => 'M',
        IntervalCode.Allocated => 'A',
        IntervalCode.Estimated => 'E',
        IntervalCode.Edited => 'H',
        IntervalCode.Rejected => 'W',
        IntervalCode.Missing => 'X',
        _ => throw new UnreachableException(),
    };

    /// <summary>Which stretch of which channel is asked for.</summary>
    private sealed record SeriesAsk(StoredChannel Stored, TimeZoneInfo Zone, IntervalStep Step, long From, long To)
    {
        public static SeriesAsk Of(HttpContext http, ProjectBoard board, string gateway, string channel)
        {
            StoredChannel stored = board.Store.FindChannel(gateway, channel) ?? throw PlantApi.Unknown(gateway, channel);
            TimeZoneInfo zone = board.Register.FindPlant(stored.Plant)?.Zone ?? TimeZoneInfo.Utc;
            IntervalStep step = http.Request.Query["step"].ToString() switch
            {
                "" or "15m" => IntervalStep.QuarterHour,
                "1h" => IntervalStep.Hour,
                "1d" => IntervalStep.Day,
                "1mo" => IntervalStep.Month,
                _ => throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-step", new("step es 15m, 1h, 1d o 1mo", "step is one of 15m, 1h, 1d, 1mo"), "step"),
            };
            long from = Instant(http, "from", zone, stored.FirstUtcMilliseconds);
            long to = Instant(http, "to", zone, stored.LastUtcMilliseconds + 1);
            return to > from && (to - from) / step.Milliseconds <= MostIntervals
                ? new(stored, zone, step, from, to)
                : throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-range", new($"to va después de from, y el tramo lleva a lo más {MostIntervals} intervalos", $"to must lie after from, and the range may hold at most {MostIntervals} intervals"), "to");
        }

        private static long Instant(HttpContext http, string name, TimeZoneInfo zone, long byDefault)
        {
            string text = http.Request.Query[name].ToString();
            if (text.Length == 0)
            {
                return byDefault;
            }

            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year is >= 1970 and < 9999)
            {
                return PlantCalendar.StartOfDay(day, zone);
            }

            string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];
            bool isInstant = DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant)
                && (text.EndsWith('Z') || text.AsSpan(11).ContainsAny('+', '-')) && instant.ToUnixTimeMilliseconds() >= 0 && instant.Year < 9999;
            return isInstant
                ? instant.ToUnixTimeMilliseconds()
                : throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-time", new("from y to son días de la planta, como 2026-01-31, o instantes, como 2026-01-31T00:00:00Z", "from and to are days of the plant such as 2026-01-31, or instants such as 2026-01-31T00:00:00Z"), name);
        }
    }
}
