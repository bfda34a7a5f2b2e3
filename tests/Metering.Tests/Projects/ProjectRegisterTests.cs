using Metering.Cloud.Projects;
using Metering.Tests.Pages;
using Xunit;

namespace Metering.Tests.Projects;

public sealed class ProjectRegisterTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");

    public void Dispose() => File.Delete(file);

    [Fact]
    public void A_good_file_gives_its_plants_and_projects()
    {
        ProjectRegister register = Load(SampleProjects.Yaml());
        Project project = register.Find(SampleProjects.Accepted)!;
        Assert.Equal("Curtiduría León 1 (simulada)", project.Plant.Name.In(Language.Spanish));
        Assert.True(project.Plant.IsSimulated);
        Assert.Equal(Resource.Electricity, project.Resource);
        Assert.Equal([DriverKind.Difference, DriverKind.Above, DriverKind.Workday], project.Drivers.Select(driver => driver.Kind));
        Assert.Equal(18, project.Drivers[1].Base);
        Assert.Equal(new DayRange(new(2025, 11, 1), new(2026, 10, 31)), project.Reporting);
        Assert.Equal(3, project.Channels().Count);
    }

    [Fact]
    public void A_product_of_the_production_records_is_a_driver()
    {
        const string Channel = "{ id: production, gateway: leon-tannery, channel: hides.count, aggregate: difference }";
        Project project = Load(SampleProjects.Yaml().Replace(Channel, "{ id: production, product: Cuero terminado }", StringComparison.Ordinal)).Find(SampleProjects.Accepted)!;
        Assert.Equal(new ProjectDriver("production", DriverKind.Production, null, 0) { Product = "Cuero terminado" }, project.Drivers[0]);
        Assert.Equal(2, project.Channels().Count);
    }

    [Theory]
    [InlineData("measure:", "mesure:", "unknown key 'mesure'")]
    [InlineData("resource: electricity", "resource: steam", "must be one of: electricity, water, gas, effluent")]
    [InlineData("plant: leon-tannery", "plant: nowhere", "plant 'nowhere' is not among 'plants'")]
    [InlineData("confidence: 90", "confidence: 9", "from 50 to 99.9")]
    [InlineData("confidence: 90", "confidence: ninety", "must be a number")]
    [InlineData("step: 1d", "step: 15m", "must be one of: 1d")]
    [InlineData("baseline: 2024-11-20..2025-09-30", "baseline: 2024-11-20..2025-10-05", "must begin after the last day of the baseline")]
    [InlineData("baseline: 2024-11-20..2025-09-30", "baseline: 2024-11-20", "two days in order")]
    [InlineData("aggregate: difference }", "aggregate: difference, above: 3 }", "belong to 'aggregate: mean'")]
    [InlineData("aggregate: difference }", "aggregate: difference, product: hides }", "either a product of the production records")]
    [InlineData("calendar: workday }", "calendar: workday, product: hides }", "either a product of the production records")]
    [InlineData("zone: America/Mexico_City", "zone: America/Leon", "is not known here")]
    [InlineData("simulated: true", "simulated: yes", "must be true or false")]
    [InlineData("    step: 1d\n", "    step: 1d\n    step: 1d\n", "uplicate")]
    public void A_fault_names_file_line_and_column(string right, string wrong, string message)
    {
        string yaml = SampleProjects.Yaml();
        int at = yaml.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0);
        string broken = yaml[..at] + wrong + yaml[(at + right.Length)..];
        ProjectsFileException fault = Assert.Throws<ProjectsFileException>(() => Load(broken));
        Assert.Equal(78, fault.ExitCode);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Matches($@"^{System.Text.RegularExpressions.Regex.Escape(file)}\(\d+,\d+\): ", fault.Message);
        int line = broken[..at].Count(letter => letter == '\n') + 1;
        int named = int.Parse(fault.Message[(file.Length + 1)..].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(named, line, line + 2);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_configuration_fault()
    {
        ProjectsFileException fault = Assert.Throws<ProjectsFileException>(() => ProjectRegister.Load(file));
        Assert.Equal(78, fault.ExitCode);
        Assert.Contains("cannot be read", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-02-03", false)]
    [InlineData("2025-03-17", false)]
    [InlineData("2025-11-17", false)]
    [InlineData("2024-10-01", false)]
    [InlineData("2025-10-01", true)]
    [InlineData("2025-09-16", false)]
    [InlineData("2025-02-10", true)]
    [InlineData("2025-06-01", false)]
    [InlineData("2025-05-31", true)]
    public void Working_days_follow_the_Mexican_calendar(string day, bool isWorkday) =>
        Assert.Equal(isWorkday, MexicanCalendar.IsWorkday(DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    private ProjectRegister Load(string yaml)
    {
        File.WriteAllText(file, yaml);
        return ProjectRegister.Load(file);
    }
}
