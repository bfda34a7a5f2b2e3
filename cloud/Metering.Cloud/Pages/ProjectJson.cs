using System.Text.Json;
using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Cloud.Texts;
using Verdict = Metering.Projects.Verdict;

namespace Metering.Cloud.Pages;

/// <summary>A project's result as JSON: camelCase, ISO dates, units in fields of their own, null where there is no value.</summary>
internal static class ProjectJson
{
    /// <summary>A part of the list of projects, with the address of the next part; null at the end.</summary>
    public static byte[] List(IReadOnlyList<ProjectSummary> results, string? next) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (ProjectSummary result in results)
        {
            json.WriteStartObject();
            Summary(json, result);
            json.WriteString("href", $"/api/v1/projects/{result.Project.Id}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("next", next);
        json.WriteEndObject();
    });

    /// <summary>A project with its periods and its saving.</summary>
    public static byte[] One(ProjectResult result) => Write(json =>
    {
        json.WriteStartObject();
        Summary(json, ProjectSummary.Of(result));
        Periods(json, result.Project);
        json.WriteString("href", $"/api/v1/projects/{result.Project.Id}/result");
        json.WriteEndObject();
    });

    /// <summary>Everything shown of a project.</summary>
    public static byte[] Whole(ProjectResult result) => Write(json =>
    {
        json.WriteStartObject();
        Summary(json, ProjectSummary.Of(result));
        Periods(json, result.Project);
        Model(json, result);
        Rules(json, result);
        Days(json, result);
        Months(json, result);
        Evidence(json, result);
        json.WriteEndObject();
    });

    /// <summary>A number; null when it is not finite.</summary>
    public static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value == 0 ? 0 : value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Word of a resource.</summary>
    public static string WordOf(Resource resource) => resource switch
    {
        Resource.Electricity => "electricity",
        Resource.Water => "water",
        Resource.Gas => "gas",
        _ => "effluent",
    };

    private static byte[] Write(Action<Utf8JsonWriter> body)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            body(json);
        }

        return stream.ToArray();
    }

    private static void Summary(Utf8JsonWriter json, ProjectSummary result)
    {
        Project project = result.Project;
        json.WriteString("id", project.Id);
        Both(json, "title", project.Title);
        Both(json, "measure", project.Measure);
        json.WriteString("resource", WordOf(project.Resource));
        json.WriteStartObject("plant");
        json.WriteString("id", project.Plant.Id);
        Both(json, "name", project.Plant.Name);
        json.WriteString("sector", project.Plant.Sector);
        json.WriteString("state", project.Plant.State);
        json.WriteString("zone", project.Plant.Zone.Id);
        json.WriteBoolean("simulated", project.Plant.IsSimulated);
        json.WriteEndObject();
        json.WriteString("version", result.Version);
        json.WriteString("verdict", result.Verdict switch
        {
            Verdict.Saving => "saving",
            Verdict.NotDistinguishable => "not-distinguishable",
            Verdict.MoreUse => "more-use",
            Verdict.Refused => "refused",
            _ => "waiting",
        });
        json.WriteString("unit", result.Unit);
        json.WriteString("evidenceGrade", result.Grade?.ToString());
        Number(json, "confidencePercent", project.ConfidencePercent);
        Number(json, "saving", result.Savings?.Savings ?? double.NaN);
        Number(json, "halfWidth", result.Savings?.HalfWidth ?? double.NaN);
        Number(json, "savingPercent", result.Savings?.Percent ?? double.NaN);
        Number(json, "metered", result.Savings?.Metered ?? double.NaN);
        Number(json, "adjustedBaseline", result.Savings?.Counterfactual ?? double.NaN);
        Number(json, "probabilityOfSaving", result.Savings?.Probability ?? double.NaN);
        Number(json, "validDaysPercent", result.ValidPercent);
        json.WriteBoolean("complete", result.IsComplete);
        Reasons(json, "reasons", result.Reasons);
        Reasons(json, "warnings", result.Warnings);
    }

    private static void Both(Utf8JsonWriter json, string name, Text text)
    {
        json.WriteStartObject(name);
        foreach (Language language in Languages.All)
        {
            json.WriteString(language.Code(), text.In(language));
        }

        json.WriteEndObject();
    }

    private static void Reasons(Utf8JsonWriter json, string name, IReadOnlyList<Reason> reasons)
    {
        json.WriteStartArray(name);
        foreach (Reason reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("kind", reason.Kind.ToString());
            json.WriteString("detail", reason.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Periods(Utf8JsonWriter json, Project project)
    {
        json.WriteStartObject("periods");
        foreach ((string name, DayRange range) in (ReadOnlySpan<(string, DayRange)>)[("baseline", project.Baseline), ("installation", project.Installation), ("reporting", project.Reporting)])
        {
            json.WriteStartObject(name);
            json.WriteString("first", Iso(range.First));
            json.WriteString("last", Iso(range.Last));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Model(Utf8JsonWriter json, ProjectResult result)
    {
        if (result.Fit is not { } fit)
        {
            json.WriteNull("model");
            return;
        }

        json.WriteStartObject("model");
        json.WriteNumber("n", fit.N);
        json.WriteNumber("p", fit.P);
        Number(json, "r2", fit.R2);
        Number(json, "cvRmse", fit.CvRmse);
        Number(json, "nmbe", fit.Nmbe);
        Number(json, "lag1Autocorrelation", fit.Lag1Autocorrelation);
        Number(json, "autocorrelationUsed", result.Savings?.Autocorrelation ?? double.NaN);
        Number(json, "degreesOfFreedom", result.Savings?.DegreesOfFreedom ?? double.NaN);
        json.WriteStartArray("terms");
        for (int term = 0; term < fit.Coefficients.Count; term++)
        {
            json.WriteStartObject();
            json.WriteString("name", term == 0 ? "base-load" : fit.TermName(term - 1));
            Number(json, "coefficient", fit.Coefficients[term]);
            Number(json, "standardError", fit.StandardErrors[term]);
            Number(json, "t", fit.TStatistics[term]);
            Number(json, "pValue", fit.PValues[term]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Candidates(json, result);
        json.WriteEndObject();
    }

    private static void Candidates(Utf8JsonWriter json, ProjectResult result)
    {
        json.WriteStartArray("candidates");
        for (int index = 0; index < result.Candidates.Count; index++)
        {
            CandidateModel candidate = result.Candidates[index];
            json.WriteStartObject();
            json.WriteBoolean("chosen", index == 0);
            json.WriteString("kind", candidate.Model.ToString());
            json.WriteStartArray("terms");
            foreach (string term in candidate.Terms)
            {
                json.WriteStringValue(term);
            }

            json.WriteEndArray();
            json.WriteNumber("p", candidate.P);
            Number(json, "bic", candidate.Bic);
            Number(json, "cvRmse", candidate.CvRmse);
            Number(json, "crossValidatedCvRmse", candidate.CrossValidatedCvRmse);
            Number(json, "saving", candidate.Savings);
            json.WriteString("why", ModelTexts.Why(result.Candidates, index, Language.English));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Rules(Utf8JsonWriter json, ProjectResult result)
    {
        json.WriteStartArray("criteria");
        foreach (AcceptanceTest test in result.Tests)
        {
            json.WriteStartObject();
            json.WriteString("standard", test.Standard.ToString());
            json.WriteString("name", test.Name);
            Number(json, "value", test.Value);
            Number(json, "limit", test.Threshold);
            json.WriteString("comparison", test.Comparison switch
            {
                Comparison.AtMost => "at-most",
                Comparison.Below => "below",
                _ => "at-least",
            });
            json.WriteString("verdict", test.Pass ? "pass" : AcceptanceTexts.Applies(test) ? "fail" : "not-applicable");
            json.WriteBoolean("passes", test.Pass);
            json.WriteString("note", test.Note);
            json.WriteString("source", test.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Days(Utf8JsonWriter json, ProjectResult result)
    {
        json.WriteStartArray("days");
        foreach (ProjectDay day in result.Days)
        {
            json.WriteStartObject();
            json.WriteString("day", Iso(day.Day));
            json.WriteString("period", ProjectCsv.PhaseName(day.Phase));
            json.WriteString("data", ProjectCsv.StateName(day.State));
            Number(json, "use", day.Use);
            Number(json, "adjustedBaseline", day.Baseline);
            Number(json, "halfWidth", day.HalfWidth);
            json.WriteStartObject("drivers");
            for (int driver = 0; driver < day.Drivers.Count; driver++)
            {
                Number(json, result.Project.Drivers[driver].Id, day.Drivers[driver]);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Months(Utf8JsonWriter json, ProjectResult result)
    {
        json.WriteStartArray("months");
        foreach (MonthRow month in result.Months)
        {
            json.WriteStartObject();
            json.WriteString("month", FormattableString.Invariant($"{month.Year:0000}-{month.Month:00}"));
            Number(json, "metered", month.Metered);
            Number(json, "adjustedBaseline", month.Baseline);
            Number(json, "saving", month.Saving);
            Number(json, "halfWidth", month.HalfWidth);
            json.WriteNumber("daysCounted", month.Days);
            json.WriteNumber("daysPossible", month.PossibleDays);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Evidence(Utf8JsonWriter json, ProjectResult result)
    {
        json.WriteStartArray("channels");
        foreach (ChannelEvidence channel in result.Evidence)
        {
            json.WriteStartObject();
            json.WriteString("gateway", channel.Name.Gateway);
            json.WriteString("channel", channel.Name.Channel);
            json.WriteString("unit", channel.Channel?.Unit);
            json.WriteString("profile", channel.Channel?.Profile);
            json.WriteString("evidenceGrade", channel.Grade?.ToString());
            json.WriteNumber("readings", channel.Count);
            json.WriteNumber("usable", channel.UsableCount);
            json.WriteNumber("throughBatch", channel.ThroughBatch);
            json.WriteString("version", channel.Version);
            json.WriteStartArray("registers");
            foreach (RegisterPoint point in channel.Registers)
            {
                json.WriteStartObject();
                json.WriteString("period", ProjectCsv.PhaseName(point.Phase));
                json.WriteString("at", point.IsFirst ? "first" : "last");
                json.WriteString("utc", DateTimeOffset.FromUnixTimeMilliseconds(point.UtcMilliseconds));
                Number(json, "value", point.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Iso(DateOnly day) => FormattableString.Invariant($"{day:yyyy-MM-dd}");
}
