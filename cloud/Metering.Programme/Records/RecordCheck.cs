namespace Metering.Programme.Records;

/// <summary>One record of a change, looked at within the register as it would be after the whole change.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Record">The record; the last one there was when it is withdrawn.</param>
/// <param name="IsWithdrawn">Whether the change withdraws it.</param>
/// <param name="After">The register as it would be.</param>
/// <param name="Today">The day, in UTC plus the hours of the programme's zone: no date may lie after it where something has happened.</param>
/// <param name="Faults">Gets what is wrong.</param>
internal sealed record RecordCheck(RecordKind Kind, IProgrammeRecord Record, bool IsWithdrawn, RegisterSnapshot After, DateOnly Today, List<RecordFault> Faults)
{
    /// <summary>Adds a fault of a field.</summary>
    public void Fault(string field, string es, string en) => Faults.Add(new(new(Kind.Name, Record.Id), field, new(es, en)));

    /// <summary>The later of two days may not lie before the earlier one.</summary>
    public void InOrder(DateOnly? first, DateOnly? last, string field)
    {
        if (first > last)
        {
            Fault(field, "Este día queda antes que el primero.", "This day lies before the first one.");
        }
    }

    /// <summary>What has happened cannot lie in the future.</summary>
    public void Past(DateOnly? day, string field)
    {
        if (day > Today)
        {
            Fault(field, "Esta fecha todavía no llega; anote lo ocurrido el día en que ocurra.", "This day has not come yet; write down what happened when it has.");
        }
    }
}
