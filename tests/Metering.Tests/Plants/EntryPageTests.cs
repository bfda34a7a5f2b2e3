using System.Net;
using System.Text;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Xunit;

namespace Metering.Tests.Plants;

/// <summary>What people enter for a plant, as their browsers send it.</summary>
public sealed class EntryPageTests : IAsyncLifetime
{
    private const string Page = "/es/plants/leon-tannery/entries";
    private const string English = "/en/plants/leon-tannery/entries";
    private const string Evil = "=HYPERLINK(\"http://x\") <script>alert(1)</script>";

    private readonly PlantFixture plant = new();
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        await plant.InitializeAsync();
        client = await plant.SignedInAsync(AccountRole.Operator);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await plant.DisposeAsync();
    }

    [Fact]
    public async Task A_day_of_production_becomes_a_record_with_its_author_and_the_plant_is_made_known()
    {
        (HttpStatusCode status, _) = await ProductionAsync("2026-10-30", "420.5", "Cuero");
        Assert.Equal(HttpStatusCode.Redirect, status);
        ProductionRecord record = Assert.Single(plant.Records.Snapshot.All<ProductionRecord>());
        Assert.Equal((PlantFixture.Plant, new DateOnly(2026, 10, 30), 420.5m, "kg", "OP-1"), (record.Plant, record.FirstDay, record.Output.Amount, record.Output.Unit, record.Source));
        Assert.NotNull(plant.Records.Snapshot.Find<PlantRecord>(PlantFixture.Plant));
        Assert.Equal("Persona de prueba", Assert.Single(plant.Records.History(new("production-record", record.Id))).Entry.ActorName);
        Assert.Contains("Registros guardados: 1", await client.GetStringAsync(Page + "?done=1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-10-30", "8.065", "puede ser 8.065 o 8065")]
    [InlineData("2026-10-30", "-5", "es negativa")]
    [InlineData("2026-10-30", "", "no es un número")]
    [InlineData("2026-10-30", "1e99", "no es un número")]
    [InlineData("2026-10-30", "99999999999999999999999999999999999999", "no es un número")]
    [InlineData("30/10/2026", "5", "no es una fecha")]
    [InlineData("2026-11-30", "5", "todavía no llega")]
    public async Task What_cannot_be_read_in_one_way_is_refused_and_what_was_typed_stays(string day, string amount, string told)
    {
        (HttpStatusCode status, string page) = await ProductionAsync(day, amount, "Cuero & Cía");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(told, page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("value=\"Cuero &amp; Cía\"").Length); // once: in the form that was sent, and not in the week's, whose field has the same name
        Assert.Empty(plant.Records.Snapshot.All<ProductionRecord>());
    }

    [Fact]
    public async Task A_refused_week_names_its_days_as_its_rows_do()
    {
        (_, string page) = await PlantFixture.SendAsync(client, Page, Page + "/week", ("week", "2026-10-26"), ("product", "Cuero"), ("unit", "t"), ("document", "Semana 44"), ("amount-0", "mucho"));
        Assert.Contains("Cantidad del 26/10/2026: «mucho»", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_week_stores_the_days_that_were_filled_in_and_an_empty_day_is_not_zero()
    {
        (HttpStatusCode status, _) = await PlantFixture.SendAsync(
            client, Page, Page + "/week", ("week", "2026-10-26"), ("product", "Cuero"), ("unit", "t"), ("document", "Semana 44"), ("amount-0", "1.25"), ("amount-2", "0"), ("amount-5", "2"));
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Equal(
            [(new DateOnly(2026, 10, 26), 1.25m), (new(2026, 10, 28), 0m), (new(2026, 10, 31), 2m)],
            plant.Records.Snapshot.All<ProductionRecord>().OrderBy(record => record.FirstDay).Select(record => (record.FirstDay, record.Output.Amount)));
        string page = await client.GetStringAsync(Page + "?week=2026-10-29");
        Assert.Contains("Semana del 26/10/2026 al 01/11/2026", page, StringComparison.Ordinal);
        Assert.Contains("Cuero: 1.25", page, StringComparison.Ordinal);

        (status, page) = await PlantFixture.SendAsync(
            client, Page, Page + "/week", ("week", "2026-10-26"), ("product", "cuero"), ("unit", "t"), ("document", "Semana 44"), ("amount-0", "7"), ("amount-1", "7"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Renglón 1:", page, StringComparison.Ordinal);
        Assert.Equal(3, plant.Records.Snapshot.All<ProductionRecord>().Count);
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_empty_is_refused_in_words_of_its_size()
    {
        (HttpStatusCode status, string page) = await PlantFixture.UploadAsync(client, Page, Page + "/file", "production", "grande.csv", new byte[(3 * 1024 * 1024) + 1]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("El archivo mide 3.2 MB y cabe 1 MB; no se guardó nada.", page, StringComparison.Ordinal);
        (status, page) = await PlantFixture.UploadAsync(client, Page, Page + "/file", "production", "vacío.csv", []);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("o está vacío", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_no_form_takes_is_answered_in_words_and_the_connection_is_not_torn_from_its_sender()
    {
        // More than the gate reads. A connection that is closed on a sender ends here as HttpRequestException, as it ended in a browser as "connection was reset".
        byte[] much = new byte[70 * 1024 * 1024];
        (HttpStatusCode status, string page) = await PlantFixture.UploadAsync(client, Page, Page + "/file", "production", "video.csv", much);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("No se guardó nada: pasa de lo que cabe en este formulario", page, StringComparison.Ordinal);
        (status, page) = await PlantFixture.UploadAsync(client, English, English + "/file", "production", "video.csv", much);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("says beside the button how large it may be", page, StringComparison.Ordinal);
        Assert.Contains("File (up to 1 MB)", await client.GetStringAsync(English), StringComparison.Ordinal);

        // Nor is it torn when the sender's session has ended meanwhile.
        using HttpClient stranger = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = client.BaseAddress };
        using ByteArrayContent content = new(much);
        using HttpResponseMessage answer = await stranger.PostAsync(new Uri(Page + "/file", UriKind.Relative), content);
        Assert.Equal("/es/sign-in", answer.Headers.Location?.OriginalString);
        Assert.Empty(plant.Records.Snapshot.All<Attachment>());
    }

    [Fact]
    public async Task What_was_just_saved_is_undone_with_one_button_as_long_as_nobody_changed_it()
    {
        (string, string)[] week = [("week", "2026-10-26"), ("product", "Cuero"), ("unit", "t"), ("document", "Semana 44"), ("amount-0", "1"), ("amount-1", "2")];
        string token = await client.GetStringAsync(Page);
        using FormUrlEncodedContent form = new([.. week.Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2)), new("__RequestVerificationToken", WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(token, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value))]);
        using HttpResponseMessage answer = await client.PostAsync(new Uri(Page + "/week", UriKind.Relative), form);
        string saved = await client.GetStringAsync(answer.Headers.Location);
        Assert.Contains("Deshacer lo que acabo de guardar", saved, StringComparison.Ordinal);
        Assert.Contains("Undo what I just saved", await client.GetStringAsync(answer.Headers.Location!.ToString().Replace("/es/", "/en/", StringComparison.Ordinal)), StringComparison.Ordinal);
        (string, string)[] undo = [.. PlantFixture.Hidden(saved, Page + "/withdraw").Where(field => field.Name == "saved"), ("reason", "Error de captura")];
        (HttpStatusCode status, _) = await PlantFixture.SendAsync(client, Page, Page + "/withdraw", undo);
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Empty(plant.Records.Snapshot.All<ProductionRecord>());
        string after = await client.GetStringAsync(answer.Headers.Location);
        Assert.DoesNotContain("Deshacer lo que acabo de guardar", after, StringComparison.Ordinal);
        Assert.Contains("retirado", after, StringComparison.Ordinal);
        Assert.Equal(2, plant.Records.Snapshot.Versions(ProductionRecord.Kind).Count(version => plant.Records.History(new("production-record", version.Record.Id))[^1].Entry.Reason == "Error de captura"));

        // The same button sent again, and a made-up one, withdraw nothing.
        foreach (string made in (string[])[undo[0].Item2, "1-9", "9-1", "x", "0-99999999"])
        {
            (status, _) = await PlantFixture.SendAsync(client, Page, Page + "/withdraw", ("saved", made), ("reason", "x"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        }
    }

    [Fact]
    public async Task A_result_below_its_limit_of_detection_is_kept_as_such()
    {
        (HttpStatusCode status, _) = await PlantFixture.SendAsync(
            client, English, English + "/lab", ("sampled", "2026-10-20"), ("parameter", "Cr(VI)"), ("sample", "composite"), ("value", "<0.05"), ("unit", "mg/L"), ("uncertainty", "12.5 %"), ("method", "NMX-AA-044"), ("laboratory", "Laboratorio"));
        Assert.Equal(HttpStatusCode.Redirect, status);
        LabResult result = Assert.Single(plant.Records.Snapshot.All<LabResult>());
        Assert.Equal((true, 0.05m, SampleKind.Composite, 12.5m), (result.IsBelowLimit, result.Value.Amount, result.Sample, result.UncertaintyPercent));
    }

    [Fact]
    public async Task A_file_is_shown_first_then_stored_whole_and_withdrawn_and_brought_back_whole()
    {
        byte[] file = Encoding.UTF8.GetBytes("fecha;producto;cantidad;unidad;documento\n2026-10-01;Cuero;1250,5;kg;OP-1\n2026-10-02;" + Evil.Replace("\"", "'", StringComparison.Ordinal) + ";12;piezas;OP-2\n");
        (HttpStatusCode status, string page) = await PlantFixture.UploadAsync(client, Page, Page + "/file", "production", "octubre.csv", file);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Se leyeron 2 renglones sin fallas", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Empty(plant.Records.Snapshot.All<ProductionRecord>());

        (status, _) = await PlantFixture.SendAsync(client, Page, Page + "/confirm", PlantFixture.Hidden(page, Page + "/confirm"));
        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Equal(["kg", "pieces"], plant.Records.Snapshot.All<ProductionRecord>().OrderBy(record => record.FirstDay).Select(record => record.Output.Unit));
        Attachment stored = Assert.Single(plant.Records.Snapshot.All<Attachment>());
        Assert.Equal(file, plant.Records.Content(stored.Sha256));
        Assert.DoesNotContain("<script>", await client.GetStringAsync(Page), StringComparison.Ordinal);

        (status, page) = await PlantFixture.UploadAsync(client, Page, Page + "/file", "production", "octubre.csv", file);
        Assert.Contains("Renglón 2:</strong> Ya está guardado", page, StringComparison.Ordinal);

        ProductionRecord one = plant.Records.Snapshot.All<ProductionRecord>()[0];
        (string, string)[] whole = [("kind", "production-record"), ("record", one.Id), ("whole", stored.Id)];
        (status, page) = await PlantFixture.SendAsync(client, Page, Page + "/withdraw", whole);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Falta el motivo", page, StringComparison.Ordinal);
        _ = await PlantFixture.SendAsync(client, Page, Page + "/withdraw", [.. whole, ("reason", "otro mes")]);
        Assert.Empty(plant.Records.Snapshot.All<ProductionRecord>());
        Assert.Empty(plant.Records.Snapshot.All<Attachment>());
        _ = await PlantFixture.SendAsync(client, Page, Page + "/restore", ("kind", "production-record"), ("record", one.Id), ("reason", "sí era"));
        Assert.Equal(one, Assert.Single(plant.Records.Snapshot.All<ProductionRecord>()));
        Assert.Equal("sí era", plant.Records.History(new("production-record", one.Id))[^1].Entry.Reason);
    }

    [Fact]
    public async Task A_file_with_one_fault_names_its_line_and_column_and_stores_nothing_even_when_it_is_sent_on()
    {
        byte[] file = Encoding.UTF8.GetBytes("date,product,amount,unit,document\n2026-10-01,Leather,12.5,kg,OP-1\n2026-10-02,Leather,x,kg,OP-2\n2026-10-03,Leather,5,furlongs,OP-3\n");
        (_, string page) = await PlantFixture.UploadAsync(client, English, English + "/file", "production", "october.csv", file);
        Assert.Contains("Line 3, column 3:</strong> “x” is not a number.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Save all", page, StringComparison.Ordinal);
        (HttpStatusCode status, _) = await PlantFixture.SendAsync(
            client, English, English + "/confirm", ("what", "production"), ("sign", "detect"), ("name", "october.csv"), ("content", Convert.ToBase64String(file)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        file = Encoding.UTF8.GetBytes("date,product,amount,unit,document\n2026-10-03,Leather,5,furlongs,OP-3\n2026-12-24,Leather,5,kg,OP-3\n");
        (_, page) = await PlantFixture.UploadAsync(client, English, English + "/file", "production", "october.csv", file);
        Assert.Contains("Line 2:</strong> Output: “5 furlongs” does not end", page, StringComparison.Ordinal);
        Assert.Contains("Line 3:</strong> Last day: This day has not come yet", page, StringComparison.Ordinal);
        Assert.Empty(plant.Records.Snapshot.All<ProductionRecord>());
    }

    [Fact]
    public async Task Lab_results_come_from_a_file_in_either_language()
    {
        byte[] file = Encoding.UTF8.GetBytes("fecha,parámetro,muestra,valor,unidad,método,laboratorio\n2026-10-01,DQO,compuesta,\"1.250,5\",mg/L,NMX-AA-030/2,Lab A\n2026-10-01,pH,instantánea,\"7,2\",pH,NMX-AA-008,Lab A\n2026-10-01,Cr,grab,\"<0,05\",mg/L,NMX-AA-051,Lab A\n");
        (_, string page) = await PlantFixture.UploadAsync(client, Page, Page + "/file", "lab", "lab.csv", file);
        _ = await PlantFixture.SendAsync(client, Page, Page + "/confirm", PlantFixture.Hidden(page, Page + "/confirm"));
        Assert.Equal(
            [("Cr", 0.05m, true), ("DQO", 1250.5m, false), ("pH", 7.2m, false)],
            plant.Records.Snapshot.All<LabResult>().OrderBy(result => result.Parameter, StringComparer.Ordinal).Select(result => (result.Parameter, result.Value.Amount, result.IsBelowLimit)));
    }

    [Fact]
    public async Task Nobody_withdraws_a_record_of_another_plant_or_of_another_kind()
    {
        _ = await ProductionAsync("2026-10-30", "420.5", "Cuero");
        using HttpClient other = await plant.SignedInAsync(AccountRole.Operator, "silao-auto");
        const string Other = "/es/plants/silao-auto/entries";
        string id = plant.Records.Snapshot.All<ProductionRecord>()[0].Id;
        foreach ((string kind, string record) in new[] { ("production-record", id), ("plant", "silao-auto"), ("nothing", "x") })
        {
            (HttpStatusCode status, string page) = await PlantFixture.SendAsync(other, Other, Other + "/withdraw", ("kind", kind), ("record", record), ("reason", "x"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains("No existe ese registro", page, StringComparison.Ordinal);
        }

        Assert.Single(plant.Records.Snapshot.All<ProductionRecord>());
    }

    private Task<(HttpStatusCode, string)> ProductionAsync(string day, string amount, string product) => PlantFixture.SendAsync(
        client, Page, Page + "/production", ("first", day), ("last", ""), ("product", product), ("amount", amount), ("unit", "kg"), ("document", "OP-1"));
}
