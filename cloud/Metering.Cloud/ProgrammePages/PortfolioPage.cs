using System.Globalization;
using Metering.Analytics.Indicators;
using Metering.Cloud.Evidence;
using Metering.Cloud.Pages;
using Metering.Cloud.Reports;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;
using RegisterQuantity = Metering.Programme.Records.Quantity;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The portfolio: verified, measured, claimed and estimated savings apart, with their bounds, by sector, state and year.</summary>
internal static class PortfolioPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/portfolio";

    private static readonly PortfolioKind[] Kinds =
    [
        PortfolioKind.Electricity, PortfolioKind.Water, PortfolioKind.Effluent, PortfolioKind.Gas, PortfolioKind.ReferenceGas,
        PortfolioKind.Emissions, PortfolioKind.Pesos, PortfolioKind.Dollars, PortfolioKind.Load,
    ];

    private static readonly PortfolioKind[] GroupedKinds = [PortfolioKind.Electricity, PortfolioKind.Water, PortfolioKind.Emissions, PortfolioKind.Pesos];

    /// <summary>The page, of all years or of the one the query asks for.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        int? year = int.TryParse(request.Query["year"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked is >= 1970 and <= 2199 ? asked : null;
        string key = string.Create(CultureInfo.InvariantCulture, $"portfolio {year} {request.Board.Clock.GetUtcNow():yyyy-MM-dd HH}");
        return request.Portfolio.Kept(request, key, entries => Build(entries, request, year));
    }

    /// <summary>Builds the page.</summary>
    public static ProgrammeView Build(IReadOnlyList<PortfolioEntry> entries, ProgrammeRequest request, int? year)
    {
        int[] years = [.. entries.SelectMany(entry => entry.Years.Select(part => part.Year)).Distinct().Order()];
        List<PageSection> sections =
        [
            Totals(entries, request, year) with
            {
                Form = new(Address, IsPost: false, [new("year", ProgrammeWords.Year, Shown(year), [("", ProgrammeWords.AllYears), .. years.Select(one => (Shown(one), new Text(Shown(one), Shown(one))))])], ProgrammeWords.Show),
            },
            Groups("sectors", PortfolioWords.BySector, entries, entry => SavingsReport.Each(language => VerdictTexts.SectorName(entry.Sector, language)), year),
            Groups("states", PortfolioWords.ByState, entries, entry => new(entry.State, entry.State), year),
            Years(entries, years),
            LoadSection.Of(entries, year),
            EmissionFactors.Section(years),
            PortfolioChecks.Claims(request.Register, year),
            PortfolioChecks.DoubleCounts(entries, year),
            PortfolioChecks.Health(entries, request),
            PortfolioChecks.Calibrations(request),
        ];
        return new()
        {
            Address = Address + (year is null ? "" : "?year=" + Shown(year)),
            Title = PortfolioWords.Title,
            Lead = PortfolioWords.Lead,
            Sections = sections,
        };
    }

    private static string Shown(int? year) => year?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static PageSection Totals(IReadOnlyList<PortfolioEntry> entries, ProgrammeRequest request, int? year)
    {
        List<IReadOnlyList<PageCell>> rows = [];
        foreach (PortfolioKind kind in Kinds.Where(kind => kind == PortfolioKind.Load || entries.Any(entry => PortfolioFigures.Belongs(entry, kind))))
        {
            PortfolioSum verified = PortfolioFigures.Add(entries.Where(entry => entry.IsVerified), kind, year);
            PortfolioSum measured = PortfolioFigures.Add(entries.Where(entry => !entry.IsVerified), kind, year);
            string unit = PortfolioFigures.UnitOf(kind).Symbol;
            int possible = entries.Count(entry => PortfolioFigures.Belongs(entry, kind));
            rows.Add([
                PageCell.Of(PortfolioWords.Of(kind)), Sum(verified), verified.Result is { } sum ? PageCell.Of(sum.AtLeast, unit, Formatter.DecimalsFor(sum.HalfWidth)) : PageCell.Missing,
                verified.Result is { } judged ? PageCell.Of(judged.MeetsPrecision ? ProgrammeWords.Yes : ProgrammeWords.No) : PageCell.Missing,
                PageCell.Of(WeakestOf(entries.Where(entry => PortfolioFigures.Add([entry], kind, year).WithNumber > 0))),
                Sum(measured), kind == PortfolioKind.Load ? ClaimedLoad(request, year) : Claimed(request, kind, year), Estimated(request, kind),
                PageCell.Of(ReportFormat.Both(possible == 1 ? PortfolioWords.CountOfOne : PortfolioWords.CountOf, _ => [Formatter.Count(verified.WithNumber), Formatter.Count(possible)])),
            ]);
        }

        return new()
        {
            Id = "totals",
            Title = PortfolioWords.Totals,
            Sentences = [PortfolioWords.TotalsNote],
            Notes = [PortfolioWords.LoadNote, PortfolioWords.MoneyNote, GradeWords.Legend],
            Columns = [PortfolioWords.Kind, PortfolioWords.Verified, PortfolioWords.AtLeast, PortfolioWords.Meets, Words.EvidenceGrade, PortfolioWords.Measured, PortfolioWords.Claimed, PortfolioWords.Estimated, PortfolioWords.Counts],
            Rows = rows,
        };
    }

    private static Text WeakestOf(IEnumerable<PortfolioEntry> entries)
    {
        string weakest = entries.Select(entry => entry.Grade).Max()?.ToString() ?? Formatter.Missing;
        return new(weakest, weakest);
    }

    /// <summary>A sum with half of its interval.</summary>
    internal static PageCell Sum(PortfolioSum sum) => sum.Result is { } result
        ? PageCell.Of((double)result.Total, result.Unit.Symbol, Formatter.DecimalsFor(result.HalfWidth), result.HalfWidth)
        : PageCell.Missing;

    private static PageSection Groups(string id, Text title, IReadOnlyList<PortfolioEntry> entries, Func<PortfolioEntry, Text> nameOf, int? year)
    {
        PortfolioEntry[] verified = [.. entries.Where(entry => entry.IsVerified)];
        return Parts(id, title, verified.GroupBy(nameOf).OrderBy(group => group.Key.In(Language.Spanish), StringComparer.Ordinal).Select(group => (group.Key, (IReadOnlyList<PortfolioEntry>)[.. group], year)));
    }

    private static PageSection Years(IReadOnlyList<PortfolioEntry> entries, int[] years)
    {
        PortfolioEntry[] verified = [.. entries.Where(entry => entry.IsVerified)];
        return Parts("years", PortfolioWords.ByYear, verified.Length == 0 ? [] : years.Select(year => (new Text(Shown(year), Shown(year)), (IReadOnlyList<PortfolioEntry>)verified, (int?)year)));
    }

    private static PageSection Parts(string id, Text title, IEnumerable<(Text Name, IReadOnlyList<PortfolioEntry> Entries, int? Year)> parts) => new()
    {
        Id = id,
        Title = title,
        Columns = [ColumnOf(title), .. GroupedKinds.Select(PortfolioWords.Of), PortfolioWords.Verified],
        Rows = [.. parts.Select(part => (IReadOnlyList<PageCell>)
            [PageCell.Of(part.Name), .. GroupedKinds.Select(kind => Sum(PortfolioFigures.Add(part.Entries, kind, part.Year))), PageCell.Of(part.Entries.Count, "projects", 0)])],
        WhenEmpty = PortfolioWords.NothingVerified,
    };

    private static Text ColumnOf(Text title) => ReferenceEquals(title, PortfolioWords.BySector) ? ProgrammeWords.Sector
        : ReferenceEquals(title, PortfolioWords.ByState) ? ProgrammeWords.State
        : ProgrammeWords.Year;

    private static PageCell Claimed(ProgrammeRequest request, PortfolioKind kind, int? year)
    {
        SavingClaim[] claims = [.. request.Register.All<SavingClaim>().Where(claim => year is null || claim.LastDay.Year == year)];
        double?[] values = [.. claims.Select(claim => kind switch
        {
            PortfolioKind.Electricity => Converted(claim.Energy, kind),
            PortfolioKind.Water => Converted(claim.Water, kind),
            PortfolioKind.Pesos when claim.Money is { Currency: "MXN" } money => (double)money.Amount,
            PortfolioKind.Dollars when claim.Money is { Currency: "USD" } money => (double)money.Amount,
            // Printed tonnes that can be read in two ways are not added: the check below says which.
            PortfolioKind.Emissions when claim.EmissionsTonnes is { } printed && Metering.Analytics.Plausibility.AmbiguousNumber.Readings(printed) is [double only] => only,
            _ => null,
        })];
        return Stated(values, PortfolioFigures.UnitOf(kind).Symbol);
    }

    private static PageCell ClaimedLoad(ProgrammeRequest request, int? year) =>
        Stated([.. request.Register.All<SavingClaim>().Where(claim => year is null || claim.LastDay.Year == year).Select(claim => claim.Load is { } load ? (double)load.Amount * (load.Unit == "t" ? 1000 : 1) : (double?)null)], "kg");

    // What proposed, approved and done measures should save in a year, as their authors wrote it.
    private static PageCell Estimated(ProgrammeRequest request, PortfolioKind kind) => kind is PortfolioKind.Emissions or PortfolioKind.Pesos or PortfolioKind.Dollars or PortfolioKind.Load
        ? PageCell.Missing
        : Stated([.. request.Register.All<Measure>().Where(measure => measure.Status != MeasureStatus.Rejected && measure.Resource.ToString() == (kind == PortfolioKind.ReferenceGas ? nameof(PortfolioKind.Gas) : kind.ToString())).Select(measure => Converted(measure.ExpectedPerYear, kind))], PortfolioFigures.UnitOf(kind).Symbol);

    private static PageCell Stated(double?[] values, string unit)
    {
        double[] known = [.. values.OfType<double>()];
        return known.Length == 0 ? PageCell.Missing : PageCell.Of(known.Sum(), unit, unit == "m3" ? 0 : 1);
    }

    private static double? Converted(RegisterQuantity? quantity, PortfolioKind kind) =>
        quantity is not null && MeasureUnit.TryParse(quantity.Unit, out MeasureUnit unit) && unit.IsConvertibleTo(PortfolioFigures.UnitOf(kind))
            ? new Quantity((double)quantity.Amount, unit).To(PortfolioFigures.UnitOf(kind)).Value
            : null;
}
