namespace Metering.Gateway.Status;

/// <summary>What a page is drawn with besides the state itself.</summary>
/// <param name="Language">Of the page.</param>
/// <param name="Recent">The last hour of each meter.</param>
/// <param name="IsCounter">Whether a channel counts up.</param>
internal sealed record StatusView(Language Language, RecentValues Recent, Func<string, bool> IsCounter);
