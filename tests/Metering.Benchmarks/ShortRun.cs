using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Metering.Benchmarks;

/// <summary>
/// A few minutes for everything, in this process, so that nothing is built again. The figure to look at is the ratio to
/// the baseline of the same run; absolute times belong to the machine and to what else runs on it.
/// </summary>
public sealed class ShortRun : ManualConfig
{
    public ShortRun()
    {
        _ = AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithLaunchCount(1)
            .WithWarmupCount(3)
            .WithIterationCount(7)
            .WithIterationTime(TimeInterval.FromMilliseconds(150)));
        _ = AddDiagnoser(MemoryDiagnoser.Default);
        _ = AddColumnProvider(DefaultColumnProviders.Instance);
        _ = AddLogger(ConsoleLogger.Default);
        _ = AddExporter(MarkdownExporter.GitHub);
        _ = WithArtifactsPath(Path.Combine(Environment.GetEnvironmentVariable("METERING_ROOT") ?? ".", ".artifacts", "benchmarks"));
    }
}
