using System.Globalization;
using System.Security.Cryptography;
using Metering.Gateway.Outbox;
using Metering.Readings;

namespace Metering.Gateway.Keys;

/// <summary>One change of key: what the old key signed about the new one.</summary>
/// <param name="Rotation">The statement; its key epoch is the old one's.</param>
/// <param name="Note">The signed note.</param>
internal sealed record RotationStep(KeyRotation Rotation, ReadOnlyMemory<byte> Note);

/// <summary>
/// The keys of this gateway in a row: the one its configuration names, and those that took over from it. A new key stands in
/// "keys/epoch-N.pem" of the state directory, and the old key's word for it in "keys/epoch-N.note". The note is what counts:
/// once it is there, whole, the old key signs no batch any more; before, nothing has happened.
/// </summary>
internal sealed class KeyChain : IDisposable
{
    private const string FolderName = "keys";

    private readonly List<RotationStep> _steps = [];
    private readonly Dictionary<int, ECDsa> _keys = [];
    private readonly string _folder;

    private KeyChain(string folder, int firstEpoch, ECDsa firstKey)
    {
        (_folder, FirstEpoch, KeyEpoch) = (folder, firstEpoch, firstEpoch);
        _keys[firstEpoch] = firstKey;
    }

    /// <summary>The epoch of the configuration.</summary>
    internal int FirstEpoch { get; }

    /// <summary>The epoch that signs now.</summary>
    internal int KeyEpoch { get; private set; }

    /// <summary>The key that signs now.</summary>
    internal ECDsa Key => _keys[KeyEpoch];

    /// <summary>The changes of key, ascending.</summary>
    internal IReadOnlyList<RotationStep> Steps => _steps;

    /// <summary>Reads the keys of a state directory; makes nothing.</summary>
    /// <param name="stateDirectory">The state directory; need not be there.</param>
    /// <param name="firstEpoch">Key epoch of the configuration: older changes of key are over.</param>
    /// <param name="firstKey">Key of the configuration, not owned.</param>
    /// <exception cref="OutboxException">A note or key is damaged, missing, or not signed by the key before.</exception>
    internal static KeyChain Open(string stateDirectory, int firstEpoch, ECDsa firstKey)
    {
        KeyChain chain = new(Path.Combine(stateDirectory, FolderName), firstEpoch, firstKey);
        try
        {
            while (File.Exists(chain.NotePath(chain.KeyEpoch + 1)))
            {
                chain.Follow(File.ReadAllBytes(chain.NotePath(chain.KeyEpoch + 1)));
            }

            return chain;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WireFormatException)
        {
            string file = chain.NotePath(chain.KeyEpoch + 1);
            chain.Dispose();
            throw new OutboxException(
                $"The change of key in {file} cannot be used: {e.Message} Restore the folder {FolderName} of the state directory; if it is lost, make a key (gateway key), raise keyEpoch above {Path.GetFileNameWithoutExtension(file)} and enrol it.",
                ExitCode.InputOutput);
        }
    }

    /// <summary>The key of an epoch of this chain.</summary>
    internal ECDsa KeyOf(int keyEpoch) => _keys[keyEpoch];

    /// <summary>Makes the next key and the old key's word for it; durable on return. Cut short, it is done anew and uses the key that is there.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="through">Last batch of the old key; 0 for none.</param>
    /// <param name="head">Its note hash.</param>
    /// <exception cref="IOException">The disk fails.</exception>
    internal void Rotate(string gateway, long through, string head)
    {
        int next = KeyEpoch + 1;
        _ = Directory.CreateDirectory(_folder);
        ECDsa key = LoadOrMake(KeyPath(next));
        KeyRotation rotation = new() { Gateway = gateway, KeyEpoch = KeyEpoch, Through = through, Head = head, PublicKeyPem = SigningKey.PublicPem(key) };
        key.Dispose();
        byte[] note = rotation.Sign(Key);
        DirectorySync.Flush(_folder);
        string partial = NotePath(next) + ".new";
        using (FileStream file = new(partial, FileMode.Create, FileAccess.Write))
        {
            file.Write(note);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, NotePath(next));
        DirectorySync.Flush(_folder);
        Follow(note);
    }

    public void Dispose()
    {
        foreach ((int epoch, ECDsa key) in _keys)
        {
            if (epoch != FirstEpoch)
            {
                key.Dispose();
            }
        }
    }

    private static ECDsa LoadOrMake(string path)
    {
        if (File.Exists(path))
        {
            try
            {
                return SigningKey.Load(path);
            }
            catch (WireFormatException)
            {
                // A power cut while it was written: nobody has seen it.
                File.Delete(path);
            }
        }

        return SigningKey.Create(path);
    }

    private void Follow(byte[] note)
    {
        KeyRotation rotation = KeyRotation.Open(note, Key);
        ECDsa key = SigningKey.Load(KeyPath(KeyEpoch + 1));
        if (rotation.KeyEpoch != KeyEpoch || SigningKey.PublicPem(key) != rotation.PublicKeyPem)
        {
            key.Dispose();
            throw new WireFormatException("the note does not name the key beside it");
        }

        _steps.Add(new(rotation, note));
        KeyEpoch++;
        _keys[KeyEpoch] = key;
    }

    private string KeyPath(int epoch) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch}.pem"));

    private string NotePath(int epoch) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch}.note"));
}
