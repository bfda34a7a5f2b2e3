using Xunit;

// Tests start processes that want a machine, so they run one after the other; only the browser's go beside them: they wait for nothing but pages.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 2)]
