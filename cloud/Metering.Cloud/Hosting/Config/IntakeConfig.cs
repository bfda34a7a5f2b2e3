using Metering.Cloud.Commands;
using Metering.Ingestion.Intake;
using Metering.Readings;

namespace Metering.Cloud.Hosting;

/// <summary>Where line protocol is taken in.</summary>
/// <param name="TokensFile">File of the clients' tokens, made by 'cloud intake token create'.</param>
/// <param name="Databases">The databases, at least one.</param>
public sealed record IntakeConfig(string TokensFile, IReadOnlyList<IntakeDatabaseConfig> Databases);

/// <summary>One database (or bucket).</summary>
/// <param name="Name">Name as clients give it in db= or bucket=.</param>
/// <param name="Plant">Plant its readings belong to.</param>
/// <param name="Import">Name of the import its readings stand under.</param>
/// <param name="TakesUnknown">Whether series without a rule become channels under automatic names.</param>
/// <param name="Rules">Series with channels of their own.</param>
public sealed record IntakeDatabaseConfig(string Name, string Plant, string Import, bool TakesUnknown, IReadOnlyList<IntakeRule> Rules);

/// <summary>Reads the section 'intake'.</summary>
internal static class IntakeConfigReader
{
    private static readonly Text Hint = new("como «intake: { tokensFile: intake-tokens, databases: { telegraf: { plant: leon } } }»", "such as 'intake: { tokensFile: intake-tokens, databases: { telegraf: { plant: leon } } }'");
    private static readonly Text RuleHint = new("escriba la serie como «medición,etiqueta=valor campo» y el canal como «{ channel: mains.energy, unit: kWh, kind: counter, decimals: 2 }»", "write the series as 'measurement,tag=value field' and the channel as '{ channel: mains.energy, unit: kWh, kind: counter, decimals: 2 }'");
    private const int LongestImport = Identifier.MaximumLength - 8;

    public static IntakeConfig? Read(ConfigSection root, ConfigFaults faults)
    {
        ConfigSection? section = root.Section("intake", isRequired: false, Hint);
        if (section is null)
        {
            return null;
        }

        string tokens = section.FilePath("tokensFile", isRequired: true, mustExist: false, new("dé el archivo que tendrá los tokens, como intake-tokens", "give the file that shall hold the tokens, such as intake-tokens")) ?? "";
        ConfigSection? databases = section.Section("databases", isRequired: true, Hint);
        List<IntakeDatabaseConfig> list = [];
        foreach (YamlValue member in databases?.Value.Members ?? [])
        {
            IntakeDatabaseConfig? database = ReadDatabase(member, databases!.Value.Key, faults);
            if (database is not null && list.Exists(other => other.Import == database.Import))
            {
                faults.Add(member, new($"dos bases quedarían bajo la importación «{database.Import}», dé a cada una un «import» propio", $"two databases would stand under the import '{database.Import}', give each an 'import' of its own"));
            }

            if (database is not null)
            {
                list.Add(database);
            }
        }

        section.End();
        return new(tokens, list);
    }

    private static IntakeDatabaseConfig? ReadDatabase(YamlValue member, string parent, ConfigFaults faults)
    {
        string name = member.Key[(parent.Length + 1)..];
        if (member.Members is null)
        {
            faults.Add(member, new($"debe ser una sección, {Hint.In(Language.Spanish)}", $"must be a section, {Hint.In(Language.English)}"));
            return null;
        }

        ConfigSection section = new(member, "", faults);
        string plant = section.Parsed("plant", text => Identifier.IsValid(text) ? text : null, "plant", isRequired: true, new($"dé la planta: {Identifier.RuleText.In(Language.Spanish)}", $"give the plant: {Identifier.Rule}"));
        string? import = section.OptionalText("import", isRequired: false, new("dé el nombre de la importación", "give the name of the import"));
        import ??= name;
        if (!Identifier.IsValid(import) || import.Length > LongestImport)
        {
            faults.Add(member, new($"«{import}» no sirve como nombre de una importación: {Identifier.RuleText.In(Language.Spanish)}, a lo más {LongestImport}; dé uno con «import»", $"'{import}' does not fit as the name of an import: {Identifier.Rule}, at most {LongestImport}; give one with 'import'"));
        }

        string unknown = section.Parsed("unknown", text => text is "take" or "refuse" ? text : null, "take", isRequired: false, new("dé take (tomar) o refuse (rechazar): qué pasa con las series que no tienen aquí un canal", "give take or refuse: what becomes of series without a channel here"));
        List<IntakeRule> rules = [];
        ConfigSection? channels = section.Section("channels", isRequired: false, RuleHint);
        foreach (YamlValue channel in channels?.Value.Members ?? [])
        {
            if (ReadRule(channel, channels!.Value.Key, faults) is IntakeRule rule)
            {
                rules.Add(rule);
            }
        }

        section.End();
        return new(name, plant, import, unknown == "take", rules);
    }

    private static IntakeRule? ReadRule(YamlValue member, string parent, ConfigFaults faults)
    {
        if (member.Members is null)
        {
            faults.Add(member, RuleHint);
            return null;
        }

        ConfigSection section = new(member, "", faults);
        string id = section.Parsed("channel", text => Identifier.IsValid(text) ? text : null, "channel", isRequired: true, new($"dé el canal: {Identifier.RuleText.In(Language.Spanish)}", $"give the channel: {Identifier.Rule}"));
        string kind = section.Parsed("kind", text => text is "counter" or "gauge" ? text : null, "gauge", isRequired: true, new("dé counter o gauge", "give counter or gauge"));
        string unit = section.Parsed("unit", text => Units.IsKnown(text) ? text : null, "1", isRequired: true, new($"dé una de {string.Join(", ", Units.All)}", $"give one of {string.Join(", ", Units.All)}"));
        string meter = section.Parsed("meter", text => Identifier.IsValid(text) ? text : null, ImportCsvArguments.MeterOf(id), isRequired: false, new($"dé el medidor: {Identifier.RuleText.In(Language.Spanish)}", $"give the meter: {Identifier.Rule}"));
        string round = section.Parsed("round", text => text is "true" or "false" ? text : null, "false", isRequired: false, new("dé true o false", "give true or false"));
        bool hasDecimals = section.OptionalText("decimals", isRequired: false, new("dé de 0 a 18", "give 0 to 18")) is not null;
        int decimals = section.Integer("decimals", 0, Channel.MaximumDecimalPlaces, 0, new("dé de 0 a 18", "give 0 to 18"));
        section.End();
        if (kind == "counter" && !hasDecimals)
        {
            faults.Add(member, new("un contador necesita «decimals»: un registro se guarda exacto, nunca en punto flotante", "a counter needs 'decimals': a register is kept exactly, never as floating point"));
        }

        Channel channel = new()
        {
            Id = id,
            Meter = meter,
            Unit = unit,
            Kind = kind == "counter" ? ChannelKind.Counter : ChannelKind.Gauge,
            DecimalPlaces = decimals,
            Form = hasDecimals || kind == "counter" ? ValueForm.Decimal : ValueForm.Binary64,
            Profile = "line-protocol/1",
        };
        IntakeRule? rule = IntakeRule.Parse(member.Key[(parent.Length + 1)..], channel, round == "true");
        if (rule is null)
        {
            faults.Add(member, RuleHint);
        }

        return rule;
    }
}
