using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>
/// Where records are looked at: the whole register, or under a plant's or project's own address its own records only. Nothing of anybody else is shown
/// there, offered to choose from, or saved.
/// </summary>
internal sealed record RecordPlace
{
    private static readonly RecordKind[] PlantKinds = [MeterRecord.Kind, MeterReading.Kind, ProductionRecord.Kind, LabResult.Kind, UtilityBill.Kind, Contact.Kind];
    private static readonly RecordKind[] ProjectKinds = [Measure.Kind, StaticFactorEvent.Kind, SavingClaim.Kind];

    private RecordPlace(string address, IReadOnlyList<RecordKind> kinds) => (Address, Kinds) = (address, kinds);

    /// <summary>The whole register, for the programme's staff.</summary>
    public static RecordPlace Register { get; } = new(RegisterRoutes.Address, RecordKinds.All);

    /// <summary>Its address after the language.</summary>
    public string Address { get; }

    /// <summary>Kinds that stand there.</summary>
    public IReadOnlyList<RecordKind> Kinds { get; }

    /// <summary>Field that names the owner: "plant" or "project"; empty for the register.</summary>
    public string OwnerField { get; private init; } = "";

    /// <summary>The plant or project; empty for the register.</summary>
    public string Owner { get; private init; } = "";

    /// <summary>What it is called.</summary>
    public Text Title { get; private init; } = RegisterWords.Register;

    /// <summary>What the owner is called.</summary>
    public Text OwnerTitle { get; private init; } = RegisterWords.Register;

    /// <summary>Whether it holds one owner's records only.</summary>
    public bool IsOwn => Owner.Length > 0;

    /// <summary>The owner's own page after the language.</summary>
    public string OwnerAddress => $"/{OwnerField}s/{Owner}";

    /// <summary>A plant's records.</summary>
    public static RecordPlace OfPlant(string plant, Text name) => new($"/plants/{plant}/records", PlantKinds) { OwnerField = "plant", Owner = plant, OwnerTitle = name, Title = RegisterWords.Own };

    /// <summary>A project's records.</summary>
    public static RecordPlace OfProject(string project, Text title) =>
        new($"/projects/{project}/records", ProjectKinds) { OwnerField = "project", Owner = project, OwnerTitle = title, Title = RegisterWords.Own };

    /// <summary>Address of a kind's list.</summary>
    public string Of(RecordKind kind) => Address + "/" + kind.Name;

    /// <summary>Address of a kind's empty form.</summary>
    public string NewOf(RecordKind kind) => Of(kind) + "/-new";

    /// <summary>Whether a record belongs here.</summary>
    public bool Has(IProgrammeRecord record) => !IsOwn || (OwnerField == "plant" ? record.Plant : record.Project) == Owner;

    /// <summary>Whether a version's history may be told here: not where it once was somebody else's.</summary>
    public bool Tells(RecordRevision revision) =>
        !IsOwn || revision.Fields.All(field => field.Field.Name != OwnerField || ((field.Before.Length == 0 || field.Before == Owner) && (field.After.Length == 0 || field.After == Owner)));
}
