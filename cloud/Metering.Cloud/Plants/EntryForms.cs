using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Cloud.Accounts;
using Metering.Cloud.Entries;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Plants;

/// <summary>What the page of entries does. What was typed is never lost: a refused form comes back as it was sent, with every fault.</summary>
internal sealed class EntryForms(EntryDesk desk, ProjectBoard board, Language language)
{
    /// <summary>Days of the table of a week.</summary>
    public const int WeekDays = 7;

    private const int LongestText = 200;

    /// <summary>Address of the page after the language.</summary>
    public static string Of(string plant) => "/plants/" + plant + "/entries";

    /// <summary>The page.</summary>
    public IResult Show(HttpContext http, string id) => WithPlant(http, id, plant =>
    {
        string done = http.Request.Query["done"].ToString();
        string? notice = done switch
        {
            "withdrawn" => PlantEntryWords.Withdrawn.In(language),
            "back" => PlantEntryWords.Back.In(language),
            _ => int.TryParse(done, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? PlantEntryWords.Saved.In(language, count) : null,
        };
        EntryView view = View(plant, WeekOf(http.Request.Query["week"].ToString(), plant));
        string saved = http.Request.Query["saved"].ToString();
        return Page(http, view with { Notice = notice, Saved = desk.SavedBy(plant, saved).Count > 0 ? saved : null }, StatusCodes.Status200OK);
    });

    /// <summary>One record of production.</summary>
    public Task<IResult> ProductionAsync(HttpContext http, string id) => WithFormAsync(http, id, (plant, fields) =>
    {
        List<EntryFault> faults = [];
        DateOnly? first = DayOf(fields, "first", PlantEntryWords.FirstDay, faults);
        DateOnly? last = Typed(fields, "last").Length == 0 ? first : DayOf(fields, "last", PlantEntryWords.LastDayOnly, faults);
        double? amount = NumberOf(Typed(fields, "amount"), PlantEntryWords.Amount, 0, faults);
        Need(fields, faults, ("product", PlantEntryWords.Product), ("unit", PlantEntryWords.Unit), ("document", PlantEntryWords.Document));
        return faults.Count > 0
            ? Refused(http, plant, fields, faults)
            : Save(http, plant, fields, EntryDesk.Production(plant.Id, [new(first!.Value, last!.Value, Typed(fields, "product"), amount!.Value, Typed(fields, "unit"), Typed(fields, "document"), 0)], null));
    });

    /// <summary>The table of a week: a day that is left empty is not known, and not zero.</summary>
    public Task<IResult> WeekAsync(HttpContext http, string id) => WithFormAsync(http, id, (plant, fields) =>
    {
        List<EntryFault> faults = [];
        DateOnly monday = WeekOf(Typed(fields, "week"), plant);
        List<ProductionEntry> entries = [];
        for (int day = 0; day < WeekDays; day++)
        {
            string text = Typed(fields, string.Create(CultureInfo.InvariantCulture, $"amount-{day}"));
            if (text.Length > 0 && NumberOf(text, AmountOn(monday.AddDays(day)), day + 1, faults) is { } amount)
            {
                entries.Add(new(monday.AddDays(day), monday.AddDays(day), Typed(fields, "product"), amount, Typed(fields, "unit"), Typed(fields, "document"), day + 1));
            }
        }

        Need(fields, faults, ("product", PlantEntryWords.Product), ("unit", PlantEntryWords.Unit), ("document", PlantEntryWords.Document));
        if (entries.Count == 0 && faults.Count == 0)
        {
            faults.Add(new(0, 0, EntryDesk.Fill(PlantEntryWords.MissingField, PlantEntryWords.Amount.In(language))));
        }

        return faults.Count > 0 ? Refused(http, plant, fields, faults) : Save(http, plant, fields, EntryDesk.Production(plant.Id, entries, null));
    });

    // As the row of the table calls the day.
    private static Text AmountOn(DateOnly day) => new(PlantEntryWords.AmountOf.In(Language.Spanish, new Formatter(Language.Spanish).Date(day)), PlantEntryWords.AmountOf.In(Language.English, new Formatter(Language.English).Date(day)));

    /// <summary>One lab result.</summary>
    public Task<IResult> LabAsync(HttpContext http, string id) => WithFormAsync(http, id, (plant, fields) =>
    {
        List<EntryFault> faults = [];
        DateOnly? day = DayOf(fields, "sampled", PlantEntryWords.SampledOn, faults);
        string figure = Typed(fields, "value");
        bool isBelow = figure.StartsWith('<');
        double? value = NumberOf(isBelow ? figure[1..].Trim() : figure, PlantEntryWords.Value, 0, faults);
        double? uncertainty = Typed(fields, "uncertainty").Length == 0 ? null : NumberOf(Typed(fields, "uncertainty").TrimEnd('%', ' '), PlantEntryWords.Uncertainty, 0, faults);
        Need(fields, faults, ("parameter", PlantEntryWords.Parameter), ("unit", PlantEntryWords.Unit), ("method", PlantEntryWords.Method), ("laboratory", PlantEntryWords.Laboratory));
        SampleKind sample = Typed(fields, "sample") == "composite" ? SampleKind.Composite : SampleKind.Instant;
        return faults.Count > 0
            ? Refused(http, plant, fields, faults)
            : Save(http, plant, fields, EntryDesk.Lab(
                plant.Id, [new(day!.Value, Typed(fields, "parameter"), sample, value!.Value, isBelow, Typed(fields, "unit"), Typed(fields, "method"), Typed(fields, "laboratory"), 0, uncertainty)], null));
    });

    /// <summary>Withdraws a record or a whole file, or brings it back.</summary>
    public Task<IResult> TurnAsync(HttpContext http, string id, bool isWithdrawal) => WithFormAsync(http, id, (plant, fields) =>
    {
        string kind = Typed(fields, "kind");
        string record = Typed(fields, "record");
        string reason = Typed(fields, "reason");
        string file = Typed(fields, "whole");
        string saved = Typed(fields, "saved");
        IReadOnlyList<RecordKey> keys = file.Length > 0 ? desk.Upload(file) : saved.Length > 0 ? desk.SavedBy(plant, saved) : [new(kind, record)];
        Text? fault = reason.Length == 0 ? PlantEntryWords.ReasonMissing : keys.Count == 0 ? PlantEntryWords.NothingToUndo : desk.Turn(plant, keys, isWithdrawal, CurrentActor.Of(http), reason);
        return fault is null
            ? Results.Redirect($"/{language.Code()}{Of(plant.Id)}?done={(isWithdrawal ? "withdrawn" : "back")}")
            : Refused(http, plant, new Dictionary<string, string>(), [new(0, 0, fault)]);
    });

    /// <summary>The plant of an address and the fields of the form sent to it. The gate before every route has found the form's token right.</summary>
    internal async Task<IResult> WithFormAsync(HttpContext http, string id, Func<Plant, IReadOnlyDictionary<string, string>, IResult> answer)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        Dictionary<string, string> fields = form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        return WithPlant(http, id, plant => answer(plant, fields));
    }

    /// <summary>The plant of an address, or the page for what is not there.</summary>
    internal IResult WithPlant(HttpContext http, string id, Func<Plant, IResult> answer) =>
        board.Register.FindPlant(id) is { } plant ? answer(plant) : Portal.NotFound(http);

    /// <summary>A form that was refused, as it was sent.</summary>
    internal IResult Refused(HttpContext http, Plant plant, IReadOnlyDictionary<string, string> fields, IReadOnlyList<EntryFault> faults, int? count = null) =>
        Page(http, View(plant, WeekOf(Typed(fields, "week"), plant)) with { Typed = fields, Faults = faults, FaultCount = count ?? faults.Count }, StatusCodes.Status422UnprocessableEntity);

    /// <summary>A field without blanks around it; empty when it was not sent.</summary>
    internal static string Typed(IReadOnlyDictionary<string, string> fields, string name)
    {
        string text = fields.GetValueOrDefault(name, "").Trim();
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    /// <summary>A number that can be read in one way only; null with a fault otherwise.</summary>
    internal static double? NumberOf(string text, Text name, int line, List<EntryFault> faults)
    {
        bool isPoint = EntryNumber.TryParse(text, DecimalSign.Point, out double point);
        bool isComma = EntryNumber.TryParse(text, DecimalSign.Comma, out double comma);
        if (isPoint && isComma && point != comma)
        {
            faults.Add(new(line, 0, EntryDesk.Fill(EntryTexts.FormAmbiguous, text, EntryDesk.Number(point), EntryDesk.Number(comma))));
            return null;
        }

        if ((!isPoint && !isComma) || Math.Abs(isPoint ? point : comma) >= EntryDesk.LargestExact)
        {
            faults.Add(new(line, 0, new(PlantEntryWords.NotANumberField.In(Language.Spanish, name.In(Language.Spanish), text), PlantEntryWords.NotANumberField.In(Language.English, name.In(Language.English), text))));
            return null;
        }

        double value = isPoint ? point : comma;
        if (value < 0)
        {
            faults.Add(new(line, 0, EntryDesk.Fill(EntryTexts.Negative, text)));
            return null;
        }

        return value;
    }

    /// <summary>A day of a field; null with a fault when it is none.</summary>
    internal static DateOnly? DayOf(IReadOnlyDictionary<string, string> fields, string name, Text label, List<EntryFault> faults)
    {
        if (DateOnly.TryParseExact(Typed(fields, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year is >= 1970 and <= 2199)
        {
            return day;
        }

        faults.Add(new(0, 0, new(PlantEntryWords.NotADayField.In(Language.Spanish, label.In(Language.Spanish)), PlantEntryWords.NotADayField.In(Language.English, label.In(Language.English)))));
        return null;
    }

    private static void Need(IReadOnlyDictionary<string, string> fields, List<EntryFault> faults, params (string Name, Text Label)[] needed)
    {
        foreach ((string name, Text label) in needed)
        {
            if (Typed(fields, name).Length == 0)
            {
                faults.Add(new(0, 0, new(PlantEntryWords.MissingField.In(Language.Spanish, label.In(Language.Spanish)), PlantEntryWords.MissingField.In(Language.English, label.In(Language.English)))));
            }
        }
    }

    // The Monday of a day's week; of today's when the text is no day.
    private DateOnly WeekOf(string text, Plant plant)
    {
        DateOnly day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly asked) && asked.Year is >= 1970 and <= 2199
            ? asked
            : PlantCalendar.DayOf(board.Clock.GetUtcNow().ToUnixTimeMilliseconds(), plant.Zone);
        return day.AddDays(-(((int)day.DayOfWeek + 6) % WeekDays));
    }

    private IResult Save(HttpContext http, Plant plant, IReadOnlyDictionary<string, string> fields, IReadOnlyList<EntryRow> rows)
    {
        EntryOutcome<IProgrammeRecord> outcome = desk.Check(rows);
        if (!outcome.IsAccepted)
        {
            return Refused(http, plant, fields, outcome.Faults, outcome.FaultCount);
        }

        IReadOnlyList<EntryFault> faults = desk.Save(plant, outcome.Records, null, CurrentActor.Of(http));
        return faults.Count > 0
            ? Refused(http, plant, fields, faults)
            : Results.Redirect(string.Create(
                CultureInfo.InvariantCulture, $"/{language.Code()}{Of(plant.Id)}?done={rows.Count}&saved={desk.SavedAs(outcome.Records)}&week={Uri.EscapeDataString(Typed(fields, "week"))}"));
    }

    private EntryView View(Plant plant, DateOnly week) => EntryView.Of(desk.Store.Snapshot, board.Store, plant, week);

    private PageResult Page(HttpContext http, EntryView view, int status)
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, Of(view.Plant.Id), board.Clock.GetUtcNow());
        page.Title = PlantEntryWords.Title.In(language, page.T(view.Plant.Name));
        http.Response.Headers.CacheControl = "no-store";
        http.RequestServices.GetRequiredService<PlantView>().Entries = view;
        return PageResult.Of<EntriesPage>(status, []);
    }
}
