using Metering.Cloud.Accounts;
using Metering.Cloud.Register;

namespace Metering.Cloud.Pages;

/// <summary>A step of the first hour.</summary>
/// <param name="Words">What to do.</param>
/// <param name="Label">Name of the page where it is done.</param>
/// <param name="Address">That page, after the language.</param>
/// <param name="Needs">What a reader needs there.</param>
/// <param name="Who">Who does it, for everybody else.</param>
internal sealed record FirstStep(Text Words, Text Label, string Address, Permission Needs, Text Who);

/// <summary>What to do next where there is nothing to show yet.</summary>
internal static class FirstStepWords
{
    public static readonly Text Title = new("Primeros pasos", "First steps");

    /// <summary>The steps in their order.</summary>
    public static IReadOnlyList<FirstStep> Steps { get; } =
    [
        new(
            new("Invite al personal del programa y dele el rol de revisión: quien administra cuentas no escribe en el registro.", "Invite the programme's staff and give them the reviewer's role: an administrator of accounts does not write in the register."),
            new("Cuentas", "Accounts"), "/accounts", Permission.ManageAccounts, new("Lo hace quien administra las cuentas.", "An administrator of accounts does this.")),
        new(
            new("Empiece el programa con sus años y metas, y agregue las empresas y sus plantas.", "Begin the programme with its years and targets, and add the companies and their plants."),
            new("Metas del programa", "Targets of the programme"), RegisterRoutes.Targets, Permission.EditRegister, new("Lo hace el personal del programa.", "The programme's staff does this.")),
        new(
            new("Conecte un gateway con «cloud gateways code» e inicie el primer proyecto: planta, medidor y periodos.", "Connect a gateway with 'cloud gateways code' and begin the first project: plant, meter and periods."),
            new("Proyecto nuevo", "New project"), "/projects/-new", Permission.EditRegister, new("Lo hace el personal del programa.", "The programme's staff does this.")),
    ];
}
