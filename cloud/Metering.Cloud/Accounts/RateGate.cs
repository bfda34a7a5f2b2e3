using System.Collections.Concurrent;

namespace Metering.Cloud.Accounts;

/// <summary>At most so many of one key in a window that begins with the first of them. Safe from any thread.</summary>
/// <param name="most">Most in a window.</param>
/// <param name="window">Length of the window.</param>
/// <param name="clock">The clock.</param>
internal sealed class RateGate(int most, TimeSpan window, TimeProvider clock)
{
    private const int MostKeys = 20_000;
    private readonly ConcurrentDictionary<string, (long Start, int Count)> windows = new(StringComparer.Ordinal);

    /// <summary>Counts one.</summary>
    /// <param name="key">Whose.</param>
    /// <returns>How long to wait; null when it may pass.</returns>
    public TimeSpan? Wait(string key)
    {
        long now = clock.GetTimestamp();
        if (windows.Count > MostKeys)
        {
            Sweep();
        }

        (long start, int count) = windows.AddOrUpdate(
            key,
            _ => (now, 1),
            (_, found) => clock.GetElapsedTime(found.Start, now) >= window ? (now, 1) : (found.Start, Math.Min(found.Count + 1, most + 1)));
        return count <= most ? null : window - clock.GetElapsedTime(start, now);
    }

    // Open windows go too when there are far too many: memory has a limit, and a flood from so many addresses is a proxy's affair.
    private void Sweep()
    {
        foreach ((string key, (long start, _)) in windows)
        {
            if (clock.GetElapsedTime(start) >= window)
            {
                _ = windows.TryRemove(key, out _);
            }
        }

        if (windows.Count > MostKeys)
        {
            windows.Clear();
        }
    }
}

/// <summary>The limits of this host.</summary>
/// <param name="pagesPerMinute">Requests of one address in a minute.</param>
/// <param name="clock">The clock.</param>
internal sealed class RateGates(int pagesPerMinute, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Sign-ins of one address.</summary>
    public RateGate SignInAddress { get; } = new(10, Window, clock);

    /// <summary>Sign-ins of one user name.</summary>
    public RateGate SignInName { get; } = new(10, Window, clock);

    /// <summary>Requests of one key.</summary>
    public RateGate Key { get; } = new(600, Window, clock);

    /// <summary>Requests of one address.</summary>
    public RateGate Page { get; } = new(pagesPerMinute, Window, clock);
}
