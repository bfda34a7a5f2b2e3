using System.Globalization;
using Metering.Gateway.Polling;
using Metering.Mqtt;

namespace Metering.Gateway.Status;

/// <summary>How a thing stands: a colour, a sign and a word, always together.</summary>
internal readonly record struct Mark(string Class, string Sign, Text Word)
{
    internal static Mark Good(Text word) => new("good", "✔", word);

    internal static Mark Open(Text word) => new("open", "▲", word);

    internal static Mark Bad(Text word) => new("bad", "✖", word);
}

/// <summary>Words of the gateway's pages.</summary>
internal static class StatusTexts
{
    internal static readonly Text Title = new(es: "Estado del gateway", en: "Gateway status");
    internal static readonly Text Meters = new(es: "Medidores", en: "Meters");
    internal static readonly Text Lines = new(es: "Líneas", en: "Lines");
    internal static readonly Text Gateway = new(es: "Este equipo", en: "This gateway");
    internal static readonly Text Inputs = new(es: "Entradas", en: "Inputs");
    internal static readonly Text InputKind = new(es: "Tipo", en: "Kind");
    internal static readonly Text Quality = new(es: "Calidad", en: "Quality");
    internal static readonly Text LastReading = new(es: "Última lectura buena", en: "Last good reading");
    internal static readonly Text Never = new(es: "todavía ninguna", en: "none yet");
    internal static readonly Text ErrorRate = new(es: "Preguntas con falla", en: "Requests that failed");
    internal static readonly Text AnswerTime = new(es: "Tiempo de respuesta", en: "Answer time");
    internal static readonly Text UnitAndProfile = new(es: "Unidad y perfil", en: "Unit and profile");
    internal static readonly Text AllValues = new(es: "Todos los valores ({0})", en: "All values ({0})");
    internal static readonly Text LastHour = new(es: "{0}, última hora", en: "{0}, last hour");
    internal static readonly Text Causes = new(es: "Causas probables, en este orden", en: "Likely causes, in this order");
    internal static readonly Text Checks = new(es: "Qué revisar", en: "What to check");
    internal static readonly Text Try = new(es: "Pruebe", en: "Try");
    internal static readonly Text Load = new(es: "Tiempo ocupado", en: "Time in use");
    internal static readonly Text Cycle = new(es: "Ciclo cada {0}: último, 99 %", en: "Cycle every {0}: last, 99 %");
    internal static readonly Text Missed = new(es: "Turnos incompletos", en: "Slots not finished");
    internal static readonly Text Damage = new(es: "Tramas dañadas, silencios", en: "Damaged frames, silences");
    internal static readonly Text Noise = new(es: "Bytes ajenos, respuestas tardías", en: "Stray bytes, late replies");
    internal static readonly Text Waiting = new(es: "Lotes por confirmar", en: "Batches to be confirmed");
    internal static readonly Text OutboxFill = new(es: "Espacio usado del almacén", en: "Outbox in use");
    internal static readonly Text Refused = new(es: "Lecturas sin lugar", en: "Readings without room");
    internal static readonly Text Broker = new(es: "Conexión con la nube", en: "Way to the cloud");
    internal static readonly Text LastAck = new(es: "Última confirmación de la nube", en: "Cloud's last word");
    internal static readonly Text Log = new(es: "Registro de transparencia de la nube", en: "The cloud's log");
    internal static readonly Text LogEntries = new(es: "{0} registros, {1}", en: "{0} entries, {1}");
    internal static readonly Text LogUnseen = new(es: "todavía no se ha visto", en: "not seen yet");
    internal static readonly Text LogAlarms = new(es: "Alarmas del registro de transparencia", en: "Alarms of the log");
    internal static readonly Text Clock = new(es: "Reloj", en: "Clock");
    internal static readonly Text ClockGood = new(es: "sincronizado", en: "synchronised");
    internal static readonly Text ClockOpen = new(es: "sin sincronizar: revise la red o ponga un reloj RTC", en: "not synchronised: check the network or add an RTC");
    internal static readonly Text DiskFree = new(es: "Disco libre", en: "Free disk");
    internal static readonly Text Memory = new(es: "Memoria en uso", en: "Memory in use");
    internal static readonly Text Since = new(es: "Encendido desde hace", en: "Running for");
    internal static readonly Text Versions = new(es: "{0} · configuración {1} · actualizado {2}", en: "{0} · configuration {1} · updated {2}");
    internal static readonly Text ConfigurationKept = new(es: "La configuración nueva no se usó; sigue la anterior", en: "The new configuration was not used; the old one goes on");
    internal static readonly Text NoMeters = new(es: "Todavía no se ha leído ningún medidor. La primera lectura llega al siguiente intervalo.", en: "No meter was read yet. The first reading comes with the next interval.");
    internal static readonly Text AllWell = new(es: "Todo en orden", en: "All is well");
    internal static readonly Text LookAt = new(es: "Funciona, pero conviene revisar", en: "It works, but have a look");
    internal static readonly Text NotWorking = new(es: "Atención: se pueden perder datos", en: "Attention: data may be lost");
    internal static readonly Text LogIn = new(es: "Entrar", en: "Log in");
    internal static readonly Text Token = new(es: "Clave de la página (archivo tokenFile)", en: "Key of the page (file tokenFile)");
    internal static readonly Text WrongToken = new(es: "Esa no es la clave. Está en el archivo que la configuración llama tokenFile.", en: "That is not the key. It is in the file the configuration calls tokenFile.");
    internal static readonly Text Throttled = new(es: "Demasiados intentos. Espere un minuto.", en: "Too many attempts. Wait a minute.");

    /// <summary>How a meter stands.</summary>
    internal static Mark Of(MeterState state) => state switch
    {
        MeterState.Healthy => Mark.Good(new(es: "bien", en: "well")),
        MeterState.Unknown => Mark.Open(new(es: "sin leer aún", en: "not read yet")),
        MeterState.Refusing => Mark.Open(new(es: "rechaza valores", en: "refuses values")),
        MeterState.Failing => Mark.Bad(new(es: "con fallas", en: "failing")),
        MeterState.Quarantined => Mark.Bad(new(es: "sin respuesta", en: "silent")),
        MeterState.Disconnected => Mark.Bad(new(es: "línea desconectada", en: "line disconnected")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>How a bus stands.</summary>
    internal static Mark Of(BusState state) => state switch
    {
        BusState.Running => Mark.Good(new(es: "a tiempo", en: "on time")),
        BusState.Starting => Mark.Open(new(es: "empezando", en: "starting")),
        BusState.Behind => Mark.Open(new(es: "no alcanza a leer todo", en: "cannot read all in time")),
        BusState.Disconnected => Mark.Bad(new(es: "desconectada", en: "disconnected")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>How the way to the cloud stands.</summary>
    internal static Mark Of(MqttSessionState state, bool isRefused) => state switch
    {
        MqttSessionState.Connected when isRefused => Mark.Bad(new(es: "conectado, pero el broker no acepta los mensajes", en: "connected, but the broker does not take the messages")),
        MqttSessionState.Connected => Mark.Good(new(es: "conectado", en: "connected")),
        _ when isRefused => Mark.Bad(new(es: "rechazado: revise usuario, contraseña o certificado", en: "refused: check user, password or certificate")),
        _ => Mark.Open(new(es: "sin conexión; las lecturas se guardan aquí", en: "not connected; readings are kept here")),
    };

    /// <summary>Words of a verdict's reasons and warnings.</summary>
    internal static Text OfReason(string reason) => reason switch
    {
        "no-progress" => new(es: "las lecturas no avanzan", en: "readings do not go on"),
        "outbox-full" => new(es: "el almacén está lleno: libere espacio o restablezca la conexión", en: "the outbox is full: make room or bring the connection back"),
        "state-directory-set-back" => new(es: "la carpeta de estado se perdió o es una copia vieja: haga una llave nueva", en: "the state directory was lost or is an old copy: make a new key"),
        "broker-refuses" => new(es: "el servidor rechaza a este equipo", en: "the broker refuses this gateway"),
        "no-bus-connected" => new(es: "ninguna línea está conectada", en: "no line is connected"),
        "configuration-not-taken" => new(es: "la configuración nueva tiene errores", en: "the new configuration is faulty"),
        "bus-disconnected" => new(es: "una línea está desconectada", en: "a line is disconnected"),
        "bus-behind" => new(es: "una línea no alcanza a leer todo en su intervalo", en: "a line cannot read all in its interval"),
        "meter-failing" => new(es: "hay medidores con fallas", en: "some meters fail"),
        "input-failing" => new(es: "hay entradas con fallas", en: "some inputs fail"),
        "broker-away" => new(es: "sin conexión con la nube; nada se pierde", en: "no connection to the cloud; nothing is lost"),
        "batches-waiting" => new(es: "muchos lotes esperan confirmación", en: "many batches wait to be confirmed"),
        "log-does-not-continue" => new(es: "el registro de transparencia de la nube no continúa el que se había visto", en: "the cloud's log does not continue the one that was seen"),
        "clock-not-synchronised" => new(es: "el reloj no está sincronizado", en: "the clock is not synchronised"),
        "disk-nearly-full" => new(es: "queda poco espacio en el disco", en: "the disk is nearly full"),
        _ => new(es: reason, en: reason),
    };

    /// <summary>"8 s", "5 min", "3 h", "2 d": how long ago or how long.</summary>
    internal static string Age(TimeSpan age)
    {
        double seconds = Math.Max(0, age.TotalSeconds);
        return seconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s")
            : seconds < 5400 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min")
            : seconds < 172_800 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} d");
    }

    /// <summary>"hace 8 s" or "8 s ago"; the word for never where there is nothing.</summary>
    internal static string Ago(long? utcMilliseconds, long now, Language language) => utcMilliseconds is long at
        ? new Text(es: "hace {0}", en: "{0} ago").In(language, Age(TimeSpan.FromMilliseconds(now - at)))
        : Never.In(language);

    /// <summary>A duration in milliseconds or seconds, short.</summary>
    internal static string Short(TimeSpan? duration) => duration is not TimeSpan time ? "–"
        : time.TotalSeconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s");

    /// <summary>Bytes in the units of people.</summary>
    internal static string Bytes(long bytes) => bytes < 1L << 20 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB")
        : bytes < 1L << 30 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.#} GiB");

    /// <summary>A share in percent; a dash where nothing was counted.</summary>
    internal static string Percent(double? share) => share is not double value ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##} %");
}
