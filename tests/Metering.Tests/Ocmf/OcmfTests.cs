using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Evidence.Ocmf;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.CloudHost;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Metering.Tests.Ocmf;

/// <summary>The format is held against its specification (OCMF 1.x, tables 2 to 23) and against openssl, in both directions.</summary>
public sealed class OcmfTests : IDisposable
{
    private const string Readings = """
        {"TM":"2026-03-01T06:00:00,000+0000 S","RV":1250.50,"RI":"1-0:1.8.0","RU":"kWh","RT":"AC","EF":"","ST":"G"},
            {"TM":"2026-03-01T01:00:00,500-0600 S","RV":1251.25}, {"TM":"2026-03-01T08:00:00,000+0000 U","RV":1252.0},
            {"TM":"2026-03-01T09:00:00,000+0000 S","RV":1252.0,"ST":"T"}
        """;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly CloudFolder _folder = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_wrong_in_a_record_is_told_in_both_languages()
    {
        OcmfException fault = Assert.Throws<OcmfException>(() => OcmfRecord.ReadAll("OCMF|{\"FV\":\"1.0\"}|{}"));
        Assert.Matches("^record 1 is not of the format's form: .+ is missing$", fault.Message);
        Assert.Equal(fault.Message, fault.In(Language.English));
        Assert.Matches("^el registro 1 no tiene la forma del formato: falta «.+»$", fault.In(Language.Spanish));
    }

    [Fact]
    public async Task Readings_that_the_meter_signed_are_stored_with_their_digits_and_grade_A()
    {
        (int exitCode, string output, string error) = await ImportAsync(Record(Payload(Readings)));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("1 records, every signature verified; 4 readings new", output, StringComparison.Ordinal);
        using SqliteStore store = SqliteStore.Open(_folder.At("metering.db"), TimeProvider.System);
        ReadingColumns energy = store.Read("import-meter-7", "m7.active-energy-import", 0, long.MaxValue);
        Assert.Equal([125_050_000, 125_125_000, 125_200_000, 125_200_000], energy.ScaledValues);
        Assert.Equal([1_772_344_800_000, 1_772_348_400_500, 1_772_352_000_000, 1_772_355_600_000], energy.UtcMilliseconds);
        Assert.Equal(["G", "G", "U.clock-unsynced", "B.timeout"], energy.Qualities.Select(quality => quality.ToString()));
        Assert.Equal('A', Metering.Cloud.Evidence.Grades.Of(store, Assert.Single(store.Channels())));
        Assert.Equal(ReadingOrigin.Meter, Assert.Single(store.Enrolments()).Origin);
    }

    [Fact]
    public async Task The_same_file_again_adds_nothing_and_the_list_of_gateways_names_the_origin()
    {
        _ = await ImportAsync(Record(Payload(Readings)));
        (_, string output, _) = await ImportAsync(Record(Payload(Readings)), "--json");
        using JsonDocument told = JsonDocument.Parse(output);
        Assert.Equal((0, 4), (told.RootElement.GetProperty("new").GetInt32(), told.RootElement.GetProperty("same").GetInt32()));
        (_, output, _) = await _folder.RunAsync("gateways", "list", "--config", "@cloud.yaml");
        Assert.EndsWith("\tmeter\tin use\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_of_another_grade_cannot_take_its_name()
    {
        _ = await ImportAsync(Record(Payload(Readings)));
        await File.WriteAllTextAsync(_folder.At("f.csv"), "t,v\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n");
        (int exitCode, _, string error) = await _folder.RunAsync("import", "csv", "--config", "@cloud.yaml", "--file", "@f.csv", "--name", "meter-7", "--plant", "leon", "--column", "v=a.b:kWh:gauge", "--zone", "UTC");
        Assert.Equal(65, exitCode);
        Assert.Contains("another evidence grade", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1250.50", "1250.51", "the signature of page F12 does not fit")]
    [InlineData("\"SE\":\"hex\"", "\"SE\":\"rot13\"", "'rot13' are not known")]
    [InlineData("ECDSA-secp256r1-SHA256", "ECDSA-brainpool256r1-SHA256", "signed by ECDSA-brainpool256r1-SHA256, which is not supported")]
    [InlineData("application/x-der", "application/raw", "only signatures of the type application/x-der")]
    [InlineData("OCMF|", "XCMF|", "not an OCMF file")]
    [InlineData("\"PG\"", "\"PX\"", "'PG' is missing")]
    public async Task A_record_that_was_changed_or_is_of_another_form_is_refused_and_nothing_is_stored(string from, string to, string expected)
    {
        string record = Record(Payload(Readings));
        Assert.Contains(from, record, StringComparison.Ordinal);
        (int exitCode, _, string error) = await ImportAsync(record.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(65, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        using SqliteStore store = SqliteStore.Open(_folder.At("metering.db"), TimeProvider.System);
        Assert.Empty(store.Enrolments());
    }

    [Theory]
    [InlineData("\"RU\":\"m3\"", "the unit 'm3' cannot be taken")]
    [InlineData("\"RU\":\"kWh\",\"RU\":\"Wh\"", "record 1 is not of the format's form")]
    [InlineData("\"RU\":\"kWh\",\"TM\":\"yesterday\"", "record 1 is not of the format's form")]
    public async Task A_signed_record_that_cannot_be_taken_is_refused_with_its_reason(string instead, string expected)
    {
        (int exitCode, _, string error) = await ImportAsync(Record(Payload(Readings).Replace("\"RU\":\"kWh\"", instead, StringComparison.Ordinal)));
        Assert.Equal(65, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readings_of_two_registers_need_a_choice_and_missing_pages_are_told()
    {
        string second = Record(Payload("""{"TM":"2026-03-01T07:00:00,000+0000 S","RV":5500,"RI":"1-0:2.8.0","RU":"Wh","ST":"G"}""", "F15"));
        string both = Record(Payload(Readings)) + "\n" + second + "\n";
        (int exitCode, _, string error) = await ImportAsync(both);
        Assert.Equal(65, exitCode);
        Assert.Contains("choose one with --obis", error, StringComparison.Ordinal);
        (exitCode, string output, _) = await ImportAsync(both, "--obis", OcmfReading.ExportedEnergy);
        Assert.Equal(0, exitCode);
        Assert.Contains("2 pages between F12 and F15 are not in the file", output, StringComparison.Ordinal);
        using SqliteStore store = SqliteStore.Open(_folder.At("metering.db"), TimeProvider.System);
        Assert.Equal([550_000], store.Read("import-meter-7", "m7.active-energy-import", 0, long.MaxValue).ScaledValues);
    }

    [Fact]
    public void A_key_of_another_curve_is_named()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Contains("secp256r1", Assert.Throws<OcmfException>(() => OcmfRecord.ReadKey(other.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
        Assert.Contains("secp256r1", Assert.Throws<OcmfException>(() => OcmfRecord.ReadKey(Convert.ToHexString(other.ExportSubjectPublicKeyInfo()))).Message, StringComparison.Ordinal);
        Assert.Contains("secp256r1", Assert.Throws<OcmfException>(() => OcmfRecord.ReadKey("no key")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Water_is_refused_in_a_record_of_ours()
    {
        Channel water = new() { Id = "water.volume", Meter = "water", Unit = "m3", Kind = ChannelKind.Counter, DecimalPlaces = 3, Profile = "p/1" };
        Assert.Contains("energy registers in kWh and Wh only", Assert.Throws<OcmfException>(() => OcmfWriter.Write(("cloud", "s/1"), 1, water, "8-0:1.0.0", [(0, 1)], _key)).Message, StringComparison.Ordinal);
    }

    [NeedsFact("openssl")]
    public void Openssl_verifies_what_is_written_here_and_what_openssl_signs_is_read_here()
    {
        Channel channel = new() { Id = "mains.active-energy-import", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 2, Profile = "p/1" };
        string record = OcmfWriter.Write(("metering-cloud", "metering-cloud/0.1.0"), 1, channel, OcmfReading.ImportedEnergy, [(1_772_344_800_000, 5), (1_772_348_400_000, 125_050)], _key);
        string[] parts = record.Split('|');
        Assert.Contains("\"RV\":0.05,", parts[1], StringComparison.Ordinal);
        Assert.Contains("\"RV\":1250.50,", parts[1], StringComparison.Ordinal);
        using JsonDocument signature = JsonDocument.Parse(parts[2]);
        File.WriteAllText(_folder.At("payload"), parts[1]);
        File.WriteAllBytes(_folder.At("signature"), Convert.FromHexString(signature.RootElement.GetProperty("SD").GetString()!));
        File.WriteAllText(_folder.At("public.pem"), SigningKey.PublicPem(_key));
        Assert.Contains("Verified OK", Openssl("dgst", "-sha256", "-verify", _folder.At("public.pem"), "-signature", _folder.At("signature"), _folder.At("payload")), StringComparison.Ordinal);
        OcmfRecord read = Assert.Single(OcmfRecord.ReadAll(record));
        read.Verify(_key);
        Assert.Equal([new(5, 2), new(12_505, 1)], read.Readings.Select(reading => reading.Value!.Value));

        _ = Openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", _folder.At("meter.pem"));
        _ = Openssl("ec", "-in", _folder.At("meter.pem"), "-pubout", "-outform", "DER", "-out", _folder.At("meter.der"));
        string payload = Payload(Readings);
        File.WriteAllText(_folder.At("payload"), payload);
        _ = Openssl("dgst", "-sha256", "-sign", _folder.At("meter.pem"), "-out", _folder.At("signature"), _folder.At("payload"));
        string signed = $$"""OCMF|{{payload}}|{"SD":"{{Convert.ToHexString(File.ReadAllBytes(_folder.At("signature")))}}"}""";
        using ECDsa meterKey = OcmfRecord.ReadKey(Convert.ToHexStringLower(File.ReadAllBytes(_folder.At("meter.der"))) + "\n");
        Assert.Single(OcmfRecord.ReadAll(signed + "\n")).Verify(meterKey);
        _ = Assert.Throws<OcmfException>(() => OcmfRecord.ReadAll(signed.Replace("1251.25", "1251.26", StringComparison.Ordinal))[0].Verify(meterKey));
    }

    [Fact]
    public async Task The_registers_at_the_borders_of_a_project_are_written_and_signed_by_the_cloud()
    {
        using CloudFolder cloud = new("projectsFile: projects.yaml\nprogramme: register.db");
        StringBuilder csv = new("t,kwh\n");
        for (int day = 0; day <= 120; day++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{new DateOnly(2024, 1, 1).AddDays(day):yyyy-MM-dd} 00:00,{1000 + (day * 10.25m)}\n");
        }

        await File.WriteAllTextAsync(cloud.At("f.csv"), csv.ToString());
        await File.WriteAllTextAsync(cloud.At("projects.yaml"), """
            plants:
              - { id: leon, name: { es: León, en: León }, sector: tannery, state: Guanajuato, zone: America/Mexico_City, simulated: true }
            projects:
              - id: drives
                plant: leon
                title: { es: Variadores, en: Drives }
                measure: { es: Variadores., en: Drives. }
                resource: electricity
                use: { gateway: import-scada, channel: mains.energy }
                drivers:
                  - { id: workday, calendar: workday }
                step: 1d
                baseline: 2024-01-01..2024-02-15
                installation: 2024-02-16..2024-02-29
                reporting: 2024-03-01..2024-04-15
                confidence: 90

            """);
        (int exitCode, _, string error) = await cloud.RunAsync("import", "csv", "--config", "@cloud.yaml", "--file", "@f.csv", "--name", "scada", "--plant", "leon", "--column", "kwh=mains.energy:kWh:counter", "--zone", "America/Mexico_City");
        Assert.Equal((0, ""), (exitCode, error));
        (exitCode, string output, error) = await cloud.RunAsync("export", "ocmf", "--config", "@cloud.yaml", "--project", "drives", "--out", "@drives.ocmf");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("4 registers in", output, StringComparison.Ordinal);
        OcmfRecord record = Assert.Single(OcmfRecord.ReadAll(await File.ReadAllTextAsync(cloud.At("drives.ocmf"))));
        using ECDsa key = SigningKey.Load(cloud.At("cloud.pem"));
        record.Verify(key);
        Assert.Equal(['F'], [record.Context]);
        Assert.Equal([1000m, 1471.5m, 1615m, 2086.5m], record.Readings.Select(reading => reading.Value!.Value.Mantissa / (decimal)Math.Pow(10, reading.Value.Value.Places)));
        (exitCode, _, error) = await cloud.RunAsync("export", "ocmf", "--config", "@cloud.yaml", "--project", "nobody", "--out", "@x.ocmf");
        Assert.Equal(65, exitCode);
        Assert.Contains("there is no project 'nobody'", error, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
    }

    private async Task<(int ExitCode, string Output, string Error)> ImportAsync(string record, params string[] more)
    {
        await File.WriteAllTextAsync(_folder.At("m.ocmf"), record);
        await File.WriteAllTextAsync(_folder.At("m.pem"), SigningKey.PublicPem(_key));
        return await _folder.RunAsync(["import", "ocmf", "@m.ocmf", "--config", "@cloud.yaml", "--public-key", "@m.pem", "--name", "meter-7", "--plant", "leon", "--meter", "m7", .. more]);
    }

    private string Record(string payload) => OcmfRecord.Sign(payload, _key);

    private static string Payload(string readings, string page = "F12") =>
        $$"""{"FV":"1.0","GI":"Meter 350","GS":"808829900001","GV":"1.4","PG":"{{page}}","MV":"Maker","MM":"350-D","MS":"BQ27400330016","RD":[{{readings}}]}""";

    private static string Openssl(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
