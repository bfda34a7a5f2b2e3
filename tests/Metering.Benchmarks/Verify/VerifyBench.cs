using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Metering.Verifier;

namespace Metering.Benchmarks.Verify;

/// <summary>
/// `bench verify`: a bundle of a year of ten meters by the minute is written, and checked by the verifier's own program on one core: time, memory, size. Also on one core
/// with vector instructions switched off, where the same result must come out.
/// </summary>
internal static class VerifyBench
{
    private const double MostMegabytes = 45;
    private const double MostSeconds = 12;
    private const double MostMemory = 200;
    private const double MostSigning = 3;

    public static int Run(string[] args)
    {
        int days = args is ["--days", { } text] ? int.Parse(text, CultureInfo.InvariantCulture) : 365;
        string path = Path.Combine(Path.GetTempPath(), $"metering-bench-{Environment.ProcessId}.mevb");
        try
        {
            long readings;
            Stopwatch watch = Stopwatch.StartNew();
            using (FileStream stream = new(path, FileMode.Create, FileAccess.ReadWrite))
            {
                readings = LargeBundle.Write(stream, days);
            }

            Console.WriteLine(Invariant($"written in {watch.Elapsed.TotalSeconds:0.0} s: {readings:#,##0} readings"));
            bool fits = Sizes(path, readings, days);
            foreach (string setting in (string[])["", "DOTNET_EnableAVX512F", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"])
            {
                fits &= Verify(path, setting, days);
            }

            return fits ? 0 : 1;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool Sizes(string path, long readings, int days)
    {
        double megabytes = new FileInfo(path).Length / 1e6;
        Dictionary<string, long> parts = new(StringComparer.Ordinal);
        using (ZipArchive zip = ZipFile.OpenRead(path))
        {
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                string folder = entry.FullName.Split('/')[0];
                parts[folder] = parts.GetValueOrDefault(folder) + entry.CompressedLength;
            }
        }

        foreach ((string part, long length) in parts.OrderByDescending(part => part.Value).Take(6))
        {
            Console.WriteLine(Invariant($"  {part,-16} {length / 1e6,8:0.00} MB {length / (double)readings,6:0.00} B a reading"));
        }

        double signing = (parts["batches"] + parts["log"] + parts["keys"]) / (double)readings;
        Console.WriteLine(Invariant($"size {megabytes:0.0} MB (goal {MostMegabytes * days / 365:0.0}), signatures, hashes and log {signing:0.00} B a reading (goal {MostSigning})"));
        return megabytes <= MostMegabytes * days / 365;
    }

    // The program itself, as a reader starts it.
    private static bool Verify(string path, string setting, int days)
    {
        ProcessStartInfo start = new("taskset") { ArgumentList = { "-c", "0", "dotnet", typeof(VerifyCommand).Assembly.Location, path, "--json" }, RedirectStandardOutput = true, UseShellExecute = false };
        if (setting.Length > 0)
        {
            start.Environment[setting] = "0";
        }

        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        double memory = 0;
        TimeSpan used = TimeSpan.Zero;
        while (!process.WaitForExit(20))
        {
            memory = Math.Max(memory, PeakMegabytes(process.Id));
            used = process.TotalProcessorTime;
        }

        bool isSound = process.ExitCode == 0 && output.GetAwaiter().GetResult().Contains("\"faultCount\":0", StringComparison.Ordinal);
        double seconds = used.TotalSeconds;
        Console.WriteLine(Invariant($"verify {(setting.Length == 0 ? "as it is" : setting + "=0")}: {(isSound ? "same result" : "NOT THE SAME: " + output.GetAwaiter().GetResult())}, processor {seconds:0.0} s, clock {watch.Elapsed.TotalSeconds:0.0} s (goal {MostSeconds} s on one core), memory {memory:0} MB (goal {MostMemory})"));
        bool isJudged = setting.Length == 0 && days == 365;
        return isSound && (!isJudged || (seconds <= MostSeconds && memory <= MostMemory));
    }

    private static double PeakMegabytes(int id)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/status", Encoding.ASCII).FirstOrDefault(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line["VmHWM:".Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0; // it ended between two looks
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
