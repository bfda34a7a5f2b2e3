using Metering.Meters.Totalisers;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Inputs;

/// <summary>Log lines of inputs, counters and entries: 1100-1199.</summary>
internal static partial class InputEvents
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Counter {Channel}: {Kind}, from {From} to {To} (register steps)")]
    internal static partial void Counter(ILogger logger, string channel, TotaliserEventKind kind, long from, long to);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Counter {Channel} counts on from another value: {From} became {To} (register steps). What was used in between is unknown. If the meter was changed, record it: gateway meter swap")]
    internal static partial void CounterBroke(ILogger logger, string channel, long from, long to);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Counter {Channel} has stood still at {Value} (register steps) for longer than it should. Check the meter, or raise longestStandstill")]
    internal static partial void CounterFrozen(ILogger logger, string channel, long value);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Warning, Message = "An entry was not sent: {Problem}")]
    internal static partial void EntryRefused(ILogger logger, string problem);
}
