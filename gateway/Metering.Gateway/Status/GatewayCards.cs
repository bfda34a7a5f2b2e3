using System.Globalization;
using Metering.Gateway.Witness;
using Metering.Readings;

namespace Metering.Gateway.Status;

/// <summary>The cards of the gateway itself: outbox, way to the cloud, clock and computer.</summary>
internal static class GatewayCards
{
    private const double BarWidth = 100;

    internal static void Write(HtmlWriter page, GatewayStatus status, Language language)
    {
        WriteOutbox(page, status, language);
        WriteUplink(page, status, language);
        WriteComputer(page, status, language);
    }

    private static void WriteOutbox(HtmlWriter page, GatewayStatus status, Language language)
    {
        double share = status.Outbox.MaximumLengthBytes > 0 ? Math.Clamp(status.Outbox.LengthBytes / (double)status.Outbox.MaximumLengthBytes, 0, 1) : 0;
        Mark mark = status.Outbox.IsFull || status.Outbox.IsBehindCloud
            ? Mark.Bad(StatusTexts.OfReason(status.Outbox.IsFull ? "outbox-full" : "state-directory-set-back"))
            : Mark.Good(new(es: "guardando", en: "keeping"));
        Begin(page, new Text(es: "Almacén", en: "Outbox").In(language), mark, language);
        page.Write($"<svg class=\"bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"back\" width=\"100\" height=\"4\"/><rect class=\"{(status.Outbox.IsFull ? "full" : "fill")}\" width=\"{share * BarWidth:0.##}\" height=\"4\"/></svg>");
        page.Write($"<dl class=\"facts\"><dt>{StatusTexts.OutboxFill.In(language)}</dt><dd>{StatusTexts.Bytes(status.Outbox.LengthBytes)} / {StatusTexts.Bytes(status.Outbox.MaximumLengthBytes)}</dd>");
        page.Write($"<dt>{StatusTexts.Waiting.In(language)}</dt><dd>{status.Outbox.WaitingBatches}</dd>");
        page.Write($"<dt>{StatusTexts.Refused.In(language)}</dt><dd>{status.Outbox.RefusedReadings}</dd></dl></article>");
    }

    private static void WriteUplink(HtmlWriter page, GatewayStatus status, Language language)
    {
        Mark mark = status.Witness.Open is null ? StatusTexts.Of(status.Uplink.State, status.Uplink.IsRefused) : Mark.Bad(StatusTexts.OfReason("log-does-not-continue"));
        Begin(page, StatusTexts.Broker.In(language), mark, language);
        page.Write($"<p class=\"soft\"><code>{status.Uplink.Broker}</code></p>");
        if (status.Uplink.Trouble is { } trouble)
        {
            page.Write($"<p class=\"advice\">{trouble.What.In(language)} {trouble.Remedy.In(language)}</p>");
        }

        if (status.Witness.Open is LogAlarm alarm)
        {
            page.Write($"<p class=\"advice\">{alarm.What.In(language)} {LogAlarm.Remedy.In(language)}</p>");
        }

        page.Write($"<dl class=\"facts\"><dt>{StatusTexts.LastAck.In(language)}</dt><dd>{StatusTexts.Ago(status.Uplink.LastAckUtcMilliseconds, status.AtUtcMilliseconds, language)}</dd>");
        string log = status.Witness.Last is LogStanding last
            ? StatusTexts.LogEntries.In(language, last.Size.ToString(CultureInfo.InvariantCulture), StatusTexts.Ago(last.UtcMilliseconds, status.AtUtcMilliseconds, language))
            : StatusTexts.LogUnseen.In(language);
        page.Write($"<dt>{StatusTexts.Log.In(language)}</dt><dd>{log}</dd>");
        if (status.Witness.Alarms > 0)
        {
            page.Write($"<dt>{StatusTexts.LogAlarms.In(language)}</dt><dd>{status.Witness.Alarms}</dd>");
        }

        page.Write($"</dl></article>");
    }

    private static void WriteComputer(HtmlWriter page, GatewayStatus status, Language language)
    {
        bool isLittle = status.DiskFreeBytes < HealthVerdict.LittleDiskBytes;
        Mark mark = status.IsClockSynchronised && !isLittle ? Mark.Good(new(es: "bien", en: "well")) : Mark.Open(new(es: "revise", en: "have a look"));
        Begin(page, new Text(es: "Reloj y equipo", en: "Clock and computer").In(language), mark, language);
        page.Write($"<dl class=\"facts\"><dt>{StatusTexts.Clock.In(language)}</dt><dd>{(status.IsClockSynchronised ? StatusTexts.ClockGood : StatusTexts.ClockOpen).In(language)}</dd>");
        page.Write($"<dt>{StatusTexts.DiskFree.In(language)}</dt><dd>{(status.DiskFreeBytes is long free ? StatusTexts.Bytes(free) : "–")}</dd>");
        page.Write($"<dt>{StatusTexts.Memory.In(language)}</dt><dd>{StatusTexts.Bytes(status.MemoryBytes)}</dd>");
        page.Write($"<dt>{StatusTexts.Since.In(language)}</dt><dd>{StatusTexts.Age(status.Running)}</dd></dl></article>");
    }

    private static void Begin(HtmlWriter page, string title, Mark mark, Language language) =>
        page.Write($"<article class=\"card {mark.Class}\"><div class=\"top\"><h3>{title}</h3><span class=\"state {mark.Class}\">{mark.Sign} {mark.Word.In(language)}</span></div>");
}
