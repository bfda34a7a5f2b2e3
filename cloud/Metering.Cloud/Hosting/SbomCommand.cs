using System.CommandLine;
using System.Text;
using Metering.Readings.Parts;

namespace Metering.Cloud.Hosting;

/// <summary>`cloud sbom`: prints what this program is made of.</summary>
internal static class SbomCommand
{
    private static readonly Text Summary = new(
        es: "Escribe de qué partes está hecho este programa (CycloneDX 1.6, JSON)",
        en: "Print what this program is made of (CycloneDX 1.6, JSON)");

    public static Command Create(TextWriter output, Language help)
    {
        Command command = new("sbom", Summary.In(help));
        command.SetAction(_ =>
        {
            output.Write(Encoding.UTF8.GetString(ProgramParts.ListOf(typeof(SbomCommand).Assembly)));
            return ExitCode.Ok;
        });
        return command;
    }
}
