using Metering.Cloud.Register;
using Metering.Cloud.Reports;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>Workshops, fairs and conferences with who came and what they said; and what was learnt.</summary>
internal static class EventsPage
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/programme/events";

    /// <summary>Title.</summary>
    public static readonly Text Title = new("Eventos y lecciones", "Events and lessons");

    /// <summary>What the page is, in a sentence.</summary>
    internal static readonly Text Lead = new("Eventos de difusión con asistencia y opiniones, y las lecciones aprendidas.", "Outreach events with attendance and feedback, and the lessons learnt.");

    private static readonly Text Events = new("Eventos", "Events");
    private static readonly Text Event = new("Evento", "Event");
    private static readonly Text Place = new("Lugar", "Place");
    private static readonly Text Listed = new("En lista de asistencia", "On the list");
    private static readonly Text Counted = new("Conteo", "Counted");
    private static readonly Text Rating = new("Calificación media, de 1 a 5", "Mean rating, 1 to 5");
    private static readonly Text Feedback = new("Opiniones", "Feedback");
    private static readonly Text Person = new("Persona", "Person");
    private static readonly Text People = new("Asistencias", "Attendances");
    private static readonly Text Lessons = new("Lecciones", "Lessons");
    private static readonly Text LessonWord = new("Lección", "Lesson");
    private static readonly Text Content = new("Qué se aprendió", "What was learnt");
    private static readonly Text NoEvents = new("No hay eventos todavía.", "There are no events yet.");
    private static readonly Text NoPeople = new("No hay listas de asistencia todavía.", "There are no attendance lists yet.");
    private static readonly Text NoLessons = new("No hay lecciones escritas todavía.", "No lessons are written yet.");

    /// <summary>The page.</summary>
    public static ProgrammeView Make(ProgrammeRequest request)
    {
        RegisterSnapshot register = request.Register;
        ILookup<string, EventAttendance> people = register.All<EventAttendance>().ToLookup(one => one.Event, StringComparer.Ordinal);
        return new()
        {
            Address = Address,
            Title = Title,
            Lead = Lead,
            Sections =
            [
                new()
                {
                    Id = "events",
                    Title = Events,
                    Columns = [Event, ProgrammeWords.Day, Place, Listed, Counted, Rating, Feedback],
                    Rows = [.. register.All<OutreachEvent>().OrderByDescending(one => one.Day).Select(one => Row(one, [.. people[one.Id]]))],
                    WhenEmpty = NoEvents,
                    MadeOf = OutreachEvent.Kind,
                },
                new()
                {
                    Id = "people",
                    Title = People,
                    Columns = [Person, Event, Rating, Feedback],
                    Rows = [.. register.All<EventAttendance>().Select(one => (IReadOnlyList<PageCell>)
                    [
                        PageCell.Of(one.Person, $"{RegisterRoutes.Of(EventAttendance.Kind)}/{one.Id}"), PageCell.Of(register.Find<OutreachEvent>(one.Event)?.Title ?? one.Event),
                        one.Rating is { } rating ? PageCell.Count(rating) : PageCell.Missing, PageCell.Of(one.Feedback ?? ""),
                    ])],
                    WhenEmpty = NoPeople,
                    MadeOf = EventAttendance.Kind,
                },
                LessonsOf(register, new(1, 1, 1), DateOnly.MaxValue),
            ],
        };
    }

    /// <summary>Lessons written in a span of days.</summary>
    public static PageSection LessonsOf(RegisterSnapshot register, DateOnly first, DateOnly last) => new()
    {
        Id = "lessons",
        Title = Lessons,
        Columns = [LessonWord, ProgrammeWords.Day, ProgrammeWords.Project, Content],
        Rows = [.. register.All<Lesson>().Where(one => one.WrittenOn >= first && one.WrittenOn <= last).OrderByDescending(one => one.WrittenOn).Select(one => (IReadOnlyList<PageCell>)
            [PageCell.Of(one.Title, $"{RegisterRoutes.Of(Lesson.Kind)}/{one.Id}"), PageCell.Of(one.WrittenOn), one.Project is { } project ? PageCell.Of(RecordTitles.Project(register, project)) : PageCell.Missing, PageCell.Of(one.Content)])],
        WhenEmpty = NoLessons,
        MadeOf = Lesson.Kind,
    };

    private static IReadOnlyList<PageCell> Row(OutreachEvent one, EventAttendance[] people)
    {
        int[] ratings = [.. people.Select(person => person.Rating).OfType<int>()];
        return
        [
            PageCell.Of(one.Title, $"{RegisterRoutes.Of(OutreachEvent.Kind)}/{one.Id}"), PageCell.Of(one.Day), PageCell.Of(one.Place ?? ""), PageCell.Count(people.Length),
            one.Attendance is { } counted ? PageCell.Count(counted) : PageCell.Missing,
            ratings.Length == 0 ? PageCell.Missing : PageCell.Of(ReportFormat.Number(ratings.Average(), 1)), PageCell.Of(one.Feedback ?? ""),
        ];
    }
}
