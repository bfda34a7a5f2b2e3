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
            faults.Add(root.Value, new("el archivo debe ser un mapa YAML como «name: metering-cloud»", "the file must be a YAML mapping such as 'name: metering-cloud'"));
            throw faults.ToException();
        }

        if (faults.Count > 0 && root.Value.Members.Count == 0)
        {
            throw faults.ToException();
        }

        string name = root.Parsed("name", text => Identifier.IsValid(text) ? text : null, "cloud", isRequired: true, new($"dé el nombre del servicio: {Identifier.RuleText.In(Language.Spanish)}", $"give the cloud's name: {Identifier.Rule}"));
        string keyFile = root.FilePath("keyFile", isRequired: true, isForRun, new("haga una llave con «cloud key --out ARCHIVO» y dé el nombre del archivo", "make a key with 'cloud key --out FILE' and give the file's name")) ?? "";
        StoreLocation store = ReadStore(root, isForRun);
        string? programme = root.FilePath("programme", isRequired: false, mustExist: false, new("dé el archivo que tendrá las cuentas y el registro, como programme.db; sin él están junto al almacén", "give the file that shall hold accounts and the register, such as programme.db; without it they stand beside the store"));
        CloudConfig config = new()
        {
            File = file,
            Name = name,
            KeyFile = keyFile,
            Store = store,
            Programme = programme is null ? Accounts.AccountSettings.Beside(store) : StoreLocation.AtFile(programme),
            ProjectsFile = root.FilePath("projectsFile", isRequired: false, isForRun, new("dé el archivo con plantas y proyectos, como projects.yaml", "give the file with plants and projects, such as projects.yaml")),
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
        Text hint = new("dé el archivo que tendrá las lecturas, como metering.db, o una sección «postgres»", "give the file that shall hold the readings, such as metering.db, or a section 'postgres'");
        if (!root.IsSection("store"))
        {
            return StoreLocation.AtFile(root.FilePath("store", isRequired: true, mustExist: false, hint) ?? "");
        }

        Text example = new("como «postgres: { host: 127.0.0.1, database: metering, userName: metering, passwordFile: postgres.password }»", "such as 'postgres: { host: 127.0.0.1, database: metering, userName: metering, passwordFile: postgres.password }'");
        ConfigSection section = root.Section("store", isRequired: true, hint)!;
        ConfigSection? postgres = section.Section("postgres", isRequired: true, example);
        section.End();
        if (postgres is null)
        {
            return StoreLocation.AtFile("");
        }

        PostgresAddress address = new()
        {
            Host = postgres.Text("host", new("dé el nombre o la dirección del servidor, o la carpeta de su socket, como /var/run/postgresql", "give the server's name or address, or the folder of its socket such as /var/run/postgresql")),
            Port = postgres.Integer("port", 1, 65_535, PostgresAddress.UsualPort, new("el usual es 5432", "the usual one is 5432")),
            Database = postgres.Text("database", new("dé el nombre de la base de datos; el almacén vive en su esquema metering", "give the name of the database; the store lives in its schema metering")),
            UserName = postgres.Text("userName", new("dé el usuario de la base con que trabaja el servicio", "give the database user the cloud works as")),
            PasswordFile = postgres.FilePath("passwordFile", isRequired: false, isForRun, new("ponga la contraseña en este archivo, que solo el servicio pueda leer", "put the password into this file, readable by the cloud only")),
        };
        postgres.End();
        return StoreLocation.AtPostgres(address);
    }

    private static BrokerConfig ReadBroker(ConfigSection root, bool isForRun)
    {
        ConfigSection? section = root.Section("broker", isRequired: true, new("como «broker: { host: 127.0.0.1, port: 1883 }»", "such as 'broker: { host: 127.0.0.1, port: 1883 }'"));
        if (section is null)
        {
            return new("", 0, null, null);
        }

        BrokerConfig broker = new(
            section.Text("host", new("dé el nombre o la dirección del broker", "give the broker's host name or address")),
            section.Integer("port", 1, 65_535, DefaultBrokerPort, new("el usual es 1883", "the usual one is 1883")),
            section.OptionalText("userName", isRequired: false, new("dé el usuario con que el broker conoce al servicio", "give the user name the broker knows the cloud by")),
            section.FilePath("passwordFile", isRequired: false, isForRun, new("ponga la contraseña en este archivo, que solo el servicio pueda leer", "put the password into this file, readable by the cloud only")))
        {
            Share = section.OptionalIdentifier("share", new("dé el nombre del grupo que comparten varios «cloud run --role ingestion», como «ingestion»", "give the name of the group that several 'cloud run --role ingestion' share, such as 'ingestion'")),
            ClientId = section.OptionalIdentifier("clientId", new("dé a este proceso un identificador de cliente propio", "give this process a client identifier of its own")),
            Gateways = section.Identifiers("gateways", new("dé los gateways de este proceso en un texto, como «leon-tannery silao-hotel»", "give the gateways of this process in one text, such as 'leon-tannery silao-hotel'")),
        };
        if (broker is { Share: not null, Gateways.Count: > 0 })
        {
            section.Fault("gateways", new("no va con «share»: o el broker reparte los gateways entre los procesos, o los reparte usted", "does not go with 'share': either the broker divides the gateways among the processes, or you do"));
        }

        section.End();
        return broker;
    }

    private static WebConfig ReadWeb(ConfigSection root, bool isForRun)
    {
        ConfigSection? section = root.Section("web", isRequired: false, new("como «web: { address: 127.0.0.1, port: 0 }»", "such as 'web: { address: 127.0.0.1, port: 0 }'"));
        if (section is null)
        {
            return new(IPAddress.Loopback, 0);
        }

        bool isRemote = section.Parsed("allowRemote", text => text is "true" or "false" ? text : null, "false", isRequired: false, new("escriba true para dejar entrar a lectores de otras máquinas, o quítelo", "write true to let in readers of other machines, or leave it out")) == "true";
        WebConfig web = new(
            isRemote
                ? section.Parsed("address", text => IPAddress.TryParse(text, out IPAddress? parsed) ? parsed : null, IPAddress.Loopback, isRequired: false, new("dé una dirección de esta máquina, o 0.0.0.0 para todas", "give an address of this machine, or 0.0.0.0 for all"))
                : section.Parsed("address", Loopback, IPAddress.Loopback, isRequired: false, new("use 127.0.0.1 o ::1; para lectores de otras máquinas ponga «allowRemote: true» y dé «trustedProxy», o «certificateFile» y «certificateKeyFile»", "use 127.0.0.1 or ::1; for readers of other machines set 'allowRemote: true' and give 'trustedProxy' or 'certificateFile' and 'certificateKeyFile'")),
            section.Integer("port", 0, 65_535, 0, new("0 toma uno libre", "0 takes a free one")))
        {
            IsRemote = isRemote,
            TrustedProxy = section.OptionalText("trustedProxy", isRequired: false, new("dé la dirección del proxy que termina https", "give the address of the proxy that ends https")) is string proxy ? ParseProxy(section, proxy) : null,
            CertificateFile = section.FilePath("certificateFile", isRequired: false, isForRun, new("dé el archivo PEM del certificado", "give the PEM file of the certificate")),
            CertificateKeyFile = section.FilePath("certificateKeyFile", isRequired: false, isForRun, new("dé el archivo PEM de la llave privada del certificado", "give the PEM file of the certificate's private key")),
        };
        if (isRemote && (web.TrustedProxy is not null) == (web.CertificateFile is not null && web.CertificateKeyFile is not null))
        {
            section.Fault("allowRemote", new("las contraseñas y las cookies viajan solo por https: dé «trustedProxy» (la dirección del proxy que termina https), o ambos, «certificateFile» y «certificateKeyFile»", "passwords and cookies travel only by https: give either 'trustedProxy' (the address of the proxy that ends https) or both 'certificateFile' and 'certificateKeyFile'"));
        }

        section.End();
        return web;
    }

    private static Uri? ReadLog(ConfigSection root)
    {
        Text hint = new("dé la dirección http o https de una autoridad de sellado de tiempo, como http://tsa.example.org/tsr, sin contraseña en ella", "give the http or https address of a time-stamp authority, such as http://tsa.example.org/tsr, without a password in it");
        ConfigSection? section = root.Section("log", isRequired: false, new("como «log: { timeStampAuthority: http://tsa.example.org/tsr }»", "such as 'log: { timeStampAuthority: http://tsa.example.org/tsr }'"));
        Uri? address = section?.Parsed("timeStampAuthority", HttpAddress, new Uri("http://127.0.0.1"), isRequired: true, hint);
        section?.End();
        return address;
    }

    private static InfluxConfig? ReadInflux(ConfigSection root, bool isForRun)
    {
        Text hint = new("como «influx: { url: \"http://127.0.0.1:8086\", database: metering }»", "such as 'influx: { url: \"http://127.0.0.1:8086\", database: metering }'");
        ConfigSection? section = root.Section("influx", isRequired: false, hint);
        if (section is null)
        {
            return null;
        }

        InfluxConfig influx = new()
        {
            Url = section.Parsed("url", HttpAddress, new Uri("http://127.0.0.1:8086"), isRequired: true, new("dé una dirección http o https como http://127.0.0.1:8086, sin contraseña en ella", "give an http or https address such as http://127.0.0.1:8086, without a password in it")),
            Database = section.Parsed("database", text => Identifier.IsValid(text) ? text : null, "metering", isRequired: true, new($"dé el nombre de la base de datos (del bucket en la versión 2): {Identifier.RuleText.In(Language.Spanish)}", $"give the name of the database (of the bucket with version 2): {Identifier.Rule}")),
            Version = section.Integer("version", 1, 3, 1, new("dé la generación del servidor: 1 para 1.x, 2 para 2.x, 3 para 3.x", "give the generation of the server: 1 for 1.x, 2 for 2.x, 3 for 3.x")),
            UserName = section.OptionalText("userName", isRequired: false, new("dé el usuario en InfluxDB", "give the user name at InfluxDB")),
            PasswordFile = section.FilePath("passwordFile", isRequired: false, isForRun, new("ponga la contraseña en este archivo, que solo el servicio pueda leer", "put the password into this file, readable by the cloud only")),
            TokenFile = section.FilePath("tokenFile", isRequired: false, isForRun, new("ponga el token en este archivo, que solo el servicio pueda leer", "put the token into this file, readable by the cloud only")),
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
                : throw new ConfigException([new($"{shown}(1,1): el archivo tiene {info.Length} bytes, una configuración tiene a lo más {LargestFile}", $"{shown}(1,1): the file has {info.Length} bytes, a configuration has at most {LargestFile}")]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigException([new($"{shown}: no hay tal archivo, dé el correcto con --config", $"{shown}: there is no such file, give the right file with --config")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = e.Message.TrimEnd('.');
            throw new ConfigException([Directory.Exists(file)
                ? new($"{shown}: es una carpeta, dé el archivo correcto con --config", $"{shown}: is a folder, give the right file with --config")
                : new($"{shown}: no se puede leer ({why}), dé el archivo correcto con --config", $"{shown}: cannot be read ({why}), give the right file with --config")]);
        }
    }

    private static IPAddress? ParseProxy(ConfigSection section, string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? proxy))
        {
            return proxy;
        }

        section.Fault("trustedProxy", new($"«{text}» no es una dirección, dé aquella desde la que se conecta el proxy, como 127.0.0.1", $"'{text}' is no address, give the one the proxy connects from, such as 127.0.0.1"));
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
