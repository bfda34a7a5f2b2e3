using BenchmarkDotNet.Running;
using Metering.Benchmarks;

switch (args)
{
    case ["numpy"]:
        return AgainstNumpy.Run();
    case ["meters", .. string[] rest]:
        return TenThousandMeters.Run(rest);
    case ["rollups", .. string[] rest]:
        return RollupBench.Run(rest);
    default:
        break;
}

string[] chosen = Array.Exists(args, arg => arg is "--filter" or "-f" or "--list" or "--help" or "--version") ? args : ["--filter", "*", .. args];
BenchmarkSwitcher.FromAssembly(typeof(ShortRun).Assembly).Run(chosen, new ShortRun());
return 0;
