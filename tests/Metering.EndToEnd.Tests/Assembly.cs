using Xunit;

// Every test starts processes that want a whole machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
