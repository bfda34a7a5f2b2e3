using Metering.Cloud.Evidence;
using Metering.Programme.Log;
using Metering.Readings.Field;
using Metering.Store;
using Metering.Tests.Pages;
using Metering.Verifier.Bundles;
using Xunit;

namespace Metering.Tests.Bundles;

/// <summary>What people read, from the store through the log into a bundle and its verification; the pages follow.</summary>
public sealed class PeopleInBundleTests
{
    [Fact]
    public async Task The_grade_follows_the_photos_on_the_page_and_in_the_bundle_and_falls_when_an_entry_is_erased()
    {
        (BundleCloud cloud, IReadOnlyList<byte[]> notes) = await BundleCloud.WithPeopleAsync();
        using BundleCloud owned = cloud;
        Project project = cloud.Parts.Board.Register.Find(SampleProjects.Accepted)!;
        Assert.Equal('D', cloud.Parts.Board.ResultOf(project).Grade);
        Assert.Equal("D", (await VerifiedAsync(cloud)).Grade);

        // The notes come after the readings: no reading is new, and pages and result tell the new grade.
        Assert.All(notes, note => Assert.Equal(FieldRecordOutcome.Kept, cloud.Store.KeepRecord(FieldRecord.Read(note), note)));
        Assert.Equal('C', Later(cloud, project));
        (string? grade, int shown) = await VerifiedAsync(cloud);
        Assert.Equal(("C", notes.Count), (grade, shown));
        Assert.Equal('C', Grades.Of(cloud.Store, cloud.Store.FindChannel("leon-tannery", "hides.count")!));
        Assert.Equal('B', Grades.Of(cloud.Store, cloud.Store.FindChannel("leon-tannery", "water.volume")!));

        LoggedEntry erased = cloud.Log.WithSubject("manual/leon-tannery/hides.count")[300];
        _ = FieldRecordSource.Erase(cloud.Log, cloud.Store, erased.Index, "asked for");
        Assert.Equal('D', Later(cloud, project));
        Assert.Equal(("D", notes.Count - 1), await VerifiedAsync(cloud));
    }

    private static char? Later(BundleCloud cloud, Project project)
    {
        cloud.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(cloud.Parts.Board.ResultOf(project).Grade, cloud.Parts.Board.SummaryOf(project).Grade);
        return cloud.Parts.Board.ResultOf(project).Grade;
    }

    private static async Task<(string? Grade, int Shown)> VerifiedAsync(BundleCloud cloud)
    {
        (byte[] bytes, _, _) = await cloud.MakeAsync();
        BundleVerifier verifier = BundleVerifier.Verify(new MemoryStream(bytes), new([cloud.Key]));
        Assert.Empty(verifier.Report.Faults.InOrder.Select(fault => fault.In(Language.English)));
        return (verifier.Report.Result!.Grade, verifier.Records.Count);
    }
}
