using Metering.Cloud.Hosting;
using Metering.Store;
using Xunit;

namespace Metering.Tests.CloudHost;

public sealed class CloudConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_full_file_is_read_with_paths_relative_to_it()
    {
        CloudConfig config = Read("""
            name: metering-cloud
            keyFile: cloud.pem
            store: metering.db
            projectsFile: projects.yaml
            broker: { host: 127.0.0.1, port: 1884, userName: metering-cloud, passwordFile: broker.password }
            web: { address: 127.0.0.1, port: 8080 }
            influx: { url: "http://127.0.0.1:8086", database: metering, userName: x, passwordFile: influx.password }
            """);
        Assert.Equal(StoreLocation.AtFile(Path.Combine(_folder, "metering.db")), config.Store);
        Assert.Equal(new BrokerConfig("127.0.0.1", 1884, "metering-cloud", Path.Combine(_folder, "broker.password")), config.Broker);
        Assert.Equal(8080, config.Web.Port);
        Assert.Equal("metering", config.Influx!.Database);
    }

    [Fact]
    public void A_store_in_PostgreSQL_is_named_by_a_section_of_its_own()
    {
        CloudConfig config = Read("""
            name: c
            keyFile: k
            store: { postgres: { host: /run/postgresql, database: metering, userName: cloud, passwordFile: db.password } }
            broker: { host: localhost }
            """);
        PostgresAddress address = new() { Host = "/run/postgresql", Database = "metering", UserName = "cloud", PasswordFile = Path.Combine(_folder, "db.password") };
        Assert.Equal(StoreLocation.AtPostgres(address), config.Store);
        Assert.Equal("postgres cloud@/run/postgresql:5432/metering", config.Store.ToString());
    }

    [Fact]
    public void A_store_in_PostgreSQL_lists_what_is_missing_and_never_a_password()
    {
        IReadOnlyList<string> faults = Faults("""
            name: c
            keyFile: k
            store:
              postgres:
                host: 127.0.0.1
                port: 0
                password: secret
            broker: { host: localhost }
            """);
        Assert.Equal(
            [
                "cloud.yaml(5,5): store.postgres.database: is missing, give the name of the database; the store lives in its schema metering",
                "cloud.yaml(5,5): store.postgres.userName: is missing, give the database user the cloud works as",
                "cloud.yaml(6,11): store.postgres.port: '0' must be a whole number from 1 to 65535, the usual one is 5432",
                "cloud.yaml(7,15): store.postgres.password: unknown key, did you mean 'passwordFile'? Known here: host, port, database, userName, passwordFile",
            ],
            faults);
        Assert.DoesNotContain("secret", string.Concat(faults), StringComparison.Ordinal);
        Assert.StartsWith("cloud.yaml(3,8): store.postgres: is missing", Assert.Single(Faults("name: c\nkeyFile: k\nstore: {}\nbroker: { host: h }\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_generation_of_InfluxDB_and_its_token_are_read()
    {
        InfluxConfig influx = Read("name: c\nkeyFile: k\nstore: s\nbroker: { host: localhost }\ninflux: { url: \"http://127.0.0.1:8181\", database: metering, version: 3, tokenFile: influx.token }\n").Influx!;
        Assert.Equal((3, Path.Combine(_folder, "influx.token")), (influx.Version, influx.TokenFile));
        Assert.Contains("influx.version: '4' must be a whole number from 1 to 3", Assert.Single(Faults("name: c\nkeyFile: k\nstore: s\nbroker: { host: localhost }\ninflux: { url: \"http://h\", database: m, version: 4 }\n")), StringComparison.Ordinal);
        Assert.Contains("without a password in it", Assert.Single(Faults("name: c\nkeyFile: k\nstore: s\nbroker: { host: localhost }\ninflux: { url: \"http://u:p@h\", database: m }\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_left_out_has_a_default()
    {
        CloudConfig config = Read("name: c\nkeyFile: k\nstore: s\nbroker: { host: localhost }\n");
        Assert.Equal((1883, 0), (config.Broker.Port, config.Web.Port));
        Assert.Null(config.Influx);
    }

    [Fact]
    public void All_faults_are_listed_with_place_key_and_hint()
    {
        IReadOnlyList<string> faults = Faults("""
            name: Metering Cloud
            keyFile: cloud.pem
            storage: metering.db
            broker:
              host: 127.0.0.1
              port: 70000
              port: 1883
            web: { address: 0.0.0.0, port: x }
            """);
        Assert.Equal(
            [
                "cloud.yaml(1,1): store: is missing, give the file that shall hold the readings, such as metering.db, or a section 'postgres'",
                "cloud.yaml(1,7): name: 'Metering Cloud' does not fit, give the cloud's name: 1 to 64 of a-z, 0-9, '-', '.', '_', beginning with a letter or digit",
                "cloud.yaml(3,10): storage: unknown key, did you mean 'store'? Known here: name, keyFile, store, programme, projectsFile, broker, web, log, influx, intake",
                "cloud.yaml(6,9): broker.port: '70000' must be a whole number from 1 to 65535, the usual one is 1883",
                "cloud.yaml(7,3): broker.port: is there twice, keep one",
                "cloud.yaml(8,17): web.address: '0.0.0.0' does not fit, use 127.0.0.1 or ::1; for readers of other machines set 'allowRemote: true' and give 'trustedProxy' or 'certificateFile' and 'certificateKeyFile'",
                "cloud.yaml(8,32): web.port: 'x' must be a whole number from 0 to 65535, 0 takes a free one",
            ],
            faults);
    }

    [Fact]
    public void Files_that_running_needs_must_be_there()
    {
        File.WriteAllText(Path.Combine(_folder, "cloud.yaml"), "name: c\nkeyFile: k.pem\nstore: s\nbroker: { host: localhost, passwordFile: p }\n");
        ConfigException e = Assert.Throws<ConfigException>(() => CloudConfigReader.Read(Path.Combine(_folder, "cloud.yaml"), isForRun: true));
        Assert.Contains("(2,10): keyFile: there is no file", e.Faults[0], StringComparison.Ordinal);
        Assert.Contains("make a key with 'cloud key --out FILE'", e.Faults[0], StringComparison.Ordinal);
        Assert.Contains("(4,42): broker.passwordFile: there is no file", e.Faults[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "cloud.yaml(1,1): name: is missing")]
    [InlineData("just text", "cloud.yaml(1,1): the file must be a YAML mapping")]
    [InlineData("name: [a", "cloud.yaml(1,7): not readable as YAML: 'name' must be a text or a section")]
    [InlineData("name: &a b\nstore: *a\n", "not readable as YAML")]
    [InlineData("name: c\n\tstore: s\n", "not readable as YAML")]
    [InlineData("broker: text\n", "cloud.yaml(1,9): broker: must be a section")]
    [InlineData("name:\n", "name: must be a text")]
    [InlineData("log: { timeStampAuthority: ftp://x }\n", "timeStampAuthority: ")]
    public void A_broken_file_is_named_by_its_place(string text, string expected) =>
        Assert.Contains(Faults(text), fault => fault.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void A_file_that_is_not_there_is_one_fault()
    {
        ConfigException e = Assert.Throws<ConfigException>(() => CloudConfigReader.Read(Path.Combine(_folder, "none.yaml"), isForRun: false));
        Assert.Contains("give the right file with --config", Assert.Single(e.Faults), StringComparison.Ordinal);
    }

    private CloudConfig Read(string text)
    {
        string file = Path.Combine(_folder, "cloud.yaml");
        File.WriteAllText(file, text);
        return CloudConfigReader.Read(file, isForRun: false);
    }

    private IReadOnlyList<string> Faults(string text) =>
        [.. Assert.Throws<ConfigException>(() => Read(text)).Faults.Select(fault => fault.Replace(_folder + "/", "", StringComparison.Ordinal))];
}
