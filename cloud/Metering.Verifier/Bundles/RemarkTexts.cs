using System.Text.Json;

namespace Metering.Verifier.Bundles;

/// <summary>The words of every remark.</summary>
internal static class RemarkTexts
{
    private static readonly Dictionary<RemarkCode, Text> Table = new()
    {
        [RemarkCode.PlanLate] = new("el plan se registró {0} días después de que empezó la instalación", "the plan was registered {0} days after the installation began"),
        [RemarkCode.Unsigned] = new("dos personas no han firmado este resultado", "two people have not signed this result"),
        [RemarkCode.Gaps] = new("faltan {0} días de los periodos, o su producción o clima; nada se puso en su lugar", "{0} days of the periods are missing, or their production or weather; nothing was put in their place"),
        [RemarkCode.NoTrust] = new("las llaves vienen en el propio archivo: solo se prueba que concuerda consigo mismo. Pida las llaves a la planta y al programa y repita con --trust", "the keys come from the file itself: only that it agrees with itself is proved. Ask the plant and the programme for their keys and repeat with --trust"),
        [RemarkCode.LogUntrusted] = new("el orden en el tiempo, el plan y las decisiones descansan en la palabra del registro de transparencia {0} (llave {1}), que no está entre las que usted indicó", "the order in time, the plan and the decisions rest on the word of the log {0} (key {1}), which is not among those you gave"),
        [RemarkCode.KeyByLog] = new("por la llave de {0} responde solo el registro de transparencia", "only the log vouches for the key of {0}"),
        [RemarkCode.Simulated] = new("los medidores de la planta son simulados", "the plant's meters are simulated"),
        [RemarkCode.OtherProgram] = new("lo calculó la versión {0}; este programa es la {1}", "version {0} computed it; this program is {1}"),
        [RemarkCode.Erased] = new("el contenido de {0} entradas se borró; las entradas siguen ahí", "the bodies of {0} entries were erased; the entries are still there"),
        [RemarkCode.OlderThanSeen] = new(
            "este paquete es anterior a lo que usted ya vio del registro de transparencia: tenía {0} entradas el {1}. Lo que se asentó después no está aquí; pida un paquete nuevo",
            "this bundle is older than what you have seen of the log: it had {0} entries at {1}. What was logged since is not in here; ask for a new bundle"),
        [RemarkCode.LogKeyChanged] = new("el registro de transparencia cambió de llave {0} veces; los cambios están asentados", "the log changed its key {0} times; the changes are logged"),
        [RemarkCode.NoTimeStamp] = new("el paquete no trae sello de tiempo de ninguna autoridad", "the bundle carries no time stamp of any authority"),
        [RemarkCode.FirstSight] = new("el registro de transparencia {0} se ve por primera vez; se recordará", "the log {0} is seen for the first time; it will be remembered"),
    };

    /// <summary>The code that programs read.</summary>
    public static string CodeOf(RemarkCode code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    /// <summary>The sentence for people, without a full stop.</summary>
    public static string In(this Remark remark, Language language) => Table[remark.Code].In(language, [.. remark.Values]);
}
