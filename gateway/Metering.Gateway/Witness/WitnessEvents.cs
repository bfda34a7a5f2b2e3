using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Witness;

/// <summary>Log lines of the witness: 3050-3099.</summary>
internal static partial class WitnessEvents
{
    [LoggerMessage(EventId = 3050, Level = LogLevel.Error, Message = "{Problem} {Remedy}")]
    internal static partial void DoesNotContinue(ILogger logger, string problem, string remedy);

    [LoggerMessage(EventId = 3051, Level = LogLevel.Warning, Message = "What the cloud says of its log cannot be kept: {Problem} Check the disk and the owner of the folder witness in the state directory")]
    internal static partial void NotKept(ILogger logger, string problem);
}
