using System.Globalization;

namespace Metering.Cloud.Workflow;

/// <summary>Texts of the work on a project.</summary>
internal static class WorkflowWords
{
    public static readonly Text UseIsNoCounter = new("Es un valor instantáneo y no un contador: no da consumo. Elija un contador.", "It is a momentary value and not a counter: it gives no use. Choose a counter.");
    public static readonly Text ProductDriver = new("Producción capturada: {0} (registros de una semana o menos, repartidos por día)", "Production records: {0} (records of a week or less, spread over their days)");
    public static readonly Text Title = new("Avance del proyecto", "Progress of the project");
    public static readonly Text Lead = new(
        "Del plan a la firma: cada paso dice qué falta y quién puede hacerlo. Todo se lee de los registros y de los datos; nadie marca un paso como hecho.",
        "From the plan to the signature: each step says what is missing and who can do it. Everything is read from records and data; nobody ticks a step off.");
    public static readonly Text StepPlan = new("Plan de medición", "Measurement plan");
    public static readonly Text StepBaseline = new("Línea base congelada", "Baseline frozen");
    public static readonly Text StepInstalled = new("Medida en operación", "Measure in operation");
    public static readonly Text StepReporting = new("Periodo de reporte", "Reporting period");
    public static readonly Text StepSigned = new("Firmado por dos personas", "Signed by two people");
    public static readonly Text Next = new("Sigue", "Next");
    public static readonly Text DoneBy = new("Lo hace {0}.", "Done by {0}.");
    public static readonly Text AllDone = new("Los cinco pasos están hechos: el ahorro está verificado y firmado por dos personas.", "All five steps are done: the saving is verified and signed by two people.");
    public static readonly Text Step = new("Paso", "Step");
    public static readonly Text State = new("Estado", "State");
    public static readonly Text Missing = new("Qué falta", "What is missing");
    public static readonly Text Who = new("Quién puede", "Who can");
    public static readonly Text Done = new("hecho", "done");
    public static readonly Text Open = new("pendiente", "open");
    public static readonly Text Nothing = new("nada", "nothing");
    public static readonly Text WhoEdits = new("la consultoría del proyecto o el personal del programa", "the project's consultant or programme staff");
    public static readonly Text WhoSigns = new("la consultoría, que firma, y otra persona del personal del programa, que revisa", "the consultant, who signs, and another person of the programme's staff, who reviews");
    public static readonly Text NotRecorded = new(
        "El proyecto está solo en el archivo de proyectos. Páselo al registro con «cloud programme import»; después se puede trabajar en él.",
        "The project stands in the projects file only. Take it into the register with “cloud programme import”; then it can be worked on.");
    public static readonly Text NeedsSetup = new("Faltan el canal y los periodos.", "Channel and periods are missing.");
    public static readonly Text NeedsPlan = new("Falta escribir el plan de medición y verificación.", "The measurement and verification plan is not written.");
    public static readonly Text PlanLate = new(
        "Aviso que se queda: el plan, como está, se escribió cuando la instalación ya había empezado.", "A warning that stays: the plan, as it stands, was written when the installation had begun.");
    public static readonly Text FreezeLate = new(
        "Aviso que se queda: la línea base se congeló cuando la instalación ya había empezado.", "A warning that stays: the baseline was frozen when the installation had begun.");
    public static readonly Text NeedsFit = new("Los datos todavía no dan una línea base; la página del proyecto dice por qué.", "The data give no baseline yet; the project's page says why.");
    public static readonly Text NeedsFreeze = new("Falta congelar la línea base.", "The baseline is not frozen.");
    public static readonly Text FreezeChanged = new(
        "Con los datos y decisiones de ahora la línea base ya no es la que se congeló. Nada se firma hasta que alguien lo revise y congele otra, con motivo.",
        "With today's data and decisions the baseline is no longer the one that was frozen. Nothing is signed until somebody looks at it and freezes another, with a reason.");
    public static readonly Text NeedsInstalled = new("Falta anotar desde cuándo opera la medida.", "Since when the measure is in operation is not written down.");
    public static readonly Text NeedsNumber = new("Los datos no dan todavía un ahorro; la página del proyecto dice por qué.", "The data give no saving yet; the project's page says why.");
    public static readonly Text NeedsWholePeriod = new("Falta que termine el periodo de reporte.", "The reporting period has not ended.");
    public static readonly Text NeedsAuthor = new("Falta la firma de quien lo elaboró.", "The author's signature is missing.");
    public static readonly Text NeedsReviewer = new("Falta la firma de una segunda persona.", "The signature of a second person is missing.");
    public static readonly Text WasReturned = new("La revisión lo devolvió con observaciones.", "The review returned it with findings.");
    public static readonly Text SignedOnOtherData = new("Se firmó con otros datos: las firmas no cubren lo que se muestra ahora.", "Signed on other data: the signatures do not hold for what is shown now.");

    public static readonly Text Events = new("Eventos y decisiones", "Events and decisions");
    public static readonly Text Decide = new("Decidir", "Decide");
    public static readonly Text Change = new("Cambiar la decisión", "Change the decision");
    public static readonly Text Undo = new("Deshacer la decisión", "Undo the decision");
    public static readonly Text AddEvent = new("Anotar otro evento", "Write down another event");
    public static readonly Text EventTitle = new("Qué fue", "What it was");
    public static readonly Text FirstDay = new("Primer día", "First day");
    public static readonly Text LastDay = new("Último día (vacío si sigue)", "Last day (empty while it goes on)");
    public static readonly Text Decision = new("Decisión", "Decision");
    public static readonly Text Reason = new("Motivo", "Reason");
    public static readonly Text ReasonHelp = new("Queda en la historia, con su nombre y la fecha.", "It stays in the history, with your name and the date.");
    public static readonly Text ReasonMissing = new("Falta el motivo.", "The reason is missing.");
    public static readonly Text DecisionMissing = new("Elija una decisión.", "Choose a decision.");
    public static readonly Text DayWrong = new("Escriba el primer día y, si terminó, el último, como 2026-03-31, en orden.", "Write the first day and, when it ended, the last one, such as 2026-03-31, in order.");
    public static readonly Text DayOutside = new("El evento debe tocar la línea base o el periodo de reporte.", "The event must touch the baseline or the reporting period.");
    public static readonly Text TitleMissing = new("Diga qué fue.", "Say what it was.");
    public static readonly Text EventGone = new(
        "Este evento ya no está propuesto así: los datos o las decisiones cambiaron mientras usted leía. No se guardó nada; vea la lista de nuevo.",
        "This event is no longer proposed like this: data or decisions changed while you were reading. Nothing was saved; look at the list again.");
    public static readonly Text SignatureWillVoid = new(
        "El resultado está firmado. Una decisión nueva lo cambia y las firmas dejarán de ser válidas.", "The result is signed. A new decision changes it, and the signatures will no longer hold.");
    public static readonly Text Conflict = new("{0} guardó otra versión mientras usted escribía ({1}). No se guardó nada suyo; compare y decida de nuevo.", "{0} saved another version while you were writing ({1}). Nothing of yours was saved; compare and decide again.");
    public static readonly Text OnlyEditors = new("Puede decidir {0}.", "Decisions are made by {0}.");

    public static readonly Text Freeze = new("Congelar la línea base", "Freeze the baseline");
    public static readonly Text FreezeAgain = new("Congelar otra línea base", "Freeze another baseline");
    public static readonly Text FrozenOn = new("Congelada el", "Frozen on");
    public static readonly Text Window = new("Periodo", "Window");
    public static readonly Text FrozenModel = new("Modelo congelado", "Model frozen");
    public static readonly Text ModelNow = new("Modelo con los datos de ahora", "Model from today's data");
    public static readonly Text ModelHash = new("Huella del modelo", "Hash of the model");
    public static readonly Text DataHash = new("Huella de los datos", "Hash of the data");
    public static readonly Text BaselineGone = new(
        "La línea base cambió mientras usted leía. No se guardó nada; véala de nuevo.", "The baseline changed while you were reading. Nothing was saved; look at it again.");
    public static readonly Text InstalledSince = new("En operación desde", "In operation since");
    public static readonly Text Save = new("Guardar", "Save");

    public static readonly Text PlanTitle = new("Plan de medición y verificación", "Measurement and verification plan");
    public static readonly Text PlanHash = new("Huella del plan", "Hash of the plan");
    public static readonly Text WrittenOn = new("Escrito el", "Written on");
    public static readonly Text VersionWord = new("Versión", "Version");
    public static readonly Text EditPlan = new("Escribir o cambiar el plan", "Write or change the plan");
    public static readonly Text PlanDayNote = new("Lleva la fecha del día en que se guarda; cada cambio es otra versión y queda en la historia.", "It bears the day it is saved on; each change is another version and stays in the history.");

    public static readonly Text Signatures = new("Firmas", "Signatures");
    public static readonly Text Sign = new("Firmar como quien lo elaboró", "Sign as the author");
    public static readonly Text Review = new("Revisar como segunda persona", "Review as the second person");
    public static readonly Text Approve = new("Apruebo", "I approve");
    public static readonly Text ReturnIt = new("Lo devuelvo", "I return it");
    public static readonly Text Findings = new("Observaciones (obligatorias si lo devuelve)", "Findings (required when you return it)");
    public static readonly Text FindingsMissing = new("Diga qué hay que corregir.", "Say what must be put right.");
    public static readonly Text FourEyes = new("Dos personas firman: quien lo elaboró no puede revisarlo.", "Two people sign: the author cannot review it.");
    public static readonly Text ResultGone = new(
        "El resultado cambió mientras usted leía. No se firmó nada; véalo de nuevo antes de firmar.", "The result changed while you were reading. Nothing was signed; look at it again before you sign.");
    public static readonly Text SignNote = new(
        "Se firma la huella del resultado que se muestra. El informe (JSON y HTML) se guarda byte por byte.", "What is signed is the hash of the result shown. The report (JSON and HTML) is kept byte for byte.");
    public static readonly Text SignAgain = new(
        "La revisión lo devolvió. Puede firmarlo de nuevo quien lo elaboró u otra persona con ese rol; lo ya firmado y las observaciones quedan.",
        "The review returned it. Its author or another person with that role may sign it again; what was signed and the findings stay.");
    public static readonly Text SignedAlready = new("Este resultado ya está firmado por quien lo elaboró. No se firmó nada.", "This result is already signed by its author. Nothing was signed.");
    public static readonly Text FrozenTitle = new("Línea base congelada y ajuste de hoy", "Frozen baseline and today's fit");
    public static readonly Text FrozenIsToday = new("El ajuste con los datos de ahora es el que se congeló: mismo modelo, mismos días.", "The fit from today's data is the one that was frozen: same model, same days.");
    public static readonly Text FrozenIsNotToday = new(
        "El ajuste con los datos de ahora no es el que se congeló. Las cifras de esta página usan el de ahora; las firmas necesitan que se congele de nuevo, con motivo.",
        "The fit from today's data is not the one that was frozen. The figures of this page use today's; signatures need it frozen again, with a reason.");
    public static readonly Text NothingFrozen = new("Todavía no se ha congelado; lo que sigue es el ajuste con los datos de ahora.", "Nothing is frozen yet; what follows is the fit from today's data.");
    public static readonly Text ProgrammeState = new("Etapa en el programa", "State in the programme");
    public static readonly Text StateSince = new("{0}, desde el {1}", "{0}, since {1}");
    public static readonly Text NotSigned = new("sin firmar", "not signed");
    public static readonly Text SignedBy = new("{0}, {1}", "{0}, {1}");
    public static readonly Text AuthorWord = new("Elaboró", "Author");
    public static readonly Text ReviewerWord = new("Revisó", "Reviewer");
    public static readonly Text SignedThen = new("Firmado: {0}, con datos hasta el {1}.", "Signed: {0}, with data through {1}.");
    public static readonly Text ShownNow = new("Ahora: {0}. Diferencia: {1}.", "Now: {0}. Difference: {1}.");
    public static readonly Text NoNumberNow = new("Ahora no hay un ahorro que pueda mostrarse.", "There is no saving to be shown now.");
    public static readonly Text DecidedSince = new("Decisiones posteriores a la firma: {0}.", "Decisions after the signature: {0}.");
    public static readonly Text ReadingsChanged = new("Lecturas que cambiaron: {0}.", "Readings that changed: {0}.");
    public static readonly Text PlanChanged = new("Cambiaron el plan de medición o el proyecto mismo.", "The measurement plan or the project itself changed.");
    public static readonly Text Documents = new("Informes firmados", "Signed reports");
    public static readonly Text NoDocuments = new("Todavía no se ha firmado ningún informe.", "No report has been signed yet.");
    public static readonly Text ResultHash = new("Huella del resultado", "Hash of the result");

    public static readonly Text Setup = new("Canal, variables y periodos", "Channel, drivers and periods");
    public static readonly Text NewProject = new("Proyecto nuevo", "New project");
    public static readonly Text SetupLead = new(
        "Elija el medidor, las variables que explican el consumo y los periodos. Antes de guardar puede ver cobertura y ajuste; el ahorro no se muestra aquí, para que nadie elija por él.",
        "Choose the meter, the drivers that explain the use, and the periods. Before saving you can look at coverage and fit; no saving is shown here, so that nobody chooses by it.");
    public static readonly Text SetupGone = new(
        "Alguien cambió el proyecto o sus variables mientras usted escribía. No se guardó nada; lo suyo sigue en el formulario. Compare y guarde de nuevo.",
        "Somebody changed the project or its drivers while you were writing. Nothing was saved; what you wrote is still in the form. Compare and save again.");
    public static readonly Text PlantWord = new("Planta", "Plant");
    public static readonly Text NoPlants = new("El registro no tiene plantas todavía; agregue una, o páselas del archivo con «cloud programme import».", "The register has no plants yet; add one, or take them from the file with “cloud programme import”.");
    public static readonly Text Continue = new("Continuar", "Continue");
    public static readonly Text UseChannel = new("Canal del consumo (contador)", "Channel of the use (counter)");
    public static readonly Text DriversWord = new("Variables que explican el consumo", "Drivers that explain the use");
    public static readonly Text NotUsed = new("no se usa", "not used");
    public static readonly Text Used = new("se usa", "used");
    public static readonly Text Threshold = new("Base", "Base");
    public static readonly Text WorkdayWord = new("Día laborable (lunes a sábado, sin días festivos)", "Working day (Monday to Saturday, without holidays)");
    public static readonly Text LookFirst = new("Ver cobertura y ajuste", "Look at coverage and fit");
    public static readonly Text Proposed = new(
        "El canal, las variables y los periodos son una propuesta según lo que la planta ha enviado. Revíselos; nada se ha guardado.",
        "Channel, drivers and periods are a proposal from what the plant has sent. Look them over; nothing is saved.");
    public static readonly Text DaysCovered = new("{0} de {1} días con datos, {2} por llegar", "{0} of {1} days with data, {2} still to come");
    public static readonly Text LookTitle = new("Cobertura y ajuste, sin guardar", "Coverage and fit, not saved");
    public static readonly Text LookNote = new("Todavía no se guardó nada.", "Nothing was saved yet.");
    public static readonly Text BaselineCovered = new("Línea base cubierta", "Baseline covered");
    public static readonly Text Drafts = new("Sin plan de medición todavía", "Without a measurement plan yet");

    /// <summary>How many events wait for a decision.</summary>
    public static Text NeedsDecisions(int count)
    {
        string shown = count.ToString(CultureInfo.InvariantCulture);
        return new($"Eventos propuestos sin decisión: {shown}.", $"Proposed events without a decision: {shown}.");
    }

    public static readonly Text UndecidedTitle = new("Eventos propuestos que nadie ha decidido:", "Proposed events that nobody decided on:");
    public static readonly Text SeenMissing = new(
        "Hay eventos propuestos sin decisión. Decídalos, o marque que los vio y que ninguno cambia el resultado.",
        "There are proposed events without a decision. Decide on them, or tick that you saw them and that none changes the result.");

    /// <summary>What an author ticks who signs without deciding the proposed events.</summary>
    public static Text IHaveSeen(int count)
    {
        string shown = count.ToString(CultureInfo.InvariantCulture);
        return count == 1
            ? new("Vi el evento propuesto y decidí que no cambia el resultado.", "I saw the proposed event and decided that it does not change the result.")
            : new($"Vi los {shown} eventos propuestos y decidí que ninguno de ellos cambia el resultado.", $"I saw the {shown} proposed events and decided that none of them changes the result.");
    }

    /// <summary>What an author stated who signed without deciding the proposed events.</summary>
    public static Text HasSeen(string person, int count)
    {
        string shown = count.ToString(CultureInfo.InvariantCulture);
        return count == 1
            ? new($"{person} declaró al firmar que vio el evento propuesto y que no cambia el resultado.", $"{person} stated when signing to have seen the proposed event, and that it does not change the result.")
            : new($"{person} declaró al firmar que vio los {shown} eventos propuestos y que ninguno cambia el resultado.", $"{person} stated when signing to have seen the {shown} proposed events, and that none of them changes the result.");
    }
}
