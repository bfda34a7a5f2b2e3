using System.Globalization;
using Metering.Cloud.Accounts;

namespace Metering.Cloud.Workflow;

/// <summary>What the first page says is to be done next, and by whom.</summary>
internal static class NextWords
{
    public static readonly Text Title = new("Lo que sigue", "What is next");
    public static readonly Text ForReaders = new(
        "Abra un proyecto: cada cifra lleva a sus lecturas firmadas («De dónde vienen los datos»), y «Descargar evidencia» da un archivo que se comprueba sin esta nube.",
        "Open a project: each figure leads to its signed readings (“Where the data come from”), and “Download evidence” gives a file that is checked without this cloud.");

    private static readonly Text Plan = new("Falta escribir el plan de medición", "The measurement plan is to be written");
    private static readonly Text Baseline = new("Falta congelar la línea base", "The baseline is to be frozen");
    private static readonly Text Installed = new("Falta anotar desde cuándo opera la medida", "Since when the measure is in operation is to be written down");
    private static readonly Text Author = new("Falta la firma de quien lo elaboró", "The author is to sign");
    private static readonly Text Reviewer = new("Espera la revisión de una segunda persona", "Waits for the review of a second person");
    private static readonly Text Waiting = new("Espera datos", "Waits for data");

    /// <summary>What a step is called while a project waits for it.</summary>
    public static Text Of(NextStep step) => step switch
    {
        NextStep.Plan => Plan,
        NextStep.Baseline => Baseline,
        NextStep.Installed => Installed,
        NextStep.Author => Author,
        NextStep.Reviewer => Reviewer,
        _ => Waiting,
    };

    /// <summary>What a reader needs to do a step; null when nobody can do anything.</summary>
    public static Permission? NeededFor(NextStep step) => step switch
    {
        NextStep.Plan or NextStep.Baseline or NextStep.Installed => Permission.EditProject,
        NextStep.Author => Permission.SignProject,
        NextStep.Reviewer => Permission.ReviewProject,
        _ => null,
    };

    /// <summary>Where a step is done, after the language.</summary>
    public static string AddressOf(NextStep step, string project) => step switch
    {
        NextStep.Plan => WorkflowRoutes.PlanOf(project),
        NextStep.Baseline => WorkflowRoutes.Of(project) + "#baseline",
        NextStep.Installed => WorkflowRoutes.Of(project) + "#installed",
        _ => WorkflowRoutes.Of(project) + "#sign",
    };

    /// <summary>How many further projects wait for the same.</summary>
    public static Text AndMore(int count)
    {
        string shown = count.ToString(CultureInfo.InvariantCulture);
        return new($"y {shown} más", $"and {shown} more");
    }

    /// <summary>Alarms of a plant that nobody acknowledged.</summary>
    public static Text Alarms(int count)
    {
        string shown = count.ToString(CultureInfo.InvariantCulture);
        return count switch
        {
            0 => new("Sin alarmas nuevas", "No new alarms"),
            1 => new("1 alarma sin atender", "1 alarm nobody took up"),
            _ => new($"{shown} alarmas sin atender", $"{shown} alarms nobody took up"),
        };
    }
}
