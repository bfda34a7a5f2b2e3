using Xunit;

// Many tests wait (for a line, a clock, a page) rather than compute: one more than the two cores of a small machine keeps both at work.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer("Metering.Tests.Support.LongestFirst", "Metering.Tests")]
