using System.Text;
using Metering.Gateway.Metrics;

namespace Metering.Gateway.Status;

/// <summary>Which address shows what. Without a token where one is wanted: the word of /health, the style sheet and the log-in form.</summary>
internal sealed class StatusSite(Func<GatewayStatus> take, StatusAccess access, GatewayMetrics metrics, EntryForms forms, Func<Language, StatusView> viewIn)
{
    internal ValueTask<HttpReply> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Answer(request));
    }

    private HttpReply Answer(HttpRequest request)
    {
        if (!StatusAccess.IsOwnHost(request.Header("host")))
        {
            return HttpReply.Text(421, "this address is not the gateway's");
        }

        Language language = LanguageOf(request);
        if (request.Path == StatusPage.StyleAddress)
        {
            return new() { ContentType = "text/css; charset=utf-8", Body = Encoding.UTF8.GetBytes(StatusStyle.Css), IsLasting = true };
        }

        bool mayLook = access.MayLook(request);
        if (request.Path == "/health")
        {
            HealthVerdict verdict = HealthVerdict.Of(take());
            return Json(StatusJson.Health(verdict, mayLook)) with { Status = verdict.IsHealthy ? 200 : 503 };
        }

        if (request.Path == "/login" && access.IsGuarded)
        {
            return LogIn(request, language);
        }

        if (!mayLook)
        {
            return request.Path == "/" && request.Header("authorization") is null
                ? HttpReply.See("/login")
                : HttpReply.Text(access.IsThrottled(request.Peer) ? 429 : 401, "the page's token is needed: Authorization: Bearer TOKEN, see statusPage.tokenFile");
        }

        if (request.Path is EntryForms.ReadingAddress or EntryForms.SwapAddress)
        {
            return forms.Answer(request, language);
        }

        if (request.Method == "POST")
        {
            return HttpReply.Text(405, "there is nothing to send here");
        }

        return request.Path switch
        {
            "/" => HttpReply.Html(StatusPage.Draw(take(), viewIn(language))),
            "/status.json" => Json(StatusJson.Write(take())),
            "/metrics" => new() { ContentType = PrometheusText.ContentType, Body = metrics.Write() },
            _ => HttpReply.Text(404, "there is no such page; try /"),
        };
    }

    private static HttpReply Json(byte[] body) => new() { ContentType = "application/json; charset=utf-8", Body = body };

    private static Language LanguageOf(HttpRequest request) =>
        Languages.TryParse(request.Query("lang"), out Language language) ? language : Languages.Preferred(request.Header("accept-language"));

    private HttpReply LogIn(HttpRequest request, Language language)
    {
        Text? problem = null;
        if (request.Method == "POST")
        {
            IReadOnlyDictionary<string, string> form = request.Form();
            if (!access.IsOwnForm(request, form.GetValueOrDefault("secret")))
            {
                return HttpReply.Text(403, "the form is too old or comes from another page; open /login again");
            }

            if (access.LogIn(form.GetValueOrDefault("token") ?? "", request.Peer) is string cookie)
            {
                return HttpReply.See("/") with { SetCookie = cookie };
            }

            problem = access.IsThrottled(request.Peer) ? StatusTexts.Throttled : StatusTexts.WrongToken;
        }

        HtmlWriter page = new();
        StatusPage.Begin(page, StatusTexts.LogIn.In(language), language, refreshSeconds: null);
        page.Write($"<main><h2>{StatusTexts.LogIn.In(language)}</h2>");
        if (problem is not null)
        {
            page.Write($"<p class=\"bad\" role=\"alert\">✖ {problem.In(language)}</p>");
        }

        page.Write($"<form method=\"post\" action=\"/login?lang={language.Code()}\"><input type=\"hidden\" name=\"secret\" value=\"{access.FormSecret(request)}\"><label>{StatusTexts.Token.In(language)}<input type=\"password\" name=\"token\" autocomplete=\"current-password\" required></label><button>{StatusTexts.LogIn.In(language)}</button></form></main></body></html>");
        return HttpReply.Html(page, problem is null ? 200 : 401);
    }
}
