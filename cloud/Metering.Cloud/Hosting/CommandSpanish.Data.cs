namespace Metering.Cloud.Hosting;

/// <content>Imports, the programme's commands and the analysis of files.</content>
internal static partial class CommandSpanish
{
    private static Dictionary<string, string> Importing => new(StringComparer.Ordinal)
    {
        ["Bring in readings that no gateway signed; they are kept and shown as imported (evidence grade D; A when the meter signed them)"] =
            "Traer lecturas que ningún gateway firmó; se guardan y se muestran como importadas (grado de evidencia D; A cuando las firmó el medidor)",
        ["Bring in columns of a CSV; the same file again adds nothing, and an import that was stopped goes on"] = "Traer columnas de un CSV; el mismo archivo otra vez no agrega nada, y una importación que se detuvo continúa",
        ["the CSV: plain or .gz, with a header row"] = "el CSV: tal cual o .gz, con renglón de encabezado",
        ["the plant the readings belong to"] = "la planta de las lecturas",
        ["the import's name; readings stand under the gateway import-NAME"] = "el nombre de la importación; las lecturas quedan bajo el gateway import-NAME",
        ["a YAML file with columns, and time, zone, stamp, step if they are not given here"] = "un archivo YAML con las columnas, y con time, zone, stamp y step si no se dan aquí",
        ["a column, repeatable: NAME=channel:unit:kind[:decimals[:factor]], for example 'kwh=mains.energy:kWh:counter'; kinds are counter, gauge and mean"] =
            "una columna; se puede repetir: NAME=canal:unidad:tipo[:decimales[:factor]], por ejemplo 'kwh=mains.energy:kWh:counter'; los tipos son counter (contador), gauge (momentáneo) y mean (promedio)",
        ["the column of the stamps (default: the first)"] = "la columna de las fechas y horas (si falta, la primera)",
        ["zone of stamps without an offset: UTC, an IANA name such as America/Mexico_City, or a fixed offset such as -06:00"] =
            "zona de las fechas sin desfase: UTC, un nombre IANA como America/Mexico_City o un desfase fijo como -06:00",
        ["start or end (default start): what the stamp of an interval names; matters for kind mean"] = "start o end (si falta, start): si la fecha nombra el inicio o el fin del intervalo; importa para el tipo mean",
        ["length of the intervals, such as 15m or 1h; needed with --stamp end"] = "duración de los intervalos, por ejemplo 15m o 1h; hace falta con --stamp end",
        ["a text that means 'no value', repeatable; blank, NA, N/A, NaN and null always do"] = "un texto que significa 'sin valor'; se puede repetir; vacío, NA, N/A, NaN y null siempre lo significan",
        ["numbers are written 1234,5 (columns parted by semicolon or tab)"] = "los números se escriben 1234,5 (columnas separadas por punto y coma o tabulador)",
        ["round values to the decimals given for their column; without it, values that have more are refused"] = "redondear los valores a los decimales de su columna; si falta, se rechazan los que tienen más",
        ["rows may come in any order; without it, the first row that goes back in time is refused"] = "los renglones pueden venir en cualquier orden; si falta, se rechaza el primero que retrocede en el tiempo",
        ["of rows with the same stamp the last one stands; without it they are refused"] = "de los renglones con la misma fecha y hora vale el último; si falta, se rechazan",
        ["stored readings of this import may change; without it, a different value is refused"] = "las lecturas guardadas de esta importación pueden cambiar; si falta, se rechaza un valor distinto",
        ["read and check everything, write nothing"] = "leer y revisar todo, sin escribir nada",
        ["Bring in readings that a meter signed in the Open Charge Metering Format; each signature is verified, a record that does not fit stops the import"] =
            "Traer lecturas que firmó un medidor en el Open Charge Metering Format; se verifica cada firma, y un registro que no cuadra detiene la importación",
        ["The meter's public key: PEM, or hexadecimal digits as meters print it"] = "La llave pública del medidor: PEM, o dígitos hexadecimales como los imprimen los medidores",
        ["Name of the import; its readings stand under the gateway import-NAME"] = "Nombre de la importación; sus lecturas quedan bajo el gateway import-NAME",
        ["Plant of the meter"] = "Planta del medidor",
        ["Identifier of the meter"] = "Identificador del medidor",
        ["Identifier of the channel; METER.active-energy-import without it"] = "Identificador del canal; si falta, METER.active-energy-import",
        ["Only readings of this register, such as 1-0:1.8.0; needed when there are several"] = "Solo lecturas de este registro, por ejemplo 1-0:1.8.0; hace falta cuando hay varios",
        ["Decimal places kept of a kWh, 0 to 9"] = "Decimales que se guardan de un kWh, de 0 a 9",
        ["OCMF records, one behind the other, each beginning a line with 'OCMF|'"] = "Registros OCMF, uno tras otro, cada uno al inicio de un renglón con 'OCMF|'",
    };

    private static Dictionary<string, string> Programmes => new(StringComparer.Ordinal)
    {
        ["Keys of programs that read /api/v1"] = "Llaves de los programas que leen /api/v1",
        ["Make a key and print it; it is shown only now and kept only as a hash"] = "Crear una llave e imprimirla; se muestra solo ahora y se guarda solo su hash",
        ["Name to know it by"] = "Nombre con el que se reconoce",
        ["The plant it reads; this or --project"] = "La planta que lee; esta opción o --project",
        ["The project it reads; this or --plant"] = "El proyecto que lee; esta opción o --plant",
        ["It also writes production, lab results and events"] = "También escribe producción, resultados de laboratorio y eventos",
        ["Days until it expires, 1 to 730"] = "Días hasta que vence, de 1 a 730",
        ["List keys: id, name, plant, project, read or write, expires, state; never the keys themselves"] = "Listar las llaves: id, nombre, planta, proyecto, lectura o escritura, vence, estado; nunca las llaves mismas",
        ["Take a key away; works at once, also in a running cloud"] = "Retirar una llave; surte efecto de inmediato, también con el servicio en marcha",
        ["The key's identifier, as 'keys list' shows it"] = "El identificador de la llave, como lo muestra 'keys list'",
        ["Why; the audit trail keeps it"] = "El motivo; queda en la bitácora",
        ["The audit trail"] = "La bitácora de cambios",
        ["Write every change, one JSON object a line, and print how many"] = "Escribir cada cambio, un objeto JSON por renglón, e imprimir cuántos son",
        ["Id of the project"] = "Identificador del proyecto",
        ["Write a report of a project or of the programme"] = "Escribir un reporte de un proyecto o del programa",
        ["All projects instead of one"] = "Todos los proyectos en lugar de uno",
        ["savings, case-sheet; half-yearly, annual, plac"] = "savings (ahorro) o case-sheet (ficha de caso); con --portfolio: half-yearly (semestral), annual (anual) o plac",
        ["2026-H1 or 2026, for --portfolio"] = "2026-H1 o 2026, con --portfolio",
        ["es or en; the terminal's without it"] = "es o en; si falta, el de la terminal",
        ["File to write: .html, .pdf, .xlsx, .json or .csv"] = "Archivo que se escribe: .html, .pdf, .xlsx, .json o .csv",
        ["The cloud's configuration file"] = "Archivo de configuración del servicio",
        ["Print one JSON object"] = "Imprimir un objeto JSON",
        ["es or en; from LC_ALL, LC_MESSAGES or LANG if left out"] = "es o en; si falta, según LC_ALL, LC_MESSAGES o LANG",
        ["Five simulated plants with two years of history through the whole real path, then live."] = "Cinco plantas simuladas con dos años de historia por todo el camino real, y después en vivo.",
        ["End after the self-check: exit 0, or 70 naming the check that failed."] = "Terminar tras la revisión propia: con 0, o con 70 y el nombre de la que falló.",
        ["Leave stores, exports and logs in this new or empty folder."] = "Dejar almacenes, exportaciones y diarios en esta carpeta nueva o vacía.",
        ["Seed of the simulated plants."] = "Semilla de las plantas simuladas.",
        ["First day of history (yyyy-MM-dd); two years ago if left out."] = "Primer día de la historia (aaaa-MM-dd); si falta, hace dos años.",
        ["Day after the last day of history; today if left out."] = "Día siguiente al último de la historia; si falta, hoy.",
        ["es or en; from LANG if left out."] = "es o en; si falta, según LANG.",
    };

    private static Dictionary<string, string> Analysing => new(StringComparer.Ordinal)
    {
        ["Savings with their uncertainty, from a CSV of use and drivers; refuses with reasons."] = "Ahorro con su incertidumbre, a partir de un CSV de consumo y variables; se niega con motivos.",
        ["the file: plain or .gz, with a header row"] = "el archivo: tal cual o .gz, con renglón de encabezado",
        ["the column of interval starts (local time of --zone unless a stamp has Z or an offset)"] = "la columna de los inicios de intervalo (hora local de --zone, salvo que la fecha lleve Z o un desfase)",
        ["the column of metered use; blank = missing"] = "la columna del consumo medido; vacío = falta",
        ["columns that drive use, between commas; 'auto' tries all numeric columns; none gives the mean"] = "columnas que mueven el consumo, entre comas; 'auto' prueba todas las numéricas; sin ninguna se usa el promedio",
        ["first and last day before the project, as 2024-01-01..2024-12-31"] = "primer y último día antes del proyecto, como 2024-01-01..2024-12-31",
        ["first and last day after the project, as 2025-03-01..2026-02-28"] = "primer y último día después del proyecto, como 2025-03-01..2026-02-28",
        ["auto, ols, cp, mean, towt-hourly, towt-daily, caltrack-daily, caltrack-billing or caltrack-hourly (default: ols on named drivers, auto with --drivers auto, mean without drivers)"] =
            "auto, ols, cp, mean, towt-hourly, towt-daily, caltrack-daily, caltrack-billing o caltrack-hourly (si falta: ols con variables nombradas, auto con --drivers auto, mean sin variables)",
        ["probability of the interval in percent, 50 to 99.9 (default 90)"] = "probabilidad del intervalo en por ciento, de 50 a 99.9 (si falta, 90)",
        ["the plant's zone, for example America/Mexico_City (default UTC)"] = "la zona de la planta, por ejemplo America/Mexico_City (si falta, UTC)",
        ["a file of hourly outdoor temperatures (time, value): a driver 'temperature' for the rows, and what towt and caltrack need"] =
            "un archivo de temperaturas exteriores por hora (hora, valor): la variable 'temperature' de los renglones, y lo que necesitan towt y caltrack",
        ["C or F (default: from the name of the file's column, such as temp_c or tempF)"] = "C o F (si falta, según el nombre de la columna del archivo, como temp_c o tempF)",
        ["electricity, gas or water (default electricity): gas is not explained by cooling; for electricity caltrack-daily and caltrack-billing read zero as missing"] =
            "electricity, gas o water (si falta, electricity): el gas no se explica por enfriamiento; en electricidad, caltrack-daily y caltrack-billing leen cero como faltante",
        ["none, propose, apply or apply:FILE (default none): propose lists non-routine events, apply adjusts for the proposals, apply:FILE for the decisions in a CSV with from,to,decision,person,reason"] =
            "none, propose, apply o apply:FILE (si falta, none): propose lista los eventos no rutinarios, apply ajusta por los propuestos y apply:FILE por las decisiones de un CSV con from,to,decision,person,reason",
        ["MX: statutory holidays of Mexico, as a driver 'holiday' and as Sundays for towt"] = "MX: días de descanso obligatorio de México, como variable 'holiday' y como domingos para towt",
        ["a column of codes (shift, product, operating mode): each code gets a use of its own, and with --model auto a slope"] =
            "una columna de códigos (turno, producto, modo de operación): cada código recibe un consumo propio, y con --model auto una pendiente",
        ["avoided, backcast or normalised (default avoided; normalised: conditions of the baseline period)"] = "avoided (evitado), backcast (hacia atrás) o normalised (si falta, avoided; normalised: condiciones del periodo base)",
        ["a claimed saving in the unit of use: prints the probability that it was reached"] = "un ahorro declarado en la unidad del consumo: imprime la probabilidad de que se haya alcanzado",
        ["accuracy class of the meter in percent of reading"] = "clase de exactitud del medidor, en por ciento de la lectura",
        ["the meter was replaced between the periods"] = "el medidor se cambió entre los periodos",
        ["one JSON object instead of text"] = "un objeto JSON en lugar de texto",
        ["Intervals from a cumulative register: rollover, reset, glitches and gaps told apart, every interval coded."] =
            "Intervalos a partir de un registro acumulado: distingue vuelta a cero, reinicio, picos falsos y huecos; cada intervalo lleva su código.",
        ["the column of reading times (local time of --zone unless a stamp has Z or an offset)"] = "la columna de las horas de lectura (hora local de --zone, salvo que la fecha lleve Z o un desfase)",
        ["the column of the cumulative register; blank = missing"] = "la columna del registro acumulado; vacío = falta",
        ["15m, 1h, 1d, 1mo, or another step that divides a day"] = "15m, 1h, 1d, 1mo u otro paso que divida un día",
        ["the register value at which the meter begins again at zero"] = "el valor del registro en el que el medidor vuelve a empezar en cero",
        ["the most that can flow, in register units per hour"] = "lo más que puede fluir, en unidades del registro por hora",
        ["even or profile (default even): how a total known over a gap is laid out; profile takes the shape of the same weekday and time"] =
            "even o profile (si falta, even): cómo se reparte un total conocido a lo largo de un hueco; profile toma la forma del mismo día de la semana y hora",
        ["MX: statutory holidays of Mexico count as Sundays in profiles, checks and estimates (default none)"] =
            "MX: los días de descanso obligatorio de México cuentan como domingos en perfiles, revisiones y estimaciones (si falta, ninguno)",
        ["a CSV of recorded changes of the meter: at,final,initial,person,reason (default none)"] = "un CSV de cambios registrados del medidor: at,final,initial,person,reason (si falta, ninguno)",
        ["run the validation checks and list what they find (default off)"] = "hacer las revisiones de validación y listar lo que encuentren (si falta, no)",
        ["other columns of the meter, between commas or repeated, that must have readings together with the register (needs --checks; default none)"] =
            "otras columnas del medidor, entre comas o repetidas, que deben tener lecturas junto con el registro (necesita --checks; si falta, ninguna)",
        ["the column of the reactive register, kvarh, for the check of the power factor (needs --checks and a register in kWh; default none)"] =
            "la columna del registro reactivo, kvarh, para revisar el factor de potencia (necesita --checks y un registro en kWh; si falta, ninguna)",
        ["fill missing and rejected intervals by rule: a line up to 2 hours, else the same weekday and time of other weeks (default off)"] =
            "llenar por regla los intervalos faltantes y rechazados: una recta hasta 2 horas; más allá, el mismo día de la semana y hora de otras semanas (si falta, no)",
        ["a CSV of a person's edits: from,to,value,person,reason; an empty value rejects; to is exclusive; optional columns withdraw (line taken back) and total (keep) (default none)"] =
            "un CSV de correcciones de una persona: from,to,value,person,reason; un valor vacío rechaza; to ya no entra; columnas opcionales withdraw (renglón retirado) y total (keep) (si falta, ninguno)",
    };
}
