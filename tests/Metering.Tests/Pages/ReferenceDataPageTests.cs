using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Metering.Analytics.CountryPacks;
using Metering.Cloud.Pages;
using Xunit;

namespace Metering.Tests.Pages;

public sealed partial class ReferenceDataPageTests(ReferenceDataFixture portal) : IClassFixture<ReferenceDataFixture>
{
    private static readonly List<PackRow> AllRows = [.. CountryPack.Mexico.TableNames.SelectMany(name => CountryPack.Mexico.Table(name).Rows)];

    [Theory]
    [InlineData("/es/reference", "es-MX", "Datos de referencia")]
    [InlineData("/en/reference", "en", "Reference data")]
    [InlineData("/en/reference?on=2024-06-01", "en", "Only the ")]
    public async Task The_page_is_whole_safe_and_free_of_scripts(string address, string language, string words)
    {
        using HttpResponseMessage response = await Get(address);
        string html = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
        Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        List<string> ids = [.. Id().Matches(html).Select(match => match.Groups[1].Value)];
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Target().Matches(html), match => Assert.Contains(match.Groups[1].Value, ids));
    }

    [Theory]
    [InlineData("es", "de memoria, por verificar", "{0} de {1} renglones son de memoria")]
    [InlineData("en", "from memory, to verify", "{0} of {1} rows are from memory")]
    public async Task Every_row_stands_on_the_page_and_each_from_memory_says_so_in_words(string language, string mark, string top)
    {
        string html = await Page($"/{language}/reference");
        int fromMemory = AllRows.Count(row => row.Confidence == PackConfidence.FromMemoryToVerify);
        Assert.Equal(AllRows.Count, Count(html, "<th scope=\"row\">"));
        Assert.Equal(fromMemory, Count(html, mark));
        Assert.Contains(string.Format(CultureInfo.InvariantCulture, top, fromMemory, AllRows.Count), html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_shows_its_value_validity_source_and_note()
    {
        string row = RowOf(await Page("/en/reference"), "sen", "0.444");
        foreach (string part in (string[])["National power grid", "t CO₂e/MWh", "quoted by another source", "1\u00A0Jan\u00A02024", "31\u00A0Dec\u00A02024", "Two public code files", "The official text was not read"])
        {
            Assert.Contains(part, row, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("es", "constitution", "primer lunes de febrero")]
    [InlineData("en", "constitution", "first Monday of February")]
    [InlineData("es", "sin.season.winter", "empieza el último domingo de octubre")]
    [InlineData("en", "sin.summer.weekday.20:00", "peak, 20:00–22:00")]
    [InlineData("en", "presidency", "1 December, every 6 years from 2006")]
    [InlineData("es", "cod", "NMX-AA-030/2")]
    [InlineData("en", "nom-001-2021.river.ph-min.any", "≥\u00A06")]
    [InlineData("es", "tanning.best-available.energy-raw-to-wet-blue", "hasta 3")]
    [InlineData("en", "tanning.conventional.water", "15–50")]
    [InlineData("en", "utility.blocks", "–")]
    [InlineData("en", "power-factor.threshold", "0.90")]
    public async Task Rules_ranges_and_bounds_are_told_in_words_and_digits_of_the_pack(string language, string id, string expected) =>
        Assert.Contains(">" + expected + "<", RowOf(await Page($"/{language}/reference"), id, expected), StringComparison.Ordinal);

    [Fact]
    public async Task Only_rows_that_hold_on_the_day_asked_for_are_shown()
    {
        string html = await Page("/en/reference?on=2024-06-01");
        DateOnly day = new(2024, 6, 1);
        Assert.Equal(AllRows.Count(row => row.HoldsOn(day)), Count(html, "<th scope=\"row\">"));
        Assert.Contains("0.444", html, StringComparison.Ordinal);
        Assert.DoesNotContain("0.438", html, StringComparison.Ordinal);
        Assert.Contains("No row of this table holds on that day.", html, StringComparison.Ordinal); // the hours of CFE end in 2022
        Assert.Contains("href=\"/es/reference?on=2024-06-01\"", html, StringComparison.Ordinal);
        Assert.Contains("/en/reference/grid-factors.csv?on=2024-06-01", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_before_all_data_is_told_in_a_sentence_and_not_as_none_of_none()
    {
        string page = await Page("/es/reference?on=1900-01-01");
        Assert.Contains("Ningún renglón estaba vigente el 01/01/1900", page, StringComparison.Ordinal);
        Assert.DoesNotContain("0 de 0", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/es/reference?on=2024-02-30", "año-mes-día")]
    [InlineData("/en/reference?on=yesterday", "year-month-day")]
    [InlineData("/en/reference?on=2024-06-01&on=2024-06-02", "year-month-day")]
    [InlineData("/en/reference/fuels.csv?on=1", "year-month-day")]
    public async Task A_day_that_cannot_be_read_is_refused_with_a_sentence(string address, string words)
    {
        using HttpResponseMessage response = await Get(address);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/es/reference/precios.csv", "No hay tal tabla")]
    [InlineData("/en/reference/prices.csv", "There is no such table")]
    [InlineData("/en/reference/prices", "We did not find this page")]
    public async Task A_table_that_is_not_there_gets_a_friendly_page(string address, string words)
    {
        using HttpResponseMessage response = await Get(address);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // Each drawing of a form carries a token of its own.
    private static string WithoutFormToken(string html) =>
        System.Text.RegularExpressions.Regex.Replace(html, "(name=\"__RequestVerificationToken\" value=\")[^\"]*", "$1");

    [Fact]
    public async Task An_empty_day_of_the_form_asks_for_all_rows() =>
        Assert.Equal(WithoutFormToken(await Page("/en/reference")), WithoutFormToken(await Page("/en/reference?on=")));

    [Theory]
    [InlineData("/reference?on=2024-06-01", "/en/reference?on=2024-06-01")]
    [InlineData("/reference/fuels.csv", "/en/reference/fuels.csv")]
    public async Task An_address_without_language_leads_to_that_of_the_browser(string address, string target)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Add("Accept-Language", "en");
        using HttpResponseMessage response = await portal.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(target, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Every_page_leads_to_the_reference_data() =>
        Assert.Contains("<a href=\"/es/reference\">Referencia</a>", await Page("/es/"), StringComparison.Ordinal);

    [Fact]
    public async Task The_English_download_can_be_read_again_as_a_country_pack()
    {
        foreach (string name in CountryPack.Mexico.TableNames)
        {
            PackTable table = CountryPack.Mexico.Table(name);
            PackTable again = CountryPack.Read(new Dictionary<string, string>(StringComparer.Ordinal) { [name + ".csv"] = await Page($"/en/reference/{name}.csv") }).Table(name);
            Assert.Equal(table.Columns, again.Columns);
            Assert.Equal(Cells(table), Cells(again));
        }
    }

    [Fact]
    public async Task The_Spanish_download_has_Spanish_headings_and_marks_and_keeps_to_the_day()
    {
        using HttpResponseMessage response = await Get("/es/reference/grid-factors.csv?on=2013-07-01");
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("grid-factors-2013-07-01.csv", response.Content.Headers.ContentDisposition?.FileName);
        string[] lines = (await response.Content.ReadAsStringAsync()).TrimStart('\uFEFF').TrimEnd().Split("\r\n");
        Assert.Equal("id,valor,unidad,vigente_desde,vigente_hasta,fuente,confianza,nota", lines[0]);
        Assert.StartsWith("sen,0.4999,tCO2e/MWh,2013-01-01,2013-12-31,", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"de memoria, por verificar\"", lines[1], StringComparison.Ordinal);
        Assert.Equal(CountryPack.Mexico.Table("grid-factors").Rows.Count(row => row.HoldsOn(new(2013, 7, 1))), lines.Length - 1);
    }

    [Fact]
    public void Every_part_of_every_id_and_every_column_has_its_words()
    {
        IEnumerable<string> parts = AllRows.SelectMany(row => row.Id.Split('.')).Where(part => !part.Contains(':', StringComparison.Ordinal));
        Assert.DoesNotContain(parts, part => !ReferenceDataParts.Names.ContainsKey(part));
        IEnumerable<string> columns = CountryPack.Mexico.TableNames.SelectMany(name => CountryPack.Mexico.Table(name).Columns);
        string[] alike = ["id", "ordinal", "sector"];
        Assert.DoesNotContain(columns, column => !alike.Contains(column, StringComparer.Ordinal) && ReferenceDataNames.Column(column, Language.Spanish) == column);
        Assert.All(CountryPack.Mexico.TableNames, name => Assert.NotNull(ReferenceDataValues.Words(name)));
    }

    private static IEnumerable<string> Cells(PackTable table) =>
        table.Rows.SelectMany(row => table.Columns.Select(column => $"{column}={row[column]}"));

    private static int Count(string html, string part) => Regex.Count(html, Regex.Escape(part));

    private static string RowOf(string html, string id, string part) => WebUtility.HtmlDecode(html).Split("<tr>")
        .First(row => row.Contains($"<code>{id}</code>", StringComparison.Ordinal) && row.Contains(part, StringComparison.Ordinal));

    private async Task<HttpResponseMessage> Get(string address) => await portal.Client.GetAsync(new Uri(address, UriKind.Relative));

    private async Task<string> Page(string address) => await portal.Client.GetStringAsync(new Uri(address, UriKind.Relative));

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();

    [GeneratedRegex("(?:href=\"#|aria-labelledby=\")([^\"]+)\"")]
    private static partial Regex Target();
}
