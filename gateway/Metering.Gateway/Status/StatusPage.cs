using System.Globalization;
using Metering.Gateway.Diagnosis;
using Metering.Gateway.Polling;

namespace Metering.Gateway.Status;

/// <summary>The page that tells at a glance whether a gateway works: a verdict, a card for each meter, each line and the gateway itself. Drawn here, without a script; it loads itself anew.</summary>
internal static class StatusPage
{
    internal const string StyleAddress = "/status.css";
    private const int RefreshSeconds = 10;
    private const int ShownHashLength = 8;

    internal static HtmlWriter Draw(GatewayStatus status, StatusView view)
    {
        HtmlWriter page = new();
        Language language = view.Language;
        Begin(page, $"{status.Gateway} · {StatusTexts.Title.In(language)}", language, RefreshSeconds);
        page.Write($"<header><h1>{status.Gateway}</h1><span class=\"soft\">{StatusTexts.Title.In(language)}</span>");
        page.Write($"<nav><a href=\"{EntryForms.ReadingAddress}?lang={language.Code()}\">{EntryForms.ReadingTitle.In(language)}</a><a href=\"{EntryForms.SwapAddress}?lang={language.Code()}\">{EntryForms.SwapTitle.In(language)}</a><a href=\"?lang={language.Other().Code()}\" hreflang=\"{language.Other().Tag()}\">{(language == Language.Spanish ? "English" : "Español")}</a></nav></header><main>");
        WriteVerdict(page, status, language);
        page.Write($"<h2>{StatusTexts.Meters.In(language)}</h2>");
        IReadOnlyList<BusSnapshot> buses = status.Polling?.Buses ?? [];
        InputSnapshot[] inputs = [.. status.Polling?.Inputs ?? [], .. status.Manual];
        if (buses.Count == 0 && inputs.Length == 0)
        {
            page.Write($"<p class=\"soft\">{StatusTexts.NoMeters.In(language)}</p>");
        }

        page.Write($"<div class=\"cards\">");
        foreach (BusSnapshot bus in buses)
        {
            foreach (MeterSnapshot meter in bus.Meters)
            {
                MeterCard.Write(page, status, bus, meter, view);
            }
        }

        WriteInputs(page, status, inputs, view);
        page.Write($"</div><h2>{StatusTexts.Lines.In(language)}</h2><div class=\"cards\">");
        foreach (BusSnapshot bus in buses)
        {
            WriteBus(page, bus, language);
        }

        page.Write($"</div><h2>{StatusTexts.Gateway.In(language)}</h2><div class=\"cards\">");
        GatewayCards.Write(page, status, language);
        string hash = status.ConfigHash[..Math.Min(ShownHashLength, status.ConfigHash.Length)];
        string now = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(status.AtUtcMilliseconds), TimeZoneInfo.Local).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        page.Write($"</div></main><footer>{StatusTexts.Versions.In(language, status.Software, hash, now)} · <a href=\"/status.json\">JSON</a> · <a href=\"/metrics\">Prometheus</a></footer></body></html>");
        return page;
    }

    /// <summary>The head of every page of the gateway.</summary>
    internal static void Begin(HtmlWriter page, string title, Language language, int? refreshSeconds)
    {
        page.Write($"<!doctype html><html lang=\"{language.Tag()}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>");
        if (refreshSeconds is int seconds)
        {
            page.Write($"<meta http-equiv=\"refresh\" content=\"{seconds}\">");
        }

        page.Write($"<link rel=\"stylesheet\" href=\"{StyleAddress}\"></head><body>");
    }

    private static void WriteVerdict(HtmlWriter page, GatewayStatus status, Language language)
    {
        HealthVerdict verdict = HealthVerdict.Of(status);
        (Mark mark, IReadOnlyList<string> words) = !verdict.IsHealthy ? (Mark.Bad(StatusTexts.NotWorking), verdict.Reasons)
            : verdict.Warnings.Count > 0 ? (Mark.Open(StatusTexts.LookAt), verdict.Warnings)
            : (Mark.Good(StatusTexts.AllWell), []);
        page.Write($"<div class=\"verdict {mark.Class}\" role=\"status\"><span aria-hidden=\"true\">{mark.Sign}</span><div>{mark.Word.In(language)}");
        if (words.Count > 0)
        {
            page.Write($"<small>{string.Join(" · ", words.Select(word => StatusTexts.OfReason(word).In(language)))}</small>");
        }

        if (status.KeptBecause is Text problem)
        {
            page.Write($"<small>{StatusTexts.ConfigurationKept.In(language)}: <code>{problem.In(language)}</code></small>");
        }

        page.Write($"</div></div>");
    }

    private static void WriteInputs(HtmlWriter page, GatewayStatus status, InputSnapshot[] inputs, StatusView view)
    {
        if (inputs.Length == 0)
        {
            return;
        }

        page.Write($"</div><h2>{StatusTexts.Inputs.In(view.Language)}</h2><div class=\"cards\">");
        foreach (InputSnapshot input in inputs)
        {
            InputCard.Write(page, status, input, view);
        }
    }

    private static void WriteBus(HtmlWriter page, BusSnapshot bus, Language language)
    {
        Mark mark = StatusTexts.Of(bus.State);
        page.Write($"<article class=\"card {mark.Class}\"><div class=\"top\"><h3>{bus.Id}</h3><span class=\"state {mark.Class}\">{mark.Sign} {mark.Word.In(language)}</span></div><p class=\"soft\"><code>{bus.Line}</code></p>");
        if (bus.Symptom is Symptom symptom)
        {
            MeterCard.WriteAdvice(page, BusFault.Of(bus.Line, symptom, bus.Problem, language), language);
        }

        page.Write($"<dl class=\"facts\"><dt>{StatusTexts.Load.In(language)}</dt><dd>{StatusTexts.Percent(bus.UtilisationPercent / 100)}</dd>");
        foreach (RateSnapshot rate in bus.Rates)
        {
            page.Write($"<dt>{StatusTexts.Cycle.In(language, StatusTexts.Short(rate.Interval))}</dt><dd>{StatusTexts.Short(rate.Cycle.Last)}, {StatusTexts.Short(rate.Cycle.P99)}</dd>");
            page.Write($"<dt>{StatusTexts.Missed.In(language)}</dt><dd>{rate.MissedSlots}</dd>");
        }

        page.Write($"<dt>{StatusTexts.ErrorRate.In(language)}</dt><dd>{StatusTexts.Percent(bus.Outcomes.FailureShare)}</dd>");
        page.Write($"<dt>{StatusTexts.Damage.In(language)}</dt><dd>{bus.Outcomes.CrcError}, {bus.Outcomes.Timeouts}</dd>");
        page.Write($"<dt>{StatusTexts.Noise.In(language)}</dt><dd>{bus.DiscardedBytes}, {bus.LateReplies}</dd></dl></article>");
    }
}
