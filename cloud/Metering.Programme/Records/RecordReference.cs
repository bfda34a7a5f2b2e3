namespace Metering.Programme.Records;

/// <summary>That a record refers to another.</summary>
/// <param name="Field">The field that does.</param>
/// <param name="Target">The record it refers to.</param>
internal readonly record struct RecordReference(Field Field, RecordKey Target)
{
    /// <summary>All references of a record.</summary>
    public static IEnumerable<RecordReference> Of(RecordKind kind, IProgrammeRecord record)
    {
        if (!kind.Fields.Any(field => field.Target is not null))
        {
            yield break;
        }

        IReadOnlyDictionary<string, string> texts = kind.ToTexts(record);
        foreach (Field field in kind.Fields)
        {
            if (field.Target is string target && texts[field.Name] is { Length: > 0 } id)
            {
                yield return new(field, new(target, id));
            }
        }
    }
}
