namespace Metering.Cloud.Plants;

/// <summary>What a page of a plant draws; one for each request, filled before the page is rendered.</summary>
internal sealed class PlantView
{
    /// <summary>The page of entries, if shown.</summary>
    public EntryView? Entries { get; set; }

    /// <summary>The upload shown, if any.</summary>
    public UploadView? Upload { get; set; }

    /// <summary>Alarms by plant, if shown.</summary>
    public IReadOnlyList<(Plant Plant, IReadOnlyList<Alarm> Alarms)> Alarms { get; set; } = [];

    /// <summary>Why nothing was done; null otherwise.</summary>
    public string? Notice { get; set; }
}
