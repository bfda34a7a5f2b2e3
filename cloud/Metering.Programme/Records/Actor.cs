namespace Metering.Programme.Records;

/// <summary>Who changes something.</summary>
/// <param name="Id">Identifier of the account or API key.</param>
/// <param name="Name">Name as the audit trail keeps it.</param>
public sealed record Actor(string Id, string Name)
{
    /// <summary>The program itself: imports at the start, what follows from a clock.</summary>
    public static Actor System { get; } = new("system", "Metering");
}
