using System.Text.Json;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A Cleaner Production programme: its terms as data.</summary>
internal sealed record ProgrammeDefinition : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public Money? ProjectFee { get; init; }

    public decimal? CompanyShareMostPercent { get; init; }

    public string? Description { get; init; }

    // After how many days in a state a project of the programme counts as overdue; where null, ProjectLifecycle.DefaultDaysIn.
    public int? LeadDays { get; init; }

    public int? SelfAssessedDays { get; init; }

    public int? PreAssessedDays { get; init; }

    public int? SelectedDays { get; init; }

    public int? ContractedDays { get; init; }

    public int? BaseliningDays { get; init; }

    public int? ImplementingDays { get; init; }

    public int? ReportingDays { get; init; }

    public int? VerifiedDays { get; init; }

    public int? FollowedUpDays { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "programme", new("Programa", "Programme"), new("Programas", "Programmes"), RecordJson.Default.ProgrammeDefinition,
        [
            Field.Line("name", "Nombre", "Name"),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day"),
            Field.Money("projectFee", "Costo del servicio por proyecto", "Fee of a project"),
            Field.Number("companyShareMostPercent", "%", "Parte máxima de la empresa, en %", "Greatest share of the company, in %") with { Least = 0, Most = 100 },
            Field.Lines("description", "Descripción", "Description"),
            .. Enum.GetValues<ProjectState>().Select(DaysOf).OfType<Field>(),
        ])
        .With<ProgrammeDefinition>(Rules);

    /// <summary>Days after which a project in this state is overdue; null where the programme states none.</summary>
    public int? MostDaysIn(ProjectState state) => state switch
    {
        ProjectState.Lead => LeadDays,
        ProjectState.SelfAssessed => SelfAssessedDays,
        ProjectState.PreAssessed => PreAssessedDays,
        ProjectState.Selected => SelectedDays,
        ProjectState.Contracted => ContractedDays,
        ProjectState.Baselining => BaseliningDays,
        ProjectState.Implementing => ImplementingDays,
        ProjectState.Reporting => ReportingDays,
        ProjectState.Verified => VerifiedDays,
        ProjectState.FollowedUp => FollowedUpDays,
        _ => null,
    };

    // Null for the states that nothing follows.
    private static Field? DaysOf(ProjectState state)
    {
        if (ProjectLifecycle.DefaultDaysIn(state) is not { } usual)
        {
            return null;
        }

        (string spanish, string english) = (ProjectLifecycle.NameOf(state, Language.Spanish), ProjectLifecycle.NameOf(state, Language.English));
        return Field.Whole(JsonNamingPolicy.CamelCase.ConvertName($"{state}Days"), $"Días en «{spanish}» antes de contar como atrasado", $"Days in “{english}” before it counts as overdue") with
        {
            Help = new($"Un número entero de días; vacío: {usual}.", $"A whole number of days; empty: {usual}."), Least = 1, Most = 3650,
        };
    }

    private static void Rules(RecordCheck check, ProgrammeDefinition record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
    }
}
