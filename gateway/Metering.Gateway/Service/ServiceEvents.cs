using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Service;

/// <summary>Log lines of the service: 7000-7999.</summary>
internal static partial class ServiceEvents
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "The new configuration is in use; its hash is {Hash}")]
    internal static partial void Reloaded(ILogger logger, string hash);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Error, Message = "The new configuration is not used, the old one goes on: {Problem}")]
    internal static partial void NotReloaded(ILogger logger, string problem);

    [LoggerMessage(EventId = 7003, Level = LogLevel.Critical, Message = "The gateway makes no progress: {Problem}. The watchdog is not fed any more, so the service manager starts it again")]
    internal static partial void NoProgress(ILogger logger, string problem);

    [LoggerMessage(EventId = 7004, Level = LogLevel.Warning, Message = "The status page cannot be shown: {Problem}. Readings go on")]
    internal static partial void NoStatusPage(ILogger logger, string problem);

    [LoggerMessage(EventId = 7005, Level = LogLevel.Information, Message = "Status page: {Address}")]
    internal static partial void StatusPage(ILogger logger, string address);

    [LoggerMessage(EventId = 7006, Level = LogLevel.Error, Message = "A page of the gateway failed: {Problem}. Readings go on; please report it")]
    internal static partial void PageFailed(ILogger logger, string problem);

    [LoggerMessage(EventId = 7007, Level = LogLevel.Warning, Message = "Every user of this machine can read {File}, which holds a secret. Take the right away: sudo chmod o= {File}")]
    internal static partial void OpenSecret(ILogger logger, string file);
}
