using System.Text.Json;
using Metering.Gateway.Commands;
using Metering.Meters.Yaml;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

public sealed class ProfilesReportTests
{
    private static readonly string Shipped = Repository.Path("gateway", "profiles");

    [Theory]
    [InlineData(Language.Spanish, "siemens-pac3200", "electricidad")]
    [InlineData(Language.English, "siemens-pac3200", "electricity")]
    public void The_list_has_a_line_for_each_profile(Language language, string name, string medium)
    {
        (int code, string output, string talk) = Run(language, report => report.List(json: false));
        Assert.Equal(0, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(GoldenCase.Profiles.Count() + 1, lines.Length);
        Assert.Contains(lines, line => line.StartsWith(name + " ", StringComparison.Ordinal) && line.Contains(medium, StringComparison.Ordinal));
        Assert.NotEmpty(talk);
    }

    [Fact]
    public void The_list_is_one_json_object_where_a_machine_reads()
    {
        (int code, string output, _) = Run(Language.English, report => report.List(json: true));
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(GoldenCase.Profiles, document.RootElement.GetProperty("profiles").EnumerateArray().Select(profile => profile.GetProperty("profile").GetString()));
        Assert.All(document.RootElement.GetProperty("profiles").EnumerateArray(), profile => Assert.Equal("from-document", profile.GetProperty("trust").GetString()));
    }

    [Fact]
    public void One_profile_shows_its_registers_its_hazards_and_the_step_of_its_totals()
    {
        string output = Run(Language.Spanish, report => report.Show("vpinstruments-vpflowscope", json: false)).Output;
        Assert.Contains("NO ESCRIBIR holding 128 (0x0080): Escribir aquí pone en cero", output, StringComparison.Ordinal);
        Assert.Contains("cada valor en su propia petición", output, StringComparison.Ordinal);
        Assert.Contains("steps of 0.0625 kWh from 1,000,000 on", Run(Language.English, report => report.Show("eastron-sdm630", json: false)).Output, StringComparison.Ordinal);
        Assert.Contains("Told by: holding 64001 (0xFA01) = 42", Run(Language.English, report => report.Show("siemens-pac3200", json: false)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_of_one_profile_gives_each_register_its_own_grade_or_the_profile_s()
    {
        using JsonDocument document = JsonDocument.Parse(Run(Language.English, report => report.Show("siemens-pac2200", json: true)).Output);
        Dictionary<string, string?> grades = document.RootElement.GetProperty("registers").EnumerateArray()
            .ToDictionary(register => register.GetProperty("quantity").GetString()!, register => register.GetProperty("confidence").GetString());
        Assert.Equal(("A", "B"), (grades["voltage-l1"], grades["active-energy-import"]));
        Assert.Equal(60004, document.RootElement.GetProperty("hazards")[0].GetProperty("address").GetInt32());
    }

    [Fact]
    public void A_name_that_is_not_there_is_answered_with_the_nearest()
    {
        (int code, string output, string talk) = Run(Language.Spanish, report => report.Show("siemens-pac320", json: false));
        Assert.Equal((64, ""), (code, output));
        Assert.Contains("¿Quiso decir 'siemens-pac3200'?", talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_profiles_and_a_faulty_profile_are_told()
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new();
        using StringWriter talk = new();
        Assert.Equal(78, new ProfilesReport(folder.Combine("none"), Language.English, output, talk).List(json: false));
        Assert.Contains("does not exist or holds no profile", talk.ToString(), StringComparison.Ordinal);
        _ = folder.Write("p.yaml", "profile: p\n");
        Assert.Contains("p.yaml(1,1): registers: is missing", Assert.Throws<YamlFaultException>(() => new ProfilesReport(folder.Path, Language.English, output, talk).List(json: false)).Message, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Talk) Run(Language language, Func<ProfilesReport, int> act)
    {
        using StringWriter output = new();
        using StringWriter talk = new();
        int code = act(new(Shipped, language, output, talk));
        return (code, output.ToString(), talk.ToString());
    }
}
