using System.Globalization;
using System.Security.Cryptography;
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

    [Theory]
    [InlineData("\"confidencePercent\":90", "\"confidencePercent\":0")]
    [InlineData("\"confidencePercent\":90", "\"confidencePercent\":100")]
    [InlineData("\"reportingLast\":\"2025-12-20\"", "\"reportingLast\":\"2025-08-01\"")]
    [InlineData("\"baselineFirst\":\"2025-09-01\"", "\"baselineFirst\":\"0001-01-01\"")]
    [InlineData("\"reportingLast\":\"2025-12-20\"", "\"reportingLast\":\"9999-12-31\"")]
    [InlineData("America/Mexico_City", "Etc/UTC")]
    [InlineData("\"kind\":\"difference\"", "\"kind\":\"workday\"")]
    [InlineData("\"base\":0", "\"base\":null")]
    public void Try(string what, string by)
    {
        using SampleBundle sample = SampleBundle.Make();
        sample.Draft.Rewrite("plan/drives-2026/2", text => text.Replace(what, by, StringComparison.Ordinal));
        Assert.Fail(string.Join("; ", FaultsOf(sample.Draft.Seal()).Select(fault => $"{fault.Code} {string.Join(' ', fault.Values)}")));
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
        using SampleBundle sample = SampleBundle.Make();
        List<ECDsa> trusted = [];
        foreach (string pem in (string[])[Metering.Readings.SigningKey.PublicPem(sample.Draft.LogKey), .. sample.Draft.Keys.Values])
        {
            trusted.Add(Metering.Readings.SigningKey.Parse(pem));
        }

        SeenLogs? seen = attack.Seen?.Invoke(sample);
        byte[] bundle = attack.Make(sample);
        return FaultsOf(bundle, new(attack.IsWithTrust ? trusted : [], seen, attack.IsStrict) { TimeAuthorities = attack.TimeAuthority is { } root ? [root()] : null });
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
