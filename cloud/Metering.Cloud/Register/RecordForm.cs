using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>A form as it is shown: what is in its fields, and what was wrong with them.</summary>
/// <param name="Kind">Kind of record.</param>
/// <param name="Id">Identifier of the record that is changed; null for a new one.</param>
/// <param name="Version">Version it is changed from; 0 for a new one.</param>
/// <param name="Texts">Texts of the fields, as typed.</param>
internal sealed record RecordForm(RecordKind Kind, string? Id, long Version, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>The register, to choose references from.</summary>
    public required RegisterSnapshot Register { get; init; }

    /// <summary>Where it stands.</summary>
    public RecordPlace Place { get; init; } = RecordPlace.Register;

    /// <summary>Reason as typed.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Every fault.</summary>
    public IReadOnlyList<RecordFault> Faults { get; init; } = [];

    /// <summary>What stands above the form when it could not be saved for another cause; null otherwise.</summary>
    public string? Notice { get; init; }

    /// <summary>Texts that somebody else stored meanwhile; null without a conflict.</summary>
    public IReadOnlyDictionary<string, string>? Stored { get; init; }

    /// <summary>Records that a reference may lead to, with their titles.</summary>
    public IEnumerable<(string Id, string Title)> ChoicesOf(Field field, Language language)
    {
        RecordKind target = Programme.Kinds.RecordKinds.Find(field.Target!)!;
        (string Id, string Title)[] known = [.. Register.Versions(target).Where(version => !version.IsWithdrawn && Place.Has(version.Record)).Select(version => (version.Record.Id, target.TitleOf(version.Record, language)))];

        // What the staff chose stays chosen, by its identifier alone.
        string chosen = TextOf(field);
        return !Place.IsOwn || chosen.Length == 0 || Array.Exists(known, one => one.Id == chosen) ? known : [(chosen, chosen), .. known];
    }

    /// <summary>Text of a field as typed.</summary>
    public string TextOf(Field field) => Texts.GetValueOrDefault(field.Name, "");

    /// <summary>The first fault of a field; null when there is none.</summary>
    public Text? FaultOf(string field) => Faults.FirstOrDefault(fault => fault.Field == field)?.Message;
}
