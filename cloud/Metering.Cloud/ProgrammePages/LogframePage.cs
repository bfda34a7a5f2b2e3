using System.Globalization;
using Metering.Cloud.Register;
using Metering.Cloud.Reports;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;
using Metering.Programme.Logframe;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>A value of a row with what it stands on.</summary>
/// <param name="Value">The value; null when it cannot be stated.</param>
/// <param name="HalfWidth">Half of its 90 % interval; NaN without one.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Records">Records it was counted from.</param>
/// <param name="Parts">Metered projects it was added up from, with their parts.</param>
internal sealed record LogframeFigure(double? Value, double HalfWidth, string Unit, IReadOnlyList<RecordKey> Records, IReadOnlyList<(PortfolioEntry Entry, SavedPart Part)> Parts);

/// <summary>The logframe over the days of a report.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="TargetNote">What the targets are targets of; null when they are those of the report's own days.</param>
internal sealed record LogframePart(IReadOnlyList<LogframeRow> Rows, Text? TargetNote);

/// <summary>The logframe: every row a query, with its value and target by year and the records it stands on.</summary>
internal static class LogframePage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/logframe";

    /// <summary>The page, or the evidence of one value of it.</summary>
    public static ProgrammeView? Make(ProgrammeRequest request)
    {
        string row = request.Query["row"].ToString();
        return row.Length == 0 ? Table(request) : Evidence(request, row, request.Query["year"].ToString());
    }

    /// <summary>The value of a row in a span of days; null when nothing of the system answers it.</summary>
    public static LogframeFigure? FigureOf(ProgrammeRequest request, LogframeIndicator row, DateOnly first, DateOnly last)
    {
        if (row.Query is not { } query)
        {
            return null;
        }

        if (!LogframeCount.IsMetered(query))
        {
            LogframeValue value = LogframeCount.Of(request.Register, query, first, last);
            return new((double?)value.Value, double.NaN, row.Unit ?? value.Unit, value.Evidence, []);
        }

        PortfolioKind kind = KindOf(query);
        (PortfolioEntry Entry, SavedPart Part)[] parts =
        [
            .. request.Portfolio.EntriesOf(request).Where(entry => entry.IsVerified && PortfolioFigures.Belongs(entry, kind))
                .Select(entry => request.Portfolio.Within(entry, request.Board, first, last))
                .Select(entry => (Entry: entry, Part: kind == PortfolioKind.Load ? PortfolioFigures.LoadPart(entry, null) : entry.Whole)).Where(one => one.Part is not null).Select(one => (one.Entry, one.Part!)),
        ];
        PortfolioSum sum = PortfolioFigures.Add(parts.Select(part => part.Entry), kind, null);
        return new(
            sum.Result is { } result ? (double)result.Total : null, sum.Result?.HalfWidth ?? double.NaN, PortfolioFigures.UnitOf(kind).Symbol, [], parts);
    }

    private static PortfolioKind KindOf(LogframeQuery query) => query switch
    {
        LogframeQuery.ElectricitySaved => PortfolioKind.Electricity,
        LogframeQuery.WaterSaved => PortfolioKind.Water,
        LogframeQuery.LoadAvoided => PortfolioKind.Load,
        _ => PortfolioKind.Emissions,
    };

    /// <summary>The logframe of a report over a span of days; null when the register has no row.</summary>
    /// <remarks>Targets are those of the programme year the days lie in: of the whole year, and said so, when the days are a part of it; none when they lie in no single one.</remarks>
    public static LogframePart? PartFor(ProgrammeRequest request, DateOnly first, DateOnly last)
    {
        Dictionary<string, ProgrammeYear> years = request.Register.All<ProgrammeYear>().Where(one => one.FirstDay <= first && one.LastDay >= last)
            .GroupBy(one => one.Programme, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        LogframeIndicator[] indicators = [.. Rows(request.Register)];
        LogframeRow[] rows = [.. indicators.Select(row =>
        {
            LogframeFigure? figure = FigureOf(request, row, first, last);
            ProgrammeYear? year = years.GetValueOrDefault(row.Programme);
            return new LogframeRow(
                row.Id, new(row.Name, row.Name), figure?.Unit ?? row.Unit ?? "1", (double?)row.Baseline, year is null ? null : (double?)TargetOf(request.Register, row, year),
                figure?.Value, new(row.MeansOfVerification ?? Formatter.Missing, row.MeansOfVerification ?? Formatter.Missing));
        })];
        Text[] notes = [.. indicators.Select(row => row.Programme).Distinct(StringComparer.Ordinal).Select(programme => NoteOf(years.GetValueOrDefault(programme), first, last)).OfType<Text>().Distinct()];
        return rows.Length == 0 ? null : new(rows, notes.Length == 0 ? null : SavingsReport.Each(language => string.Join(' ', notes.Select(note => note.In(language)))));
    }

    private static Text? NoteOf(ProgrammeYear? year, DateOnly first, DateOnly last) => year is null
        ? ReportWords.NoTargetYear
        : year.FirstDay == first && year.LastDay == last
            ? null
            : SavingsReport.Each(language => ReportWords.TargetOfYear.In(
                language, year.Number.ToString(CultureInfo.InvariantCulture), new Formatter(language).Date(year.FirstDay), new Formatter(language).Date(year.LastDay)));

    private static IOrderedEnumerable<LogframeIndicator> Rows(RegisterSnapshot register) =>
        register.All<LogframeIndicator>().OrderBy(row => row.Programme, StringComparer.Ordinal).ThenBy(row => row.Level).ThenBy(row => row.Id, StringComparer.Ordinal);

    private static decimal? TargetOf(RegisterSnapshot register, LogframeIndicator row, ProgrammeYear year) =>
        register.All<LogframeTarget>().FirstOrDefault(target => target.Indicator == row.Id && target.Year == year.Id)?.Target;

    private static ProgrammeView Table(ProgrammeRequest request)
    {
        List<PageSection> sections = [];
        foreach (ProgrammeDefinition programme in request.Register.All<ProgrammeDefinition>())
        {
            ProgrammeYear[] years = [.. request.Register.All<ProgrammeYear>().Where(year => year.Programme == programme.Id).OrderBy(year => year.FirstDay)];
            sections.Add(new()
            {
                Id = "programme-" + programme.Id,
                Title = new(programme.Name, programme.Name),
                Columns =
                [
                    LogframeWords.Indicator, LogframeWords.Level, LogframeWords.Baseline,
                    .. years.SelectMany(year => (Text[])[LogframeWords.YearColumn(year.Number), LogframeWords.TargetColumn(year.Number)]),
                    LogframeWords.FinalTarget, LogframeWords.Means, LogframeWords.Assumption,
                ],
                Rows = [.. Rows(request.Register).Where(row => row.Programme == programme.Id).Select(row => (IReadOnlyList<PageCell>)
                [
                    PageCell.Of(row.Name, $"{RegisterRoutes.Of(LogframeIndicator.Kind)}/{row.Id}"), PageCell.Of(LevelOf(row)), Number(row.Baseline, row.Unit),
                    .. years.SelectMany(year => (PageCell[])[Value(request, row, year), Number(TargetOf(request.Register, row, year), row.Unit)]),
                    Number(row.Target, row.Unit), PageCell.Of(row.MeansOfVerification ?? ""), PageCell.Of(row.Assumption ?? ""),
                ])],
                WhenEmpty = LogframeWords.NoRows,
            });
        }

        if (sections.Count == 0)
        {
            sections.Add(new() { Id = "none", Title = LogframeWords.Title, WhenEmpty = LogframeWords.NoProgramme });
        }

        return new()
        {
            Address = Address,
            Title = LogframeWords.Title,
            Lead = LogframeWords.Lead,
            Links = [(LogframeWords.Report, "/portfolio/report")],
            Sections = sections,
        };
    }

    private static Text LevelOf(LogframeIndicator row) =>
        LogframeIndicator.Kind.Fields.Single(field => field.Name == "level").Choices.Single(choice => choice.Word == Field.WordOf(row.Level)).Label;

    private static PageCell Number(decimal? value, string? unit) => value is { } number
        ? PageCell.Of(Formatter.Number((double)number, (int)Math.Min(2, number.Scale == 3 ? 2 : number.Scale)) + (unit is null ? "" : Formatter.UnitSpace + unit))
        : PageCell.Missing;

    // A year that has not begun has no value; one that runs has the value up to today.
    private static PageCell Value(ProgrammeRequest request, LogframeIndicator row, ProgrammeYear year)
    {
        if (year.FirstDay > request.Today || FigureOf(request, row, year.FirstDay, year.LastDay) is not { Value: { } value } figure)
        {
            return PageCell.Missing;
        }

        int decimals = double.IsFinite(figure.HalfWidth) ? Formatter.DecimalsFor(figure.HalfWidth) : value == Math.Floor(value) ? 0 : 2;
        return new(ReportCell.Of(value, figure.Unit.Length == 0 ? "1" : figure.Unit, decimals, figure.HalfWidth), $"{Address}?row={row.Id}&year={year.Id}");
    }

    private static ProgrammeView? Evidence(ProgrammeRequest request, string rowId, string yearId)
    {
        if (request.Register.Find<LogframeIndicator>(rowId) is not { } row || request.Register.Find<ProgrammeYear>(yearId) is not { } year
            || FigureOf(request, row, year.FirstDay, year.LastDay) is not { } figure)
        {
            return null;
        }

        List<PageSection> sections = [];
        if (figure.Parts.Count > 0)
        {
            sections.Add(new()
            {
                Id = "projects",
                Title = LogframeWords.FromProjects,
                Columns = [ProgrammeWords.Project, ProgrammeWords.Plant, LogframeWords.Part],
                Rows = [.. figure.Parts.Select(part => (IReadOnlyList<PageCell>)
                [
                    PageCell.Of(part.Entry.Title, "/projects/" + part.Entry.Project), PageCell.Of(part.Entry.PlantName),
                    PageCell.Of(
                        row.Query == LogframeQuery.EmissionsAvoided ? part.Part.Tonnes : part.Part.Savings,
                        row.Query switch { LogframeQuery.EmissionsAvoided => "tCO2e", LogframeQuery.LoadAvoided => "kg", _ => part.Entry.Unit }, 1),
                ])],
            });
        }
        else
        {
            sections.Add(new()
            {
                Id = "records",
                Title = LogframeWords.FromRecords,
                Columns = [LogframeWords.Record, LogframeWords.KindOfRecord],
                Rows = [.. figure.Records.Select(key => (IReadOnlyList<PageCell>)
                    [PageCell.Of(Titled(request.Register, key), $"{RegisterRoutes.Address}/{key.Kind}/{key.Id}"), PageCell.Of(RecordKinds.Find(key.Kind)!.Singular)])],
                WhenEmpty = LogframeWords.NoRecords,
            });
        }

        return new()
        {
            Address = $"{Address}?row={row.Id}&year={year.Id}",
            Title = LogframeWords.EvidenceTitle,
            Lead = new(LogframeWords.EvidenceLead(row.Name, year, Language.Spanish), LogframeWords.EvidenceLead(row.Name, year, Language.English)),
            Links = [(LogframeWords.Title, Address)],
            Sections = sections,
        };
    }

    private static Text Titled(RegisterSnapshot register, RecordKey key) => SavingsReport.Each(language =>
    {
        string title = RecordList.TitleOf(register, key, RecordPlace.Register, language);
        return title == key.Id ? title : string.Create(CultureInfo.InvariantCulture, $"{title} ({key.Id})");
    });
}
