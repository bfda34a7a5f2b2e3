namespace Metering.Programme.Accounts;

/// <summary>What is said when something about an account cannot be done.</summary>
internal static class AccountTexts
{
    public static readonly Text LinkNotValid = new(
        "Este enlace ya no es válido: se usó, venció o está incompleto. Pida uno nuevo a quien administra las cuentas.",
        "This link holds no more: it was used, has expired or is incomplete. Ask an administrator for a new one.");
    public static readonly Text AlreadyBegun = new(
        "Ya hay cuentas. El primer administrador se crea una sola vez; las demás se invitan desde la página de cuentas.",
        "There are accounts already. The first administrator is made only once; the others are invited on the page of accounts.");
    public static readonly Text NoAccount = new("No existe esa cuenta.", "There is no such account.");
    public static readonly Text NoGrant = new("No existe ese permiso, o ya terminó.", "There is no such grant, or it has ended already.");
    public static readonly Text NameTaken = new("Ya hay una cuenta con el usuario {0}.", "There is an account with the user name {0} already.");
    public static readonly Text BadName = new(
        "El usuario lleva de 3 a 120 letras sin acento, cifras o . _ @ + -; un correo también sirve.",
        "A user name has 3 to 120 unaccented letters, digits or . _ @ + -; a mail address will do.");
    public static readonly Text BadDisplayName = new("Falta el nombre de la persona (de 1 a 120 letras).", "The person's name is missing (1 to 120 letters).");
    public static readonly Text ReasonMissing = new("Escriba el motivo; queda en la bitácora.", "Write the reason; the audit trail keeps it.");
    public static readonly Text LastAdministrator = new(
        "Es la única persona que administra. Dé antes ese permiso a alguien más.",
        "This is the only administrator. Give that role to somebody else first.");
    public static readonly Text NotOneself = new(
        "Nadie se da ni se quita permisos a sí mismo. Pídalo a otra persona que administre.",
        "Nobody gives or takes their own roles. Ask another administrator.");
    public static readonly Text PlantRole = new("Ese rol es de una planta: elija la planta y ningún proyecto.", "That role is of a plant: choose the plant and no project.");
    public static readonly Text ProjectRole = new("Ese rol es de un proyecto: elija el proyecto y ninguna planta.", "That role is of a project: choose the project and no plant.");
    public static readonly Text ProgrammeRole = new("Ese rol es de todo el programa: no elija planta ni proyecto.", "That role is of the whole programme: choose neither plant nor project.");
    public static readonly Text OneScope = new("Elija una planta o un proyecto, no ambos.", "Choose a plant or a project, not both.");
    public static readonly Text Closed = new("La cuenta está cerrada.", "The account is closed.");
    public static readonly Text WrongPassword = new("La contraseña actual no es correcta.", "The present password is not right.");
    public static readonly Text PasswordShort = new("La contraseña lleva al menos {0} caracteres. Varias palabras sirven mejor que símbolos.", "A password has at least {0} characters. A few words do better than symbols.");
    public static readonly Text PasswordLong = new("La contraseña lleva a lo más {0} caracteres.", "A password has at most {0} characters.");
    public static readonly Text PasswordUsual = new("Esa contraseña es de las más usadas del mundo y se adivina enseguida. Elija otra.", "That password is among the most used in the world and is guessed at once. Choose another.");
    public static readonly Text PasswordName = new("La contraseña no puede contener su usuario ni su nombre.", "The password must not contain your user name or your name.");
    public static readonly Text LinkLifetime = new("Un enlace de auditoría dura de 1 a {0} días.", "An auditor's link lives 1 to {0} days.");
    public static readonly Text KeyLifetime = new("Una llave dura de 1 a {0} días.", "A key lives 1 to {0} days.");
    public static readonly Text KeyScope = new("Una llave es de una planta o de un proyecto.", "A key is for one plant or one project.");
    public static readonly Text NoKey = new("No existe esa llave, o ya fue retirada.", "There is no such key, or it was revoked already.");
    public static readonly Text NoSession = new("Esa sesión ya terminó.", "That session has ended already.");
}
