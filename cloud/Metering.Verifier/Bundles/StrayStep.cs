using Metering.Evidence.Bundle;
using Metering.Projects;
using Metering.Projects.Statements;

namespace Metering.Verifier.Bundles;

/// <summary>Step 1, at its end: no file is in a bundle that nothing in it speaks of.</summary>
internal static class StrayStep
{
    /// <summary>Files that every bundle has.</summary>
    public static IReadOnlyList<string> Required { get; } =
    [
        BundleNames.Description, BundleNames.LogKey, BundleNames.Checkpoint, BundleNames.Entries, BundleNames.Proof, BundleNames.Consistency, BundleNames.Validation, BundleNames.Result,
        BundleNames.Code, BundleNames.Parts,
    ];

    /// <summary>Tells of every stray file.</summary>
    public static void Run(BundleFile file, ShownLog log, IEnumerable<(string Gateway, int KeyEpoch)> keys, IReadOnlySet<ChannelName> channels, BundleDescription about, FaultList faults)
    {
        HashSet<string> known =
        [
            .. Required, BundleNames.ReadMe, BundleNames.TimeStamp, BundleNames.TimeStampNote,
            .. log.Entries.Where(shown => !BodyStep.HasFileOfItsOwn(shown.Entry.Kind)).Select(shown => BundleNames.BodyOf(shown.Index)),
            .. Languages.All.Where(language => about.Reports.ContainsKey(language.Code())).Select(BundleNames.ReportOf),
        ];
        foreach ((string gateway, int epoch) in keys)
        {
            known.Add(BundleNames.KeyOf(gateway, epoch));
            known.Add(BundleNames.NotesOf(gateway, epoch));
            known.Add(BundleNames.HashesOf(gateway, epoch));
            known.UnionWith(channels.Where(channel => channel.Gateway == gateway).Select(channel => BundleNames.SegmentsOf(gateway, epoch, channel.Channel)));
        }

        foreach (string name in file.Names.Where(name => !known.Contains(name)))
        {
            faults.Add(FaultCode.StrayFile, name);
        }
    }
}
