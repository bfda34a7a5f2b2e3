namespace Metering.Verifier;

/// <summary>The help of the command, in Spanish and English.</summary>
internal static class VerifyHelp
{
    private const string English = """
        usage: verify BUNDLE.mevb [--trust KEY.pem]... [--seen FILE|FOLDER] [--time-authority CA.pem] [--strict]
                      [--explain WHAT] [--json] [--language es|en]
               verify diff BUNDLE.mevb OTHER.mevb [--json] [--language es|en]
               verify ARCHIVE.zip [--trust KEY.pem]... [--json] [--language es|en]

        Checks an evidence bundle of a project (written by 'cloud evidence'): seal, log, keys, signed batches, readings, plan,
        and computes validation and result anew, byte for byte. Or a batch archive (written by 'cloud export batches'): form,
        signatures, numbers and links of every batch. Which of them a file is, it is told by its content.

        --trust KEY.pem   a public key of a gateway or of the log that you got from the plant or the programme itself; may be
                          given several times. Without it the keys of the file are used, which proves only that the file agrees
                          with itself.
        --seen FILE       keeps what was seen of each log, and refuses a log that goes back, forks, changes its key or denies
                          a bundle
        --seen FOLDER     the same against the bundles (*.mevb) that you keep in a folder; nothing is written
        --time-authority CA.pem
                          root certificate of the authority whose time stamp (RFC 3161) the bundle carries
        --strict          a plan registered late, an unsigned result, gaps, a log whose key you did not give, and a bundle older
                          than what you have seen count as faults
        --explain WHAT    walks a figure to the register it comes from: saving, day 2026-03-02, month 2026-03,
                          reading GATEWAY CHANNEL 2026-03-02T06:00:00Z
        --json            print one JSON object, {"error":{"kind","message"}} when there is nothing to report on
        --version         print the version
        --language es|en  language of report and help, also --lang (default: from LANG)

        diff says what changed from one bundle of a project to another: definition, decisions, data, model, saving, and whether
        one log continues the other. It verifies neither.

        exit code: 0 verified (diff: nothing changed), 3 does not match (diff: something changed), 64 wrong usage,
                   65 not such a file, 70 the program failed, 74 cannot be read or written
        """;

    private const string Spanish = """
        uso: verify PAQUETE.mevb [--trust LLAVE.pem]... [--seen ARCHIVO|CARPETA] [--time-authority CA.pem] [--strict]
                    [--explain QUÉ] [--json] [--language es|en]
             verify diff PAQUETE.mevb OTRO.mevb [--json] [--language es|en]
             verify ARCHIVO.zip [--trust LLAVE.pem]... [--json] [--language es|en]

        Comprueba el paquete de evidencia de un proyecto (lo escribe 'cloud evidence'): sello, registro de transparencia,
        llaves, lotes firmados, lecturas y plan, y calcula de nuevo la validación y el resultado, byte por byte. O un archivo
        de lotes (lo escribe 'cloud export batches'): forma, firmas, números y enlaces de cada lote. Por su contenido se sabe
        cuál es.

        --trust LLAVE.pem una llave pública de un gateway o del registro de transparencia que usted recibió de la planta o
                          del programa; puede darse varias veces. Sin ella se usan las del archivo, y eso solo prueba que
                          el archivo concuerda consigo mismo.
        --seen ARCHIVO    guarda lo que se vio de cada registro de transparencia, y rechaza el que retrocede, se bifurca,
                          cambia de llave o niega un paquete
        --seen CARPETA    lo mismo frente a los paquetes (*.mevb) que usted guarda en una carpeta; no se escribe nada
        --time-authority CA.pem
                          certificado raíz de la autoridad cuyo sello de tiempo (RFC 3161) trae el paquete
        --strict          cuentan como fallos un plan registrado tarde, un resultado sin firmas, los huecos, un registro de
                          transparencia cuya llave usted no dio, y un paquete anterior a lo que usted ya vio
        --explain QUÉ     sigue una cifra hasta el registro del medidor: saving, day 2026-03-02, month 2026-03,
                          reading GATEWAY CANAL 2026-03-02T06:00:00Z
        --json            imprime un objeto JSON, {"error":{"kind","message"}} cuando no hay de qué informar
        --version         imprime la versión
        --language es|en  idioma del informe y de la ayuda, también --lang (si falta: el de LANG)

        diff dice qué cambió de un paquete de un proyecto a otro: definición, decisiones, datos, modelo, ahorro, y si el
        registro de transparencia de uno continúa el del otro. No comprueba ninguno de los dos.

        código de salida: 0 verificado (diff: nada cambió), 3 no concuerda (diff: algo cambió), 64 uso incorrecto,
                          65 no es un archivo así, 70 falló el programa, 74 no se puede leer o escribir
        """;

    /// <summary>The help.</summary>
    public static string In(Language language) => language == Language.Spanish ? Spanish : English;
}
