using System.Globalization;
using System.Text.Json;

namespace Metering.Verifier.Bundles;

/// <summary>Where two JSON texts differ.</summary>
/// <param name="Path">Such as "months[3].saving".</param>
/// <param name="Left">What the first has there; "-" for nothing.</param>
/// <param name="Right">What the second has there.</param>
internal sealed record JsonDifference(string Path, string Left, string Right)
{
    private const int LongestText = 120;

    /// <summary>The first difference in the order of the first text; null when there is none.</summary>
    public static JsonDifference? First(JsonElement left, JsonElement right) => All(left, right, "").FirstOrDefault();

    /// <summary>All differences, in order.</summary>
    public static IEnumerable<JsonDifference> All(JsonElement left, JsonElement right, string path)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return [new(Name(path), Text(left), Text(right))];
        }

        return left.ValueKind switch
        {
            JsonValueKind.Object => OfObjects(left, right, path),
            JsonValueKind.Array => OfArrays(left, right, path),
            _ => left.GetRawText() == right.GetRawText() ? [] : [new(Name(path), Text(left), Text(right))],
        };
    }

    private static IEnumerable<JsonDifference> OfObjects(JsonElement left, JsonElement right, string path)
    {
        foreach (JsonProperty member in left.EnumerateObject())
        {
            string inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!right.TryGetProperty(member.Name, out JsonElement other))
            {
                yield return new(inner, Text(member.Value), "-");
                continue;
            }

            foreach (JsonDifference difference in All(member.Value, other, inner))
            {
                yield return difference;
            }
        }

        foreach (JsonProperty member in right.EnumerateObject())
        {
            if (!left.TryGetProperty(member.Name, out _))
            {
                yield return new(path.Length == 0 ? member.Name : $"{path}.{member.Name}", "-", Text(member.Value));
            }
        }
    }

    private static IEnumerable<JsonDifference> OfArrays(JsonElement left, JsonElement right, string path)
    {
        (int leftCount, int rightCount) = (left.GetArrayLength(), right.GetArrayLength());
        int place = 0;
        foreach ((JsonElement one, JsonElement other) in left.EnumerateArray().Zip(right.EnumerateArray()))
        {
            foreach (JsonDifference difference in All(one, other, string.Create(CultureInfo.InvariantCulture, $"{path}[{place}]")))
            {
                yield return difference;
            }

            place++;
        }

        if (leftCount != rightCount)
        {
            yield return new($"{path}.length", leftCount.ToString(CultureInfo.InvariantCulture), rightCount.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Name(string path) => path.Length == 0 ? "." : path;

    private static string Text(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= LongestText ? text : text[..LongestText] + "...";
    }
}
