using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.ChangePoints;
using Metering.Analytics.Intervals;
using Metering.Analytics.Subsets;
using Metering.Analytics.Towt;

namespace Metering.Benchmarks;

/// <summary>
/// `bench numpy`: the analytics kernels beside the same work in numpy and scipy, on the same data, in one run, one thread each.
/// Prints absolute times, the goal and the ratio; the ratio is the figure to quote.
/// </summary>
internal sealed class AgainstNumpy
{
    private const int MissingExit = 69;
    private const int FailedExit = 70;
    private const int Days = 365;
    private const int Hours = 8760;
    private const int Readings = 519_000;
    private const string Python = "/usr/bin/python3";
    private const string Install = "apt-get install -y python3-numpy python3-scipy";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PerKernel = TimeSpan.FromMilliseconds(600);

    private readonly double[] temperature = new double[Days];
    private readonly double[] use = new double[Days];
    private readonly double[][] drivers = [.. Enumerable.Range(0, 10).Select(_ => new double[Days])];
    private readonly double[] hourTemperature = new double[Hours];
    private readonly double[] hourUse = new double[Hours];
    private readonly long[] times = new long[Readings];
    private readonly long[] register = new long[Readings];
    private uint state = 11;

    public static int Run()
    {
        if (!Directory.Exists("/usr/lib/python3/dist-packages/scipy") || !Directory.Exists("/usr/lib/python3/dist-packages/numpy"))
        {
            Console.Error.WriteLine($"bench numpy: numpy and scipy are not installed. Install them with: {Install}");
            return MissingExit;
        }

        AgainstNumpy comparison = new();
        comparison.Fill();
        Dictionary<string, (double Seconds, double Value)> ours = comparison.Ours();
        string folder = Directory.CreateTempSubdirectory("metering-numpy").FullName;
        try
        {
            comparison.Write(folder);
            return Print(ours, Theirs(folder)) ? 0 : FailedExit;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Print(Dictionary<string, (double Seconds, double Value)> ours, JsonElement theirs)
    {
        (string Key, string Name, double Goal)[] rows =
        [
            ("calTrackDaily", "CalTRACK daily selection, 2,014 candidates, n = 365", 0.5e-3),
            ("calTrackBilling", "CalTRACK billing selection, n = 12", 0.1e-3),
            ("threeParameters", "exact 3P, n = 365 (numpy: 200 places)", 50e-6),
            ("fourParameters", "exact 4P, n = 365 (numpy: 200 places)", 60e-6),
            ("fiveParameters", "exact 5P, n = 365 (numpy: 4,950 pairs)", 2e-3),
            ("fiveParametersNoise", "exact 5P, n = 365, pure noise", 2e-3),
            ("threeParametersChosen", "exact 3P as the choice of a model calls it, sorting", 50e-6),
            ("fourParametersChosen", "exact 4P as the choice of a model calls it, sorting", 60e-6),
            ("fiveParametersChosen", "exact 5P as the choice of a model calls it, sorting", 2e-3),
            ("towtTwelveModels", "hourly TOWT, 12 models x 8,760 h", 5e-3),
            ("leastSquares12", "OLS with all statistics, n = 12, p = 3", 3e-6),
            ("subsets10", "all subsets of 10 drivers, n = 365", 5e-3),
            ("counterTo15Minutes", "counter to 15 min, 519,000 readings", 2e-9 * Readings),
            ("vectorSum", "plain vector sum of the 519,000 registers", double.NaN),
        ];
        Console.WriteLine($"{"kernel",-54} {"ours",12} {"goal",12} {"numpy",12} {"ratio",9}");
        bool agrees = true;
        foreach ((string key, string name, double goal) in rows)
        {
            (double seconds, double value) = ours[key];
            bool known = theirs.TryGetProperty(key, out JsonElement other);
            double numpy = known ? other.GetProperty("seconds").GetDouble() : double.NaN;
            string ratio = known ? string.Create(CultureInfo.InvariantCulture, $"{numpy / seconds:N0}x") : "";
            Console.WriteLine($"{name,-54} {Time(seconds),12} {Time(goal),12} {Time(numpy),12} {ratio,9}");
            agrees &= !known || Agrees(key, value, other.GetProperty("value").GetDouble());
        }

        double perReading = ours["counterTo15Minutes"].Seconds / Readings * 1e9;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"counter: {perReading:0.00} ns a reading, {ours["counterTo15Minutes"].Seconds / ours["vectorSum"].Seconds:0.0} times the vector sum"));
        return agrees;
    }

    // A grid can only be worse than the exact optimum; the others are the same number.
    private static bool Agrees(string key, double ours, double theirs)
    {
        bool isGrid = key is "threeParameters" or "fourParameters" or "fiveParameters";
        bool agrees = isGrid ? ours <= theirs * (1 + 1e-9) : key == "towtTwelveModels" || Math.Abs(ours - theirs) <= 1e-6 * Math.Abs(theirs);
        if (!agrees)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key}: {ours:R} here and {theirs:R} in numpy"));
        }

        return agrees;
    }

    private Dictionary<string, (double Seconds, double Value)> Ours()
    {
        Dictionary<string, (double Seconds, double Value)> results = [];
        BalancePointWorkspace points = new();
        results["calTrackDaily"] = Best(() => CalTrack(points, Days));
        results["calTrackBilling"] = Best(() => CalTrack(points, 12));
        ChangePointWorkspace plain = new();
        double[] noise = [.. drivers[9]];
        results["threeParameters"] = Best(() => ChangePointSolver.Fit(temperature, use, ChangePointForm.Cooling, ChangePointOptions.Default, plain).Sse);
        results["fourParameters"] = Best(() => ChangePointSolver.Fit(temperature, use, ChangePointForm.TwoLines, ChangePointOptions.Default, plain).Sse);
        results["fiveParameters"] = Best(() => ChangePointSolver.Fit(temperature, use, ChangePointForm.HeatingAndCooling, ChangePointOptions.Default, plain).Sse);
        results["fiveParametersNoise"] = Best(() => ChangePointSolver.Fit(temperature, noise, ChangePointForm.HeatingAndCooling, ChangePointOptions.Default, plain).Sse);
        results["threeParametersChosen"] = Chosen(ChangePointForm.Cooling);
        results["fourParametersChosen"] = Chosen(ChangePointForm.TwoLines);
        results["fiveParametersChosen"] = Chosen(ChangePointForm.HeatingAndCooling);
        results["towtTwelveModels"] = Towt();
        results["leastSquares12"] = LeastSquares12();
        results["subsets10"] = Subsets();
        results["counterTo15Minutes"] = Counter();
        results["vectorSum"] = Best(() => IntervalBenchmarks.VectorSum(register));
        return results;
    }

    // Two drivers in turn, so that every load sorts its rows anew.
    private (double Seconds, double Value) Chosen(ChangePointForm form)
    {
        LinearChangePointWorkspace workspace = new();
        double[] reversed = [.. temperature.Reverse()];
        bool turn = false;
        return Best(() =>
        {
            turn = !turn;
            workspace.Load(turn ? temperature : reversed, use, []);
            return LinearChangePointSolver.Fit(workspace, form, ChangePointOptions.Default).Sse;
        });
    }

    private double CalTrack(BalancePointWorkspace points, int rows)
    {
        points.Clear(rows);
        for (int row = 0; row < rows; row++)
        {
            double mean = 32 + (1.8 * temperature[row * (Days / rows)]);
            points.Add(use[row * (Days / rows)], 1, new ReadOnlySpan<double>(in mean));
        }

        points.Accumulate();
        BalancePointSearch search = new(points, rows == Days ? 10 : 0, 20);
        search.Run(withCooling: true);
        return search.BestCount > 0 ? search[0].AdjustedR2 : double.NaN;
    }

    private (double Seconds, double Value) Towt()
    {
        TowtLayout layout = new() { Zone = TimeZoneInfo.Utc, Temperature = "temperature" };
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, Hours).Select(hour => hour * TimeSpan.MillisecondsPerHour)],
            Use = hourUse,
            Drivers = [new Driver("temperature", hourTemperature)],
        };
        TowtRows rows = layout.Build(ModelRows.Order(table, true, [], []).Select(new Period(0, Hours * TimeSpan.MillisecondsPerHour)));
        MonthWorkspace workspace = new();
        return Best(() =>
        {
            MonthKernel.FitMonths(rows, TemperatureUnit.Celsius, workspace);
            return 0;
        });
    }

    private (double Seconds, double Value) LeastSquares12()
    {
        LeastSquaresWorkspace workspace = new();
        double[] target = use[..12];
        double[][] columns = [drivers[0][..12], drivers[1][..12]];
        return Best(() => workspace.Fit(target, columns) ? workspace.FProbability : double.NaN);
    }

    private (double Seconds, double Value) Subsets()
    {
        AllSubsetsWorkspace workspace = new();
        SubsetScore[] scores = new SubsetScore[1024];
        return Best(() =>
        {
            AllSubsets.Score(use, drivers, [], workspace, scores);
            return scores[AllSubsets.Best(scores)].Bic;
        });
    }

    private (double Seconds, double Value) Counter()
    {
        CounterOptions options = new() { Step = IntervalStep.QuarterHour, Exponent = 0, Modulus = 4_294_967_296 };
        IntervalColumns columns = new();
        return Best(() =>
        {
            IntervalBuilder.FromCounter(times, register, [], options, columns);
            return (double)columns.TotalScaled;
        });
    }

    /// <summary>The least of many runs, for as long as a kernel is given.</summary>
    private static (double Seconds, double Value) Best(Func<double> kernel)
    {
        double value = 0;
        for (int warm = 0; warm < 30; warm++)
        {
            value = kernel();
        }

        double least = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        int inner = 1;
        while (Stopwatch.GetElapsedTime(begin) < PerKernel)
        {
            long start = Stopwatch.GetTimestamp();
            for (int run = 0; run < inner; run++)
            {
                value = kernel();
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            least = Math.Min(least, seconds / inner);
            inner = seconds < 50e-6 ? inner * 2 : inner;
        }

        return (least, value);
    }

    private void Fill()
    {
        for (int day = 0; day < Days; day++)
        {
            temperature[day] = 8 + (16 * Next());
            use[day] = 60 + (3 * Math.Max(0, 12 - temperature[day])) + (4 * Math.Max(0, temperature[day] - 19)) + (12 * Next());
            foreach (double[] driver in drivers)
            {
                driver[day] = Next();
            }
        }

        for (int hour = 0; hour < Hours; hour++)
        {
            hourTemperature[hour] = 16 + (9 * Math.Sin(hour / 1394.0)) + (6 * Math.Sin(hour / 3.82)) + (2 * Next());
            hourUse[hour] = 40 + (hour % 24 is > 7 and < 19 ? 30 : 0) + (2 * Math.Max(0, hourTemperature[hour] - 20)) + (5 * Next());
        }

        for (int reading = 0; reading < Readings; reading++)
        {
            times[reading] = 1_704_067_200_000 + (reading * 60_000L);
            register[reading] = (reading == 0 ? 1_000_000 : register[reading - 1]) + 20 + (long)(16 * Next());
        }
    }

    private double Next()
    {
        state = unchecked((state * 1_664_525) + 1_013_904_223);
        return (state >> 8) / (double)(1 << 24);
    }

    private void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "year.csv"), Table(Days, [temperature, use, .. drivers]));
        File.WriteAllText(Path.Combine(folder, "hours.csv"), Table(Hours, [hourTemperature, hourUse]));
        StringBuilder counter = new();
        for (int reading = 0; reading < Readings; reading++)
        {
            counter.Append(CultureInfo.InvariantCulture, $"{times[reading]},{register[reading]}\n");
        }

        File.WriteAllText(Path.Combine(folder, "counter.csv"), counter.ToString());
    }

    private static string Table(int rows, double[][] columns)
    {
        StringBuilder text = new();
        for (int row = 0; row < rows; row++)
        {
            text.AppendJoin(',', columns.Select(column => column[row].ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private static JsonElement Theirs(string folder)
    {
        string script = Path.Combine(Environment.GetEnvironmentVariable("METERING_ROOT") ?? ".", "tests", "Metering.Benchmarks", "numpy_baseline.py");
        ProcessStartInfo start = new(Python, [script, folder]) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Limit) || process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{script} failed with exit code {process.ExitCode}.");
        }

        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static string Time(double seconds) => seconds switch
    {
        double.NaN => "",
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.0} us"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
    };
}
