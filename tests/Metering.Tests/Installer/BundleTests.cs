using Metering.Gateway.Bundling;
using Metering.Gateway.Commands;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class BundleTests
{
    [Fact]
    public void No_secret_of_the_folder_is_in_any_text_and_each_is_named_as_removed()
    {
        string yaml = ConfigCommand.Build(new("leon-tannery", "127.0.0.1:1883", "127.0.0.1:1", null, 7, "eastron-sdm630"), Language.English, out _)! + "profilesDirectory: profiles\n";
        using InstallerFolder folder = new(yaml);
        string log = folder.Write("gateway.log", $"login with {InstallerFolder.Password}\nmqtt://user:s3cr3tpass@host:1883\n{folder.PrivatePem}\nend\n");
        SupportBundle bundle = SupportBundle.Gather(folder.Config, [log], "doctor says " + InstallerFolder.Password);
        string all = string.Join('\n', bundle.Entries.Select(entry => entry.Name + "\n" + entry.Text));
        string[] secrets = [InstallerFolder.Password, "s3cr3tpass", .. folder.PrivatePem.Split('\n').Where(line => line.Length > 20)];
        Assert.True(secrets.Length > 5);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        Assert.Contains(bundle.Removed, removed => removed.StartsWith("passwordFile (broker.password)", StringComparison.Ordinal));
        Assert.Contains(bundle.Removed, removed => removed.StartsWith("keyFile (gateway.pem)", StringComparison.Ordinal));
        Assert.Contains(bundle.Removed, removed => removed.StartsWith("logs/gateway.log", StringComparison.Ordinal));
        Assert.Contains("end", all, StringComparison.Ordinal);
        Assert.Contains("profiles/eastron-sdm630.yaml", bundle.Entries.Select(entry => entry.Name));
        Assert.Contains("outbox.txt", bundle.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void A_secret_written_into_a_faulty_configuration_is_removed_too()
    {
        using InstallerFolder folder = new($"gateway: leon\nbroker: {{ host: h, port: 1, password: {InstallerFolder.Token} }}\n");
        SupportBundle bundle = SupportBundle.Gather(folder.Config, [], "");
        Assert.All(bundle.Entries, entry => Assert.DoesNotContain(InstallerFolder.Token, entry.Text, StringComparison.Ordinal));
        Assert.Contains("configuration-faults.txt", bundle.Entries.Select(entry => entry.Name));
    }
}
