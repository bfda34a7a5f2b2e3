using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Assessment;
using Microsoft.AspNetCore.Http.Features;

namespace Metering.Cloud.Assessment;

/// <summary>The self-assessment without an account: answers are posted, the result is shown, nothing is kept.</summary>
internal static class AssessmentRoutes
{
    /// <summary>The page after the language.</summary>
    public const string Address = "/self-assessment";

    /// <summary>Most bytes of a form; a full one has about 4,000.</summary>
    internal const int MostBytes = 64 * 1024;

    /// <summary>Adds the addresses; without a language they lead to that of the browser.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet(Address, (HttpContext http) =>
        {
            http.Response.Headers.Vary = "Accept-Language";
            return Results.Redirect("/" + Languages.Preferred(http.Request.Headers.AcceptLanguage).Code() + Address + http.Request.QueryString.ToUriComponent());
        }).Open();
        foreach (Language language in Languages.All)
        {
            string address = "/" + language.Code() + Address;
            app.MapGet(address, (HttpContext http, PageContext page, ProjectBoard board) => Ask(language, http, page, board)).Open();
            app.MapPost(address, (HttpContext http, PageContext page, ProjectBoard board, CancellationToken cancellation) => AnswerAsync(language, http, (page, board), cancellation)).Open();
        }
    }

    private static PageResult Ask(Language language, HttpContext http, PageContext page, ProjectBoard board)
    {
        DateOnly today = Begin(language, http, page, board);
        Questionnaire questionnaire = Questionnaire.OfMexico(today);
        string sector = http.Request.Query["sector"].ToString();
        bool isKnown = questionnaire.Sectors.Contains(sector, StringComparer.Ordinal);
        return Form(StatusCodes.Status200OK, questionnaire, isKnown ? AssessmentForm.Empty(sector, today.Year - 1) : null);
    }

    private static async Task<IResult> AnswerAsync(Language language, HttpContext http, (PageContext Page, ProjectBoard Board) parts, CancellationToken cancellation)
    {
        DateOnly today = Begin(language, http, parts.Page, parts.Board);
        Questionnaire questionnaire = Questionnaire.OfMexico(today);
        IFormCollection? posted = await ReadAsync(http, cancellation);
        string sector = posted?["sector"].ToString() ?? "";
        if (posted is null || !questionnaire.Sectors.Contains(sector, StringComparer.Ordinal))
        {
            parts.Page.Title = parts.Page.T(AssessmentWords.BadFormTitle);
            return PageResult.Of<MessagePage>(StatusCodes.Status400BadRequest, new() { [nameof(MessagePage.Message)] = parts.Page.T(AssessmentWords.BadForm) });
        }

        AssessmentForm form = AssessmentForm.Of(sector, today.Year - 1, posted);
        if (posted.ContainsKey("edit"))
        {
            return Form(StatusCodes.Status200OK, questionnaire, form);
        }

        if (form.Read(questionnaire) is not { } answers)
        {
            return Form(StatusCodes.Status422UnprocessableEntity, questionnaire, form);
        }

        AssessmentResult result = SelfAssessment.Of(questionnaire, answers);
        if (posted.ContainsKey("check"))
        {
            return PageResult.Of<SelfAssessmentPage>(StatusCodes.Status200OK, new()
            {
                [nameof(SelfAssessmentPage.Questionnaire)] = questionnaire,
                [nameof(SelfAssessmentPage.Form)] = form,
                [nameof(SelfAssessmentPage.Findings)] = result.Findings,
                [nameof(SelfAssessmentPage.Notice)] = parts.Page.T(result.Findings.Count == 0 ? AssessmentWords.CheckedNothing : AssessmentWords.CheckedSome),
            });
        }

        parts.Page.Title = parts.Page.T(AssessmentWords.ResultTitle);
        return PageResult.Of<SelfAssessmentResultPage>(StatusCodes.Status200OK, new()
        {
            [nameof(SelfAssessmentResultPage.Result)] = result,
            [nameof(SelfAssessmentResultPage.Form)] = form,
            [nameof(SelfAssessmentResultPage.CanSend)] = http.RequestServices.GetService<Metering.Programme.Records.RecordStore>() is not null,
        });
    }

    private static PageResult Form(int status, Questionnaire questionnaire, AssessmentForm? form) => PageResult.Of<SelfAssessmentPage>(status, new()
    {
        [nameof(SelfAssessmentPage.Questionnaire)] = questionnaire,
        [nameof(SelfAssessmentPage.Form)] = form,
    });

    private static DateOnly Begin(Language language, HttpContext http, PageContext page, ProjectBoard board)
    {
        DateTimeOffset now = board.Clock.GetUtcNow();
        page.Begin(language, Address, now);
        page.Title = page.T(AssessmentWords.Title);
        http.Response.Headers.CacheControl = "no-store";
        return new DateOnly(now.Year, now.Month, now.Day);
    }

    internal static async Task<IFormCollection?> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is not (> 0 and <= MostBytes))
        {
            return null;
        }

        try
        {
            return await http.Request.ReadFormAsync(new FormOptions { ValueCountLimit = 500, ValueLengthLimit = 1000, KeyLengthLimit = 200 }, cancellation);
        }
        catch (InvalidDataException)
        {
            return null; // more fields or longer ones than the form has
        }
    }
}
