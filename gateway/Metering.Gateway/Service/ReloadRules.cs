using Metering.Gateway.Configuration;
using Metering.Readings;

namespace Metering.Gateway.Service;

/// <summary>What a running gateway cannot change: who it is, and where its outbox lies.</summary>
internal static class ReloadRules
{
    /// <returns>Null when the change needs no restart.</returns>
    internal static Text? WhyRestart(GatewayConfiguration now, GatewayConfiguration next)
    {
        string? key = now.Gateway != next.Gateway ? "gateway"
            : now.KeyEpoch != next.KeyEpoch ? "keyEpoch"
            : SigningKey.PublicPem(now.Key) != SigningKey.PublicPem(next.Key) ? "keyFile"
            : Path.GetFullPath(now.StateDirectory) != Path.GetFullPath(next.StateDirectory) ? "stateDirectory"
            : null;
        return key is null ? null : new(
            es: $"{key} es otro, y eso solo cambia con un reinicio (systemctl restart metering-gateway)",
            en: $"{key} is another one, which only a restart can change (systemctl restart metering-gateway)");
    }
}
