using System.CommandLine;
using Metering.Analytics.Intervals;
using Metering.Cloud.Projects;
using Metering.Store;
using Metering.Store.Maintenance;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud store prune`: drops old readings that no project needs. Looks only, unless told to go on.</summary>
internal static class StorePruneCommand
{
    /// <summary>
    /// Kept before and after each period of a project: its first and last intervals depend on the readings around them, and
    /// the register of a day's midnight may have been read days before.
    /// </summary>
    private const int MarginDays = 62;

    public static Command Create(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> before = new("--before") { Description = new Text("Quitar los días UTC que terminan en este día o antes, por ejemplo 2024-01-01", "Drop UTC days that end at or before this day, such as 2024-01-01").In(help), Required = true, HelpName = "DAY" };
        Option<bool> journal = new("--journal") { Description = new Text("Quitar también las lecturas de los lotes del diario; los manifiestos firmados se quedan", "Also drop the readings of batches in the journal; the signed manifests stay").In(help) };
        Option<bool> go = new("--yes") { Description = new Text("Quitar; si falta, solo se imprime lo que se quitaría", "Drop; without it only print what would go").In(help) };
        Command command = new("prune", new Text("Quitar lecturas viejas que no necesita el periodo base ni el de reporte de ningún proyecto", "Drop old readings that no project's baseline or reporting period needs").In(help)) { config, before, journal, go };
        command.SetAction(parsed =>
        {
            (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
            using (store)
            {
                if (settings.ProjectsFile is not string projects)
                {
                    throw new CloudFault(ExitCode.Configuration, new Text("la configuración no nombra ningún archivo de proyectos, así que no se sabe qué lecturas necesita un proyecto. Ponga antes 'projects:'.", "the configuration names no projects file, so nobody can tell which readings a project needs. Set 'projects:' first.").In(help));
                }

                long end = StoreCommand.Instant("--before", parsed.GetRequiredValue(before), help);
                PruneRequest request = new(end, ProtectedBy(ProjectRegister.Load(projects)), parsed.GetValue(journal));
                bool isDryRun = !parsed.GetValue(go);
                Print(StoreCommand.AsFile(store, help).Prune(request, isDryRun), isDryRun, output, help);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>From the first day of each project's baseline to the last of its reporting period, with a margin, for every channel it reads.</summary>
    public static IReadOnlyList<ProtectedRange> ProtectedBy(ProjectRegister register)
    {
        List<ProtectedRange> ranges = [];
        foreach (Project project in register.Projects)
        {
            foreach (DayRange period in (DayRange[])[project.Baseline, project.Reporting])
            {
                long from = PlantCalendar.StartOfDay(period.First.AddDays(-MarginDays), project.Plant.Zone);
                long to = PlantCalendar.StartOfDay(period.Last.AddDays(MarginDays + 1), project.Plant.Zone);
                ranges.AddRange(project.Channels().Select(channel => new ProtectedRange(channel.Gateway, channel.Channel, from, to)));
            }
        }

        return ranges;
    }

    private static void Print(PruneReport report, bool isDryRun, TextWriter output, Language help)
    {
        foreach (PrunedChannel channel in report.Channels)
        {
            output.WriteLine(new Text("{0}\t{1}\t{2} días\t{3} lecturas\t{4} bytes\t{5}", "{0}\t{1}\t{2} days\t{3} readings\t{4} bytes\t{5}").In(help, channel.Gateway, channel.Channel, channel.Days, channel.Readings, channel.Length, string.Join(", ", channel.Ranges.Select(range => Days(range, help)))));
        }

        Text verb = isDryRun ? new("se quitaría", "would go") : new("se quitó", "dropped");
        output.WriteLine(new Text(
            "{0}: {1} días de canal con {2} lecturas; {3} lotes del diario adelgazados en {4} bytes",
            "{0}: {1} channel days with {2} readings; {3} batches of the journal thinned by {4} bytes").In(
            help, verb.In(help), report.Channels.Sum(channel => channel.Days), report.Channels.Sum(channel => channel.Readings), report.Batches, report.BatchLength));
        output.WriteLine(isDryRun
            ? new Text("No se cambió nada. Agregue --yes para quitarlas; antes haga un respaldo.", "Nothing was changed. Add --yes to drop them; take a backup first.").In(help)
            : new Text("El lugar lo ocupa lo que llegue; el archivo mismo se achica cuando se restaura un respaldo de él.", "The room is used again by what comes; the file itself gets smaller when a backup of it is restored.").In(help));
    }

    private static string Days(PrunedRange range, Language help) => new Text("{0:yyyy-MM-dd} a {1:yyyy-MM-dd}", "{0:yyyy-MM-dd} to {1:yyyy-MM-dd}").In(
        help, DateTimeOffset.FromUnixTimeMilliseconds(range.FromUtcMilliseconds), DateTimeOffset.FromUnixTimeMilliseconds(range.ToUtcMilliseconds - 1));
}
