using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Metering.Cloud.Demo;

/// <summary>`metering demo`: the whole path on one command.</summary>
internal static class DemoCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Language help)
    {
        Option<bool> once = new("--once") { Description = new Text("Terminar tras la revisión propia: con 0, o con 70 y el nombre de la que falló.", "End after the self-check: exit 0, or 70 naming the check that failed.").In(help) };
        Option<string?> keep = new("--keep") { Description = new Text("Dejar almacenes, exportaciones y diarios en esta carpeta nueva o vacía.", "Leave stores, exports and logs in this new or empty folder.").In(help) };
        Option<int> seed = new("--seed") { Description = new Text("Semilla de las plantas simuladas.", "Seed of the simulated plants.").In(help), DefaultValueFactory = _ => 20260101 };
        Option<string?> from = new("--from") { Description = new Text("Primer día de la historia (aaaa-MM-dd); si falta, hace dos años.", "First day of history (yyyy-MM-dd); two years ago if left out.").In(help) };
        Option<string?> until = new("--until") { Description = new Text("Día siguiente al último de la historia; si falta, hoy.", "Day after the last day of history; today if left out.").In(help) };
        Option<string?> language = new("--lang") { Description = new Text("es o en; si falta, según LANG.", "es or en; from LANG if left out.").In(help) };
        Command command = new("demo", new Text("Cinco plantas simuladas con dos años de historia por todo el camino real, y después en vivo.", "Five simulated plants with two years of history through the whole real path, then live.").In(help))
        {
            once, keep, seed, from, until, language,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            void Stop(PosixSignalContext context)
            {
                context.Cancel = true;
                stopping.Cancel();
            }

            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
            if (FaultOf(parse.GetValue(from), parse.GetValue(until), help) is string fault)
            {
                await Console.Error.WriteLineAsync("metering demo: " + fault);
                return Hosting.ExitCode.Usage;
            }

            DemoOptions options = new()
            {
                Once = parse.GetValue(once),
                Keep = parse.GetValue(keep),
                Seed = parse.GetValue(seed),
                From = parse.GetValue(from),
                Until = parse.GetValue(until),
                Texts = new(IsSpanish(parse.GetValue(language))),
            };
            try
            {
                return await new DemoRun(options).RunAsync(stopping.Token);
            }
            catch (DemoException e)
            {
                await Console.Error.WriteLineAsync("metering demo: " + e.Message);
                return e.ExitCode;
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        });
        return command;
    }

    private static string? FaultOf(string? from, string? until, Language help)
    {
        foreach ((string option, string? text) in new[] { ("--from", from), ("--until", until) })
        {
            if (text is not null && !TryDay(text, out _))
            {
                return new Text("{0} {1}: se espera un día, por ejemplo 2024-11-20.", "{0} {1}: expected a day, such as 2024-11-20.").In(help, option, text);
            }
        }

        return TryDay(from, out DateOnly first) && TryDay(until, out DateOnly end) && first >= end ? new Text("--from debe ser anterior a --until. Intercambie los días.", "--from must lie before --until. Exchange the days.").In(help) : null;
    }

    private static bool TryDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static bool IsSpanish(string? language) =>
        (language ?? Environment.GetEnvironmentVariable("LC_ALL") ?? Environment.GetEnvironmentVariable("LANG") ?? "")
            .StartsWith("es", StringComparison.OrdinalIgnoreCase);
}
