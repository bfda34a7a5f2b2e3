using System.Text;
using System.Text.Json;
using Metering.Evidence.Bundle;
using Metering.Projects.Statements;
using Metering.Readings;

namespace Metering.Verifier.Bundles;

/// <summary>What changed from one bundle of a project to another: definition, decisions, data, model, saving. Neither is verified here.</summary>
internal static class BundleComparison
{
    private const int MostLines = 30;

    private static readonly (string Word, Text Title)[] Groups =
    [
        ("definition", new("Definición", "Definition")),
        ("decisions", new("Decisiones", "Decisions")),
        ("production", new("Producción", "Production")),
        ("data", new("Datos", "Data")),
        ("validation", new("Validación", "Validation")),
        ("model", new("Modelo", "Model")),
        ("saving", new("Ahorro", "Saving")),
        ("log", new("Registro de transparencia", "Log")),
    ];

    /// <summary>Compares and prints.</summary>
    /// <returns>The exit code: 0 when nothing changed, 3 otherwise.</returns>
    public static int Write(Stream left, Stream right, VerifyArguments arguments, TextWriter output)
    {
        Contents one = Contents.Of(left);
        Contents other = Contents.Of(right);
        List<(string Group, JsonDifference Difference)> changes = [.. Groups.SelectMany(group => Changes(group.Word, one, other).Take(MostLines).Select(change => (group.Word, change)))];
        if (arguments.IsJson)
        {
            output.WriteLine(Encoding.UTF8.GetString(StatementJson.Write(json =>
            {
                json.WriteString("kind", "diff");
                json.WriteBoolean("same", changes.Count == 0);
                json.WriteString("log", LogGrowth.Of(one.Log, other.Log).Word);
                json.Objects("changes", changes, change =>
                {
                    json.WriteString("group", change.Group);
                    json.WriteString("path", change.Difference.Path);
                    json.WriteString("from", change.Difference.Left);
                    json.WriteString("to", change.Difference.Right);
                });
            })).TrimEnd());
        }
        else
        {
            WriteText(changes, LogGrowth.Of(one.Log, other.Log), arguments.Language, output);
        }

        return changes.Count == 0 ? VerifyCommand.Verified : VerifyCommand.DoesNotMatch;
    }

    private static void WriteText(List<(string Group, JsonDifference Difference)> changes, LogGrowth growth, Language language, TextWriter output)
    {
        foreach ((string word, Text title) in Groups)
        {
            if (word == "log")
            {
                output.WriteLine($"{title.In(language)}: {growth.Sentence.In(language)}");
                continue;
            }

            JsonDifference[] own = [.. changes.Where(change => change.Group == word).Select(change => change.Difference)];
            output.WriteLine(own.Length == 0 ? $"{title.In(language)}: {new Text("sin cambio", "unchanged").In(language)}" : $"{title.In(language)}:");
            foreach (JsonDifference change in own)
            {
                output.WriteLine($"  {change.Path}: {change.Left} -> {change.Right}");
            }
        }
    }

    private static IEnumerable<JsonDifference> Changes(string group, Contents one, Contents other) => group switch
    {
        "definition" => JsonDifference.All(one.Plan, other.Plan, ""),
        "decisions" => JsonDifference.All(one.Decisions, other.Decisions, "decisions"),
        "production" => JsonDifference.All(one.Production, other.Production, "production"),
        "data" => JsonDifference.All(one.Result.GetProperty("channels"), other.Result.GetProperty("channels"), "channels"),
        "validation" => JsonDifference.All(one.Validation, other.Validation, ""),
        "log" => LogGrowth.Of(one.Log, other.Log) is var growth && growth.IsSound ? [] : [new("log", growth.Word, "-")],
        "model" => JsonDifference.All(one.Result.GetProperty("model"), other.Result.GetProperty("model"), "model"),
        _ => [.. JsonDifference.All(one.Result.GetProperty("verdict"), other.Result.GetProperty("verdict"), "verdict"), .. JsonDifference.All(one.Result.GetProperty("saving"), other.Result.GetProperty("saving"), "saving")],
    };

    /// <summary>What is compared of a bundle.</summary>
    private sealed record Contents(JsonElement Result, JsonElement Validation, JsonElement Plan, JsonElement Decisions, JsonElement Production, LogGrowth.Side Log)
    {
        public static Contents Of(Stream stream)
        {
            BundleFile file = BundleFile.Open(stream);
            JsonElement result = Parse(file.Read(BundleNames.Result, ResultStatement.MaximumLength));
            try
            {
                ResultSources sources = ResultStatement.SourcesOf(result);
                return new(result, Parse(file.Read(BundleNames.Validation, ResultStatement.MaximumLength)), Body(file, sources.Plan), Bodies(file, sources.Decisions), Bodies(file, sources.Production), LogGrowth.SideOf(file));
            }
            catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new WireFormatException($"result.json is no result ({e.Message})", e);
            }
        }

        private static JsonElement Bodies(BundleFile file, IReadOnlyList<long> indices) =>
            Parse(Encoding.UTF8.GetBytes("[" + string.Join(',', indices.Select(index => Body(file, index).GetRawText())) + "]"));

        private static JsonElement Body(BundleFile file, long index)
        {
            byte[] bytes = file.Read(BundleNames.BodyOf(index), 2 * StatementJson.MaximumLength);
            return Parse(bytes[(bytes.AsSpan().IndexOf((byte)'\n') + 1)..]);
        }

        private static JsonElement Parse(byte[] bytes)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(bytes);
                return document.RootElement.Clone();
            }
            catch (JsonException e)
            {
                throw new WireFormatException("a file that must be JSON is none", e);
            }
        }
    }
}
