using System.Globalization;
using Xunit;

namespace Metering.EndToEnd.Disks;

/// <summary>
/// A disk whose power can be cut: ext4 on an image file that lies on XFS with shared extents. A copy by reference is made at
/// once and holds what has reached the disk and nothing of what the kernel still keeps in memory, like the disk of a machine
/// whose plug is pulled. What a disk's own volatile cache may reorder is not modelled.
/// </summary>
internal sealed class SnapshotDisk : IAsyncDisposable
{
    private const string HostLength = "8G";
    private readonly string _folder;
    private readonly List<string> _mounts = [];
    private int _cuts;

    private SnapshotDisk(string folder) => _folder = folder;

    /// <summary>Where the disk is mounted; write here.</summary>
    public string Path => System.IO.Path.Combine(_folder, "disk");

    private string Image => System.IO.Path.Combine(_folder, "host", "disk.img");

    public static async Task<SnapshotDisk> MakeAsync(int megabytes)
    {
        SnapshotDisk disk = new(Directory.CreateTempSubdirectory("metering-disk-").FullName);
        try
        {
            string host = System.IO.Path.Combine(disk._folder, "host.xfs");
            await RunAsync("chmod", "755", disk._folder);      // a database server runs as a user of its own
            await RunAsync("truncate", "-s", HostLength, host);
            await RunAsync("mkfs.xfs", "-q", "-m", "reflink=1", host);
            await disk.MountAsync(host, System.IO.Path.Combine(disk._folder, "host"));
            await RunAsync("truncate", "-s", string.Create(CultureInfo.InvariantCulture, $"{megabytes}M"), disk.Image);
            await RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", disk.Image);
            await disk.MountAsync(disk.Image, disk.Path);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings to the disk what the kernel keeps in memory.</summary>
    public Task FlushAsync() => RunAsync("sync", "--file-system", Path);

    /// <summary>Keeps the disk as it is at this moment, while everybody goes on writing.</summary>
    /// <returns>The image, to be given to <see cref="OpenAsync"/>.</returns>
    public async Task<string> CutAsync()
    {
        string cut = System.IO.Path.Combine(_folder, "host", string.Create(CultureInfo.InvariantCulture, $"cut-{_cuts++}.img"));
        await RunAsync("cp", "--reflink=always", Image, cut);
        return cut;
    }

    /// <summary>Mounts a kept disk, as the machine does when the power is back, and gives the folder.</summary>
    public async Task<string> OpenAsync(string cut)
    {
        string folder = System.IO.Path.Combine(_folder, "after");
        await MountAsync(cut, folder);
        return folder;
    }

    /// <summary>Takes the kept disk away.</summary>
    public async Task CloseAsync(string cut)
    {
        string folder = System.IO.Path.Combine(_folder, "after");
        await RunAsync("umount", folder);
        _ = _mounts.Remove(folder);
        File.Delete(cut);
    }

    /// <summary>Mounts the disk so that nobody may write, or may again; nothing may be open for writing.</summary>
    public Task RemountAsync(bool isReadOnly) => RunAsync("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", Path);

    public async ValueTask DisposeAsync()
    {
        foreach (string mount in Enumerable.Reverse(_mounts))
        {
            _ = await Programs.RunAsync("umount", ["--lazy", mount]);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        Answer answer = await Programs.RunAsync(program, arguments);
        Assert.True(answer.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {answer.Error}");
    }

    private async Task MountAsync(string image, string folder)
    {
        _ = Directory.CreateDirectory(folder);
        await RunAsync("mount", "-o", "loop", image, folder);
        _mounts.Add(folder);
    }
}
