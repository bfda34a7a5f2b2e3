using System.Globalization;
using Metering.Evidence.Bundle;
using Metering.Verifier.Bundles;
using Xunit;

namespace Metering.Tests.Verifier;

public sealed class BundleVerifierTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_true_bundle_verifies_and_says_what_it_is_about(int seed)
    {
        using SampleBundle sample = SampleBundle.Make(seed);
        BundleVerifier verifier = BundleVerifier.Verify(new MemoryStream(sample.Draft.Seal()), new([sample.Draft.LogKey, .. sample.Draft.GatewayKeys.Values]));
        Assert.Empty(verifier.Report.Faults.InOrder.Select(fault => fault.In(Language.English)));
        Assert.Equal(BundleVerdict.Verified, verifier.Report.Verdict);
        BundleReport report = verifier.Report;
        Assert.Equal(("drives-2026", "saving", "kWh", "B"), (report.ProjectId, report.Result!.Verdict, report.Result.Unit, report.Result.Grade));
        Assert.InRange(report.Result.Percent, 12, 18);
        Assert.Equal(30, report.DaysBeforeInstallation);
        Assert.Equal("plan/drives-2026/1", report.PlanFixed!.Entry.Subject);
        Assert.Equal(["author", "reviewer"], report.Signatures.Select(signature => signature.Role));
        Assert.Equal([12, 11], report.Gateways.Select(gateway => gateway.Batches));
    }

    [Fact]
    public void What_people_read_beside_photos_is_of_grade_C_and_an_erased_entry_lets_it_fall_to_D()
    {
        using SampleBundle sample = SampleBundle.Make(hasPeople: true);
        BundleVerifier verifier = BundleVerifier.Verify(new MemoryStream(sample.Draft.Seal()), new([sample.Draft.LogKey]));
        Assert.Empty(verifier.Report.Faults.InOrder.Select(fault => fault.In(Language.English)));
        Assert.Equal((BundleVerdict.Verified, "C"), (verifier.Report.Verdict, verifier.Report.Result!.Grade));
        Assert.Equal(2, verifier.Records.Count(shown => shown.Record.Commissioning is not null));
        Assert.InRange(verifier.Records.Count(shown => shown.Record.Entry is not null), 100, 150);

        SamplePeople.Erase(sample.Draft, 7);
        sample.Compute();
        BundleReport erased = BundleVerifier.Verify(new MemoryStream(sample.Draft.Seal()), new([sample.Draft.LogKey])).Report;
        Assert.Empty(erased.Faults.InOrder.Select(fault => fault.In(Language.English)));
        Assert.Equal((BundleVerdict.Verified, "D"), (erased.Verdict, erased.Result!.Grade));
        Assert.Contains(erased.Remarks, remark => remark.Code == RemarkCode.Erased);
    }

    [Fact]
    public void Without_a_key_it_is_consistent_with_itself_and_a_late_plan_is_a_remark()
    {
        using SampleBundle sample = SampleBundle.Make(planDay: new(2025, 12, 15));
        byte[] bundle = sample.Draft.Seal();
        BundleReport report = BundleVerifier.Verify(new MemoryStream(bundle), new([])).Report;
        Assert.Equal((BundleVerdict.Consistent, 0), (report.Verdict, report.Faults.Count));
        Assert.Equal(["45"], report.Remarks.Single(remark => remark.Code == RemarkCode.PlanLate).Values);
        Assert.Contains(report.Remarks, remark => remark.Code == RemarkCode.NoTrust);
        report = BundleVerifier.Verify(new MemoryStream(bundle), new([], isStrict: true)).Report;
        Assert.Equal([FaultCode.RemarkStrict], report.Faults.InOrder.Select(fault => fault.Code).Distinct());
    }

    [Fact]
    public void A_signature_under_another_result_is_none_under_this_one()
    {
        using SampleBundle sample = SampleBundle.Make();
        sample.Compute(signedVersion: new string('0', 64));
        BundleReport report = BundleVerifier.Verify(new MemoryStream(sample.Draft.Seal()), new([])).Report;
        Assert.Empty(report.Faults.InOrder);
        Assert.Empty(report.Signatures);
        Assert.Contains(report.Remarks, remark => remark.Code == RemarkCode.Unsigned);
    }

    [Fact]
    public void A_stated_loss_that_the_gateway_signed_is_no_fault()
    {
        using SampleBundle sample = SampleBundle.Make();
        BundleDraft draft = sample.Draft;
        string hash = Metering.Readings.BatchManifest.HashOf(draft.Notes[SampleBundle.NotesFile][4]);
        Forge.Drop(draft, 4);
        draft.Entry("batch/leon-tannery/1/5").IsShown = false;
        draft.Entries.Add(Forge.Loss(draft.GatewayKeys[(SampleBundle.Gateway, 1)], 5, 5, hash, draft.Entries[^1].Utc));
        sample.Compute();
        BundleReport report = BundleVerifier.Verify(new MemoryStream(draft.Seal()), new([])).Report;
        Assert.Empty(report.Faults.InOrder.Select(fault => fault.In(Language.English)));
        Assert.Contains(report.Remarks, remark => remark.Code == RemarkCode.Gaps);
    }

    [Fact]
    public void A_log_that_continues_is_remembered()
    {
        using SampleBundle sample = SampleBundle.Make();
        SeenLogs seen = Forge.SeenOf(sample.Draft.Seal());
        SeenLogs read = SeenLogs.Parse(seen.ToText());
        Assert.Equal(seen.ToText(), read.ToText());
        sample.Draft.NextBundle();
        sample.Draft.Entries.Add(new("batch", "batch/other/1/99", sample.Draft.Entries[^1].Utc, "x"u8.ToArray()) { IsShown = false });
        BundleReport report = BundleVerifier.Verify(new MemoryStream(sample.Draft.Seal()), new([], read)).Report;
        Assert.Empty(report.Faults.InOrder);
        Assert.DoesNotContain(report.Remarks, remark => remark.Code == RemarkCode.FirstSight);
    }

    [Fact]
    public void Every_flipped_bit_of_a_bundle_is_refused()
    {
        using SampleBundle sample = SampleBundle.Make();
        byte[] bundle = sample.Draft.Seal();
        Assert.True(8 * bundle.Length >= 80_000, string.Create(CultureInfo.InvariantCulture, $"{bundle.Length} bytes are too few to try"));
        int sound = 0;
        _ = Parallel.For(0, bundle.Length, () => (byte[])[.. bundle], (place, _, copy) =>
        {
            for (int bit = 0; bit < 8; bit++)
            {
                copy[place] ^= (byte)(1 << bit);
                if (IsSealed(copy))
                {
                    Interlocked.Increment(ref sound);
                }

                copy[place] = bundle[place];
            }

            return copy;
        }, _ => { });
        Assert.Equal(0, sound);
        Assert.True(IsSealed(bundle));
    }

    [Fact]
    public void No_file_shortened_or_made_of_anything_makes_it_fail_otherwise_than_by_refusing()
    {
        using SampleBundle sample = SampleBundle.Make();
        byte[] bundle = sample.Draft.Seal();
        Random random = new(11);
        for (int round = 0; round < 400; round++)
        {
            byte[] changed = round % 2 == 0 ? bundle[..random.Next(bundle.Length)] : [.. bundle];
            for (int place = 0; place < random.Next(1, 5) && changed.Length > 0; place++)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            if (!changed.AsSpan().SequenceEqual(bundle))
            {
                Assert.True(AttackTests.FaultsOf(changed).Count > 0, $"seed 11, round {round}");
            }
        }
    }

    // Form and seal alone: nothing behind them is read before they hold.
    private static bool IsSealed(byte[] bytes)
    {
        try
        {
            return BundleVerifier.Verify(new MemoryStream(bytes, writable: false), new([]), BundleDepth.Seal).Report.Faults.Count == 0;
        }
        catch (BundleFormatException)
        {
            return false;
        }
    }
}
