using System.Text;
using Metering.Evidence.Bundle;
using Metering.Projects.Statements;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>
/// Makes the evidence bundle of a project: brings the log up to what is stored, computes and logs the result and its reports, signs a checkpoint, and writes everything that someone
/// needs who recomputes the result without us. Memory does not grow with the readings; temporary files take what the bundle takes.
/// </summary>
internal sealed class BundleMaker(EvidenceParts parts)
{
    /// <summary>Makes a bundle.</summary>
    /// <param name="project">Id of the project.</param>
    /// <param name="target">Takes the file: empty, can be written, read and sought. Not whole when this fails.</param>
    /// <param name="folder">Folder for temporary files.</param>
    /// <param name="progress">Told how far it is, from any thread; null when nobody asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BundleRefusal">There is no such project, or its data cannot be shown now.</exception>
    /// <exception cref="BundleFormatException">It would be larger than a bundle may be.</exception>
    /// <exception cref="StoreException">Store or log cannot be read or written.</exception>
    public async Task<BundleSummary> MakeAsync(string project, Stream target, string folder, Action<BundleProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Invoke(new(BundleStep.Log, 0, 0));
        await parts.CatchUpAsync(cancellationToken);
        progress?.Invoke(new(BundleStep.Result, 0, 0));
        RecordedResult recorded = await new ResultRecorder(parts).RecordAsync(project, cancellationToken);
        BundlePoint point = await BundlePoint.BeginAsync(parts, project, cancellationToken);
        ShownEntries shown = ShownEntries.Of(parts, recorded.Result.Project, recorded.LogSize, point.Checkpoint.Size);
        using ReadingFiles readings = new(folder, recorded.Result.Project.Channels());
        long total = shown.Batches.Sum(batches => (long)batches.Numbers.Count);
        foreach (ShownBatches batches in shown.Batches)
        {
            readings.Read(parts.Board.Store, batches, () => progress?.Invoke(new(BundleStep.Batches, readings.BatchCount, total)), cancellationToken);
        }

        progress?.Invoke(new(BundleStep.Seal, total, total));
        Write(target, recorded, point, shown, readings);
        return new(recorded.Index, point.Note, readings.BatchCount, readings.ReadingCount) { TimeStampFault = point.TimeStampFault };
    }

    /// <summary>Name under which a project's bundle is handed out.</summary>
    public static string NameOf(string project) => $"{project}.mevb";

    private void Write(Stream target, RecordedResult recorded, BundlePoint point, ShownEntries shown, ReadingFiles readings)
    {
        BundleWriter bundle = new(target);
        Dictionary<string, long> reports = recorded.Reports.ToDictionary(report => report.Key.Code(), report => report.Value.Index, StringComparer.Ordinal);
        bundle.Add(BundleNames.Description, new BundleDescription(parts.Log.Name, recorded.Result.Project.Id, point.Number, recorded.Index, reports).ToBytes());
        bundle.Add(BundleNames.ReadMe, Encoding.UTF8.GetBytes(BundleReadMe.Text));
        bundle.Add(BundleNames.LogKey, Encoding.ASCII.GetBytes(SigningKey.PublicPem(parts.Key)));
        foreach (KeyStatement key in shown.Keys())
        {
            bundle.Add(BundleNames.KeyOf(key.Gateway, key.KeyEpoch), Encoding.ASCII.GetBytes(key.PublicKeyPem));
        }

        bundle.Add(BundleNames.Checkpoint, point.Note);
        bundle.Add(BundleNames.Entries, shown.Lines());
        bundle.Add(BundleNames.Proof, shown.Proof(parts.Log, point.Checkpoint.Size));
        point.AddTo(bundle, parts.Log, shown.EarlierCheckpoints());
        shown.AddBodies(bundle);
        bundle.Add(BundleNames.Validation, recorded.Validation);
        bundle.Add(BundleNames.Result, recorded.Body);
        bundle.Add(BundleNames.Code, CodeStatement.Bytes);
        bundle.Add(BundleNames.Parts, ResultRecorder.PartsList);
        foreach ((Language language, (_, byte[] html)) in recorded.Reports)
        {
            bundle.Add(BundleNames.ReportOf(language), html);
        }

        readings.AddTo(bundle);
        bundle.Seal(parts.Log.Name, parts.Key);
    }
}
