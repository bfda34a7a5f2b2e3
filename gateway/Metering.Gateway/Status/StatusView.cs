namespace Metering.Gateway.Status;

/// <summary>What a page is drawn with besides the state itself.</summary>
/// <param name="Language">Of the page.</param>
/// <param name="Recent">The last hour of each meter.</param>
/// <param name="IsCounter">Whether a channel counts up.</param>
/// <param name="TimeoutOf">How long an answer is waited for on a bus; null when it is none of the configuration.</param>
internal sealed record StatusView(Language Language, RecentValues Recent, Func<string, bool> IsCounter, Func<string, TimeSpan?> TimeoutOf);
