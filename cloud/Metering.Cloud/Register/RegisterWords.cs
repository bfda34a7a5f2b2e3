namespace Metering.Cloud.Register;

/// <summary>Words of the register's pages.</summary>
internal static class RegisterWords
{
    public static readonly Text Register = new("Registro", "Register");
    public static readonly Text RegisterLead = new("Todo lo que el programa sabe, con quién lo cambió, cuándo y por qué.", "All the programme knows, with who changed it, when and why.");
    public static readonly Text Own = new("Registros", "Records");
    public static readonly Text OwnTitle = new("Registros de {0}", "Records of {0}");
    public static readonly Text OwnLead = new("Lo que el programa guarda aquí y usted puede ver y cambiar; cada cambio queda con su nombre, su hora y su motivo.", "What the programme keeps here and you can see and change; each change stays with its name, time and reason.");
    public static readonly Text NotOwn = new("No está entre los registros de aquí.", "It is not among the records of this place.");
    public static readonly Text New = new("Agregar", "Add");
    public static readonly Text NewTitle = new("Agregar: {0}", "Add: {0}");
    public static readonly Text Edit = new("Cambiar", "Change");
    public static readonly Text Save = new("Guardar", "Save");
    public static readonly Text Search = new("Buscar", "Search");
    public static readonly Text Download = new("Descargar CSV", "Download CSV");
    public static readonly Text Count = new("{0} registros", "{0} records");
    public static readonly Text CountOne = new("1 registro", "1 record");
    public static readonly Text NoMatch = new("Ningún registro contiene «{0}».", "No record contains “{0}”.");
    public static readonly Text Empty = new("Todavía no hay registros de este tipo. Los tres pasos siguientes:", "There are no records of this kind yet. The next three steps:");
    public static readonly Text EmptyAdd = new("Agregue el primero con el botón «Agregar».", "Add the first one with the button “Add”.");
    public static readonly Text EmptyTargets = new("Antes, agregue lo que necesita elegir: {0}.", "Before that, add what it needs to choose from: {0}.");
    public static readonly Text EmptyNoTargets = new("Tenga a la mano los datos obligatorios: {0}.", "Have the required data at hand: {0}.");
    public static readonly Text EmptyDownload = new("Descargue el CSV vacío para ver sus columnas.", "Download the empty CSV to see its columns.");
    public static readonly Text Required = new("obligatorio", "required");
    public static readonly Text Optional = new("opcional", "optional");
    public static readonly Text Reason = new("Motivo del cambio", "Reason for the change");
    public static readonly Text ReasonHelp = new("Queda en la historia, con su nombre y la hora.", "It stays in the history, with your name and the time.");
    public static readonly Text ReasonMissing = new("Falta el motivo del cambio.", "The reason for the change is missing.");
    public static readonly Text IdTaken = new("Este identificador ya se usa; elija otro.", "This identifier is taken; choose another one.");
    public static readonly Text FaultsTitle = new("No se guardó: hay que corregir lo siguiente", "Not saved: please put the following right");
    public static readonly Text ConflictTitle = new("{0} guardó otra versión mientras usted escribía ({1})", "{0} saved another version while you were writing ({1})");
    public static readonly Text ConflictHelp = new("Lo suyo sigue en el formulario. Compare, corrija y guarde de nuevo: se guardará sobre la versión nueva.", "What you wrote is still in the form. Compare, put it right and save again: it will be saved over the new version.");
    public static readonly Text Stored = new("Guardado ahora", "Stored now");
    public static readonly Text Yours = new("Lo que usted escribió", "What you wrote");
    public static readonly Text FieldName = new("Campo", "Field");
    public static readonly Text Before = new("Antes", "Before");
    public static readonly Text After = new("Después", "After");
    public static readonly Text History = new("Historia", "History");
    public static readonly Text Version = new("Versión {0}", "Version {0}");
    public static readonly Text WithdrawnEntry = new("Se retiró.", "It was withdrawn.");
    public static readonly Text Withdraw = new("Retirar", "Withdraw");
    public static readonly Text WithdrawHelp = new("Deja de mostrarse; su historia queda y puede recuperarse.", "It is shown no more; its history stays and it can be brought back.");
    public static readonly Text WithdrawnNotice = new("Este registro está retirado.", "This record is withdrawn.");
    public static readonly Text Undo = new("Volver a la versión {0}", "Back to version {0}");
    public static readonly Text UndoLead = new("Este cambio es suyo. ¿Fue un error? Motivo:", "This change is yours. Was it a mistake? Reason:");
    public static readonly Text UndoReason = new("Error de captura", "Entered by mistake");
    public static readonly Text UndoLast = new("Deshacer", "Undo");
    public static readonly Text Choose = new("– elija –", "– choose –");
    public static readonly Text Pipeline = new("Proyectos por estado", "Projects by state");
    public static readonly Text PipelineEmpty = new("Ningún proyecto tiene pasos todavía. Agregue un proyecto, y después su primer paso con el estado «Interesado».", "No project has a step yet. Add a project, then its first step with the state “Lead”.");
    public static readonly Text Days = new("{0} días en este estado", "{0} days in this state");
    public static readonly Text Overdue = new("atrasado: debía avanzar a los {0} días", "overdue: due after {0} days");
    public static readonly Text Targets = new("Metas", "Targets");
    public static readonly Text TargetsLead = new("Plan y avance por año. El avance se cuenta de los pasos y su evidencia; nadie lo escribe.", "Plan and progress by year. Progress is counted from steps and their evidence; nobody types it in.");
    public static readonly Text TargetsEmpty = new("No hay años del programa todavía. Agregue un programa y después sus años con sus metas.", "There are no programme years yet. Add a programme, then its years with their targets.");
    public static readonly Text PreAssessments = new("Prediagnósticos", "Pre-assessments");
    public static readonly Text VerifiedProjects = new("Proyectos verificados", "Verified projects");
    public static readonly Text Year = new("Año {0}", "Year {0}");
    public static readonly Text PresetTitle = new("Empezar con el programa del Bajío", "Begin with the Bajío programme");
    public static readonly Text PresetHelp = new(
        "Tres años con 50, 50 y 50 prediagnósticos y 7, 11 y 12 proyectos de US$8,000, de los que la empresa paga hasta la mitad. Todo queda como registros que se pueden cambiar.",
        "Three years with 50, 50 and 50 pre-assessments and 7, 11 and 12 projects of US$8,000, of which the company pays up to half. All of it becomes records that can be changed.");
    public static readonly Text PresetFirstDay = new("Primer día del primer año", "First day of the first year");
    public static readonly Text PresetButton = new("Crear el programa y sus años", "Make the programme and its years");
    public static readonly Text PresetNoDay = new("Falta el primer día, en la forma 2026-01-31.", "The first day is missing, in the form 2026-01-31.");
    public static readonly Text PresetThere = new("El programa «bajio» ya existe, también si fue retirado; recupérelo en su historia.", "The programme “bajio” is there already, perhaps withdrawn; bring it back from its history.");
    public static readonly Text Upload = new("Subir un archivo", "Upload a file");
    public static readonly Text UploadHelp = new("PDF, PNG, JPEG, CSV, XLSX o texto, de hasta 10 MB. Se guarda tal como es, con su SHA-256.", "PDF, PNG, JPEG, CSV, XLSX or text, up to 10 MB. It is kept as it is, with its SHA-256.");
    public static readonly Text File = new("Archivo", "File");
    public static readonly Text NoFile = new("No llegó ningún archivo, o está vacío.", "No file came, or it is empty.");
    public static readonly Text FileTooLarge = new("El archivo es mayor que 10 MB; no se guardó nada. Divídalo, o guárdelo como PDF más pequeño.", "The file is larger than 10 MB; nothing was stored. Split it, or save it as a smaller PDF.");
    public static readonly Text FileNotOfType = new("El contenido no es de ningún tipo permitido (PDF, PNG, JPEG, CSV, XLSX o texto), o no corresponde a la extensión del nombre.", "The content is of none of the types allowed (PDF, PNG, JPEG, CSV, XLSX or text), or does not fit the extension of its name.");
    public static readonly Text DownloadFile = new("Descargar el archivo ({0} bytes)", "Download the file ({0} bytes)");
    public static readonly Text References = new("Registros que lo usan", "Records that refer to it");
    public static readonly Text AllReferences = new("ver todos", "see all");
    public static readonly Text OfTarget = new("{0} de {1}", "{0} of {1}");
}
