using Xunit;

// Most of these tests wait for a program or for the next second, so more of them go side by side than there are cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: TestCollectionOrderer("Metering.Tests.Support.LongestFirst", "Metering.Interop.Tests")]
