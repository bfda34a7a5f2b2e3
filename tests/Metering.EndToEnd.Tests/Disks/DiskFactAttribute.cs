using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Disks;

/// <summary>
/// A test on a disk of its own, which takes the right to mount. Skipped, with the reason, for any user but root and where
/// there are no loop devices; the programs named are needed as for <see cref="NeedsFactAttribute"/>.
/// </summary>
public sealed class DiskFactAttribute : FactAttribute
{
    /// <summary>Needs these programs beside mount and mkfs.</summary>
    public DiskFactAttribute(params string[] needs)
    {
        Skip = Environment.UserName != "root" || !File.Exists("/dev/loop-control")
            ? "needs root and loop devices, to mount a disk that can be cut off"
            : Needs.Missing(["mkfs.xfs", "mkfs.ext4", .. needs]);
    }
}
