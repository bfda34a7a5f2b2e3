using System.CommandLine;
using System.CommandLine.Help;

namespace Metering.Gateway.Commands;

/// <summary>All commands of the gateway.</summary>
internal static class GatewayCommands
{
    /// <summary>Makes them, described in a language. Not a RootCommand: that one is called after its assembly, and a person types "gateway".</summary>
    internal static Command Create(Language language) => new("gateway", new Text(es: "Lee medidores por Modbus y lleva lecturas firmadas a la nube.", en: "Reads meters over Modbus and brings signed readings to the cloud.").In(language))
    {
        new HelpOption { Description = new Text(es: "Muestra esta ayuda.", en: "Show this help.").In(language) },
        new VersionOption { Description = new Text(es: "Muestra la versión.", en: "Show the version.").In(language) },
        TerminalLanguage.Option(language),
        RunCommand.Create(language), ConfigCommand.Create(language), CheckCommand.Create(language), DoctorCommand.Create(language),
        ScanCommand.Create(language), ProbeCommand.Create(language), ReadCommand.Create(language), ProfilesCommand.Create(language),
        PlanCommand.Create(language), LiveCommand.Create(language), CommissionCommand.Create(language), ReadingCommand.Create(language),
        MeterSwapCommand.Create(language), KeyCommand.Create(language), EnrolCommand.Create(language), LogCommand.Create(language), BundleCommand.Create(language),
        SbomCommand.Create(language),
    };
}
