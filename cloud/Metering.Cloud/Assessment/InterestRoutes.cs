using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Programme.Assessment;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Microsoft.Extensions.Primitives;

namespace Metering.Cloud.Assessment;

/// <summary>The open form of companies that want to take part. Kept with consent only; limited by address; a field that people do not see catches machines.</summary>
internal static class InterestRoutes
{
    /// <summary>The page after the language.</summary>
    public const string Address = "/interest";

    /// <summary>Most forms of one address in <see cref="Window"/>.</summary>
    public const int MostForms = 10;

    /// <summary>Window of <see cref="MostForms"/>.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private const int LongestLine = 200;
    private const int LongestNeeds = 1000;

    private static readonly Actor OpenForm = new("open-form", "Formulario abierto");

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app, RecordStore store)
    {
        RateGate gate = new(MostForms, Window, app.Services.GetRequiredService<TimeProvider>());
        foreach (Language language in Languages.All)
        {
            string address = "/" + language.Code() + Address;
            app.MapGet(address, (HttpContext http) => Show(http, language, StatusCodes.Status200OK, new InterestForm())).Open();
            app.MapPost(address, (HttpContext http, CancellationToken cancellation) => SendAsync(http, language, (store, gate), cancellation)).Open();
        }
    }

    private static async Task<IResult> SendAsync(HttpContext http, Language language, (RecordStore Store, RateGate Gate) parts, CancellationToken cancellation)
    {
        IFormCollection? posted = await AssessmentRoutes.ReadAsync(http, cancellation);
        if (posted is null)
        {
            return Portal.Message(http, AssessmentWords.BadFormTitle, AssessmentWords.BadForm, StatusCodes.Status400BadRequest);
        }

        InterestForm form = InterestForm.Of(posted, parts.Store.Today);
        if (posted.ContainsKey("begin"))
        {
            return Show(http, language, StatusCodes.Status200OK, form);
        }

        form.Check(posted.ContainsKey("consent"), LongestLine, LongestNeeds);
        if (form.Faults.Count > 0)
        {
            return Show(http, language, StatusCodes.Status422UnprocessableEntity, form);
        }

        if (parts.Gate.Wait(AccountHost.Address(http)) is { } wait)
        {
            return AccessGate.TooMany(http, wait);
        }

        // Whoever fills the field that is not shown gets the same answer as everyone, and nothing is kept.
        string id = !StringValues.IsNullOrEmpty(posted["website"])
            ? NumberedRecord.Next(parts.Store.Snapshot, Lead.Kind)
            : NumberedRecord.Add(parts.Store, number => form.ToLead(number, parts.Store.Today), OpenForm).Id;
        return Results.Redirect($"/{language.Code()}{Address}?sent={id}");
    }

    private static PageResult Show(HttpContext http, Language language, int status, InterestForm form)
    {
        string sent = http.Request.Query["sent"].ToString();
        return AccountPages.Draw<InterestPage>(http, language, Address, InterestWords.Title, new()
        {
            [nameof(InterestPage.Form)] = form,
            [nameof(InterestPage.Sent)] = sent.Length is > 0 and < 30 ? sent : null,
        }, status);
    }
}

/// <summary>What was typed, with its faults.</summary>
public sealed class InterestForm
{
    /// <summary>Company.</summary>
    public string Company { get; private init; } = "";

    /// <summary>Name of the person.</summary>
    public string Person { get; private init; } = "";

    /// <summary>E-mail.</summary>
    public string Email { get; private init; } = "";

    /// <summary>How it heard of the programme.</summary>
    public string Source { get; private init; } = "";

    /// <summary>What it is interested in.</summary>
    public string Needs { get; private init; } = "";

    /// <summary>Answers of a self-assessment that go along; null without.</summary>
    public AssessmentForm? Answers { get; private init; }

    /// <summary>Faults by field.</summary>
    public Dictionary<string, Text> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>The form as posted.</summary>
    internal static InterestForm Of(IFormCollection posted, DateOnly today)
    {
        string sector = posted[AnswerLines.Sector].ToString();
        return new InterestForm
        {
            Company = Plain(posted["company"]),
            Person = Plain(posted["person"]),
            Email = Plain(posted["email"]),
            Source = Plain(posted["source"]),
            Needs = string.Concat(posted["needs"].ToString().Trim().ReplaceLineEndings("\n").Where(character => character == '\n' || !char.IsControl(character))),
            Answers = Questionnaire.OfMexico(today).Sectors.Contains(sector, StringComparer.Ordinal) ? AssessmentForm.Of(sector, today.Year - 1, posted) : null,
        };
    }

    /// <summary>Looks for faults.</summary>
    internal void Check(bool hasConsent, int longestLine, int longestNeeds)
    {
        Fault("company", Company.Length is 0 || Company.Length > longestLine, InterestWords.FaultCompany);
        Fault("person", Person.Length is 0 || Person.Length > longestLine, InterestWords.FaultPerson);
        int at = Email.IndexOf('@', StringComparison.Ordinal);
        Fault("email", at < 1 || Email.IndexOf('.', at) < at + 2 || Email.Length > longestLine || Email.Contains(' ', StringComparison.Ordinal), InterestWords.FaultEmail);
        Fault("source", Source.Length > longestLine, Long(longestLine));
        Fault("needs", Needs.Length > longestNeeds, Long(longestNeeds));
        Fault("consent", !hasConsent, InterestWords.FaultConsent);
    }

    /// <summary>The record.</summary>
    internal Lead ToLead(string id, DateOnly today)
    {
        Questionnaire questionnaire = Questionnaire.OfMexico(today);
        return new Lead
        {
            Id = id,
            Company = Company,
            ReceivedOn = today,
            Person = Person,
            Email = Email,
            Source = AccountPages.OrNull(Source),
            Needs = AccountPages.OrNull(Needs),
            ConsentedOn = today,
            Questionnaire = Answers is null ? null : string.Create(CultureInfo.InvariantCulture, $"{questionnaire.Version:yyyy-MM-dd} {questionnaire.Fingerprint}"),
            Answers = Answers is null ? null : AnswerLines.Write(Answers.Sector, Answers.FieldsOf(questionnaire)),
        };
    }

    private static string Plain(StringValues value) => string.Concat(value.ToString().Trim().Where(character => !char.IsControl(character)));

    private static Text Long(int most)
    {
        string shown = most.ToString(CultureInfo.InvariantCulture);
        return new(InterestWords.FaultLong.In(Language.Spanish, shown), InterestWords.FaultLong.In(Language.English, shown));
    }

    private void Fault(string field, bool isFault, Text what)
    {
        if (isFault)
        {
            Faults[field] = what;
        }
    }
}
