using Metering.Gateway.Diagnosis;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class PortHoldersTests
{
    [Fact]
    public void The_program_that_holds_a_port_is_named_with_its_number()
    {
        using TemporaryFolder root = new();
        _ = root.Write("proc/4711/comm", "python3\n");
        _ = root.Write("proc/4712/comm", "sshd\n");
        _ = Directory.CreateDirectory(root.Combine("proc/4711/fd"));
        _ = Directory.CreateDirectory(root.Combine("proc/4712/fd"));
        _ = File.CreateSymbolicLink(root.Combine("proc/4711/fd/5"), "/dev/ttyUSB7");
        _ = File.CreateSymbolicLink(root.Combine("proc/4712/fd/5"), "/dev/null");
        _ = Directory.CreateDirectory(root.Combine("proc/self"));
        Assert.Equal(["python3 (4711)"], PortHolders.Of("/dev/ttyUSB7", root.Path));
        Assert.Empty(PortHolders.Of("/dev/ttyUSB8", root.Path));
    }

    [Fact]
    public void A_link_by_id_is_followed_to_its_device()
    {
        using TemporaryFolder root = new();
        _ = root.Write("ttyUSB0", "");
        _ = File.CreateSymbolicLink(root.Combine("by-id"), root.Combine("ttyUSB0"));
        _ = root.Write("proc/12/comm", "mbpoll\n");
        _ = Directory.CreateDirectory(root.Combine("proc/12/fd"));
        _ = File.CreateSymbolicLink(root.Combine("proc/12/fd/3"), root.Combine("ttyUSB0"));
        Assert.Equal(["mbpoll (12)"], PortHolders.Of(root.Combine("by-id"), root.Path));
    }
}
