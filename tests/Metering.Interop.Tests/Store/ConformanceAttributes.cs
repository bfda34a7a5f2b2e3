using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Store;

/// <summary>A test of the conformance suite; the store that it tests here needs PostgreSQL.</summary>
internal sealed class StoreFactAttribute : FactAttribute
{
    public StoreFactAttribute() => Skip = Needs.Missing(["postgres"]);
}

/// <summary><see cref="StoreFactAttribute"/> for theories.</summary>
internal sealed class StoreTheoryAttribute : TheoryAttribute
{
    public StoreTheoryAttribute() => Skip = Needs.Missing(["postgres"]);
}
