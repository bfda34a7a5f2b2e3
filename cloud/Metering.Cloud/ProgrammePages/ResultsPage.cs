using Metering.Cloud.Evidence;
using Metering.Cloud.Pages;
using Metering.Cloud.Reports;
using Metering.Cloud.Texts;
using Metering.Programme.Benchmark;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The public results: verified savings only, rounded, and never of a group of fewer than five plants.</summary>
internal static class ResultsPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/results";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Resultados", "Results");

    private const int Digits = 2;
    private static readonly PortfolioKind[] Kinds = [PortfolioKind.Electricity, PortfolioKind.Water, PortfolioKind.Emissions];

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new(
        "Ahorros medidos y verificados con dos firmas. Para no mostrar a ninguna empresa, cada cifra reúne al menos cinco plantas y va redondeada.",
        "Savings measured and verified with two signatures. So that no company is shown, each figure takes in at least five plants and is rounded.");

    private static readonly Text Totals = new("Ahorro verificado", "Verified saving");
    private static readonly Text Sectors = new("Por sector", "By sector");
    private static readonly Text TooFew = new("Todavía no hay cinco plantas verificadas de un mismo recurso; las cifras aparecerán entonces.", "There are not yet five verified plants of one resource; the figures will appear then.");
    private static readonly Text AtLeast = new("Con 90 % de probabilidad, al menos", "With 90 % probability, at least");
    private static readonly Text Plants = new("Plantas", "Plants");
    private static readonly Text Simulated = new("Parte de estas plantas es simulada: son una demostración.", "Some of these plants are simulated: they are a demonstration.");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request) => request.Portfolio.Kept(request, "results", entries =>
        Build(entries, request.Board.Register.Plants.Any(plant => plant.IsSimulated), request.LogKey));

    /// <summary>Builds the page.</summary>
    /// <param name="entries">All projects.</param>
    /// <param name="isSimulated">Whether some plant is a demonstration's.</param>
    /// <param name="key">The log's public key; null where there is no log.</param>
    public static ProgrammeView Build(IReadOnlyList<PortfolioEntry> entries, bool isSimulated, LogKey? key = null)
    {
        List<IReadOnlyList<PageCell>> totals = [];
        List<IReadOnlyList<PageCell>> sectors = [];
        foreach (PortfolioKind kind in Kinds)
        {
            PortfolioEntry[] known = [.. entries.Where(entry => entry.IsVerified && PortfolioFigures.Belongs(entry, kind) && PortfolioFigures.Add([entry], kind, null).WithNumber > 0)];
            if (PlantsOf(known) >= BenchmarkLedger.SmallestCell)
            {
                totals.Add(Row(PageCell.Of(PortfolioWords.Of(kind)), PageCell.Of(PortfolioWords.Of(kind)), known, kind)[1..]);
                foreach (IGrouping<string, PortfolioEntry> sector in Shown(known))
                {
                    sectors.Add(Row(PageCell.Of(SavingsReport.Each(language => VerdictTexts.SectorName(sector.Key, language))), PageCell.Of(PortfolioWords.Of(kind)), [.. sector], kind));
                }
            }
        }

        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            IsPublic = true,
            Links = [(BenchmarkPage.Title, BenchmarkPage.Address), (CasesPage.Title, CasesPage.Address), (MeasuresPage.Title, MeasuresPage.Address)],
            Files = key is null ? [] : [(LogWords.KeyDownload, LogKey.Address)],
            Sections =
            [
                new() { Id = "totals", Title = Totals, Sentences = isSimulated ? [Simulated] : [], Columns = [ProgrammeWords.Resource, Totals, AtLeast, Plants], Rows = totals, WhenEmpty = TooFew },
                new() { Id = "sectors", Title = Sectors, Columns = [ProgrammeWords.Sector, ProgrammeWords.Resource, Totals, AtLeast, Plants], Rows = sectors, WhenEmpty = TooFew },
                .. key is null ? [] : (PageSection[])[KeySection(key)],
            ],
        };
    }

    /// <summary>Sectors that may be shown beside the total: each of five plants or more, and what is left over none or five or more.</summary>
    public static IReadOnlyList<IGrouping<string, PortfolioEntry>> Shown(IReadOnlyList<PortfolioEntry> known)
    {
        List<IGrouping<string, PortfolioEntry>> shown = [.. known.GroupBy(entry => entry.Sector, StringComparer.Ordinal).Where(group => PlantsOf([.. group]) >= BenchmarkLedger.SmallestCell).OrderByDescending(group => PlantsOf([.. group])).ThenBy(group => group.Key, StringComparer.Ordinal)];
        int all = PlantsOf(known);
        while (shown.Count > 0 && all - shown.Sum(group => PlantsOf([.. group])) is > 0 and < BenchmarkLedger.SmallestCell)
        {
            shown.RemoveAt(shown.Count - 1);
        }

        return shown;
    }

    private static PageSection KeySection(LogKey key) => new()
    {
        Id = "log-key",
        Title = LogWords.Key,
        Sentences = [LogWords.KeyNote, new(LogWords.KeyFingerprint.In(Language.Spanish) + " " + key.Fingerprint, LogWords.KeyFingerprint.In(Language.English) + " " + key.Fingerprint)],
    };

    private static int PlantsOf(IReadOnlyCollection<PortfolioEntry> entries) => entries.Select(entry => entry.Plant).Distinct(StringComparer.Ordinal).Count();

    private static PageCell[] Row(PageCell name, PageCell kindName, IReadOnlyList<PortfolioEntry> entries, PortfolioKind kind)
    {
        PortfolioSum sum = PortfolioFigures.Add(entries, kind, null);
        string unit = PortfolioFigures.UnitOf(kind).Symbol;
        return [name, kindName, Rounded((double?)sum.Result?.Total, unit), Rounded(sum.Result?.AtLeast, unit), PageCell.Count(PlantsOf(entries))];
    }

    private static PageCell Rounded(double? value, string unit) =>
        value is { } known && double.IsFinite(known) ? PageCell.Of(Formatter.Significant(RoundedValue(known), Digits) + Formatter.UnitSpace + new ReportFormat(Language.Spanish).Unit(unit)) : PageCell.Missing;

    private static double RoundedValue(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        double scale = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - Digits + 1);
        return Math.Round(value / scale) * scale;
    }
}
