using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Ingestion.Intake;

/// <summary>What is kept of a token; the secret itself is not.</summary>
/// <param name="Name">Name to list and revoke it by, an <see cref="Identifier"/>.</param>
/// <param name="Plant">The only plant it may write to.</param>
/// <param name="Hash">SHA-256 of the secret, lower-case hexadecimal.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">From when on it is refused.</param>
public sealed record IntakeToken(string Name, string Plant, string Hash, DateTimeOffset Created, DateTimeOffset Expires);

/// <summary>
/// Tokens of clients that write line protocol: one line each in a file of mode 0600, "name plant hash created expires". 256 random
/// bits need no slow hash: nobody can try them out. The file is read again whenever it changes, so a revocation works at once.
/// </summary>
public sealed class IntakeTokens(string path, TimeProvider clock)
{
    /// <summary>What every secret begins with, so that scanners and people know it for what it is.</summary>
    public const string Prefix = "mit_";

    private const int SecretLength = 32;
    private const int MaximumTokens = 10_000;
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly Lock _gate = new();
    private Dictionary<string, IntakeToken> _byHash = [];
    private (long Ticks, long Length) _version = (-1, -1);

    /// <summary>The valid token of a secret; null when there is none, or it has expired.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file holds something else than tokens.</exception>
    public IntakeToken? Find(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length > 2 * SecretLength)
        {
            return null;
        }

        string hash = HashOf(secret);
        lock (_gate)
        {
            FileInfo file = new(path);
            (long, long) version = file.Exists ? (file.LastWriteTimeUtc.Ticks, file.Length) : (0, 0);
            if (version != _version)
            {
                _byHash = List().ToDictionary(token => token.Hash, StringComparer.Ordinal);
                _version = version;
            }

            return _byHash.TryGetValue(hash, out IntakeToken? token) && clock.GetUtcNow() < token.Expires ? token : null;
        }
    }

    /// <summary>Every token, expired ones too; none when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file holds something else than tokens.</exception>
    public IReadOnlyList<IntakeToken> List()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        List<IntakeToken> tokens = [];
        foreach (string line in File.ReadLines(path))
        {
            tokens.Add(tokens.Count < MaximumTokens ? Parse(line) : throw new InvalidDataException($"{path} holds more than {MaximumTokens} tokens"));
        }

        return tokens;
    }

    /// <summary>Makes a token.</summary>
    /// <returns>The secret, which is kept nowhere.</returns>
    /// <exception cref="ArgumentException">The name is taken, or name or plant is no identifier.</exception>
    public string Create(string name, string plant, TimeSpan lifetime)
    {
        _ = Identifier.Require(name, nameof(name));
        _ = Identifier.Require(plant, nameof(plant));
        string secret = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretLength)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        DateTimeOffset now = clock.GetUtcNow();
        Change(tokens => tokens.Exists(token => token.Name == name)
            ? throw new ArgumentException($"there is a token '{name}' already: revoke it, or give another name", nameof(name))
            : [.. tokens, new(name, plant, HashOf(secret), now, now + lifetime)]);
        return secret;
    }

    /// <summary>Takes a token away; works at once, also in a running cloud.</summary>
    /// <returns>False when there is none of this name.</returns>
    public bool Revoke(string name)
    {
        bool isThere = false;
        Change(tokens =>
        {
            isThere = tokens.Exists(token => token.Name == name);
            return [.. tokens.Where(token => token.Name != name)];
        });
        return isThere;
    }

    // Whole or not at all: a power cut in the middle leaves the old file.
    private void Change(Func<List<IntakeToken>, List<IntakeToken>> change)
    {
        using FileStream turn = new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        List<IntakeToken> tokens = change([.. List()]);
        StringBuilder text = new();
        foreach (IntakeToken token in tokens)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{token.Name} {token.Plant} {token.Hash} {Text(token.Created)} {Text(token.Expires)}\n");
        }

        string whole = path + ".new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream stream = new(whole, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(text.ToString()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(whole, path, overwrite: true);
    }

    private IntakeToken Parse(string line)
    {
        string[] parts = line.Split(' ');
        bool fits = parts.Length == 5 && Identifier.IsValid(parts[0]) && Identifier.IsValid(parts[1]) && parts[2].Length == 64;
        return fits && TryInstant(parts[3], out DateTimeOffset created) && TryInstant(parts[4], out DateTimeOffset expires)
            ? new(parts[0], parts[1], parts[2], created, expires)
            : throw new InvalidDataException($"{path} is no file of tokens, or was edited by hand: make tokens with 'cloud intake token create'");
    }

    private static bool TryInstant(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
