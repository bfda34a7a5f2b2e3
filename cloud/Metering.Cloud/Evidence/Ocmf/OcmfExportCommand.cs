using System.CommandLine;
using System.Security.Cryptography;
using Metering.Cloud.Hosting;
using Metering.Cloud.Projects;
using Metering.Evidence.Ocmf;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Evidence.Ocmf;

/// <summary>`cloud export ocmf`: the registers at the borders of a project's periods in the Open Charge Metering Format, signed by the cloud.</summary>
internal static class OcmfExportCommand
{
    private const string Software = "metering-cloud/0.1.0";

    /// <summary>The command.</summary>
    public static Command Create(TextWriter output, Language help)
    {
        Option<string> config = CommonOptions.Config(help);
        Option<string> project = new("--project") { Description = new Text("El proyecto", "The project").In(help), Required = true, HelpName = "PROJECT" };
        Option<string> file = new("--out") { Description = new Text("Archivo que se escribe", "File to write").In(help), Required = true, HelpName = "FILE.ocmf" };
        Option<string> obis = new("--obis") { Description = new Text("Código OBIS del registro", "OBIS code of the register").In(help), DefaultValueFactory = _ => OcmfReading.ImportedEnergy, HelpName = "CODE" };
        Command command = new(
            "ocmf", new Text("Escribir el primer y el último registro del periodo base y del periodo de reporte como un registro OCMF firmado por el servicio: dice que el servicio tiene estas lecturas, no que el medidor las firmó", "Write the first and last register of baseline and reporting period as one OCMF record, signed by the cloud: it says that the cloud holds these readings, not that the meter signed them").In(help)) { config, project, file, obis };
        command.SetAction(parsed =>
        {
            (CloudConfig settings, IReadingStore store) = CommonOptions.OpenStore(parsed, config);
            using (store)
            using (ECDsa key = SigningKey.Load(settings.KeyFile))
            {
                string record = Record(new(ProgrammeCommand.SourceOf(settings), store, TimeProvider.System), parsed.GetRequiredValue(project), parsed.GetValue(obis)!, (settings.Name, key, help));
                Write(parsed.GetRequiredValue(file), record, help);
                output.WriteLine(new Text("{0} registros en {1}, firmados por {2}", "{0} registers in {1}, signed by {2}").In(help, OcmfRecord.ReadAll(record)[0].Readings.Count, parsed.GetRequiredValue(file), settings.Name));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The record of a project.</summary>
    /// <exception cref="CloudFault">There is no such project, no reading yet, or its use is no energy register.</exception>
    internal static string Record(ProjectBoard board, string id, string obis, (string Name, ECDsa Key, Language Language) signer)
    {
        Project project = board.Register.Projects.FirstOrDefault(one => one.Id == id)
            ?? throw new CloudFault(ExitCode.Data, "no hay un proyecto «{0}». Las páginas y el archivo de proyectos los nombran.", $"there is no project '{id}'. The pages and the projects file name them.");
        ChannelEvidence use = board.ResultOf(project).Evidence[0];
        if (use.Channel is not { } channel)
        {
            throw new CloudFault(ExitCode.Data, "aún no llega ninguna lectura de {0}, así que no hay qué escribir.", $"no reading of {project.Use.Channel} has arrived yet, so there is nothing to write.");
        }

        List<(long At, long Value)> readings = [];
        foreach (RegisterPoint point in use.Registers.DistinctBy(point => point.UtcMilliseconds).OrderBy(point => point.UtcMilliseconds))
        {
            ReadingColumns one = board.Store.Read(project.Use.Gateway, project.Use.Channel, point.UtcMilliseconds, point.UtcMilliseconds + 1);
            readings.Add((point.UtcMilliseconds, one.ScaledValues[0]));
        }

        try
        {
            return OcmfWriter.Write((signer.Name, Software), 1, channel, obis, readings, signer.Key);
        }
        catch (OcmfException e)
        {
            throw new CloudFault(ExitCode.Data, $"export ocmf: {e.In(signer.Language)}.");
        }
    }

    private static void Write(string path, string record, Language help)
    {
        try
        {
            File.WriteAllText(path + ".partial", record + "\n");
            File.Move(path + ".partial", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudFault(ExitCode.CannotCreate, new Text("no se puede escribir {0}: {1}. ¿Existe la carpeta, y puede escribir en ella este usuario?", "cannot write {0}: {1}. Does the directory exist, and may this user write in it?").In(help, path, e.Message));
        }
    }
}
