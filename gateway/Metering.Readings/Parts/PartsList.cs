using System.Security.Cryptography;
using System.Text.Json;

namespace Metering.Readings.Parts;

/// <summary>
/// What a program is made of, as CycloneDX 1.6 JSON (ECMA-424): itself, our own projects, and every package with version, package URL, SHA-512 and what it depends on. Written from
/// the lock file that its build was held to; no hour, no machine and no random number is in it, so the same parts give the same bytes.
/// </summary>
public static class PartsList
{
    /// <summary>Version of CycloneDX.</summary>
    public const string SpecVersion = "1.6";

    /// <summary>Packages that help to build and are not part of what is built.</summary>
    public static IReadOnlyList<string> BuildOnly { get; } = ["Meziantou.Analyzer", "Microsoft.CodeAnalysis.BannedApiAnalyzers"];

    /// <summary>The list.</summary>
    /// <param name="program">Name of the program: Metering.Cloud.</param>
    /// <param name="version">Its version.</param>
    /// <param name="lockFile">Content of its packages.lock.json (NuGet, version 1 or 2).</param>
    /// <returns>UTF-8 JSON, a line feed at the end.</returns>
    /// <exception cref="InvalidDataException">It is no lock file.</exception>
    public static byte[] Write(string program, string version, ReadOnlyMemory<byte> lockFile)
    {
        IReadOnlyList<Part> parts = Read(version, lockFile);
        Part root = new(program, version, null, IsDirect: false, [.. parts.Where(part => part.IsDirect || part.Hash is null).Select(part => part.Name)]);
        byte[] unnumbered = Write(root, parts, serialNumber: null);

        // A number of the content (RFC 9562, version 8: the maker's own), where others take a random one.
        byte[] number = SHA256.HashData(unnumbered)[..16];
        number[6] = (byte)((number[6] & 0x0F) | 0x80);
        number[8] = (byte)((number[8] & 0x3F) | 0x80);
        return Write(root, parts, "urn:uuid:" + new Guid(number, bigEndian: true).ToString("D"));
    }

    private static IReadOnlyList<Part> Read(string version, ReadOnlyMemory<byte> lockFile)
    {
        SortedDictionary<string, Part> parts = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            using JsonDocument document = JsonDocument.Parse(lockFile);
            foreach (JsonProperty framework in document.RootElement.GetProperty("dependencies").EnumerateObject())
            {
                foreach (JsonProperty entry in framework.Value.EnumerateObject())
                {
                    parts[entry.Name] = Read(entry, version);
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException("not a packages.lock.json: " + e.Message, e);
        }

        return [.. parts.Values];
    }

    private static Part Read(JsonProperty entry, string version)
    {
        string[] needs = entry.Value.TryGetProperty("dependencies", out JsonElement dependencies) ? [.. dependencies.EnumerateObject().Select(one => one.Name)] : [];
        string kind = entry.Value.GetProperty("type").GetString()!;
        return kind == "Project"
            ? new(entry.Name, version, null, IsDirect: false, needs)
            : new(entry.Name, entry.Value.GetProperty("resolved").GetString()!, Convert.ToHexStringLower(entry.Value.GetProperty("contentHash").GetBytesFromBase64()), kind == "Direct", needs);
    }

    private static byte[] Write(Part root, IReadOnlyList<Part> parts, string? serialNumber)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", SpecVersion);
            if (serialNumber is not null)
            {
                json.WriteString("serialNumber", serialNumber);
            }

            json.WriteNumber("version", 1);
            json.WriteStartObject("metadata");
            json.WritePropertyName("component");
            Component(json, root, "application");
            json.WriteEndObject();
            json.WriteStartArray("components");
            foreach (Part part in parts)
            {
                Component(json, part, "library");
            }

            json.WriteEndArray();
            Dependencies(json, root, parts);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void Component(Utf8JsonWriter json, Part part, string type)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("bom-ref", part.Reference);
        json.WriteString("name", part.Name);
        json.WriteString("version", part.Version);
        if (part.Hash is { } hash)
        {
            json.WriteString("scope", BuildOnly.Contains(part.Name, StringComparer.OrdinalIgnoreCase) ? "excluded" : "required");
            json.WriteStartArray("hashes");
            json.WriteStartObject();
            json.WriteString("alg", "SHA-512");
            json.WriteString("content", hash);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("purl", part.Reference);
        }
        else
        {
            json.WriteStartArray("licenses");
            json.WriteStartObject();
            json.WriteStartObject("license");
            json.WriteString("id", "Apache-2.0");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Dependencies(Utf8JsonWriter json, Part root, IReadOnlyList<Part> parts)
    {
        Dictionary<string, Part> byName = parts.ToDictionary(part => part.Name, StringComparer.OrdinalIgnoreCase);
        json.WriteStartArray("dependencies");
        foreach (Part part in parts.Prepend(root))
        {
            json.WriteStartObject();
            json.WriteString("ref", part.Reference);
            json.WriteStartArray("dependsOn");

            // What a package needs and the framework brings itself stands in no lock file.
            foreach (string needed in part.Needs.Where(byName.ContainsKey).Select(name => byName[name].Reference).Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(needed);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A part; one without a hash is our own.</summary>
    private sealed record Part(string Name, string Version, string? Hash, bool IsDirect, IReadOnlyList<string> Needs)
    {
        public string Reference => Hash is null ? $"{Name}@{Version}" : $"pkg:nuget/{Name}@{Uri.EscapeDataString(Version)}";
    }
}
