using Metering.Interop.Tests.GatewayHost;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Service;

/// <summary>A configuration that changes under the running executable, with a real broker and a socket in place of systemd.</summary>
public sealed class ReloadTests
{
    private const string Mains = "{ id: mains, unit: 1, profile: test }";
    private const string Water = "{ id: water, unit: 2, profile: test }";
    private const string Steam = "{ id: steam, unit: 3, profile: test }";

    [NeedsFact("mosquitto")]
    public async Task A_changed_configuration_is_taken_again_and_again_and_a_faulty_one_changes_nothing()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();

        string first = gateway.Configure(Mains);
        gateway.Start();
        Assert.StartsWith("READY=1\nSTATUS=", gateway.Heard("READY=1"), StringComparison.Ordinal);
        await cloud.WaitForAsync(first, 2);

        string second = gateway.Configure($"{Mains}, {Water}");
        gateway.Signal("HUP");
        Assert.Contains("MONOTONIC_USEC=", gateway.Heard("RELOADING=1"), StringComparison.Ordinal);
        _ = gateway.Heard("READY=1");
        await cloud.WaitForAsync(second, 2);

        _ = gateway.Configure($"{Mains}, {{ id: water, unit: 1, profile: tset }}");
        gateway.Signal("HUP");
        _ = gateway.Heard("RELOADING=1");
        Assert.Contains("tset", gateway.Heard("READY=1"), StringComparison.Ordinal);
        int before = cloud.Batches.Values.Count(batch => batch.Manifest.ConfigHash == second);
        await cloud.WaitForAsync(second, before + 2);

        string third = gateway.Configure($"{Mains}, {Water}, {Steam}");
        gateway.Signal("HUP");
        _ = gateway.Heard("RELOADING=1");
        Assert.DoesNotContain("tset", gateway.Heard("READY=1"), StringComparison.Ordinal);
        await cloud.WaitForAsync(third, 2);

        _ = gateway.Heard("WATCHDOG=1");
        gateway.Stop();
        _ = gateway.Heard("STOPPING=1");
        Assert.Contains("gateway.yaml(", gateway.ErrorText, StringComparison.Ordinal);
        AssertEverySlotIsThereOrSealed(cloud);
        Assert.Equal([1, 2, 3], new[] { first, second, third }.Select(hash => MetersUnder(cloud, hash)));
        Assert.Equal("online offline", string.Join(' ', cloud.Statuses.Select(text => text.Contains("online", StringComparison.Ordinal) ? "online" : "offline").Distinct()));
    }

    [NeedsFact("mosquitto")]
    public async Task What_only_a_restart_can_change_is_refused_with_the_reason()
    {
        using TestBroker broker = new();
        using RunningGateway gateway = new(broker.Port);
        await using BatchListener cloud = new(broker.Port);
        await cloud.ConnectAsync();
        string hash = gateway.Configure(Mains);
        gateway.Start();
        _ = gateway.Heard("READY=1");
        _ = gateway.Configure(Mains);
        File.WriteAllText(gateway.At("gateway.yaml"), File.ReadAllText(gateway.At("gateway.yaml")).Replace("gateway: plant", "gateway: another", StringComparison.Ordinal));
        gateway.Signal("HUP");
        _ = gateway.Heard("RELOADING=1");
        Assert.Contains("only a restart", gateway.Heard("READY=1"), StringComparison.Ordinal);
        await cloud.WaitForAsync(hash, 2);
        gateway.Stop();
    }

    private static int MetersUnder(BatchListener cloud, string configHash) => cloud.Batches.Values
        .Where(batch => batch.Manifest.ConfigHash == configHash)
        .SelectMany(batch => batch.Manifest.Channels)
        .Select(channel => channel.Channel.Split('.')[0])
        .Distinct(StringComparer.Ordinal)
        .Count();

    // A busy computer may let a slot pass, but never in silence; and a change of configuration by itself costs none.
    private static void AssertEverySlotIsThereOrSealed(BatchListener cloud)
    {
        Assert.Equal(Enumerable.Range(1, cloud.Batches.Count).Select(number => (long)number), cloud.Batches.Keys.Order());
        HashSet<long> slots = [.. cloud.Batches.Values.SelectMany(batch => batch.ReadSegments()).Where(segment => segment.Channel.Id == "mains.energy").SelectMany(segment => segment.UtcMilliseconds.ToArray())];
        List<GapEvent> gaps = [.. cloud.Batches.Values.SelectMany(batch => batch.Manifest.Gaps)];
        for (long slot = slots.Min(); slot <= slots.Max(); slot += 1000)
        {
            Assert.True(slots.Contains(slot) || gaps.Exists(gap => gap.FromUtcMilliseconds < slot && slot < gap.ThroughUtcMilliseconds), $"slot {slot} is neither there nor sealed as missing");
        }

        Assert.True(gaps.Sum(gap => (gap.ThroughUtcMilliseconds - gap.FromUtcMilliseconds) / 1000 - 1) <= 1, "a change of configuration lets slots pass");
    }
}
