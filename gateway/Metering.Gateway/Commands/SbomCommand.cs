using System.CommandLine;
using System.Text;
using Metering.Readings.Parts;

namespace Metering.Gateway.Commands;

/// <summary>gateway sbom: prints what this program is made of.</summary>
internal static class SbomCommand
{
    private static readonly Text Summary = new(
        es: "Escribe de qué partes está hecho este programa (CycloneDX 1.6, JSON).",
        en: "Print what this program is made of (CycloneDX 1.6, JSON).");

    internal static Command Create(Language language)
    {
        Command command = new("sbom", Summary.In(language));
        command.SetAction(_ =>
        {
            Console.Out.Write(Encoding.UTF8.GetString(ProgramParts.ListOf(typeof(SbomCommand).Assembly)));
            return 0;
        });
        return command;
    }
}
