using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>Log lines of the polling: 1000-1999.</summary>
internal static partial class PollingEvents
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "Meter {Meter} (unit {Unit}) on bus {Bus}: {Problem} Its readings are marked, not replaced")]
    internal static partial void MeterFails(ILogger logger, string meter, byte unit, string bus, string problem);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Meter {Meter} on bus {Bus} answers again")]
    internal static partial void MeterBack(ILogger logger, string meter, string bus);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "Meter {Meter} (unit {Unit}) on bus {Bus} failed for {Slots} slots and is now asked less often, so that the others keep their time. {Problem}")]
    internal static partial void Quarantined(ILogger logger, string meter, byte unit, string bus, string problem, int slots);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "Bus {Bus} is not connected: {Problem}")]
    internal static partial void BusAway(ILogger logger, string bus, string problem);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Information, Message = "Bus {Bus} is connected again")]
    internal static partial void BusBack(ILogger logger, string bus);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Warning, Message = "The gateway was held up: {Slots} slots passed in which no meter was asked. Look at the disk and at what else runs on this machine")]
    internal static partial void Overrun(ILogger logger, long slots);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Warning, Message = "The wall clock jumped by {Jump} between two slots")]
    internal static partial void ClockJumped(ILogger logger, TimeSpan jump);
}
