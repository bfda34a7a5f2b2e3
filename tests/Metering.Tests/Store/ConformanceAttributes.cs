using Xunit;

namespace Metering.Tests.Store;

/// <summary>A test of the conformance suite; the store that it tests here needs nothing that may be missing.</summary>
internal sealed class StoreFactAttribute : FactAttribute;

/// <summary><see cref="StoreFactAttribute"/> for theories.</summary>
internal sealed class StoreTheoryAttribute : TheoryAttribute;
