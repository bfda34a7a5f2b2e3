namespace Metering.Gateway.Outbox;

/// <summary>Keeps a second gateway out of a state directory, for as long as this process lives (the kernel drops the lock with it).</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <exception cref="OutboxException">Another process holds the directory, or it cannot be written.</exception>
    internal static StateLock Take(string directory)
    {
        try
        {
            _ = Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutboxException($"The state directory {directory} cannot be made: {e.Message} Check stateDirectory and its permission.", ExitCode.CannotCreate);
        }

        try
        {
            return new(new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new OutboxException($"The state directory {directory} cannot be written: {e.Message} Check its owner.", ExitCode.Permission);
        }
        catch (IOException)
        {
            throw new OutboxException(
                $"Another gateway uses the state directory {directory}. Stop it first, or give this one a directory of its own (stateDirectory).", ExitCode.TryLater);
        }
    }

    public void Dispose() => _file.Dispose();
}
