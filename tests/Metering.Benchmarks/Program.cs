using BenchmarkDotNet.Running;
using Metering.Benchmarks;
using Metering.Benchmarks.Postgres;

switch (args)
{
    case ["numpy"]:
        return AgainstNumpy.Run();
    case ["meters", .. string[] rest]:
        return TenThousandMeters.Run(rest);
    case ["postgres"]:
        return await PostgresBench.RunAsync();
    default:
        break;
}

string[] chosen = Array.Exists(args, arg => arg is "--filter" or "-f" or "--list" or "--help" or "--version") ? args : ["--filter", "*", .. args];
BenchmarkSwitcher.FromAssembly(typeof(ShortRun).Assembly).Run(chosen, new ShortRun());
return 0;
