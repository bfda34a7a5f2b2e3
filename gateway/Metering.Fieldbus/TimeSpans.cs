namespace Metering.Fieldbus;

internal static class TimeSpans
{
    internal static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    internal static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
