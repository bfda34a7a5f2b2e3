using Metering.Cloud.Explore;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Microsoft.AspNetCore.Components;

namespace Metering.Cloud.Pages;

/// <summary>What a page needs to draw itself; one for each request, filled before the page is rendered.</summary>
internal sealed class PageContext
{
    /// <summary>Language of the page.</summary>
    public Language Language { get; private set; }

    /// <summary>Numbers and dates of that language.</summary>
    public Formatter Format { get; private set; } = new(Language.Spanish);

    /// <summary>Address after the language, beginning with a slash: the switch keeps it.</summary>
    public string Path { get; private set; } = "/";

    /// <summary>Title of the page.</summary>
    public string Title { get; set; } = "";

    /// <summary>The project shown, if any.</summary>
    public ProjectResult? Result { get; set; }

    /// <summary>Whether two people signed the result shown: the word "verified" belongs to that, and to nothing before it.</summary>
    public bool IsSigned { get; set; }

    /// <summary>The projects that a page lists.</summary>
    public IReadOnlyList<ProjectSummary> Results { get; set; } = [];

    /// <summary>Projects without a measurement plan that the reader may see, on the list.</summary>
    public IReadOnlyList<DraftProject> Drafts { get; set; } = [];

    /// <summary>How the store stands, on the list.</summary>
    public StoreStatus? Status { get; set; }

    /// <summary>The plant shown, if any.</summary>
    public Plant? Plant { get; set; }

    /// <summary>Its channels.</summary>
    public IReadOnlyList<ChannelSummary> Channels { get; set; } = [];

    /// <summary>First day of the month that the daily chart is asked for; null for the newest months.</summary>
    public DateOnly? Month { get; set; }

    /// <summary>The stretch of a channel that was asked for, if any.</summary>
    public ZoomView? Zoom { get; set; }

    /// <summary>The day of a project shown, if any.</summary>
    public DayTrace? DayTrace { get; set; }

    /// <summary>The reading shown, if any.</summary>
    public ReadingTrace? ReadingTrace { get; set; }

    /// <summary>The channel shown of which nothing is in the chain yet, if any.</summary>
    public Plants.LiveChannel? Early { get; set; }

    /// <summary>What is on record of a meter, by gateway and meter; null when no records are kept.</summary>
    public Func<string, string, MeterRecord?>? MeterOf { get; set; }

    /// <summary>The present, for ages.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Sets language and address.</summary>
    public void Begin(Language language, string path, DateTimeOffset now)
    {
        Language = language;
        Format = new(language);
        Path = path;
        Now = now;
    }

    /// <summary>A text of the page's language.</summary>
    public string T(Text text) => text.In(Language);

    /// <summary>A text of the page's language with its places filled.</summary>
    public string T(Text text, params object[] values) => text.In(Language, values);

    /// <summary>An address in the page's language.</summary>
    public string Link(string path) => "/" + Language.Code() + path;

    /// <summary>The age of an instant in words.</summary>
    public string Age(long utcMilliseconds) => Format.Age(Now - DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds));

    /// <summary>A drawing in both widths: the style sheet shows one of them.</summary>
    public static MarkupString Both(Func<Charts.ChartWidth, string> draw, Charts.ChartWidth wide = Charts.ChartWidth.Wide) =>
        new(draw(wide) + draw(Charts.ChartWidth.Narrow));

    /// <summary>Style class of a cell in a table that scrolls: sentences are broken into lines there, figures, days and names are not. Null for these.</summary>
    public static string? ClassOf(string cell) => cell.Length > LongestUnbroken ? "words" : null;

    private const int LongestUnbroken = 40;
}

/// <summary>How the store stands.</summary>
/// <param name="Readings">Readings stored.</param>
/// <param name="Channels">Channels that have readings.</param>
/// <param name="Gateways">Gateways that have readings.</param>
/// <param name="LastUtcMilliseconds">Newest reading, one that is not in the chain yet included; null when there is none.</param>
/// <param name="IsEarly">Whether that reading is not in the chain yet.</param>
/// <param name="Quarantined">Messages put aside; null for readers of a part of the programme.</param>
internal sealed record StoreStatus(long Readings, int Channels, int Gateways, long? LastUtcMilliseconds, bool IsEarly, long? Quarantined);
