using System.Text.Json;
using Metering.Analytics.Intervals;

namespace Metering.Projects.Statements;

/// <summary>The tables of a result: months, steps, events, indicators, load, channels, days.</summary>
internal static partial class ResultStatement
{
    private static void WriteMonths(Utf8JsonWriter json, ProjectResult result) => json.Objects("months", result.Months, month =>
    {
        json.WriteNumber("year", month.Year);
        json.WriteNumber("month", month.Month);
        json.Number("metered", month.Metered);
        json.Number("baseline", month.Baseline);
        json.Number("saving", month.Saving);
        json.Number("halfWidth", month.HalfWidth);
        json.WriteNumber("days", month.Days);
        json.WriteNumber("possibleDays", month.PossibleDays);
    });

    private static void WriteWaterfall(Utf8JsonWriter json, WaterfallAnalysis? steps)
    {
        if (steps is null)
        {
            json.WriteNull("waterfall");
            return;
        }

        json.WriteStartObject("waterfall");
        json.Number("baseline", steps.Baseline);
        json.Number("routine", steps.Routine);
        json.Number("events", steps.Events);
        json.Number("saving", steps.Saving);
        json.Number("metered", steps.Metered);
        json.Number("register", steps.Register);
        json.WriteEndObject();
    }

    private static void WriteEvents(Utf8JsonWriter json, ProjectResult result) => json.Objects("events", result.Events, told =>
    {
        json.WriteString("kind", StatementJson.Word(told.Event.Kind));
        json.WriteString("period", StatementJson.Word(told.Event.Period));
        json.WriteNumber("fromUtc", told.Event.FromUtcMilliseconds);
        json.Whole("toUtc", told.Event.ToUtcMilliseconds);
        json.WriteNumber("lastUtc", told.Event.LastUtcMilliseconds);
        json.Number("sizePerDay", told.Event.SizePerInterval);
        json.Number("sizeHalfWidth", told.Event.SizeHalfWidth);
        json.Number("total", told.Event.Total);
        json.WriteString("decision", told.Decision is { } decision ? StatementJson.Word(decision.Kind) : null);
        json.WriteString("reason", told.Decision?.Reason);
        json.WriteBoolean("applied", told.IsApplied);
        WriteStated(json, "with", told.With);
        WriteStated(json, "without", told.Without);
    });

    private static void WriteIndicators(Utf8JsonWriter json, ProjectResult result) => json.Objects("indicators", ProjectIndicators.Of(result), indicator =>
    {
        json.WriteString("name", indicator.Name);
        json.WriteString("driver", indicator.Driver);
        json.WriteString("unit", indicator.Unit);
        json.Number("baseline", indicator.Baseline);
        json.Number("reporting", indicator.Reporting);
        json.Number("changePercent", indicator.ChangePercent);
    });

    private static void WriteLoad(Utf8JsonWriter json, ProjectResult result) => json.Objects("load", result.Load, load =>
    {
        json.WriteString("phase", StatementJson.Word(load.Phase));
        json.Number("base", load.Base);
        json.Number("night", load.Night);
        json.Number("mean", load.Mean);
        json.WriteNumber("quarters", load.Count);
        json.Numbers("exceeded", load.Exceeded);
    });

    private static void WriteChannels(Utf8JsonWriter json, ProjectResult result, ResultSources sources)
    {
        ChannelEvidence[] known = [.. result.Evidence.Where(channel => channel.Channel is not null)];
        char? grade = known.Length == 0 ? null : EvidenceGrade.Weakest(known.Select(channel => GradeOf(channel, sources)));
        json.WriteString("grade", grade?.ToString());
        json.Objects("channels", result.Evidence, channel =>
        {
            json.WriteString("gateway", channel.Name.Gateway);
            json.WriteString("channel", channel.Name.Channel);
            json.WriteString("unit", channel.Channel?.Unit);
            json.WriteString("decimals", channel.Channel?.DecimalsText);
            json.WriteString("kind", channel.Channel is { } about ? StatementJson.Word(about.Kind) : null);
            json.Whole("modulus", channel.Channel?.Modulus);
            json.WriteString("grade", channel.Channel is null ? null : GradeOf(channel, sources).ToString());
            json.WriteNumber("readings", channel.Count);
            json.WriteNumber("usable", channel.UsableCount);
            json.WriteString("version", channel.Version);
            json.Objects("registers", channel.Registers, point =>
            {
                json.WriteString("phase", StatementJson.Word(point.Phase));
                json.WriteBoolean("first", point.IsFirst);
                json.WriteNumber("utc", point.UtcMilliseconds);
                json.Number("value", point.Value);
            });
        });
    }

    // The start of each day stands in the result, so that a machine with other rules of time zones is told apart from other readings.
    private static void WriteDays(Utf8JsonWriter json, ProjectResult result)
    {
        json.WriteStartArray("driverUnits");
        foreach (string unit in result.DriverUnits)
        {
            json.WriteStringValue(unit);
        }

        json.WriteEndArray();
        json.Objects("days", result.Days, day =>
        {
            json.Day("day", day.Day);
            json.WriteNumber("startUtc", PlantCalendar.StartOfDay(day.Day, result.Project.Plant.Zone));
            json.WriteString("phase", StatementJson.Word(day.Phase));
            json.WriteString("state", StatementJson.Word(day.State));
            json.Number("use", day.Use);
            json.Number("baseline", day.Baseline);
            json.Number("halfWidth", day.HalfWidth);
            json.Numbers("drivers", day.Drivers);
        });
    }

    private static char GradeOf(ChannelEvidence channel, ResultSources sources) => EvidenceGrade.OfChannel(
        channel.Channel!, [sources.Grades.GetValueOrDefault(channel.Name.Gateway, EvidenceGrade.Lowest)], channel.ManualReadings, sources.Entries.GetValueOrDefault(channel.Name) ?? []);
}
