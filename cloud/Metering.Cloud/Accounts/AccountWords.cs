using System.Diagnostics;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>Texts of the pages of accounts, keys and the audit trail.</summary>
internal static class AccountWords
{
    public static readonly Text SignIn = new("Entrar", "Sign in");
    public static readonly Text SignOut = new("Salir", "Sign out");
    public static readonly Text UserName = new("Usuario", "User name");
    public static readonly Text Password = new("Contraseña", "Password");
    public static readonly Text PresentPassword = new("Contraseña actual", "Present password");
    public static readonly Text NewPassword = new("Contraseña nueva (12 caracteres o más)", "New password (12 characters or more)");
    public static readonly Text Again = new("Repita la contraseña nueva", "The same again");
    public static readonly Text PersonName = new("Nombre de la persona", "Person's name");
    public static readonly Text NotRight = new(
        "El usuario o la contraseña no son correctos. Después de {0} intentos equivocados una cuenta no acepta ninguna contraseña durante {1} min: espere, o pida un enlace nuevo a un administrador.",
        "The user name or the password is not right. After {0} wrong attempts an account takes no password for {1} min: wait, or ask an administrator for a new link.");
    public static readonly Text NoAccountYet = new(
        "Todavía no hay cuentas. En la máquina del servicio ejecute «cloud accounts first --config ARCHIVO» y abra el enlace que muestra.",
        "There are no accounts yet. On the machine of the service run 'cloud accounts first --config FILE' and open the link it prints.");
    public static readonly Text NotTheSame = new("Las dos contraseñas no son iguales.", "The two passwords are not the same.");
    public static readonly Text FirstTitle = new("Primer administrador", "First administrator");
    public static readonly Text InviteTitle = new("Elija su contraseña", "Choose your password");
    public static readonly Text ResetTitle = new("Elija una contraseña nueva", "Choose a new password");
    public static readonly Text PasswordHint = new(
        "Al menos 12 caracteres; varias palabras que no vayan juntas sirven bien. No se piden símbolos ni mayúsculas.",
        "At least 12 characters; a few words that do not belong together do well. No symbols or capitals are asked for.");
    public static readonly Text LinkUnknown = new("El enlace está incompleto o no es de este programa. Cópielo completo, o pida uno nuevo a quien se lo envió.", "The link is incomplete or not of this programme. Copy all of it, or ask whoever sent it for a new one.");
    public static readonly Text LinkUsedTitle = new("Este enlace ya no es válido", "This link holds no more");
    public static readonly Text LinkUsed = new(
        "El enlace se usó, venció o está incompleto. Pida uno nuevo a quien administra las cuentas.",
        "The link was used, has expired or is incomplete. Ask an administrator for a new one.");
    public static readonly Text Save = new("Guardar", "Save");
    public static readonly Text OwnAccount = new("Mi cuenta", "My account");
    public static readonly Text ChangePassword = new("Cambiar la contraseña", "Change the password");
    public static readonly Text LanguageWord = new("Idioma", "Language");
    public static readonly Text Sessions = new("Sesiones abiertas", "Open sessions");
    public static readonly Text Browser = new("Navegador", "Browser");
    public static readonly Text Since = new("Desde", "Since");
    public static readonly Text ThisSession = new("esta sesión", "this session");
    public static readonly Text End = new("Terminar", "End");
    public static readonly Text EndAll = new("Terminar todas", "End all");
    public static readonly Text Roles = new("Roles", "Roles");
    public static readonly Text Role = new("Rol", "Role");
    public static readonly Text Scope = new("Alcance", "Scope");
    public static readonly Text WholeProgramme = new("todo el programa", "the whole programme");
    public static readonly Text PlantScope = new("planta {0}", "plant {0}");
    public static readonly Text ProjectScope = new("proyecto {0}", "project {0}");
    public static readonly Text Accounts = new("Cuentas", "Accounts");
    public static readonly Text Invite = new("Invitar a una persona", "Invite a person");
    public static readonly Text Reason = new("Motivo", "Reason");
    public static readonly Text GiveRole = new("Dar un rol", "Give a role");
    public static readonly Text Account = new("Cuenta", "Account");
    public static readonly Text CloseAccount = new("Cerrar una cuenta", "Close an account");
    public static readonly Text ResetPassword = new("Enlace para una contraseña nueva", "Link for a new password");
    public static readonly Text Closed = new("cerrada", "closed");
    public static readonly Text Invited = new("invitada, sin contraseña", "invited, no password");
    public static readonly Text OpenState = new("abierta", "open");
    public static readonly Text State = new("Estado", "State");
    public static readonly Text LinkOnce = new(
        "Entregue este enlace a la persona por un medio seguro. Sirve una sola vez y no se vuelve a mostrar:",
        "Give this link to the person by a safe way. It works once and is not shown again:");
    public static readonly Text NoRole = new("Elija un rol.", "Choose a role.");
    public static readonly Text NoSuchScope = new("No existe esa planta ni ese proyecto.", "There is no such plant or project.");
    public static readonly Text Keys = new("Llaves de programas", "Keys of programs");
    public static readonly Text KeysLead = new(
        "Una llave deja que otro programa lea /api/v1 de una planta o de un proyecto. Se muestra una sola vez y se guarda solo su huella.",
        "A key lets another program read /api/v1 of one plant or one project. It is shown once, and only its hash is kept.");
    public static readonly Text Links = new("Enlaces de auditoría", "Auditors' links");
    public static readonly Text LinksLead = new(
        "Un enlace deja leer un proyecto o toda la cartera sin cuenta, hasta la fecha indicada (90 días a lo más). No permite cambiar nada.",
        "A link lets a person read one project or the whole portfolio without an account, until its day (90 days at most). It changes nothing.");
    public static readonly Text Name = new("Nombre", "Name");
    public static readonly Text Days = new("Días", "Days");
    public static readonly Text MayWrite = new("También registra datos y, de un proyecto, decide sus eventos", "Also writes entries and, of a project, decides its events");
    public static readonly Text Make = new("Crear", "Create");
    public static readonly Text Revoke = new("Retirar", "Revoke");
    public static readonly Text Expires = new("Vence", "Expires");
    public static readonly Text Uses = new("Veces abierto", "Times opened");
    public static readonly Text Holds = new("vigente", "holds");
    public static readonly Text Revoked = new("retirada", "revoked");
    public static readonly Text Expired = new("vencida", "expired");
    public static readonly Text SecretOnce = new("Copie esto ahora; no se vuelve a mostrar:", "Copy this now; it is not shown again:");
    public static readonly Text Audit = new("Bitácora", "Audit trail");
    public static readonly Text Who = new("Quién", "Who");
    public static readonly Text What = new("Qué", "What");
    public static readonly Text Kind = new("Tipo", "Kind");
    public static readonly Text Identifier = new("Identificador", "Identifier");
    public static readonly Text FromDay = new("Desde el día", "From day");
    public static readonly Text ToDay = new("Hasta el día", "To day");
    public static readonly Text Search = new("Buscar", "Search");
    public static readonly Text When = new("Cuándo (UTC)", "When (UTC)");
    public static readonly Text Change = new("Cambio: antes → después", "Change: before → after");
    public static readonly Text NothingFound = new("No hay cambios que correspondan a la búsqueda.", "No changes answer the search.");
    public static readonly Text DownloadCsv = new("Descargar (CSV)", "Download (CSV)");
    public static readonly Text DemoTitle = new("Demostración: elija un rol", "Demonstration: choose a role");
    public static readonly Text DemoLead = new(
        "Cada rol ve y hace cosas distintas. Las cuentas son simuladas y no tienen contraseña; este cambio solo existe en la demostración y en esta máquina.",
        "Each role sees and does different things. The accounts are simulated and have no password; this switch exists only in the demonstration and on this machine.");
    public static readonly Text DemoBar = new("Demostración con datos simulados. Usted es: {0}.", "Demonstration with simulated data. You are: {0}.");
    public static readonly Text DemoSignIn = new("En la demostración nadie necesita contraseña:", "In the demonstration nobody needs a password:");
    public static readonly Text DemoChoose = new("elija un rol", "choose a role");
    public static readonly Text DemoSwitch = new("Cambiar de rol", "Switch role");
    public static readonly Text Nobody = new("nadie", "nobody");
    public static readonly Text Enter = new("Entrar con este rol", "Enter in this role");
    public static readonly Text DeniedTitle = new("No tiene permiso para esto", "Not yours to do");
    public static readonly Text Denied = new(
        "Su rol permite ver, pero no hacer esto. Si lo necesita, pida el permiso a quien administra las cuentas.",
        "Your role does not allow this. If you need it, ask whoever administers the accounts for the grant.");
    public static readonly Text GoneTitle = new("El enlace venció · The link has expired", "The link has expired · El enlace venció");
    public static readonly Text Gone = new(
        "Este enlace de auditoría venció o fue retirado. Pida uno nuevo al programa. · This auditor's link has expired or was revoked. Ask the programme for a new one.",
        "This auditor's link has expired or was revoked. Ask the programme for a new one. · Este enlace de auditoría venció o fue retirado. Pida uno nuevo al programa.");
    public static readonly Text TooManyTitle = new("Demasiadas solicitudes", "Too many requests");
    public static readonly Text TooMany = new("Llegaron demasiadas solicitudes seguidas. Espere {0} s y vuelva a intentarlo.", "Too many requests came one after another. Wait {0} s and try again.");
    public static readonly Text FormLargeTitle = new("Lo enviado es demasiado grande", "What was sent is too large");
    public static readonly Text FormLarge = new(
        "No se guardó nada: pasa de lo que cabe en este formulario. Si era un archivo, vuelva a la página, que dice junto al botón cuánto puede medir, y envíe uno más chico o en partes; si era texto, envíe menos.",
        "Nothing was stored: it is more than this form holds. If it was a file, go back to the page, which says beside the button how large it may be, and send a smaller one or send it in parts; if it was text, send less.");
    public static readonly Text FormOldTitle = new("El formulario caducó", "The form holds no more");
    public static readonly Text FormOld = new(
        "No se guardó nada: el formulario se abrió hace mucho o en otra sesión. Vuelva a la página, recárguela e intente de nuevo.",
        "Nothing was stored: the form was opened long ago or in another session. Go back to the page, load it again and retry.");

    /// <summary>A role in words.</summary>
    public static Text Of(AccountRole role) => role switch
    {
        AccountRole.Operator => new("Operación de planta", "Plant operator"),
        AccountRole.Installer => new("Instalación de planta", "Plant installer"),
        AccountRole.Consultant => new("Consultoría", "Consultant"),
        AccountRole.Reviewer => new("Personal del programa", "Programme staff"),
        AccountRole.Auditor => new("Auditoría", "Auditor"),
        AccountRole.Administrator => new("Administración", "Administrator"),
        _ => throw new UnreachableException(),
    };

    /// <summary>A scope in words.</summary>
    public static string ScopeOf(string? plant, string? project, Language language) =>
        plant is not null ? PlantScope.In(language, plant) : project is not null ? ProjectScope.In(language, project) : WholeProgramme.In(language);
}
