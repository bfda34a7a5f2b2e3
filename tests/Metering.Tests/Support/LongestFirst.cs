using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.Support;

/// <summary>Starts the classes that take longest first, so that at the end no core waits for the last of them. A class that is not named here only comes later.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        "CloudCommands.GoldenResultTests", "Fieldbus.ManyFaultyPollsTests", "Accounts.AccessMatrixTests", "Workflow.EventDecisionTests", "Fieldbus.RtuFaultTests", "GatewayHost.LaneCrewTests",
        "Programme.Pages.ProgrammePageTests", "Workflow.RegisteredProjectTests", "Store.SqliteStoreTests", "Accounts.AccountPagesTests", "Programme.RegisterPageTests", "Plants.EntryPageTests",
        "Mqtt.GatewayBrokerTests", "Service.TerminalTests", "postgres", "Service.ReloadTests", "GatewayHost.PathTests",
    ];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(PlaceOf);

    private static int PlaceOf(ITestCollection collection)
    {
        int place = Array.FindIndex(Longest, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal));
        return place < 0 ? Longest.Length : place;
    }
}
