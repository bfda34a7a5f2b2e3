using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Gateway.Commissioning;
using Metering.Gateway.Configuration;
using Metering.Gateway.Diagnosis.Health;
using Metering.Meters.Yaml;
using Metering.Readings.Field;

namespace Metering.Gateway.Bundling;

/// <summary>
/// The texts of a support bundle. Secrets never get in: files named by a key that speaks of a password, token or key are read only to
/// learn what must not appear, and every text is searched for their contents, whole and line by line. What was removed is named.
/// </summary>
internal sealed partial class SupportBundle
{
    private const int LongestLog = 2 * 1024 * 1024;
    private const int ShortestSecret = 4;
    private const string Mark = "[removed]";

    private readonly List<(string Name, string Text)> _entries = [];
    private readonly SortedSet<string> _removed = new(StringComparer.Ordinal);
    private readonly List<(string Secret, string Source)> _secrets = [];

    private SupportBundle()
    {
    }

    /// <summary>Name in the ZIP and text.</summary>
    internal IReadOnlyList<(string Name, string Text)> Entries => _entries;

    /// <summary>What was removed, and from where.</summary>
    internal IReadOnlyCollection<string> Removed => _removed;

    /// <summary>Gathers what there is; a faulty configuration is a reason to send one, not to fail.</summary>
    /// <param name="configFile">The configuration.</param>
    /// <param name="logs">Log files to put in, their ends when they are long.</param>
    /// <param name="further">What was gathered elsewhere: name in the ZIP and text.</param>
    /// <exception cref="IOException">The configuration or a log cannot be read.</exception>
    internal static SupportBundle Gather(string configFile, IEnumerable<string> logs, params IReadOnlyList<(string Name, string Text)> further)
    {
        SupportBundle bundle = new();
        string yaml = File.ReadAllText(configFile);
        string folder = Path.GetDirectoryName(Path.GetFullPath(configFile)) ?? ".";
        bundle.LearnSecrets(yaml, folder);
        bundle.LearnKeys(Path.Combine(folder, StateDirectory().Match(yaml) is { Success: true } state ? state.Groups[1].Value.Trim().Trim('"', '\'') : "state", "keys"));
        bundle.Add("configuration.yaml", yaml);
        bundle.Add("versions.txt", Versions());
        foreach ((string name, string text) in further)
        {
            bundle.Add(name, text);
        }

        foreach (string log in logs)
        {
            bundle.Add("logs/" + Path.GetFileName(log), Tail(log));
        }

        try
        {
            bundle.AddState(ConfigurationFile.Load(configFile), yaml, folder);
        }
        catch (YamlFaultException e)
        {
            bundle.Add("configuration-faults.txt", e.Message + "\n");
        }

        bundle._entries.Add(("removed.txt", string.Join('\n', bundle._removed) + "\n"));
        return bundle;
    }

    private void AddState(GatewayConfiguration configuration, string yaml, string folder)
    {
        OutboxGlance? glance = OutboxGlance.Take(configuration.StateDirectory);
        Add("outbox.txt", glance is null ? "none\n" : string.Create(CultureInfo.InvariantCulture, $"batches {glance.Batches}\nwaiting {glance.Waiting}\nbytes {glance.Length}\noldest waiting {glance.OldestWaiting:O}\nlast confirmed {glance.LastConfirmed:O}\n"));
        foreach ((string file, CommissioningRecord record) in new CommissioningFolder(configuration.StateDirectory).All())
        {
            Add("commissioning/" + Path.GetFileName(file), File.ReadAllText(file));
        }

        Match named = ProfilesDirectory().Match(yaml);
        string profiles = named.Success ? Path.Combine(folder, named.Groups[1].Value.Trim().Trim('"', '\'')) : Path.Combine(AppContext.BaseDirectory, "profiles");
        foreach (string name in configuration.Buses.SelectMany(bus => bus.Meters).Select(meter => meter.Profile.Name).Distinct(StringComparer.Ordinal))
        {
            string file = Path.Combine(profiles, name + ".yaml");
            if (File.Exists(file))
            {
                Add($"profiles/{name}.yaml", File.ReadAllText(file));
            }
        }
    }

    // Values of keys such as password, passwordFile, tokenFile or keyFile: the value itself when it stands there, the file's content when it is a file.
    private void LearnSecrets(string yaml, string folder)
    {
        foreach (Match match in SecretKey().Matches(yaml))
        {
            string key = match.Groups[1].Value;
            string value = match.Groups.Values.Skip(2).First(group => group.Success).Value.Trim();
            string file = Path.Combine(folder, value);
            if (!key.EndsWith("File", StringComparison.Ordinal))
            {
                Learn(value, key);
            }
            else if (File.Exists(file) && File.ReadAllText(file) is string content && !content.Contains("BEGIN PUBLIC KEY", StringComparison.Ordinal))
            {
                Learn(content.Trim(), $"{key} ({value})");
                foreach (string line in content.Split('\n', StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("-----", StringComparison.Ordinal)))
                {
                    Learn(line, $"{key} ({value})");
                }
            }
        }
    }

    // Keys that took over stand in the state directory and in no line of the configuration.
    private void LearnKeys(string folder)
    {
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            string content = File.ReadAllText(file);
            foreach (Match key in PrivateKey().Matches(content))
            {
                foreach (string line in key.Value.Split('\n', StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("-----", StringComparison.Ordinal)))
                {
                    Learn(line, $"keys/{Path.GetFileName(file)}");
                }
            }
        }
    }

    private void Learn(string secret, string source)
    {
        if (secret.Length > 0)
        {
            _secrets.Add((secret, source));

            // In JSON, and in an address, it may be written otherwise.
            string json = JsonEncodedText.Encode(secret).Value;
            string relaxed = JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
            string address = Uri.EscapeDataString(secret);
            _secrets.AddRange(new[] { json, relaxed, address }.Where(form => form != secret).Distinct(StringComparer.Ordinal).Select(form => (form, source)));
            _removed.Add(secret.Length < ShortestSecret ? $"{source}: very short, look for it yourself" : $"{source}: the secret is not in this bundle");
        }
    }

    private void Add(string name, string text)
    {
        string clean = PrivateKey().Replace(text, Mark);
        foreach ((string secret, string source) in _secrets.Where(known => known.Secret.Length >= ShortestSecret).OrderByDescending(known => known.Secret.Length))
        {
            if (clean.Contains(secret, StringComparison.Ordinal))
            {
                clean = clean.Replace(secret, Mark, StringComparison.Ordinal);
                _ = _removed.Add($"{name}: {source}");
            }
        }

        string address = Credentials().Replace(clean, "$1" + Mark + "@");
        _ = clean == text || _removed.Add($"{name}: secrets");
        _ = address == clean || _removed.Add($"{name}: a password in an address");
        _entries.Add((name, address));
    }

    private static string Versions() => string.Create(
        CultureInfo.InvariantCulture,
        $"gateway {typeof(SupportBundle).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}\n{RuntimeInformation.FrameworkDescription}\n{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}\n");

    private static string Tail(string log)
    {
        using FileStream stream = new(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _ = stream.Seek(Math.Max(0, stream.Length - LongestLog), SeekOrigin.Begin);
        bool isCut = stream.Position > 0;
        using StreamReader reader = new(stream, Encoding.UTF8);
        string text = reader.ReadToEnd();

        // The half of a secret at the cut would not be found.
        return isCut ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text;
    }

    [GeneratedRegex(@"\b(\w*(?:[Pp]assword|[Tt]oken|[Ss]ecret|[Kk]ey)(?:File)?)[ \t]*:[ \t]*(?:[|>][+-]?[ \t]*)?(?:\r?\n[ \t]+)?(?:""((?:[^""\\\r\n]|\\.)*)""|'((?:[^'\r\n]|'')*)'|([^,}\r\n#""'|>][^,}\r\n#]*))")]
    private static partial Regex SecretKey();

    [GeneratedRegex(@"(?m)^stateDirectory[ \t]*:[ \t]*([^\r\n#]+)")]
    private static partial Regex StateDirectory();

    [GeneratedRegex(@"(?m)^profilesDirectory[ \t]*:[ \t]*([^\r\n#]+)")]
    private static partial Regex ProfilesDirectory();

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"(://[^\s/:@]+:)[^\s/@]+@")]
    private static partial Regex Credentials();
}
