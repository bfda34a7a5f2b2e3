using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Pages;
using Metering.Cloud.Register;
using Metering.Programme.Kinds;

namespace Metering.Cloud.ProgrammePages;

/// <summary>What one buyer may see of one plant: verified savings of a project.</summary>
/// <param name="Plant">Name of the plant.</param>
/// <param name="Project">Title of the project.</param>
/// <param name="Entry">Its figures.</param>
internal sealed record SharedSaving(Text Plant, Text Project, PortfolioEntry Entry);

/// <summary>Links for buyers, each by a plant's consent and until its last day; the secret of a link is shown once and kept nowhere.</summary>
internal static class SharingPage
{
    /// <summary>Address of the staff's page after the language.</summary>
    public const string Address = "/programme/sharing";

    /// <summary>Address of a buyer's page after the language.</summary>
    public const string Shared = "/shared";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Enlaces para compradores", "Links for buyers");

    private const int SecretBytes = 32;

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Un comprador ve los ahorros verificados de una planta solo con el permiso de ella y hasta que vence.", "A buyer sees a plant's verified savings only with its consent and until it ends.");

    private static readonly Text Consents = new("Permisos", "Consents");
    private static readonly Text Consent = new("Permiso", "Consent");
    private static readonly Text Buyer = new("Comprador", "Buyer");
    private static readonly Text EndsOn = new("Vence el", "Ends on");
    private static readonly Text Link = new("Enlace", "Link");
    private static readonly Text Active = new("creado", "made");
    private static readonly Text Ended = new("vencido", "ended");
    private static readonly Text NotMade = new("sin crear", "not made");
    private static readonly Text None = new("No hay permisos; agréguelos en el registro con quién los dio y hasta cuándo.", "There are no consents; add them in the register with who gave them and until when.");
    private static readonly Text New = new("Crear un enlace", "Make a link");
    private static readonly Text NewNote = new("Un enlace nuevo deja sin efecto el anterior del mismo permiso.", "A new link ends the earlier one of the same consent.");
    private static readonly Text BuyerTitle = new("Ahorros verificados", "Verified savings");
    private static readonly Text BuyerLead = new("Compartidos por la planta con su consentimiento, hasta el {0}. Solo cifras con dos firmas; ± es la mitad del intervalo al 90 %.", "Shared by the plant with its consent, until {0}. Figures with two signatures only; ± is half of the 90 % interval.");
    private static readonly Text Through = new("Periodo hasta", "Period through");
    private static readonly Text NothingYet = new("Todavía no hay ahorros verificados.", "There are no verified savings yet.");

    /// <summary>The staff's page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request, Text? notice)
    {
        ShareConsent[] open = [.. request.Register.All<ShareConsent>().Where(one => one.EndsOn >= request.Today)];
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            Notice = notice,
            Sections =
            [
                new()
                {
                    Id = "consents",
                    Title = Consents,
                    Columns = [Consent, ProgrammeWords.Plant, Buyer, EndsOn, Link],
                    Rows = [.. request.Register.All<ShareConsent>().Select(one => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(one.Id, $"{RegisterRoutes.Of(ShareConsent.Kind)}/{one.Id}"), PageCell.Of(RecordTitles.Plant(request.Register, one.Plant)), PageCell.Of(request.Register.Find<Organisation>(one.Buyer)?.Name ?? one.Buyer),
                        PageCell.Of(one.EndsOn), PageCell.Of(one.EndsOn < request.Today ? Ended : one.LinkHash is null ? NotMade : Active),
                    ])],
                    WhenEmpty = None,
                    MadeOf = ShareConsent.Kind,
                },
                new()
                {
                    Id = "make",
                    Title = New,
                    Sentences = [NewNote],
                    Form = open.Length == 0 ? null : new(Address + "/make", IsPost: true, [new("consent", Consent, "", [.. open.Select(one => (one.Id, new Text(one.Id, one.Id)))])], New),
                },
            ],
        };
    }

    /// <summary>A new secret for a link, and the hash that is kept of it.</summary>
    public static (string Secret, string Hash) NewSecret()
    {
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        return (secret, HashOf(secret));
    }

    /// <summary>The consent of a secret that holds today; null otherwise.</summary>
    public static ShareConsent? ConsentOf(ProgrammeRequest request, string secret)
    {
        string hash = HashOf(secret);
        return secret.Length == 2 * SecretBytes
            ? request.Register.All<ShareConsent>().FirstOrDefault(one => one.LinkHash == hash && one.GivenOn <= request.Today && one.EndsOn >= request.Today)
            : null;
    }

    /// <summary>What a consent shows.</summary>
    public static IReadOnlyList<SharedSaving> SavingsOf(ProgrammeRequest request, ShareConsent consent) =>
    [
        .. request.Portfolio.EntriesOf(request).Where(entry => entry.IsVerified && entry.Plant == consent.Plant && entry.Whole is not null)
            .Select(entry => new SharedSaving(entry.PlantName, request.Board.Register.Find(entry.Project)!.Title, entry)),
    ];

    /// <summary>The buyer's page; null when the secret holds no more.</summary>
    public static ProgrammeView? View(ProgrammeRequest request)
    {
        string secret = request.Query["token"].ToString();
        if (ConsentOf(request, secret) is not { } consent)
        {
            return null;
        }

        return new()
        {
            Address = Shared + "?token=" + secret,
            Title = BuyerTitle,
            Lead = Reports.ReportFormat.Both(BuyerLead, format => [format.Day(consent.EndsOn)]),
            IsPublic = true,
            Files = [(new("CSV", "CSV"), "/shared.csv?token=" + secret), (new("JSON", "JSON"), "/shared.json?token=" + secret)],
            Sections =
            [
                new()
                {
                    Id = "savings",
                    Title = BuyerTitle,
                    Columns = [ProgrammeWords.Project, ProgrammeWords.Plant, ProgrammeWords.Resource, PortfolioWords.Verified, Through],
                    Rows = [.. SavingsOf(request, consent).Select(one => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(one.Project), PageCell.Of(one.Plant), PageCell.Of(VerdictTexts.ResourceName(one.Entry.Resource)),
                        Figure(one.Entry), PageCell.Of(one.Entry.Reporting.Last),
                    ])],
                    WhenEmpty = NothingYet,
                },
            ],
        };
    }

    // With half of its 90 % interval: no figure goes out without.
    private static PageCell Figure(PortfolioEntry entry)
    {
        PortfolioKind kind = PortfolioFigures.KindOf(entry);
        return PortfolioFigures.Add([entry], kind, null).Result is { } sum && double.IsFinite(sum.HalfWidth)
            ? PageCell.Of((double)sum.Total, PortfolioFigures.UnitOf(kind).Symbol, Texts.Formatter.DecimalsFor(sum.HalfWidth), sum.HalfWidth)
            : PageCell.Missing;
    }

    /// <summary>The same as CSV.</summary>
    public static string Csv(ProgrammeRequest request, ShareConsent consent)
    {
        Csv csv = new();
        foreach (string column in (string[])["plant", "project", "resource", "saving", "standard_error", "unit", "first_day", "last_day"])
        {
            _ = csv.Text(column);
        }

        csv.Line();
        foreach (SharedSaving one in SavingsOf(request, consent))
        {
            _ = csv.Text(one.Plant.In(Language.English)).Text(one.Project.In(Language.English)).Text(one.Entry.Resource.ToString().ToLower(CultureInfo.InvariantCulture))
                .Number(one.Entry.Whole!.Savings).Number(one.Entry.Whole.StandardError).Text(one.Entry.Unit).Day(one.Entry.Reporting.First).Day(one.Entry.Reporting.Last);
            csv.Line();
        }

        return csv.ToString();
    }

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
