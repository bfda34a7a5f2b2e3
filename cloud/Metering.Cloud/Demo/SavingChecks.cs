using System.Globalization;
using System.Text.Json;

namespace Metering.Cloud.Demo;

/// <summary>The savings that the pages show, against the savings that the simulator built in.</summary>
internal sealed class SavingChecks(DemoTexts texts, DemoFolder folder, string address)
{
    private const string NotSignificantPlant = "san-luis-hotel";
    private const double PartsTolerance = 1e-9;

    /// <summary>Asks the cloud as a reader would, and leaves the answers among the exports.</summary>
    public async Task<List<CheckLine>> RunAsync(JsonElement truth, CancellationToken cancellationToken)
    {
        using HttpClient client = new() { BaseAddress = new Uri(address) };
        _ = await client.GetStringAsync(new Uri("/", UriKind.Relative), cancellationToken); // the printed address opens as staff
        List<CheckLine> lines = [];
        foreach (JsonElement known in truth.GetProperty("projects").EnumerateArray())
        {
            string id = known.GetProperty("id").GetString()!;
            string text = await client.GetStringAsync(new Uri($"/api/v1/projects/{id}.json", UriKind.Relative), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.Exports, id + ".json"), text, cancellationToken);
            foreach (string language in (string[])["es", "en"])
            {
                string page = await client.GetStringAsync(new Uri($"/{language}/projects/{id}", UriKind.Relative), cancellationToken);
                await File.WriteAllTextAsync(Path.Combine(folder.Exports, $"{id}.{language}.html"), page, cancellationToken);
            }

            using JsonDocument project = JsonDocument.Parse(text);
            lines.Add(TruthInside(id, known, project.RootElement));
            if (known.GetProperty("gateway").GetString() == NotSignificantPlant)
            {
                string verdict = project.RootElement.GetProperty("verdict").GetString()!;
                lines.Add(new(texts.NotSignificant, verdict == "not-distinguishable", $"{id}: {verdict}"));
            }
        }

        return lines;
    }

    private CheckLine TruthInside(string id, JsonElement known, JsonElement project)
    {
        string name = $"{id}: {texts.TruthInside}";
        JsonElement saving = project.GetProperty("saving");
        JsonElement halfWidth = project.GetProperty("halfWidth");
        if (saving.ValueKind != JsonValueKind.Number || halfWidth.ValueKind != JsonValueKind.Number)
        {
            return new(name, false, string.Join("; ", project.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("detail").GetString())));
        }

        double trueSaving = known.GetProperty("trueSaving").GetDouble();
        bool inside = Math.Abs(saving.GetDouble() - trueSaving) <= halfWidth.GetDouble();
        double months = project.GetProperty("months").EnumerateArray().Sum(month => month.GetProperty("saving").GetDouble());
        bool partsAgree = Math.Abs(months - saving.GetDouble()) <= PartsTolerance * Math.Abs(project.GetProperty("adjustedBaseline").GetDouble());
        string unit = project.GetProperty("unit").GetString()!;
        string detail = string.Create(
            CultureInfo.InvariantCulture,
            $"{SelfCheck.Group(trueSaving)} ∈ {SelfCheck.Group(saving.GetDouble())} ± {SelfCheck.Group(halfWidth.GetDouble())} {unit}");
        return new(name, inside && partsAgree, partsAgree ? detail : detail + $", Σ = {SelfCheck.Group(months)}");
    }
}
