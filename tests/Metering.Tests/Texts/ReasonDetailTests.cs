using System.Text.RegularExpressions;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Cloud.Texts;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Texts;

public sealed partial class ReasonDetailTests
{
    private const string Driver = "The driver '7' is outside the baseline's range 7 to 7 by more than 7 % of it in 7 of 7 reporting rows (it reaches 7 to 7)";
    private const string LeftOut = "7 of 7 reporting rows have an operating mode, or stand at a time of the week, that the baseline does not hold";

    [Fact]
    public void Every_sentence_that_the_models_write_is_known_in_Spanish()
    {
        List<string> unknown = [];
        int found = 0;
        foreach (string file in new[] { "Baselines", "Savings", "Towt", "CalTrack" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, "cloud", "Metering.Analytics", folder), "*.cs")))
        {
            foreach (Match match in Sentence().Matches(File.ReadAllText(file)))
            {
                string written = match.Groups[1].Value.Replace("{Invariant(text)}", file.Contains("Towt", StringComparison.Ordinal) ? LeftOut : Driver, StringComparison.Ordinal).Replace("{(sorted ? \"in order\" : \"out of order and were sorted\")}", "in order", StringComparison.Ordinal);
                string sample = Hole().Replace(written, "7");
                found++;
                if (new Reason(ReasonKind.EmptyPeriod, sample).In(Language.Spanish) is null)
                {
                    unknown.Add(sample);
                }
            }
        }

        Assert.True(unknown.Count == 0, string.Join('\n', unknown));
        Assert.True(found >= 75, $"only {found} sentences were found in the sources");
    }

    [Fact]
    public void Every_sentence_of_a_finding_in_a_register_is_known_in_Spanish()
    {
        string[] found = [.. Directory.GetFiles(Path.Combine(Repository.Root, "cloud", "Metering.Analytics", "Intervals"), "*.cs")
            .SelectMany(file => FindingSentence().Matches(File.ReadAllText(file))).Select(match => Hole().Replace(match.Groups[1].Value, "7"))];
        Assert.True(found.Length >= 17, $"only {found.Length} sentences were found in the sources");
        Assert.All(found, sentence => Assert.NotEqual(sentence, IntervalTexts.Detail(new(FindingKind.Gap, 0, sentence))));
    }

    [Fact]
    public void Every_source_of_a_criterion_is_told_in_Spanish()
    {
        List<string> sources = [];
        foreach (string name in new[] { "AcceptanceTables.cs", "SepTests.cs" })
        {
            string text = File.ReadAllText(Path.Combine(Repository.Root, "cloud", "Metering.Analytics", "Acceptance", name));
            sources.AddRange(SourceLine().Matches(text).Select(match => match.Groups[1].Value));
        }

        Assert.Equal(6, sources.Count);
        Assert.All(sources, source => Assert.Equal(source, AcceptanceTexts.Source(source).In(Language.English)));
        Assert.Equal(["CalTRACK 2.0, 4.3.2"], sources.Where(source => AcceptanceTexts.Source(source).In(Language.Spanish) == source)); // a number of a clause has no language
    }

    [Fact]
    public void Both_languages_hold_the_same_places_and_every_kind_of_reason_has_its_words()
    {
        Assert.All(ReasonDetails.All, text => Assert.Equal(
            Place().Matches(text.In(Language.English)).Select(match => match.Value).Order(StringComparer.Ordinal),
            Place().Matches(text.In(Language.Spanish)).Select(match => match.Value).Order(StringComparer.Ordinal)));
        Text other = ReasonTexts.Of((ReasonKind)9999);
        Assert.All(Enum.GetValues<ReasonKind>(), kind => Assert.NotEqual(other, ReasonTexts.Of(kind)));
    }

    [Theory]
    [InlineData("Usable rows cover 43.2 % of the baseline period (120 of 278); the limit is 50 %. Fill the gaps from the meter, or shorten the period.",
        "Los días utilizables cubren 43.2 % del periodo de línea base (120 de 278); el límite es 50 %. Complete los huecos con el medidor, o acorte el periodo.")]
    [InlineData("The driver 'hides' is infinite in 3 rows of the reporting period. Leave missing values blank.", "Hay valores infinitos (variable «hides») en 3 días del periodo de reporte. Deje vacío lo que falte.")]
    [InlineData("The driver 'hides' is outside the baseline's range 0 to 10 by more than 10 % of it in 4 of 9 reporting rows (it reaches 0 to 30).",
        "La variable «hides» sale del intervalo de la línea base, de 0 a 10, por más del 10 % de él en 4 de 9 días de reporte (va de 0 a 30).")]
    [InlineData("Too few hours are usable in May, June: CalTRACK needs more than 90 % of the hours of every month and of its neighbours. Fill the gaps from the meter, or choose a baseline of a whole year.",
        "En mayo, junio hay muy pocas horas utilizables: CalTRACK pide más de 90 % de las horas de cada mes y de sus vecinos. Complete los huecos con el medidor, o elija una línea base de un año completo.")]
    [InlineData("Rows stand 24 h apart; this model needs rows of one hour, or of a part of it. Choose intervals of that length.",
        "Los renglones distan 24 h entre sí; este modelo necesita renglones de una hora, o de una parte de ella. Elija intervalos de esa duración.")]
    [InlineData("A sentence that nobody wrote.", null)]
    public void The_figures_of_a_sentence_stand_in_both_languages(string english, string? spanish)
    {
        Reason reason = new(ReasonKind.LowCoverage, english);
        Assert.Equal((spanish, english), (reason.In(Language.Spanish), reason.In(Language.English)));
    }

    [GeneratedRegex(@"ReasonKind\.\w+,\s*(?:string\.Create\(CultureInfo\.InvariantCulture,\s*)?\$?""((?:\{[^{}]*\}|[^""\\]|\\.)*)""")]
    private static partial Regex Sentence();

    // Sentences that end with a full stop behind "findings.Add", "new IntervalFinding" or as a detail; sentences of exceptions are not among them.
    [GeneratedRegex(@"(?:string\.Create\(\s*CultureInfo\.InvariantCulture,\s*\$|, 0, )""((?:\{(?:[^{}""]|""[^""]*"")*\}|[^""\\])*\.)""")]
    private static partial Regex FindingSentence();

    [GeneratedRegex(@"private const string (?:Guideline14|Guideline14Whole|NmecPractice|CalTrackText|Own|Source) = ""([^""]+)"";")]
    private static partial Regex SourceLine();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
