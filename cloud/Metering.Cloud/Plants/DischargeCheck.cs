using System.Globalization;
using System.Text;
using Metering.Analytics.CountryPacks;
using Metering.Programme.Kinds;

namespace Metering.Cloud.Plants;

/// <summary>A lab result held against one limit.</summary>
/// <param name="Result">The result.</param>
/// <param name="Limit">The row of the country pack.</param>
/// <param name="Name">Which kind of limit it is.</param>
/// <param name="IsOutside">Whether the value lies outside; a value below its limit of detection never does.</param>
internal sealed record DischargeCheck(LabResult Result, PackRow Limit, Text Name, bool IsOutside)
{
    // As laboratories and the register write them, without marks and blanks; the right side is the country pack's word.
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["dqo"] = "cod", ["cod"] = "cod",
        ["sst"] = "tss", ["tss"] = "tss", ["solidossuspendidostotales"] = "tss",
        ["gya"] = "oil-and-grease", ["grasasyaceites"] = "oil-and-grease", ["oilandgrease"] = "oil-and-grease",
        ["solidossedimentables"] = "settleable-solids", ["settleablesolids"] = "settleable-solids",
        ["ph"] = "ph", ["temperatura"] = "temperature", ["temperature"] = "temperature",
        ["as"] = "arsenic", ["arsenico"] = "arsenic", ["arsenic"] = "arsenic",
        ["cd"] = "cadmium", ["cadmio"] = "cadmium", ["cadmium"] = "cadmium",
        ["crvi"] = "chromium-vi", ["cromohexavalente"] = "chromium-vi", ["hexavalentchromium"] = "chromium-vi",
        ["cn"] = "cyanide", ["cianuros"] = "cyanide", ["cianuro"] = "cyanide", ["cyanide"] = "cyanide",
        ["pb"] = "lead", ["plomo"] = "lead", ["lead"] = "lead",
        ["cu"] = "copper", ["cobre"] = "copper", ["copper"] = "copper",
        ["hg"] = "mercury", ["mercurio"] = "mercury", ["mercury"] = "mercury",
        ["ni"] = "nickel", ["niquel"] = "nickel", ["nickel"] = "nickel",
        ["zn"] = "zinc", ["zinc"] = "zinc",
        ["nitrogenototal"] = "nitrogen", ["nitrogen"] = "nitrogen", ["fosforototal"] = "phosphorus", ["phosphorus"] = "phosphorus",
    };

    /// <summary>
    /// A result against the limits of its kind of sample: a grab against instant limits, a composite against daily ones. Monthly means need the flow and are judged in reports.
    /// </summary>
    /// <param name="result">The result.</param>
    /// <param name="discharge">Where the effluent goes; other places than sewers and national waters have no limits in the pack.</param>
    public static IReadOnlyList<DischargeCheck> Of(LabResult result, DischargeKind? discharge)
    {
        if (PrefixOf(discharge) is not { } prefix || ParameterOf(result.Parameter) is not { } parameter)
        {
            return [];
        }

        PackTable table = CountryPack.Mexico.Table("discharge-limits");
        (string kind, Text name) = result.Sample == SampleKind.Instant ? ("instant", AlarmWords.LimitInstant) : ("day", AlarmWords.LimitDaily);
        List<DischargeCheck> checks = [];
        foreach ((string id, Text shown, bool isLow) in new[]
        {
            ($"{prefix}.{parameter}.{kind}", name, false), ($"{prefix}.{parameter}.any", AlarmWords.LimitAny, false), ($"{prefix}.{parameter}-min.any", AlarmWords.LimitAny, true),
        })
        {
            if (table.At(id, result.SampledOn).Row is { Value: { } limit } row && row.Unit == (result.Value.Unit == "Cel" ? "degC" : result.Value.Unit))
            {
                checks.Add(new(result, row, shown, !result.IsBelowLimit && (isLow ? result.Value.Amount < limit : result.Value.Amount > limit)));
            }
        }

        return checks;
    }

    /// <summary>Norm and receiving body of a discharge as the ids of the country pack begin; null where the pack has no limits.</summary>
    public static string? PrefixOf(DischargeKind? discharge) =>
        discharge switch { DischargeKind.Sewer => "nom-002-1996.municipal-sewer", DischargeKind.NationalWater => "nom-001-2021.river", _ => null };

    /// <summary>The country pack's word for a parameter as people write it; null when it has none.</summary>
    public static string? ParameterOf(string written) => Parameters.GetValueOrDefault(Plain(written));

    private static string Plain(string text)
    {
        StringBuilder plain = new();
        foreach (char character in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                _ = plain.Append(char.ToLower(character, CultureInfo.InvariantCulture));
            }
        }

        return plain.ToString();
    }
}
