using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Metering.Cloud.Demo;

/// <summary>Prints the stages of the demo with their times: progress bars on a terminal, plain lines elsewhere.</summary>
internal sealed class Stages
{
    private static readonly TimeSpan PlainLineInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly bool _isTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
    private readonly IAnsiConsole _console;

    /// <summary>Creates it for standard output.</summary>
    public Stages() => _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = _isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        Interactive = _isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        Out = new AnsiConsoleOutput(Console.Out),
    });

    /// <summary>Prints a line.</summary>
    public static void Say(string text) => Console.Out.WriteLine(text);

    /// <summary>Runs one stage and prints its time and, when it gives one, a detail.</summary>
    public static async Task RunAsync(string title, Func<Task<string>> work)
    {
        long start = Stopwatch.GetTimestamp();
        string detail = await work();
        string seconds = Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Say($"  ✓ {title}  {seconds} s{(detail.Length == 0 ? "" : "  " + detail)}");
    }

    /// <summary>Shows the progress of several children until the work completes.</summary>
    /// <param name="names">One bar each.</param>
    /// <param name="fraction">0 to 1 of a bar, asked again and again.</param>
    /// <param name="line">What a plain line says.</param>
    /// <param name="work">What is waited for.</param>
    public async Task WatchAsync(IReadOnlyList<string> names, Func<int, double> fraction, Func<string> line, Task work)
    {
        if (_isTerminal)
        {
            await _console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async context =>
            {
                List<ProgressTask> bars = [.. names.Select(name => context.AddTask(Markup.Escape(name), maxValue: 1))];
                while (!work.IsCompleted)
                {
                    for (int index = 0; index < bars.Count; index++)
                    {
                        bars[index].Value = fraction(index);
                    }

                    _ = await Task.WhenAny(work, Task.Delay(RefreshInterval, TimeProvider.System, CancellationToken.None));
                }
            });
        }
        else
        {
            while (await Task.WhenAny(work, Task.Delay(PlainLineInterval, TimeProvider.System, CancellationToken.None)) != work)
            {
                Say("    " + line());
            }
        }

        await work;
    }
}
