using System.Net;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Hosting;

/// <summary>Reads and checks the cloud's configuration file.</summary>
internal static class CloudConfigReader
{
    private const int DefaultBrokerPort = 1883;
    private const long LargestFile = 1024 * 1024;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="isForRun">Whether the files it names (keys, passwords, projects) must be there; tools need only the store.</param>
    /// <exception cref="ConfigException">The file has faults; all of them are listed.</exception>
    public static CloudConfig Read(string path, bool isForRun)
    {
        string file = Path.GetFullPath(path);
        ConfigFaults faults = new(path);
        ConfigSection root = new(YamlTree.Read(ReadText(path, file), faults), Path.GetDirectoryName(file)!, faults);
        if (root.Value.Members is null)
        {
            faults.Add(root.Value, "the file must be a YAML mapping such as 'name: metering-cloud'");
            throw faults.ToException();
        }

        if (faults.Count > 0 && root.Value.Members.Count == 0)
        {
            throw faults.ToException();
        }

        string name = root.Parsed("name", text => Identifier.IsValid(text) ? text : null, "cloud", isRequired: true, $"give the cloud's name: {Identifier.Rule}");
        string keyFile = root.FilePath("keyFile", isRequired: true, isForRun, "make a key with 'cloud key --out FILE' and give the file's name") ?? "";
        StoreLocation store = ReadStore(root, isForRun);
        string? programme = root.FilePath("programme", isRequired: false, mustExist: false, "give the file that shall hold accounts and the register, such as programme.db; without it they stand beside the store");
        CloudConfig config = new()
        {
            File = file,
            Name = name,
            KeyFile = keyFile,
            Store = store,
            Programme = programme is null ? Accounts.AccountSettings.Beside(store) : StoreLocation.AtFile(programme),
            ProjectsFile = root.FilePath("projectsFile", isRequired: false, isForRun, "give the file with plants and projects, such as projects.yaml"),
            Broker = ReadBroker(root, isForRun),
            Web = ReadWeb(root, isForRun),
            TimeStampAuthority = ReadLog(root),
            Influx = ReadInflux(root, isForRun),
            Intake = IntakeConfigReader.Read(root, faults),
        };
        root.End();
        return faults.Count == 0 ? config : throw faults.ToException();
    }

    private static StoreLocation ReadStore(ConfigSection root, bool isForRun)
    {
        const string Hint = "give the file that shall hold the readings, such as metering.db, or a section 'postgres'";
        if (!root.IsSection("store"))
        {
            return StoreLocation.AtFile(root.FilePath("store", isRequired: true, mustExist: false, Hint) ?? "");
        }

        const string Example = "such as 'postgres: { host: 127.0.0.1, database: metering, userName: metering, passwordFile: postgres.password }'";
        ConfigSection section = root.Section("store", isRequired: true, Hint)!;
        ConfigSection? postgres = section.Section("postgres", isRequired: true, Example);
        section.End();
        if (postgres is null)
        {
            return StoreLocation.AtFile("");
        }

        PostgresAddress address = new()
        {
            Host = postgres.Text("host", "give the server's name or address, or the folder of its socket such as /var/run/postgresql"),
            Port = postgres.Integer("port", 1, 65_535, PostgresAddress.UsualPort, "the usual one is 5432"),
            Database = postgres.Text("database", "give the name of the database; the store lives in its schema metering"),
            UserName = postgres.Text("userName", "give the database user the cloud works as"),
            PasswordFile = postgres.FilePath("passwordFile", isRequired: false, isForRun, "put the password into this file, readable by the cloud only"),
        };
        postgres.End();
        return StoreLocation.AtPostgres(address);
    }

    private static BrokerConfig ReadBroker(ConfigSection root, bool isForRun)
    {
        ConfigSection? section = root.Section("broker", isRequired: true, "such as 'broker: { host: 127.0.0.1, port: 1883 }'");
        if (section is null)
        {
            return new("", 0, null, null);
        }

        BrokerConfig broker = new(
            section.Text("host", "give the broker's host name or address"),
            section.Integer("port", 1, 65_535, DefaultBrokerPort, "the usual one is 1883"),
            section.OptionalText("userName", isRequired: false, "give the user name the broker knows the cloud by"),
            section.FilePath("passwordFile", isRequired: false, isForRun, "put the password into this file, readable by the cloud only"))
        {
            Share = section.OptionalIdentifier("share", "give the name of the group that several 'cloud run --role ingestion' share, such as 'ingestion'"),
            ClientId = section.OptionalIdentifier("clientId", "give this process a client identifier of its own"),
            Gateways = section.Identifiers("gateways", "give the gateways of this process in one text, such as 'leon-tannery silao-hotel'"),
        };
        if (broker is { Share: not null, Gateways.Count: > 0 })
        {
            section.Fault("gateways", "does not go with 'share': either the broker divides the gateways among the processes, or you do");
        }

        section.End();
        return broker;
    }

    private static WebConfig ReadWeb(ConfigSection root, bool isForRun)
    {
        ConfigSection? section = root.Section("web", isRequired: false, "such as 'web: { address: 127.0.0.1, port: 0 }'");
        if (section is null)
        {
            return new(IPAddress.Loopback, 0);
        }

        bool isRemote = section.Parsed("allowRemote", text => text is "true" or "false" ? text : null, "false", isRequired: false, "write true to let in readers of other machines, or leave it out") == "true";
        WebConfig web = new(
            isRemote
                ? section.Parsed("address", text => IPAddress.TryParse(text, out IPAddress? parsed) ? parsed : null, IPAddress.Loopback, isRequired: false, "give an address of this machine, or 0.0.0.0 for all")
                : section.Parsed("address", Loopback, IPAddress.Loopback, isRequired: false, "use 127.0.0.1 or ::1; for readers of other machines set 'allowRemote: true' and give 'trustedProxy' or 'certificateFile' and 'certificateKeyFile'"),
            section.Integer("port", 0, 65_535, 0, "0 takes a free one"))
        {
            IsRemote = isRemote,
            TrustedProxy = section.OptionalText("trustedProxy", isRequired: false, "give the address of the proxy that ends https") is string proxy ? ParseProxy(section, proxy) : null,
            CertificateFile = section.FilePath("certificateFile", isRequired: false, isForRun, "give the PEM file of the certificate"),
            CertificateKeyFile = section.FilePath("certificateKeyFile", isRequired: false, isForRun, "give the PEM file of the certificate's private key"),
        };
        if (isRemote && (web.TrustedProxy is not null) == (web.CertificateFile is not null && web.CertificateKeyFile is not null))
        {
            section.Fault("allowRemote", "passwords and cookies travel only by https: give either 'trustedProxy' (the address of the proxy that ends https) or both 'certificateFile' and 'certificateKeyFile'");
        }

        section.End();
        return web;
    }

    private static Uri? ReadLog(ConfigSection root)
    {
        const string Hint = "give the http or https address of a time-stamp authority, such as http://tsa.example.org/tsr, without a password in it";
        ConfigSection? section = root.Section("log", isRequired: false, "such as 'log: { timeStampAuthority: http://tsa.example.org/tsr }'");
        Uri? address = section?.Parsed("timeStampAuthority", HttpAddress, new Uri("http://127.0.0.1"), isRequired: true, Hint);
        section?.End();
        return address;
    }

    private static InfluxConfig? ReadInflux(ConfigSection root, bool isForRun)
    {
        const string Hint = "such as 'influx: { url: \"http://127.0.0.1:8086\", database: metering }'";
        ConfigSection? section = root.Section("influx", isRequired: false, Hint);
        if (section is null)
        {
            return null;
        }

        InfluxConfig influx = new()
        {
            Url = section.Parsed("url", HttpAddress, new Uri("http://127.0.0.1:8086"), isRequired: true, "give an http or https address such as http://127.0.0.1:8086, without a password in it"),
            Database = section.Parsed("database", text => Identifier.IsValid(text) ? text : null, "metering", isRequired: true, $"give the name of the database (of the bucket with version 2): {Identifier.Rule}"),
            Version = section.Integer("version", 1, 3, 1, "give the generation of the server: 1 for 1.x, 2 for 2.x, 3 for 3.x"),
            UserName = section.OptionalText("userName", isRequired: false, "give the user name at InfluxDB"),
            PasswordFile = section.FilePath("passwordFile", isRequired: false, isForRun, "put the password into this file, readable by the cloud only"),
            TokenFile = section.FilePath("tokenFile", isRequired: false, isForRun, "put the token into this file, readable by the cloud only"),
        };
        section.End();
        return influx;
    }

    private static string ReadText(string shown, string file)
    {
        try
        {
            FileInfo info = new(file);
            return info.Length <= LargestFile
                ? File.ReadAllText(file)
                : throw new ConfigException([$"{shown}(1,1): the file has {info.Length} bytes, a configuration has at most {LargestFile}"]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigException([$"{shown}: there is no such file, give the right file with --config"]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string what = Directory.Exists(file) ? "is a folder" : $"cannot be read ({e.Message.TrimEnd('.')})";
            throw new ConfigException([$"{shown}: {what}, give the right file with --config"]);
        }
    }

    private static IPAddress? ParseProxy(ConfigSection section, string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? proxy))
        {
            return proxy;
        }

        section.Fault("trustedProxy", $"'{text}' is no address, give the one the proxy connects from, such as 127.0.0.1");
        return null;
    }

    private static IPAddress? Loopback(string text)
    {
        string address = text == "localhost" ? "127.0.0.1" : text;
        return IPAddress.TryParse(address, out IPAddress? parsed) && IPAddress.IsLoopback(parsed) ? parsed : null;
    }

    private static Uri? HttpAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 ? url : null;
}
