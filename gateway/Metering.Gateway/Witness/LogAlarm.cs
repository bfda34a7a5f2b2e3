using Metering.Readings;

namespace Metering.Gateway.Witness;

/// <summary>One line of the witness's record: an alarm, or a person's word that the log's new past is accepted.</summary>
/// <param name="Number">Counts the alarms from 1; an acceptance has the number of its alarm.</param>
/// <param name="UtcMilliseconds">When, by this gateway's clock, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Kind">See <see cref="KindOf"/>; "accepted" for an acceptance.</param>
/// <param name="KeptSize">Entries that were seen before; 0 for none.</param>
/// <param name="SeenSize">Entries of the log that raised the alarm.</param>
/// <param name="Reason">Of an acceptance; else empty.</param>
internal sealed record LogAlarm(int Number, long UtcMilliseconds, string Kind, long KeptSize, long SeenSize, string Reason)
{
    internal const string Accepted = "accepted";

    /// <summary>What was kept is not signed by the key that the configuration now names.</summary>
    internal const string OtherKey = "other-key";

    internal static string KindOf(LogContinuity continuity) => continuity switch
    {
        LogContinuity.WentBack => "went-back",
        LogContinuity.Forked => "forked",
        LogContinuity.Unproven => "unproven",
        LogContinuity.OtherLog => "other-log",
        LogContinuity.Continues => throw new ArgumentException("a log that continues is no alarm", nameof(continuity)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What was seen, in a sentence.</summary>
    internal Text What => Kind switch
    {
        "went-back" => Say(es: "El registro de transparencia de la nube tiene {1} entradas; este gateway ya había visto {0}.", en: "The cloud's log has {1} entries; this gateway had seen {0} already."),
        "forked" => Say(es: "El registro de transparencia de la nube tiene las mismas {0} entradas que antes, pero su contenido cambió.", en: "The cloud's log has as many entries as before ({0}), but they are not the same ones."),
        "unproven" => Say(es: "El registro de transparencia de la nube pasó de {0} a {1} entradas sin probar que las anteriores siguen ahí.", en: "The cloud's log went from {0} to {1} entries without a proof that the old ones are still there."),
        "other-log" => Say(es: "La nube muestra un registro de transparencia con otro nombre ({1} entradas).", en: "The cloud shows a log of another name ({1} entries)."),
        OtherKey => Say(es: "Lo que este gateway guardó del registro de transparencia no está firmado con la llave de cloud.keyFile.", en: "What this gateway kept of the log is not signed by the key in cloud.keyFile."),
        _ => new(es: Kind, en: Kind),
    };

    /// <summary>What a person should do.</summary>
    internal static Text Remedy { get; } = new(
        es: "Alguien cambió el pasado de la nube o restauró un respaldo. Pregunte a quien la opera; si el motivo es bueno: gateway log accept --config ARCHIVO --reason \"...\". Las lecturas siguen llegando.",
        en: "Somebody changed the cloud's past or restored a backup. Ask who runs it; when the reason is a good one: gateway log accept --config FILE --reason \"...\". Readings go on being sent.");

    private Text Say(string es, string en) => new(
        es: string.Format(System.Globalization.CultureInfo.InvariantCulture, es, KeptSize, SeenSize),
        en: string.Format(System.Globalization.CultureInfo.InvariantCulture, en, KeptSize, SeenSize));
}

/// <summary>What the witness knows.</summary>
/// <param name="Last">The newest standing of the log that was believed; null before the first.</param>
/// <param name="Open">The alarm that nobody has accepted yet; null when there is none.</param>
/// <param name="Alarms">Alarms since the state directory was made.</param>
internal sealed record WitnessStanding(LogStanding? Last, LogAlarm? Open, int Alarms)
{
    internal static WitnessStanding Nothing { get; } = new(null, null, 0);
}
