using Xunit;

// Tests start processes that want a machine, so they run one after the other; only those of the browser, and those of faulty input, go beside them: they wait for nothing but an answer.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 3)]
