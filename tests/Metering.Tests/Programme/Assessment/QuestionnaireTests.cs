using Metering.Analytics.CountryPacks;
using Metering.Programme.Assessment;
using Xunit;

namespace Metering.Tests.Programme.Assessment;

public sealed class QuestionnaireTests
{
    private static readonly DateOnly Day = new(2026, 11, 1);
    private static readonly Questionnaire Mexico = Questionnaire.OfMexico(Day);

    [Fact]
    public void The_questionnaire_of_Mexico_has_five_sectors_and_twelve_modules()
    {
        Assert.Equal(["tanning", "automotive", "chemical", "hospital", "hotel"], Mexico.Sectors);
        Assert.Equal(12, Mexico.Modules.Count);
        Assert.True(Mexico.Questions.Count >= 40, $"{Mexico.Questions.Count} questions");
        Assert.Matches("^[0-9a-f]{12}$", Mexico.Fingerprint);
    }

    [Fact]
    public void Every_practice_leads_to_a_measure_and_every_module_is_reached()
    {
        HashSet<string> asked = [.. Mexico.Rules.SelectMany(rule => rule.Conditions).Where(condition => condition.Question is not null).Select(condition => condition.Question!.Id)];
        Assert.All(Mexico.Questions.Where(question => question.Kind == QuestionKind.Practice), question => Assert.Contains(question.Id, asked));
        Assert.Equal(Mexico.Modules.Select(module => module.Id), Mexico.Rules.Select(rule => rule.Module.Id).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_measure_of_the_catalogue_is_recommended_by_some_rule_with_its_figures()
    {
        IEnumerable<string> catalogue = CountryPack.Mexico.Table("measures").Rows.Select(row => row["sector"] + "." + row["measure"]).Distinct();
        Assert.All(catalogue, id => Assert.NotEmpty(Assert.Single(Mexico.Rules.Select(rule => rule.Measure).Distinct(), measure => measure.Id == id).Effects));
        Assert.All(Mexico.Measures, measure => Assert.Contains(Mexico.Rules, rule => rule.Measure == measure));
    }

    [Fact]
    public void A_sector_sees_the_common_questions_and_its_own()
    {
        IReadOnlyList<Question> hotel = Mexico.Of("hotel");
        Assert.Equal("hotel.output", hotel[0].Id);
        Assert.Contains(hotel, question => question.Id == "hotel.fittings");
        Assert.DoesNotContain(hotel, question => question.Sector is not ("common" or "hotel"));
    }

    [Theory]
    [InlineData("questions", "m3|L,water", "m3|gallon,water", "'gallon' is no unit")]
    [InlineData("questions", ",common,water,amount,m3|L,wastewater", ",common,sewage,amount,m3|L,wastewater", "there is no part 'sewage' in force")]
    [InlineData("questions", "energy,lp-gas", "energy,hydrogen", "carrier is 'hydrogen'")]
    [InlineData("questions", "amount,t|kg,materials", "amount,,materials", "an amount needs at least one unit")]
    [InlineData("questions", ",common,management,practice", ",common,management,opinion", "kind is 'opinion'")]
    [InlineData("rules", "team=no|partly", "team=perhaps", "'perhaps' is no answer of a rule")]
    [InlineData("rules", "team=no|partly", "teams=no", "there is no question 'teams' in force")]
    [InlineData("rules", "water>bands,", "steam>bands,", "'steam' is no load")]
    [InlineData("rules", ",common.responsible-team,module-01", ",common.responsible-person,module-01", "there is no measure 'common.responsible-person' in force")]
    [InlineData("rules", ",module-01", ",module-13", "there is no module 'module-13' in force")]
    [InlineData("measures", "hotel.setpoints-led", "hotel.setpoints-lamp", "the measures catalogue has no measure hotel.setpoints-lamp")]
    [InlineData("modules", "management|output", "management|theory", "there is no part 'theory' in force")]
    [InlineData("bands", "automotive.mexico.electricity", "automotive.mexico.steam", "there is no band automotive.mexico.steam")]
    [InlineData("bands", "automotive.mexico.electricity", "automotive.mexico.energy", "the unit toe/vehicle")]
    public void A_fault_names_file_and_line(string table, string old, string changed, string message)
    {
        Dictionary<string, string> files = new(Questionnaire.FilesOfMexico, StringComparer.Ordinal);
        string text = files[table + ".csv"];
        int at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, "the case does not change anything");
        files[table + ".csv"] = text[..at] + changed + text[(at + old.Length)..];
        int line = text[..at].Count(letter => letter == '\n') + 1;
        string fault = Assert.Throws<ArgumentException>(() => Questionnaire.Read(files, CountryPack.Mexico, Day)).Message;
        Assert.StartsWith($"{table}.csv line {line}: ", fault, StringComparison.Ordinal);
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_practice_of_another_sector_cannot_stand_in_a_common_rule()
    {
        Dictionary<string, string> files = new(Questionnaire.FilesOfMexico, StringComparer.Ordinal);
        files["rules.csv"] = files["rules.csv"].Replace(",common,team=no|partly,", ",common,hotel.fittings=no,", StringComparison.Ordinal);
        Assert.Contains("not a practice asked in the sector common", Assert.Throws<ArgumentException>(() => Questionnaire.Read(files, CountryPack.Mexico, Day)).Message, StringComparison.Ordinal);
    }
}
