using Metering.Analytics.CountryPacks;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.CountryPacks;

public sealed class CountryPackTests
{
    private const string Header = "id,value,unit,valid_from,valid_to,source,confidence,note\n";

    [Fact]
    public void A_row_holds_from_its_first_to_its_last_day_inclusive()
    {
        PackTable table = Table("a,1.5,kg,2020-01-01,2020-12-31,book,read,\na,2.5,kg,2021-01-01,,book,secondary,\n");

        Assert.Equal(1.5m, table.At("a", new DateOnly(2020, 12, 31)).Row!.Value);
        Assert.Equal(2.5m, table.At("a", new DateOnly(2021, 1, 1)).Row!.Value);
        Assert.Equal(2.5m, table.At("a", new DateOnly(2090, 1, 1)).Row!.Value);
        Assert.Equal(PackConfidence.Secondary, table.Rows[1].Confidence);
    }

    [Fact]
    public void A_day_or_an_id_without_a_row_is_refused_and_named()
    {
        PackTable table = Table("a,1.5,kg,2020-01-01,2020-12-31,book,read,\n");

        PackAnswer day = table.At("a", new DateOnly(2021, 1, 1));
        PackAnswer id = table.At("b", new DateOnly(2020, 1, 1));

        Assert.False(day.IsFound);
        Assert.Contains("2021-01-01", day.Refusal, StringComparison.Ordinal);
        Assert.Contains("no row with the id b", id.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,1,kg,2020-01-01,2020-12-31,book,read,\na,2,kg,2020-12-31,,book,read,", "line 3")]
    [InlineData("a,1,kg,2020-01-01,,book,read,\na,2,kg,2019-01-01,,book,read,", "line 2")]
    [InlineData("a,1,5,kg,2020-01-01,,book,read,", "9 cells")]
    [InlineData("a,1.5.2,kg,2020-01-01,,book,read,", "value is '1.5.2'")]
    [InlineData("a,1e3,kg,2020-01-01,,book,read,", "value is '1e3'")]
    [InlineData("a,NaN,kg,2020-01-01,,book,read,", "value is 'NaN'")]
    [InlineData("a,1,,2020-01-01,,book,read,", "without a unit")]
    [InlineData("a,1,kg,01/02/2020,,book,read,", "valid_from")]
    [InlineData("a,1,kg,2020-02-30,,book,read,", "valid_from")]
    [InlineData("a,1,kg,,,book,read,", "valid_from is empty")]
    [InlineData("a,1,kg,2020-02-02,2020-02-01,book,read,", "before valid_from")]
    [InlineData("a,1,kg,2020-02-02,,,read,", "source is empty")]
    [InlineData("a,1,kg,2020-02-02,,book,sure,", "confidence is 'sure'")]
    [InlineData(",1,kg,2020-02-02,,book,read,", "id is empty")]
    [InlineData("a,1,kg,2020-02-02,,\"book,read,", "not closed")]
    public void A_faulty_file_is_refused_with_file_and_line(string rows, string expected)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Table(rows));
        Assert.StartsWith("t.csv line ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_note_of_the_Mexican_pack_is_there_in_Spanish_too()
    {
        PackRow[] noted = [.. CountryPack.Mexico.TableNames.SelectMany(name => CountryPack.Mexico.Table(name).Rows).Where(row => row.Note.Length > 0)];
        Assert.True(noted.Length > 150, $"{noted.Length} notes");
        CountryPack form = CountryPack.Read(Directory.GetFiles(Path.Combine(Repository.Root, "cloud", "country-packs", "mx", "self-assessment"), "*.csv").ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText));
        PackRow[] ofForm = [.. form.TableNames.SelectMany(name => form.Table(name).Rows).Where(row => row.Note.Length > 0)];
        Assert.True(ofForm.Length > 20, $"{ofForm.Length} notes of the self-assessment");
        noted = [.. noted, .. ofForm];
        Assert.All(noted, row => Assert.False(row.NoteSpanish.Length == 0 || row.NoteSpanish == row.Note, row.ToString()));
        Assert.DoesNotContain(CountryPack.Mexico.TableNames.SelectMany(name => CountryPack.Mexico.Table(name).Rows), row => row.Note.Length == 0 && row.NoteSpanish.Length > 0);
        Assert.Equal("x", Table("a,1.5,kg,2020-01-01,,book,read,x\n").Rows[0].NoteSpanish);
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        Dictionary<string, string> files = new() { ["t.csv"] = "id,value,unit,valid_from,valid_to,source,note\n" };
        Assert.Contains("confidence", Assert.Throws<ArgumentException>(() => CountryPack.Read(files)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_with_commas_and_quotes_stands_in_quotes()
    {
        PackTable table = Table("\"a\",1,kg,2020-01-01,,\"a book, \"\"the\"\" book\",read,\"x,y\"\r\n\r\n# a remark\r\n");
        Assert.Equal("a book, \"the\" book", Assert.Single(table.Rows).Source);
        Assert.Equal("x,y", table.Rows[0].Note);
    }

    [Fact]
    public void The_pack_of_Mexico_can_be_read_and_has_its_tables() => Assert.Equal(
        [
            "cfe-periods", "cfe-rules", "discharge-limits", "fuels", "grid-factors", "holidays", "measures", "methods", "sector-bands",
            "water-fees",
        ],
        CountryPack.Mexico.TableNames);

    [Theory]
    [InlineData(2017, "0.582", PackConfidence.FromMemoryToVerify)]
    [InlineData(2020, "0.494", PackConfidence.Secondary)]
    [InlineData(2021, "0.423", PackConfidence.Read)]
    [InlineData(2024, "0.444", PackConfidence.Secondary)]
    public void The_grid_factor_of_a_year_carries_its_confidence(int year, string value, PackConfidence confidence)
    {
        PackRow row = CountryPack.Mexico.Table("grid-factors").At("sen", new DateOnly(year, 6, 1)).Row!;
        Assert.Equal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), row.Value);
        Assert.Equal(confidence, row.Confidence);
    }

    [Theory]
    [InlineData(2012)]
    [InlineData(2025)]
    public void A_year_whose_grid_factor_is_not_known_has_none(int year) =>
        Assert.False(CountryPack.Mexico.Table("grid-factors").At("sen", new DateOnly(year, 6, 1)).IsFound);

    [Fact]
    public void Nothing_in_the_pack_claims_to_be_official_text_and_limits_are_marked_from_memory()
    {
        foreach (string name in CountryPack.Mexico.TableNames)
        {
            Assert.DoesNotContain(CountryPack.Mexico.Table(name).Rows, row => row.Confidence == PackConfidence.OfficialText);
        }

        Assert.All(
            CountryPack.Mexico.Table("discharge-limits").Rows, row => Assert.Equal(PackConfidence.FromMemoryToVerify, row.Confidence));
    }

    [Fact]
    public void Every_band_and_measure_has_a_figure_or_says_that_none_is_known()
    {
        foreach (PackRow row in CountryPack.Mexico.Table("sector-bands").Rows.Concat(CountryPack.Mexico.Table("measures").Rows))
        {
            decimal? high = row.Number("value_high");
            Assert.True(row.Value is not null || high is not null || row.Note == "No range is known", row.ToString());
            Assert.True(row.Value is null || high is null || row.Value <= high, row.ToString());
            Assert.NotEqual(0m, row.Value);
        }
    }

    [Fact]
    public void A_limit_is_found_by_norm_water_body_parameter_and_kind()
    {
        PackTable limits = CountryPack.Mexico.Table("discharge-limits");
        DateOnly day = new(2024, 5, 1);
        Assert.Equal(150m, limits.At("nom-001-2021.river.cod.month", day).Row!.Value);
        Assert.Equal(28m, limits.At("nom-001-2021.lake.tss.instant", day).Row!.Value);
        Assert.Equal(0.75m, limits.At("nom-002-1996.municipal-sewer.chromium-vi.day", day).Row!.Value);
        Assert.Equal(5.5m, limits.At("nom-002-1996.municipal-sewer.ph-min.any", day).Row!.Value);
        Assert.False(limits.At("nom-001-2021.river.cod.month", new DateOnly(2022, 5, 1)).IsFound);
    }

    [Fact]
    public void A_table_or_column_that_is_not_there_is_a_fault_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => CountryPack.Mexico.Table("prices"));
        Assert.Throws<ArgumentException>(() => CountryPack.Mexico.Table("fuels").Rows[0]["price"]);
        Assert.Throws<ArgumentException>(() => CountryPack.Read(new Dictionary<string, string>()));
    }

    private static PackTable Table(string rows) =>
        CountryPack.Read(new Dictionary<string, string> { ["t.csv"] = Header + rows }).Table("t");
}
