using System.Globalization;
using BenchmarkDotNet.Running;
using Metering.Benchmarks;
using Metering.Benchmarks.Evidence;
using Metering.Benchmarks.Gateway;
using Metering.Benchmarks.Mqtt;
using Metering.Benchmarks.Store;
using Metering.Benchmarks.Ingestion;
using Metering.Benchmarks.Outage;
using Metering.Benchmarks.Postgres;
using Metering.Benchmarks.Verify;
using Metering.Benchmarks.Web;

switch (args)
{
    case ["numpy"]:
        return AgainstNumpy.Run();
    case ["modbus", .. string[] rest]:
        return ModbusComparison.Run(rest);
    case ["meters", .. string[] rest]:
        return TenThousandMeters.Run(rest);
    case ["reopen", .. string[] rest]:
        return await Reopening.RunAsync(rest);
    case ["trace", .. string[] rest]:
        return await Tracing.RunAsync(rest);
    case ["store", .. string[] rest]:
        return await StoreComparison.RunAsync(rest);
    case ["ingestion", .. string[] rest]:
        return await IngestionLoad.RunAsync(rest);
    case ["mqtt"]:
        return await MqttBench.RunAsync();
    case ["gateway", .. string[] rest]:
        return await GatewayBench.RunAsync(rest);
    case ["outage", .. string[] rest]:
        return await OutageDrill.RunAsync(rest);
    case [IngestionProcess.Verb, string folder, string port]:
        return await IngestionProcess.RunAsync(folder, int.Parse(port, CultureInfo.InvariantCulture));
    case ["evidence", .. string[] rest]:
        return await BundleBench.RunAsync(rest);
    case ["web", .. string[] rest]:
        return await WebBench.RunAsync(rest);
    case [WebReaders.Verb, .. string[] rest]:
        return await WebReaders.RunAsync(rest);
    case ["postgres"]:
        return await PostgresBench.RunAsync();
    case ["verify", .. string[] rest]:
        return VerifyBench.Run(rest);
    case ["rollups", .. string[] rest]:
        return RollupBench.Run(rest);
    default:
        break;
}

string[] chosen = Array.Exists(args, arg => arg is "--filter" or "-f" or "--list" or "--help" or "--version") ? args : ["--filter", "*", .. args];
BenchmarkSwitcher.FromAssembly(typeof(ShortRun).Assembly).Run(chosen, new ShortRun());
return 0;
