using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Metering.Gateway.Commissioning;
using Metering.Readings;
using Metering.Readings.Field;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class CommissioningTests
{
    private static readonly CommissioningRecord Record = new()
    {
        Gateway = "leon-tannery",
        Meter = "mains",
        Number = 1,
        Profile = "schneider-iem3155/1",
        Way = "switchboard tcp 192.168.1.20:502 unit 1",
        At = new DateTimeOffset(2026, 9, 5, 16, 30, 0, TimeSpan.Zero),
        ClockState = "S",
        SerialNumber = "18342077",
        Maker = "Schneider iEM3155, León",
        AccuracyClass = "0.5S",
        CertificateDue = new DateOnly(2027, 3, 31),
        CurrentTransformer = "200/5",
        Channel = "mains.active-energy-import",
        Unit = "kWh",
        Decimals = 3,
        Display = new ExactDecimal(123456, 1),
        Register = 12_345_612,
        RegisterLater = 12_345_640,
        Photos = [new("plate.jpg", new string('a', 64))],
    };

    // Wire cases are only ever added: a record kept today must be readable in ten years.
    [Fact]
    public void The_bytes_of_a_record_are_these() => Assert.Equal(
        """
        metering/v1/commissioning
        gateway leon-tannery
        meter mains
        record 1
        profile schneider-iem3155/1
        way switchboard tcp 192.168.1.20:502 unit 1
        at 2026-09-05T16:30:00Z
        clock S
        serial 18342077
        maker Schneider iEM3155, León
        class 0.5S
        certificate -
        certificate-due 2027-03-31
        ct 200/5
        pt -
        k-factor -
        channel mains.active-energy-import
        unit kWh
        decimals 3
        display 123456 1
        register 12345612
        register-later 12345640
        photo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa plate.jpg
        installer -

        """,
        Record.ToText());

    [Fact]
    public void Dial_and_register_are_compared_in_percent_and_in_steps()
    {
        Assert.Equal(12, Record.DifferenceSteps);
        Assert.Equal(100 * 0.012 / 12345.6, Record.DifferencePercent!.Value, 12);
        Assert.True(Record.Counts);
        Assert.Null((Record with { Display = new ExactDecimal(12345612345, 6) }).DifferenceSteps);
        Assert.Null((Record with { Display = default }).DifferencePercent);
    }

    [Fact]
    public void A_record_comes_back_and_one_changed_letter_is_noticed()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] note = Record.Sign(key);
        Assert.Equal(Record.ToText(), CommissioningRecord.Open(note, key).ToText());
        byte[] changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(note).Replace("serial 18342077", "serial 18342078", StringComparison.Ordinal));
        Assert.Equal("18342078", CommissioningRecord.Read(changed).SerialNumber);
        _ = Assert.Throws<WireFormatException>(() => CommissioningRecord.Open(changed, key));
    }

    [Theory]
    [InlineData("decimals 3", "decimals 03")]
    [InlineData("record 1", "record 0")]
    [InlineData("clock S\n", "")]
    [InlineData("at 2026-09-05T16:30:00Z", "at yesterday")]
    [InlineData("installer -", "installer -\nextra 1")]
    [InlineData("metering/v1/commissioning", "metering/v1/enrol")]
    public void A_record_that_is_not_in_canonical_form_is_refused(string sound, string spoilt)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] note = SignedNote.Sign(Encoding.UTF8.GetBytes(Record.ToText().Replace(sound, spoilt, StringComparison.Ordinal)), "leon-tannery", key);
        _ = Assert.Throws<WireFormatException>(() => CommissioningRecord.Read(note));
    }

    [Fact]
    public void A_profile_is_commissioned_for_a_meter_only_by_its_newest_record_with_the_right_key()
    {
        using TemporaryFolder state = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CommissioningFolder folder = new(state.Path);
        Assert.Null(folder.Valid("mains", Record.Profile, key));
        string file = folder.Save(Record, key);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.NotNull(folder.Valid("mains", Record.Profile, key));
        Assert.Null(folder.Valid("mains", "schneider-iem3155/2", key));
        Assert.Null(folder.Valid("mains", Record.Profile, other));
        Assert.Null(folder.Valid("compressor", Record.Profile, key));
        _ = Assert.Throws<IOException>(() => folder.Save(Record, key));
        Assert.Equal(2, folder.NextNumber("mains"));
        _ = folder.Save(Record with { Number = 2, Profile = "abb-b23/1" }, key);
        Assert.Null(folder.Valid("mains", Record.Profile, key));
    }

    [NeedsFact("openssl")]
    public void OpenSSL_agrees_with_the_signature()
    {
        using TemporaryFolder folder = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] note = Record.Sign(key);
        Assert.True(SignedNote.TrySplit(note, out int length, out _, out byte[] blob));
        File.WriteAllBytes(folder.Combine("text"), note[..length]);
        File.WriteAllBytes(folder.Combine("signature"), blob[4..]);
        _ = folder.Write("key.pem", SigningKey.PublicPem(key));
        Assert.Contains("Verified OK", OpenSsl(folder), StringComparison.Ordinal);
        File.AppendAllText(folder.Combine("text"), "x");
        Assert.DoesNotContain("Verified OK", OpenSsl(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  Schneider  ", "Schneider")]
    [InlineData("-", null)]
    [InlineData("two\nlines", null)]
    [InlineData("", null)]
    public void Only_one_clean_line_may_stand_in_a_record(string text, string? clean) => Assert.Equal(clean, CommissioningRecord.Clean(text));

    [Fact]
    public void A_person_is_asked_for_what_the_options_do_not_say()
    {
        Dictionary<string, string?> given = new() { ["serial"] = "1834" };
        StringWriter talk = new();
        MeterAnswers answers = new(given, new StringReader("\nSchneider\n\n"), talk, Language.Spanish);
        Text question = new(es: "Fabricante", en: "Maker");
        Assert.Equal("1834", answers.Required("serial", question));
        Assert.Equal("Schneider", answers.Required("maker", question));
        Assert.Null(answers.Optional("class", question));
        Assert.Null(answers.Problem);
        Assert.StartsWith("Fabricante: No se puede usar", talk.ToString(), StringComparison.Ordinal);
        MeterAnswers script = new(given, null, talk, Language.English);
        _ = script.Required("maker", question);
        Assert.Equal("--maker is missing (Maker).", script.Problem);
    }

    private static string OpenSsl(TemporaryFolder folder)
    {
        ProcessStartInfo start = new("openssl", ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "text"])
        {
            WorkingDirectory = folder.Path, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
