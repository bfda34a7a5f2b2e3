using Metering.Cloud.Register;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Courses as they are held: seats, fees, attendance, certificates; and which trained consultants work.</summary>
internal static class TrainingPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/training";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Capacitación", "Training");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Ediciones de los cursos, personas inscritas y sus constancias.", "Editions of the courses, the people enrolled and their certificates.");

    private static readonly Text Editions = new("Ediciones", "Editions");
    private static readonly Text Edition = new("Edición", "Edition");
    private static readonly Text FirstDay = new("Comienza", "Begins");
    private static readonly Text LastDay = new("Termina", "Ends");
    private static readonly Text Seats = new("Lugares", "Seats");
    private static readonly Text Enrolled = new("Inscritos", "Enrolled");
    private static readonly Text FeesPaid = new("Cuotas pagadas", "Fees paid");
    private static readonly Text FeesOpen = new("Con cuota por pagar", "With an open fee");
    private static readonly Text MeanAttendance = new("Asistencia media", "Mean attendance");
    private static readonly Text Certificates = new("Constancias", "Certificates");
    private static readonly Text People = new("Personas", "People");
    private static readonly Text Person = new("Persona", "Person");
    private static readonly Text Attendance = new("Asistencia", "Attendance");
    private static readonly Text Certificate = new("Constancia", "Certificate");
    private static readonly Text Consultants = new("Consultores capacitados y su trabajo", "Trained consultants and their work");
    private static readonly Text Consultant = new("Consultor", "Consultant");
    private static readonly Text ContractCount = new("Contratos", "Contracts");
    private static readonly Text NoEditions = new("No hay ediciones todavía.", "There are no editions yet.");
    private static readonly Text NoPeople = new("No hay personas inscritas todavía.", "Nobody is enrolled yet.");
    private static readonly Text NoConsultants = new("No hay consultores capacitados todavía.", "There are no trained consultants yet.");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        RegisterSnapshot register = request.Register;
        ILookup<string, Enrolment> enrolled = register.All<Enrolment>().ToLookup(one => one.Edition, StringComparer.Ordinal);
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            Sections =
            [
                new()
                {
                    Id = "editions",
                    Title = Editions,
                    Columns = [Edition, FirstDay, LastDay, Seats, Enrolled, FeesPaid, FeesOpen, MeanAttendance, Certificates],
                    Rows = [.. register.All<CourseEdition>().OrderByDescending(one => one.FirstDay).Select(one => Row(one, [.. enrolled[one.Id]]))],
                    WhenEmpty = NoEditions,
                    MadeOf = CourseEdition.Kind,
                },
                new()
                {
                    Id = "people",
                    Title = People,
                    Columns = [Person, Edition, Attendance, Certificate],
                    Rows = [.. register.All<Enrolment>().OrderBy(one => one.Person, StringComparer.OrdinalIgnoreCase).Select(one => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(one.Person, $"{RegisterRoutes.Of(Enrolment.Kind)}/{one.Id}"), PageCell.Of(register.Find<CourseEdition>(one.Edition)?.Title ?? one.Edition),
                        PageCell.Of((double?)one.AttendancePercent, "%", 0),
                        one.Certificate is { } number ? PageCell.Of(number, CertificatePage.AddressOf(number)) : PageCell.Missing,
                    ])],
                    WhenEmpty = NoPeople,
                    MadeOf = Enrolment.Kind,
                },
                new()
                {
                    Id = "consultants",
                    Title = Consultants,
                    Columns = [Consultant, ContractCount],
                    Rows = [.. register.All<Consultant>().Where(one => one.IsTrained).Select(one => (IReadOnlyList<PageCell>)
                        [PageCell.Of(one.Name, $"{RegisterRoutes.Of(Metering.Programme.Kinds.Consultant.Kind)}/{one.Id}"), PageCell.Count(register.All<Contract>().Count(contract => contract.Consultant == one.Id))])],
                    WhenEmpty = NoConsultants,
                    MadeOf = Metering.Programme.Kinds.Consultant.Kind,
                },
            ],
        };
    }

    private static IReadOnlyList<PageCell> Row(CourseEdition edition, Enrolment[] people)
    {
        decimal[] attended = [.. people.Select(one => one.AttendancePercent).OfType<decimal>()];
        string[] currencies = [.. people.Select(one => one.FeePaid?.Currency).OfType<string>().Distinct(StringComparer.Ordinal)];
        return
        [
            PageCell.Of(edition.Title, $"{RegisterRoutes.Of(CourseEdition.Kind)}/{edition.Id}"), PageCell.Of(edition.FirstDay), PageCell.Of(edition.LastDay),
            edition.Seats is { } seats ? PageCell.Count(seats) : PageCell.Missing, PageCell.Count(people.Length),
            currencies.Length == 1 ? PageCell.Of(new Money(people.Sum(one => one.FeePaid?.Amount ?? 0), currencies[0])) : PageCell.Missing,
            edition.Fee is { } fee ? PageCell.Count(people.Count(one => one.FeePaid is null || one.FeePaid.Currency != fee.Currency || one.FeePaid.Amount < fee.Amount)) : PageCell.Missing,
            attended.Length == 0 ? PageCell.Missing : PageCell.Of((double)attended.Average(), "%", 0), PageCell.Count(people.Count(one => one.Certificate is not null)),
        ];
    }
}
