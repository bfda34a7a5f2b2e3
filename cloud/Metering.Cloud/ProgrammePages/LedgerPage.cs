using System.Globalization;
using Metering.Cloud.Register;
using Metering.Cloud.Reports;
using Metering.Programme.Kinds;
using Metering.Programme.Ledger;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Contracts with what is due, paid and overdue, and the programme's sums by currency; no accounting.</summary>
internal static class LedgerPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/cost-share";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Contratos y pagos", "Contracts and cost share");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new(
        "Quién debe y quién pagó, por contrato. La parte de la empresa se compara con la máxima del programa.",
        "Who owes and who paid, by contract. The company's share is compared with the greatest one the programme allows.");

    private static readonly Text Contracts = new("Por contrato", "By contract");
    private static readonly Text Totals = new("Todo el programa, por moneda", "The whole programme, by currency");
    private static readonly Text Funding = new("Fuentes de recursos", "Funding sources");
    private static readonly Text ContractWord = new("Contrato", "Contract");
    private static readonly Text Fee = new("Honorarios", "Fee");
    private static readonly Text Share = new("Parte de la empresa", "Company's share");
    private static readonly Text SharePercent = new("Parte de la empresa, %", "Company's share, %");
    private static readonly Text PayerWord = new("Quién paga", "Payer");
    private static readonly Text Due = new("Por pagar en total", "Due in all");
    private static readonly Text Paid = new("Pagado", "Paid");
    private static readonly Text Overdue = new("Vencido", "Overdue");
    private static readonly Text Since = new("Vencido desde", "Overdue since");
    private static readonly Text Company = new("Empresa", "Company");
    private static readonly Text Programme = new("Programa", "Programme");
    private static readonly Text Fine = new("en orden", "in order");
    private static readonly Text AboveMost = new("la parte de la empresa rebasa el {0} % permitido", "the company's share is above the {0} % allowed");
    private static readonly Text OtherSum = new("lo anotado por pagar no es la parte del contrato", "what is set down as due is not the contract's share");
    private static readonly Text OtherCurrency = new("hay movimientos en otra moneda; no están en las sumas", "there are entries in another currency; they are in no sum");
    private static readonly Text None = new("No hay contratos todavía.", "There are no contracts yet.");
    private static readonly Text NoFunding = new("No hay fuentes de recursos registradas.", "There are no funding sources on record.");
    private static readonly Text Source = new("Fuente", "Source");
    private static readonly Text FormWord = new("Forma", "Form");
    private static readonly Text Charged = new("Pagado con ella", "Paid from it");
    private static readonly Text Left = new("Por ejercer", "Left");
    private static readonly Text Untold = new("Pagos del programa que no dicen de qué fuente salen: {0}.", "Payments of the programme that do not say which source they come from: {0}.");
    private static readonly Text InMoney = new("en dinero", "cash");
    private static readonly Text InKind = new("en especie", "in kind");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        IReadOnlyList<ContractStanding> standings = CostShareLedger.Of(request.Register, request.Today);
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            Sections = [Lines(request.Register, standings), Sums(standings), Sources(request.Register)],
        };
    }

    private static PageSection Lines(RegisterSnapshot register, IReadOnlyList<ContractStanding> standings) => new()
    {
        Id = "contracts",
        Title = Contracts,
        Columns = [ContractWord, ProgrammeWords.Project, Fee, Share, SharePercent, PayerWord, Due, Paid, Overdue, Since, ProgrammeWords.Finding],
        Rows = [.. standings.SelectMany(standing => standing.Payers.Select(payer => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(standing.Contract.Id, $"{RegisterRoutes.Of(Contract.Kind)}/{standing.Contract.Id}"),
            PageCell.Of(RecordTitles.Project(register, standing.Contract.Project), $"{RegisterRoutes.Of(ProjectRecord.Kind)}/{standing.Contract.Project}"),
            PageCell.Of(standing.Contract.Fee), PageCell.Of(standing.Contract.CompanyShare), PageCell.Of((double?)standing.CompanySharePercent, "%", 1),
            PageCell.Of(payer.Payer == Payer.Company ? Company : Programme),
            Amount(payer.Due, standing), Amount(payer.Paid, standing), Amount(payer.Overdue, standing), PageCell.Of(payer.OverdueSince), PageCell.Of(Findings(standing)),
        ]))],
        WhenEmpty = None,
        MadeOf = Contract.Kind,
    };

    private static PageCell Amount(decimal amount, ContractStanding standing) => PageCell.Of(new Money(amount, standing.Contract.Fee.Currency));

    private static Text Findings(ContractStanding standing)
    {
        List<Text> found = [];
        if (standing.IsAboveMost)
        {
            found.Add(ReportFormat.Both(AboveMost, _ => [standing.MostPercent!.Value.ToString("0.##", CultureInfo.InvariantCulture)]));
        }

        if (standing.DiffersFromContract)
        {
            found.Add(OtherSum);
        }

        if (standing.OtherCurrency.Count > 0)
        {
            found.Add(OtherCurrency);
        }

        return found.Count == 0 ? Fine : SavingsReport.Each(language => string.Join("; ", found.Select(one => one.In(language))));
    }

    private static PageSection Sums(IReadOnlyList<ContractStanding> standings) => new()
    {
        Id = "totals",
        Title = Totals,
        Columns = [Fee, Share, Due, Paid, Overdue],
        Rows = [.. standings.GroupBy(standing => standing.Contract.Fee.Currency, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(new Money(group.Sum(one => one.Contract.Fee.Amount), group.Key)), PageCell.Of(new Money(group.Sum(one => one.Contract.CompanyShare.Amount), group.Key)),
            PageCell.Of(new Money(group.Sum(one => one.Payers.Sum(payer => payer.Due)), group.Key)), PageCell.Of(new Money(group.Sum(one => one.Payers.Sum(payer => payer.Paid)), group.Key)),
            PageCell.Of(new Money(group.Sum(one => one.Payers.Sum(payer => payer.Overdue)), group.Key)),
        ])],
        WhenEmpty = None,
    };

    private static PageSection Sources(RegisterSnapshot register)
    {
        CostShareEntry[] paid = [.. register.All<CostShareEntry>().Where(entry => entry.Entry == LedgerEntry.Paid && entry.Payer == Payer.Programme)];
        int untold = paid.Count(entry => entry.FundingSource is null);
        return new()
        {
            Id = "funding",
            Title = Funding,
            Sentences = untold == 0 ? [] : [ReportFormat.Both(Untold, _ => [untold.ToString(CultureInfo.InvariantCulture)])],
            Columns = [Source, ProgrammeWords.Amount, FormWord, Charged, Left],
            Rows = [.. register.All<FundingSource>().Select(source => Row(source, [.. paid.Where(entry => entry.FundingSource == source.Id)]))],
            WhenEmpty = NoFunding,
            MadeOf = FundingSource.Kind,
        };
    }

    // Payments in another currency than the source's are not converted: then what is left is not known.
    private static IReadOnlyList<PageCell> Row(FundingSource source, CostShareEntry[] paid)
    {
        bool isOneCurrency = Array.TrueForAll(paid, entry => entry.Amount.Currency == source.Amount.Currency);
        decimal sum = paid.Where(entry => entry.Amount.Currency == source.Amount.Currency).Sum(entry => entry.Amount.Amount);
        return
        [
            PageCell.Of(source.Name, $"{RegisterRoutes.Of(FundingSource.Kind)}/{source.Id}"), PageCell.Of(source.Amount), PageCell.Of(source.Form == FundingForm.Cash ? InMoney : InKind),
            isOneCurrency ? PageCell.Of(new Money(sum, source.Amount.Currency)) : PageCell.Of(OtherCurrency),
            isOneCurrency ? PageCell.Of(new Money(source.Amount.Amount - sum, source.Amount.Currency)) : PageCell.Missing,
        ];
    }
}
