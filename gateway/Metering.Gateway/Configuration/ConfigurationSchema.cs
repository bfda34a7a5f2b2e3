using Metering.Meters.Yaml;

namespace Metering.Gateway.Configuration;

/// <summary>
/// The JSON Schema of gateway.yaml, for editors: gateway/gateway.schema.json. It is written by running the configuration's reader over
/// a section that only notes what it is asked for, so a key that is read is in the schema and there is no second list to keep.
/// </summary>
internal static class ConfigurationSchema
{
    /// <summary>The schema; ends with a line feed.</summary>
    internal static string Text() => YamlSchema.Of(
        "Configuration of a Metering gateway",
        root => _ = ConfigurationFile.Read("gateway.yaml", root, new YamlFaults()));

    /// <summary>Writes the schema.</summary>
    internal static void Write(TextWriter writer) => writer.Write(Text());
}
