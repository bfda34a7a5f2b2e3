using System.Globalization;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Diagnosis;
using Metering.Gateway.Polling;

namespace Metering.Gateway.Status;

/// <summary>The card of one meter: how it stands, its main value, its last hour, and what to do when something is wrong.</summary>
internal static class MeterCard
{
    private const long Thousand = 1000;

    internal static void Write(HtmlWriter page, GatewayStatus status, BusSnapshot bus, MeterSnapshot meter, StatusView view)
    {
        Language language = view.Language;
        Mark mark = StatusTexts.Of(meter.State);
        ChannelSnapshot? shown = RecentValues.ChannelOf(meter, view.IsCounter);
        page.Write($"<article class=\"card {mark.Class}\"><div class=\"top\"><h3>{meter.Id}</h3><span class=\"state {mark.Class}\">{mark.Sign} {mark.Word.In(language)}</span></div>");
        if (shown is not null)
        {
            page.Write($"<p class=\"value\">{ValueOf(shown)} <small>{shown.Unit} · {NameOf(shown, meter)}</small></p>");
            Sparkline.Write(page, view.Recent.Points(shown.Id), StatusTexts.LastHour.In(language, shown.Id));
        }

        page.Write($"<dl class=\"facts\"><dt>{StatusTexts.LastReading.In(language)}</dt><dd>{StatusTexts.Ago(meter.LastGoodUtcMilliseconds, status.AtUtcMilliseconds, language)}</dd>");
        page.Write($"<dt>{StatusTexts.ErrorRate.In(language)}</dt><dd>{StatusTexts.Percent(meter.Outcomes.FailureShare)}</dd>");
        page.Write($"<dt>{StatusTexts.AnswerTime.In(language)}</dt><dd>{StatusTexts.Short(meter.Turnaround.P50)}</dd>");
        page.Write($"<dt>{StatusTexts.UnitAndProfile.In(language)}</dt><dd>{meter.Unit} · {meter.Profile}</dd></dl>");
        if (meter.State is MeterState.Failing or MeterState.Quarantined or MeterState.Refusing or MeterState.Disconnected)
        {
            WriteAdvice(page, AdviceFor(bus, meter, view), language);
        }

        WriteChannels(page, meter, language);
        page.Write($"</article>");
    }

    /// <summary>A channel's value with its decimals and thousands; a dash where there is none.</summary>
    internal static string ValueOf(ChannelSnapshot channel)
    {
        if (channel.ScaledValue is not long scaled)
        {
            return "–";
        }

        decimal value = scaled;
        for (int place = 0; place < channel.DecimalPlaces; place++)
        {
            value /= 10;
        }

        string format = (Math.Abs(scaled) >= Thousand ? "#,##0" : "0") + (channel.DecimalPlaces > 0 ? "." + new string('0', channel.DecimalPlaces) : "");
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>What a person can do about a meter that fails; null when its last request went well.</summary>
    internal static Advice? AdviceFor(BusSnapshot bus, MeterSnapshot meter, StatusView view)
    {
        if (!Enum.TryParse(meter.LastOutcome, ignoreCase: true, out ModbusOutcome outcome) || outcome == ModbusOutcome.Ok)
        {
            return null;
        }

        bool isTcp = !bus.Line.StartsWith('/');
        bool othersAnswer = bus.Meters.Any(other => other.State == MeterState.Healthy);
        Symptom symptom = Symptoms.Of(new ModbusReply(outcome, (byte)meter.ExceptionCode), isTcp);
        symptom = symptom == Symptom.SilenceOfUnit && othersAnswer ? Symptom.SilenceOfOneUnit : symptom;
        SymptomFacts facts = new()
        {
            Line = bus.Line,
            Target = isTcp ? $"--tcp {bus.Line}" : $"--rtu {bus.Line}",
            Unit = meter.Unit,
            Waited = StatusTexts.Short(view.TimeoutOf(bus.Id)),
            Register = meter.Plan.Count > 0 ? meter.Plan[0].Start : null,
            Detail = meter.ExceptionCode > 0
                ? meter.ExceptionCode.ToString(CultureInfo.InvariantCulture)
                : string.Join(", ", bus.Meters.Where(other => other.State == MeterState.Healthy).Select(other => other.Unit.ToString(CultureInfo.InvariantCulture))),
        };
        return Advice.For(symptom, facts, view.Language);
    }

    private static string NameOf(ChannelSnapshot channel, MeterSnapshot meter) =>
        channel.Id.StartsWith(meter.Id + ".", StringComparison.Ordinal) ? channel.Id[(meter.Id.Length + 1)..] : channel.Id;

    /// <summary>What a person can do, with causes and checks as lists; nothing where there is no advice.</summary>
    internal static void WriteAdvice(HtmlWriter page, Advice? advice, Language language)
    {
        if (advice is null)
        {
            return;
        }

        page.Write($"<div class=\"advice\"><p>{advice.What}</p>");
        WriteList(page, StatusTexts.Causes.In(language), advice.Causes);
        WriteList(page, StatusTexts.Checks.In(language), advice.Checks);
        if (advice.Command is not null)
        {
            page.Write($"<p>{StatusTexts.Try.In(language)}: <code>{advice.Command}</code></p>");
        }

        page.Write($"</div>");
    }

    private static void WriteList(HtmlWriter page, string title, IReadOnlyList<string> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        page.Write($"<p class=\"soft\">{title}</p><ol>");
        foreach (string item in items)
        {
            page.Write($"<li>{item}</li>");
        }

        page.Write($"</ol>");
    }

    private static void WriteChannels(HtmlWriter page, MeterSnapshot meter, Language language)
    {
        page.Write($"<details><summary>{StatusTexts.AllValues.In(language, meter.Channels.Count.ToString(CultureInfo.InvariantCulture))}</summary><table>");
        foreach (ChannelSnapshot channel in meter.Channels)
        {
            string quality = channel.Quality is null or "G" ? "" : $" ({channel.Quality})";
            page.Write($"<tr><td>{NameOf(channel, meter)}</td><td>{ValueOf(channel)} {channel.Unit}{quality}</td></tr>");
        }

        page.Write($"</table></details>");
    }
}
