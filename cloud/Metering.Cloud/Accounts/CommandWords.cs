using System.Globalization;

namespace Metering.Cloud.Accounts;

/// <summary>What `cloud accounts` and `cloud programme` say of themselves and of what is wrong.</summary>
internal static class CommandWords
{
    public static readonly Text Accounts = new("Personas que entran al sistema y sus roles", "People who sign in, and their roles");
    public static readonly Text First = new("Crear e imprimir la dirección de un solo uso para el primer administrador", "Make the one-time address of the first administrator and print it");
    public static readonly Text List = new(
        "Listar las cuentas y sus permisos: usuario, nombre, estado, número de permiso, rol, planta, proyecto, fin", "List accounts and their grants: user name, name, state, grant number, role, plant, project, end");
    public static readonly Text Invite = new(
        "Crear una cuenta e imprimir la dirección de un solo uso donde la persona elige su contraseña", "Make an account and print the one-time address where the person chooses a password");
    public static readonly Text Reset = new("Imprimir una dirección de un solo uso donde la persona elige otra contraseña", "Print a one-time address where the person chooses a new password");
    public static readonly Text Grant = new("Dar un rol e imprimir el número del permiso", "Give a role and print the grant's number");
    public static readonly Text EndGrant = new("Terminar un permiso de inmediato, también en un servicio en marcha", "End a role at once, also in a running cloud");
    public static readonly Text Close = new("Cerrar una cuenta; sus sesiones terminan de inmediato, también en un servicio en marcha", "Close an account; its sessions end at once, also in a running cloud");
    public static readonly Text User = new("Nombre de usuario de la cuenta", "The account's user name");
    public static readonly Text NewUser = new("Nombre con el que entra", "Name to sign in with");
    public static readonly Text Name = new("Nombre de la persona", "The person's name");
    public static readonly Text Role = new(
        "operator (planta), installer (instalador), consultant (consultor), reviewer (revisor), auditor o administrator (administrador)", "operator, installer, consultant, reviewer, auditor or administrator");
    public static readonly Text Plant = new("Solo para esta planta", "Only for this plant");
    public static readonly Text Project = new("Solo para este proyecto", "Only for this project");
    public static readonly Text Days = new("Días tras los que termina por sí solo, de 1 a 3650", "Days after which it ends by itself, 1 to 3650");
    public static readonly Text DaysWrong = new("--days: escriba un número entero de 1 a 3650.", "--days: write a whole number from 1 to 3650.");
    public static readonly Text Number = new("Número del permiso, como lo muestra 'accounts list'", "The grant's number, as 'accounts list' shows it");
    public static readonly Text Reason = new("El motivo; queda en la bitácora", "Why; the audit trail keeps it");
    public static readonly Text Config = new("Archivo de configuración del servicio", "The cloud's configuration file");
    public static readonly Text Json = new("Imprimir un objeto JSON", "Print one JSON object");
    public static readonly Text Lang = new("es o en; si falta, según LC_ALL, LC_MESSAGES o LANG", "es or en; from LC_ALL, LC_MESSAGES or LANG if left out");
    public static readonly Text Programme = new("El registro del programa: plantas, proyectos y lo que va con ellos", "The programme's register: plants, projects and what belongs to them");
    public static readonly Text Import = new(
        "Pasar al registro las plantas, los proyectos y las variables de un archivo de proyectos; lo que ya está se deja como está",
        "Take the plants, projects and drivers of a projects file into the register; what is there already is left as it stands");
    public static readonly Text File = new("Archivo de proyectos que se pasa; si falta, el projectsFile de la configuración", "Projects file to take in; the configuration's projectsFile if left out");
    public static readonly Text DryRun = new("Revisar todo y decir qué se haría, sin guardar nada", "Check everything and say what would be done; store nothing");
    public static readonly Text NoFile = new("{0} no nombra ningún archivo de proyectos. Indique uno con --file.", "{0} names no projects file. Give one with --file.");

    /// <summary>After a faulty command line: where its help stands.</summary>
    public static readonly Text Try = new("Vea: cloud {0}--help", "Try: cloud {0}--help");

    /// <summary>Added to what the parser says of a text that is no number.</summary>
    public static readonly Text WholeNumber = new(": escriba un número entero.", ": write a whole number.");

    /// <summary>
    /// Lets the command line's parser find its Spanish texts: its headings and what it says of a faulty line. Only the culture of texts is set: numbers and times
    /// keep the invariant one, and nothing that is stored or signed can depend on the language of a terminal.
    /// </summary>
    public static void LetParserSpeak(Language language) =>
        CultureInfo.CurrentUICulture = language == Language.Spanish ? CultureInfo.GetCultureInfo("es") : CultureInfo.InvariantCulture;

    /// <summary>The language that help is written in, before the arguments are understood: that of --lang, otherwise the terminal's.</summary>
    /// <param name="arguments">What stands after the program's name.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static Language LanguageOf(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        const string Option = "--lang";
        for (int index = 0; index < arguments.Count; index++)
        {
            string? written = arguments[index] == Option ? arguments.ElementAtOrDefault(index + 1)
                : arguments[index].StartsWith(Option + "=", StringComparison.Ordinal) || arguments[index].StartsWith(Option + ":", StringComparison.Ordinal) ? arguments[index][(Option.Length + 1)..]
                : null;
            if (Languages.TryParse(written, out Language language))
            {
                return language;
            }
        }

        return Languages.OfTerminal(variable);
    }
}
