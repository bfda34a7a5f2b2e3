using System.Globalization;
using Metering.Analytics.CountryPacks;

namespace Metering.Analytics.Tariffs;

/// <summary>One dated table of tariff periods: two seasons, three kinds of day, 96 quarters of an hour each.</summary>
internal sealed class TariffEra
{
    private const int Seasons = 2;
    private const int DayKinds = 3;
    private const int Summer = 0;
    private const int Winter = 1;
    private const int SundayOrHoliday = 2;

    private readonly sbyte[] slots = new sbyte[Seasons * DayKinds * TariffCalendar.SlotsPerDay];
    private DayRule? summerBegin;
    private DayRule? winterBegin;

    private TariffEra(DateOnly firstDay, DateOnly? lastDay)
    {
        FirstDay = firstDay;
        LastDay = lastDay;
        Array.Fill(slots, (sbyte)-1);
    }

    public DateOnly FirstDay { get; }

    public DateOnly? LastDay { get; }

    /// <summary>The least well founded row.</summary>
    public PackConfidence Confidence { get; private set; }

    /// <summary>All tables of a scheme, ascending. Rows with one validity belong together; validities do not overlap.</summary>
    public static TariffEra[] ReadAll(PackTable table, string scheme)
    {
        SortedDictionary<DateOnly, TariffEra> eras = [];
        foreach (PackRow row in table.Rows)
        {
            if (row["scheme"] != scheme)
            {
                continue;
            }

            if (!eras.TryGetValue(row.ValidFrom, out TariffEra? era))
            {
                era = new TariffEra(row.ValidFrom, row.ValidTo);
                eras.Add(row.ValidFrom, era);
            }

            if (era.LastDay != row.ValidTo)
            {
                throw row.Fault("rows of one table that begin on one day must also end on one day");
            }

            era.Add(row);
        }

        TariffEra[] ordered = [.. eras.Values];
        for (int index = 0; index < ordered.Length; index++)
        {
            ordered[index].Check(table.Name);
            if (index > 0 && (ordered[index - 1].LastDay is null || ordered[index - 1].LastDay >= ordered[index].FirstDay))
            {
                throw new ArgumentException($"{table.Name}.csv: the tables from {ordered[index - 1].FirstDay:yyyy-MM-dd} and {ordered[index].FirstDay:yyyy-MM-dd} overlap");
            }
        }

        return ordered.Length > 0 ? ordered : throw new ArgumentException($"{table.Name}.csv has no rows of the scheme {scheme}");
    }

    public TariffPeriod At(DateOnly day, bool isHoliday, TimeSpan timeOfDay)
    {
        int kind = isHoliday || day.DayOfWeek == DayOfWeek.Sunday ? SundayOrHoliday : day.DayOfWeek == DayOfWeek.Saturday ? 1 : 0;
        bool isSummer = day >= summerBegin!.InYear(day.Year) && day < winterBegin!.InYear(day.Year);
        int slot = (int)(timeOfDay.Ticks / (TimeSpan.TicksPerMinute * 15));
        return (TariffPeriod)slots[First(isSummer ? Summer : Winter, kind) + slot];
    }

    private static int First(int season, int kind) => ((season * DayKinds) + kind) * TariffCalendar.SlotsPerDay;

    private static int Season(PackRow row) => row["season"] switch
    {
        "summer" => Summer,
        "winter" => Winter,
        string other => throw row.Fault($"season is '{other}'; it must be summer or winter"),
    };

    private static int Slot(PackRow row, string column)
    {
        string text = row[column];
        if (text == "24:00")
        {
            return TariffCalendar.SlotsPerDay;
        }

        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) && time.Minute % 15 == 0
            ? ((time.Hour * 60) + time.Minute) / 15
            : throw row.Fault($"{column} is '{text}'; it must be a quarter of an hour from 00:00 to 24:00");
    }

    private void Add(PackRow row)
    {
        Confidence = row.Confidence > Confidence ? row.Confidence : Confidence;
        int season = Season(row);
        switch (row["kind"])
        {
            case "season" when season == Summer:
                summerBegin = DayRule.OfWeekday(row);
                break;
            case "season":
                winterBegin = DayRule.OfWeekday(row);
                break;
            case "hours":
                AddHours(row, season);
                break;
            default:
                throw row.Fault($"kind is '{row["kind"]}'; it must be season or hours");
        }
    }

    private void AddHours(PackRow row, int season)
    {
        TariffPeriod period = row["period"] switch
        {
            "base" => TariffPeriod.Base,
            "intermedia" => TariffPeriod.Intermedia,
            "punta" => TariffPeriod.Punta,
            string other => throw row.Fault($"period is '{other}'; it must be base, intermedia or punta"),
        };
        int kind = row["day_kind"] switch
        {
            "weekday" => 0,
            "saturday" => 1,
            "sunday-holiday" => SundayOrHoliday,
            string other => throw row.Fault($"day_kind is '{other}'; it must be weekday, saturday or sunday-holiday"),
        };
        int from = Slot(row, "from");
        int to = Slot(row, "to");
        if (from >= to)
        {
            throw row.Fault("to must lie after from; hours over midnight are two rows");
        }

        for (int slot = First(season, kind) + from; slot < First(season, kind) + to; slot++)
        {
            if (slots[slot] >= 0)
            {
                throw row.Fault("these hours have a period already");
            }

            slots[slot] = (sbyte)period;
        }
    }

    private void Check(string name)
    {
        if (summerBegin is null || winterBegin is null)
        {
            throw new ArgumentException($"{name}.csv: the table from {FirstDay:yyyy-MM-dd} does not say when summer and winter begin");
        }

        if (Array.IndexOf(slots, (sbyte)-1) >= 0)
        {
            throw new ArgumentException($"{name}.csv: the table from {FirstDay:yyyy-MM-dd} leaves hours of some kind of day without a period");
        }
    }
}
