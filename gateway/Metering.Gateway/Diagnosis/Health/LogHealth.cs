using Metering.Gateway.Witness;

namespace Metering.Gateway.Diagnosis.Health;

/// <summary>What the doctor says of the cloud's log.</summary>
internal static class LogHealth
{
    /// <summary>One check; none while the gateway has seen nothing of a log.</summary>
    internal static IEnumerable<HealthCheck> Check(WitnessFolder folder)
    {
        WitnessStanding standing = folder.Standing();
        if (standing.Open is LogAlarm alarm)
        {
            yield return HealthCheck.Bad("log", alarm.What, LogAlarm.Remedy, ExitCode.DataError);
        }
        else if (standing.Last is { } last)
        {
            yield return HealthCheck.Good("log", $"El registro de transparencia de la nube continúa el que se había visto ({last.Size} entradas).", $"The cloud's log continues the one that was seen ({last.Size} entries).");
        }
    }
}
