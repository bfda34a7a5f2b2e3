using Metering.Readings;

namespace Metering.Tests.Verifier;

/// <summary>True bundles, late, unsigned or with holes, and readers who bring keys, bundles seen before or an authority: what they are told must be the same by both verifiers.</summary>
internal static class ReaderCases
{
    /// <summary>Each with the exit code and the remarks that --strict makes faults.</summary>
    public static IEnumerable<(BundleCase Case, int Code, string Remarks)> All()
    {
        using SampleBundle sample = SampleBundle.Make();
        string[] gateways = [.. sample.Draft.Keys.Values];
        string[] trusted = [SigningKey.PublicPem(sample.Draft.LogKey), .. gateways];
        byte[] first = sample.Draft.Seal();
        yield return (new("strict", first) { Trusted = trusted, IsStrict = true }, 0, "");
        yield return (new("without-the-log", first) { Trusted = gateways }, 0, "log-untrusted");
        yield return (new("seen-itself", first) { Seen = first, IsStrict = true }, 0, "");
        sample.Draft.NextBundle();
        sample.Draft.CheckpointUtc += 1000;
        sample.Draft.Entries.Add(new("batch", "batch/other/1/99", sample.Draft.Entries[^1].Utc, "x"u8.ToArray()) { IsShown = false });
        byte[] next = sample.Draft.Seal();
        yield return (new("seen-and-grown", next) { Seen = first, Trusted = trusted, IsStrict = true }, 0, "");
        yield return (new("older", first) { Seen = next }, 0, "older-than-seen");
        yield return (new("older-and-strict", first) { Seen = next, IsStrict = true }, 3, "");
        byte[] false_ = [.. first];
        false_[false_.Length / 2] ^= 1;
        yield return (new("seen-a-false-one", first) { Seen = false_ }, 65, "");
        using SampleBundle other = SampleBundle.Make(2);
        yield return (new("seen-another-log", first) { Seen = other.Draft.Seal() }, 3, "");
        foreach ((BundleCase Case, int Code, string Remarks) one in Signed().Concat(Stamped(sample)))
        {
            yield return one;
        }
    }

    // The plan of the sample is registered in two versions, a day apart, that differ in their titles; the installation begins on the last of October.
    private static IEnumerable<(BundleCase Case, int Code, string Remarks)> Signed()
    {
        foreach ((DateOnly day, bool isStrict, int code, string remarks) in (IEnumerable<(DateOnly, bool, int, string)>)[(new(2025, 10, 31), true, 0, ""), (new(2025, 11, 1), false, 0, "plan-late"), (new(2025, 11, 1), true, 3, "")])
        {
            using SampleBundle sample = SampleBundle.Make(planDay: day);
            yield return (new(FormattableString.Invariant($"plan-of-{day.DayNumber}-{isStrict}"), sample.Draft.Seal()) { IsStrict = isStrict }, code, remarks);
        }

        using SampleBundle unsigned = SampleBundle.Make();
        unsigned.Compute(signedVersion: new string('0', 64));
        yield return (new("unsigned", unsigned.Draft.Seal()), 0, "unsigned");
        yield return (new("unsigned-and-strict", unsigned.Draft.Seal()) { IsStrict = true }, 3, "");
        using SampleBundle alone = SampleBundle.Make();
        alone.Draft.Rewrite("signature/drives-2026/2", text => text.Replace("\"account-2\"", "\"account-1\"", StringComparison.Ordinal));
        yield return (new("signed-by-one", alone.Draft.Seal()), 0, "unsigned");
        using SampleBundle holes = SampleVariants.All.Single(one => one.Name == "not-sent").Make();
        yield return (new("holes", holes.Draft.Seal()), 0, "gaps");
        yield return (new("holes-and-strict", holes.Draft.Seal()) { IsStrict = true }, 3, "");
    }

    private static IEnumerable<(BundleCase Case, int Code, string Remarks)> Stamped(SampleBundle sample)
    {
        using StampMaker authority = new();
        string root = authority.Root.ExportCertificatePem();
        yield return (new("not-stamped", sample.Draft.Seal()) { TimeAuthority = root, IsStrict = true }, 0, "");
        sample.Draft.SignEarlier();
        byte[] note = sample.Draft.CheckpointOver(20);
        sample.Draft.TimeStamp = (note, authority.Answer(note));
        yield return (new("stamped", sample.Draft.Seal()) { TimeAuthority = root, IsStrict = true }, 0, "");
    }
}
