using Metering.Cloud.Evidence;
using Metering.Cloud.Gateways;
using Metering.Programme.Accounts;

namespace Metering.Cloud.Accounts;

/// <summary>Words of the audit trail for what is no record of the register: accounts, sessions, keys, gateways and bundles.</summary>
internal static class AuditWords
{
    public static readonly Text AllKinds = new("todos", "all");
    private static readonly Text Yes = new("sí", "yes");
    private static readonly Text No = new("no", "no");

    /// <summary>What was changed, by the kind that the trail stores; in the order of the page's list.</summary>
    public static IReadOnlyDictionary<string, Text> Kinds { get; } = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["account"] = new("Cuenta", "Account"),
        ["grant"] = new("Rol de una cuenta", "Role of an account"),
        ["session"] = new("Sesión", "Session"),
        ["password"] = new("Contraseña elegida", "Password chosen"),
        ["password-reset"] = new("Enlace para una contraseña nueva", "Link for a new password"),
        ["lockout"] = new("Cuenta bloqueada por contraseñas equivocadas", "Account locked after wrong passwords"),
        ["api-key"] = new("Llave de un programa", "Key of a program"),
        ["auditor-link"] = new("Enlace de auditoría", "Auditor's link"),
        [EnrolmentTrail.CodeKind] = new("Código de alta de un gateway", "Code that enrols a gateway"),
        [EnrolmentTrail.KeyKind] = new("Llave de un gateway", "Key of a gateway"),
        [BundleDesk.AuditKind] = new("Paquete de evidencia descargado", "Evidence bundle taken"),
    };

    /// <summary>Fields of these kinds, by the name that the trail stores.</summary>
    public static IReadOnlyDictionary<string, Text> Fields { get; } = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["userName"] = AccountWords.UserName,
        ["displayName"] = AccountWords.PersonName,
        ["language"] = AccountWords.LanguageWord,
        ["isClosed"] = new("Cerrada", "Closed"),
        ["isSimulated"] = new("Simulada", "Simulated"),
        ["account"] = AccountWords.Account,
        ["role"] = AccountWords.Role,
        ["plant"] = new("Planta", "Plant"),
        ["project"] = new("Proyecto", "Project"),
        ["ends"] = new("Termina", "Ends"),
        ["until"] = new("Hasta", "Until"),
        ["browser"] = AccountWords.Browser,
        ["name"] = AccountWords.Name,
        ["mayWrite"] = new("También escribe", "Also writes"),
        ["expires"] = AccountWords.Expires,
        ["keyEpoch"] = new("Número de la llave", "Number of the key"),
        ["fingerprint"] = new("Huella", "Fingerprint"),
        ["revokedFrom"] = new("Revocada desde", "Revoked from"),
        ["result"] = new("Resultado, entrada del registro", "Result, entry of the log"),
        ["logSize"] = new("Entradas del registro", "Entries of the log"),
        ["timeStampFault"] = new("Sin sello de tiempo", "Without a time stamp"),
    };

    /// <summary>The value of a field in words: roles, languages and yes or no; everything else stands as it is stored.</summary>
    public static string Value(string field, string text, Language language) => (field, text) switch
    {
        ("role", _) when Enum.TryParse(text, out AccountRole role) && Enum.IsDefined(role) => AccountWords.Of(role).In(language),
        ("language", "es") => "Español",
        ("language", "en") => "English",
        (_, "True" or "true") => Yes.In(language),
        (_, "False" or "false") => No.In(language),
        _ => text,
    };
}
