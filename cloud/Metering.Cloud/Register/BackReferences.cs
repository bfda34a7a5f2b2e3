using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>From a record to those that refer to it: from a company to its plants, from a plant to its meters, bills and projects.</summary>
internal static class BackReferences
{
    /// <summary>Records that refer to one, by kind in the register's order; withdrawn ones are left out.</summary>
    public static IReadOnlyList<(RecordKind Kind, IReadOnlyList<RecordVersion> Records)> To(RegisterSnapshot register, RecordKey key)
    {
        List<(RecordKind, IReadOnlyList<RecordVersion>)> found = [];
        foreach (RecordKind kind in RecordKinds.All)
        {
            string[] fields = [.. kind.Fields.Where(field => field.Target == key.Kind).Select(field => field.Name)];
            RecordVersion[] records = fields.Length == 0 ? [] : [.. register.Versions(kind).Where(version => !version.IsWithdrawn && Refers(kind, version, fields, key.Id))];
            if (records.Length > 0)
            {
                found.Add((kind, records));
            }
        }

        return found;
    }

    private static bool Refers(RecordKind kind, RecordVersion version, string[] fields, string id)
    {
        IReadOnlyDictionary<string, string> texts = kind.ToTexts(version.Record);
        return Array.Exists(fields, field => texts[field] == id);
    }
}
