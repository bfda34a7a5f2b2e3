using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>A certificate by its number, to be printed by who has it and verified by anyone who was shown it.</summary>
internal static class CertificatePage
{
    private static readonly Text Title = new("Constancia {0}", "Certificate {0}");
    private static readonly Text Lead = new(
        "Esta constancia está en el registro del programa. Quien la recibió puede imprimir esta página; quien la ve puede comprobarla en esta misma dirección.",
        "This certificate is in the programme's register. Who received it may print this page; who is shown it can verify it at this very address.");
    private static readonly Text Section = new("Lo que certifica", "What it certifies");
    private static readonly Text Person = new("A nombre de", "In the name of");
    private static readonly Text Course = new("Curso", "Course");
    private static readonly Text Edition = new("Edición", "Edition");
    private static readonly Text Days = new("Primer día", "First day");
    private static readonly Text To = new("Último día", "Last day");
    private static readonly Text Attendance = new("Asistencia", "Attendance");
    private static readonly Text Issued = new("Expedida el", "Issued on");

    /// <summary>Address of a certificate after the language.</summary>
    public static string AddressOf(string number) => "/certificates/" + Uri.EscapeDataString(number);

    /// <summary>The number of an address; a slash in it stays escaped on its way through the route.</summary>
    public static string NumberOf(string routed) => routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The page; null when there is no certificate of exactly this number, or more than one.</summary>
    public static ProgrammeView? Make(RegisterSnapshot register, string number)
    {
        Enrolment[] found = [.. register.All<Enrolment>().Where(one => one.Certificate == number)];
        if (found.Length != 1 || register.Find<CourseEdition>(found[0].Edition) is not { } edition)
        {
            return null;
        }

        Enrolment one = found[0];
        return new()
        {
            Address = AddressOf(number),
            Title = new(Title.In(Language.Spanish, number), Title.In(Language.English, number)),
            Lead = Lead,
            IsPublic = true,
            Sections =
            [
                new()
                {
                    Id = "certificate",
                    Title = Section,
                    Columns = [Person, Course, Edition, Days, To, Attendance, Issued],
                    Rows =
                    [
                        [
                            PageCell.Of(one.Person), PageCell.Of(register.Find<Course>(edition.Course)?.Title ?? edition.Course), PageCell.Of(edition.Title), PageCell.Of(edition.FirstDay),
                            PageCell.Of(edition.LastDay), PageCell.Of((double?)one.AttendancePercent, "%", 0), PageCell.Of(one.CertifiedOn),
                        ],
                    ],
                },
            ],
        };
    }
}
