using Xunit;

// Tests start processes that want a machine, so they run one after the other; only two kinds go beside them: the browser's wait for pages, those of the whole path for each other's programs.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 3)]
