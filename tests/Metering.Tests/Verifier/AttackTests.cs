using System.Globalization;
using System.Text;
using Metering.Evidence.Bundle;
using Metering.Tests.Support;
using Metering.Verifier.Bundles;
using Xunit;

namespace Metering.Tests.Verifier;

/// <summary>A false bundle is refused, whoever made it, and told why.</summary>
public sealed class AttackTests
{
    private const string TableFile = "ATTACKS.md";

    public static TheoryData<string> Names => [.. AttackTable.All.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_attack_is_detected_with_its_own_code(string name)
    {
        Attack attack = AttackTable.All.Single(one => one.Name == name);
        IReadOnlyList<Fault> faults = FaultsOf(attack);
        Assert.True(faults.Any(fault => fault.Code == attack.Code), $"{attack.Code} is not among: {string.Join("; ", faults.Select(fault => $"{fault.Code} {string.Join(' ', fault.Values)}"))}");
    }

    [Fact]
    public void Every_code_but_the_last_net_is_reached_by_an_attack()
    {
        FaultCode[] own = [FaultCode.RecomputationFailed]; // a last net: no definition is known that is read and then makes the analysis fail
        Assert.Equal(Enum.GetValues<FaultCode>().Except(own).Order(), AttackTable.All.Select(attack => attack.Code).Distinct().Order());
        Assert.Equal(Enum.GetValues<FaultCode>().Order(), FaultTexts.All.Select(row => row.Code).Order());
    }

    [Fact]
    public void A_definition_that_the_analysis_cannot_take_is_a_fault_and_no_crash()
    {
        // No plan is known that is read and then makes the analysis fail; so one is handed to the step itself, past the reading.
        using SampleBundle sample = SampleBundle.Make();
        byte[] bundle = sample.Draft.Seal();
        BundleFile file = BundleFile.Open(new MemoryStream(bundle));
        FaultList faults = new();
        ShownLog log = ShownLog.Read(file, faults);
        BodyStep bodies = new(file, log, faults);
        using System.Text.Json.JsonDocument result = System.Text.Json.JsonDocument.Parse(sample.Draft.Result);
        Metering.Projects.Statements.ResultSources sources = Metering.Projects.Statements.ResultStatement.SourcesOf(result.RootElement);
        RecomputeStep step = new(file, [], new(file, log, faults), faults);
        Project impossible = SampleBundle.Project with { Reporting = new(new(2025, 8, 10), new(2025, 8, 1)) };
        step.Run(impossible, new(log, bodies, faults), sources, (sample.Draft.Result, sample.Draft.Newest(Metering.Evidence.Log.LogEntryKind.Result)));
        Fault fault = Assert.Single(faults.InOrder, fault => fault.Code == FaultCode.RecomputationFailed);
        Assert.StartsWith("it could not be recomputed (", fault.In(Language.English), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_attacks_is_the_one_that_is_tried()
    {
        StringBuilder table = new();
        table.Append("# Attacks on a bundle\n");
        table.Append("Each is built by `tests/Metering.Tests/Verifier/AttackTable.cs` from a true bundle and must be refused with its code. Where log and seal are made to fit, they are signed with the log's own key:\n");
        table.Append("what is left then is what gateways signed, what was logged before, and what can be computed anew.\n\n");
        table.Append("| attack | what is done | step | detected by | message |\n|---|---|---|---|---|\n");
        foreach (Attack attack in AttackTable.All)
        {
            (_, int step, Metering.Readings.Texts.Text text) = FaultTexts.All.Single(row => row.Code == attack.Code);
            table.Append(CultureInfo.InvariantCulture, $"| {attack.Name} | {attack.What} | {step} | `{FaultTexts.CodeOf(attack.Code)}` | {text.In(Language.English)} |\n");
        }

        string path = Repository.Path("tests", TableFile);
        if (Environment.GetEnvironmentVariable("METERING_GOLDEN") == "write")
        {
            File.WriteAllText(path, table.ToString());
        }

        Assert.Equal(File.ReadAllText(path), table.ToString());
    }

    /// <summary>What is found wrong with an attack's bundle.</summary>
    internal static IReadOnlyList<Fault> FaultsOf(Attack attack)
    {
        BundleCase tried = attack.Prepare();
        return FaultsOf(tried.Bundle, tried.Trust());
    }

    /// <summary>What is found wrong with a bundle; a file that is none has the code of its form.</summary>
    internal static IReadOnlyList<Fault> FaultsOf(byte[] bundle, TrustStep? trust = null)
    {
        try
        {
            return BundleVerifier.Verify(new MemoryStream(bundle), trust ?? new([])).Report.Faults.InOrder;
        }
        catch (BundleFormatException e)
        {
            return [FaultTexts.Of(e)];
        }
    }
}
