namespace Metering.Cloud.Plants;

/// <summary>What a page of a plant draws; one for each request, filled before the page is rendered.</summary>
internal sealed class PlantView
{
    /// <summary>The page of entries, if shown.</summary>
    public EntryView? Entries { get; set; }

    /// <summary>The upload shown, if any.</summary>
    public UploadView? Upload { get; set; }
}
