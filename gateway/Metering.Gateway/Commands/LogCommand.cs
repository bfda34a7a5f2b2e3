using System.CommandLine;
using System.Globalization;
using Metering.Gateway.Configuration;
using Metering.Gateway.Witness;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>gateway log: what this gateway has seen of the cloud's log, and a person's word that a changed past is accepted. With the gateway running or not.</summary>
internal static class LogCommand
{
    private static readonly Text About = new(es: "Lo que este gateway ha visto del registro de transparencia de la nube.", en: "What this gateway has seen of the cloud's log.");
    private static readonly Text AboutShow = new(es: "Muestra lo visto y las alarmas.", en: "Show what was seen, and the alarms.");
    private static readonly Text AboutAccept = new(es: "Acepta que el registro de transparencia siga desde donde la alarma lo vio; la alarma queda anotada.", en: "Accept that the log goes on from where the alarm saw it; the alarm stays on record.");
    private static readonly Text Config = new(es: "Archivo de configuración.", en: "Configuration file.");
    private static readonly Text Reason = new(es: "Por qué se acepta, como \"respaldo del 3 de marzo restaurado\".", en: "Why it is accepted, such as \"backup of 3 March restored\".");
    private static readonly Text NoAlarm = new(es: "No hay ninguna alarma abierta; no hay nada que aceptar.", en: "No alarm is open; there is nothing to accept.");
    private static readonly Text Taken = new(es: "Aceptado: alarma {0} ({1}). Los registros firmados que se contradicen quedan en la carpeta witness.", en: "Accepted: alarm {0} ({1}). The signed records that contradict each other stay in the folder witness.");
    private static readonly Text BadReason = new(es: "--reason debe decir por qué, en una línea de 1 a 200 caracteres.", en: "--reason must say why, in one line of 1 to 200 characters.");
    private static readonly Text Unreadable = new(es: "No se puede usar la carpeta witness: {0} Revise el disco y el dueño de la carpeta de estado.", en: "The folder witness cannot be used: {0} Check the disk and the owner of the state directory.");
    private static readonly Text Nothing = new(es: "Todavía no se ha visto ningún registro de transparencia.", en: "No log has been seen yet.");

    internal static Command Create(Language language)
    {
        Option<string> config = new("--config") { Description = Config.In(language), Required = true };
        Option<string> reason = new("--reason") { Description = Reason.In(language), Required = true };
        Command show = new("show", AboutShow.In(language)) { config };
        show.SetAction(result => WithFolder(result.GetValue(config)!, language, folder => Show(folder, language)));
        Command accept = new("accept", AboutAccept.In(language)) { config, reason };
        accept.SetAction(result =>
        {
            string text = result.GetValue(reason)!.Trim();
            return text.Length is 0 or > WitnessFolder.MaximumReason || text.Any(char.IsControl)
                ? Output.Fail(BadReason.In(language), ExitCode.Usage)
                : WithFolder(result.GetValue(config)!, language, folder => Accept(folder, text, language));
        });
        return new("log", About.In(language)) { show, accept };
    }

    private static int WithFolder(string path, Language language, Func<WitnessFolder, int> act)
    {
        try
        {
            GatewayConfiguration configuration = ConfigurationFile.Load(path);
            return act(new(configuration.StateDirectory, configuration.Cloud.Name, configuration.Cloud.Key));
        }
        catch (YamlFaultException e)
        {
            return Output.Fail(e.In(language), ExitCode.Configuration);
        }
        catch (UnauthorizedAccessException e)
        {
            return Output.Fail(Unreadable.In(language, e.Message), ExitCode.Permission);
        }
        catch (IOException e)
        {
            return Output.Fail(Unreadable.In(language, e.Message), ExitCode.InputOutput);
        }
    }

    private static int Accept(WitnessFolder folder, string reason, Language language)
    {
        using IDisposable folderLock = folder.Lock();
        if (folder.Accept(reason, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) is not LogAlarm alarm)
        {
            return Output.Fail(NoAlarm.In(language), ExitCode.DataError);
        }

        Console.Out.WriteLine(Taken.In(language, alarm.Number.ToString(CultureInfo.InvariantCulture), alarm.Kind));
        return 0;
    }

    private static int Show(WitnessFolder folder, Language language)
    {
        Console.Out.WriteLine(folder.Last(out _) is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"{last.Log}\t{last.Size}\t{Convert.ToHexStringLower(last.Root.Span)}\t{Instant(last.UtcMilliseconds)}")
            : Nothing.In(language));
        foreach (LogAlarm line in folder.Record())
        {
            string text = line.Kind == LogAlarm.Accepted ? line.Reason : line.What.In(language);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Number}\t{Instant(line.UtcMilliseconds)}\t{line.Kind}\t{text}"));
        }

        return 0;
    }

    private static string Instant(long utcMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
