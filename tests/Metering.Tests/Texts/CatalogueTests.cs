using System.Reflection;
using System.Text.RegularExpressions;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Cloud.Texts;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Texts;

public sealed partial class CatalogueTests
{
    // The same word in both languages.
    private static readonly string[] Alike = ["Total", "Gas", "Hotel", "Hospital", "Gateway", "Gateways", "no"];

    public static TheoryData<string> Names()
    {
        TheoryData<string> names = [];
        foreach (FieldInfo field in typeof(Words).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            names.Add(field.Name);
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_text_is_there_in_both_languages_with_the_same_places(string name)
    {
        Text text = Assert.IsType<Text>(typeof(Words).GetField(name)?.GetValue(null));
        string spanish = text.In(Language.Spanish);
        string english = text.In(Language.English);
        Assert.True(spanish != english || Alike.Contains(spanish), $"{name} is '{spanish}' in both languages");
        Assert.Equal(Places(spanish), Places(english));
    }

    [Fact]
    public void A_text_without_one_of_its_languages_cannot_be_made()
    {
        Assert.Throws<ArgumentException>(() => new Text("solo español", " "));
        Assert.Throws<ArgumentException>(() => new Text("", "only English"));
    }

    [Fact]
    public void Every_reason_finding_and_quality_has_its_own_words()
    {
        AssertDistinct(Enum.GetValues<ReasonKind>().Select(ReasonTexts.Of));
        AssertDistinct(Enum.GetValues<FindingKind>().Select(ReasonTexts.Of));
        AssertDistinct(Enum.GetValues<QualityReason>().Select(ReasonTexts.Of));
        AssertDistinct(Enum.GetValues<QualityClass>().Select(ReasonTexts.Of));
    }

    [Theory]
    [InlineData("en-US,en;q=0.9", "en")]
    [InlineData("es-MX,es;q=0.9,en;q=0.8", "es")]
    [InlineData("en;q=0.5, es;q=0.7", "es")]
    [InlineData("fr,en;q=0.2", "en")]
    [InlineData("de", "es")]
    [InlineData("en;q=nonsense", "es")]
    [InlineData(null, "es")]
    public void The_language_follows_the_weights_the_browser_gives(string? header, string code) =>
        Assert.Equal(code, Languages.Preferred(header).Code());

    private static void AssertDistinct(IEnumerable<Text> texts)
    {
        List<string> words = [.. texts.Select(text => text.In(Language.Spanish))];
        Assert.Equal(words.Count, words.Distinct(StringComparer.Ordinal).Count());
    }

    private static string[] Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
