using System.Reflection;

namespace Metering.Readings.Parts;

/// <summary>Version, commit and parts of a program, as its assembly carries them.</summary>
public static class ProgramParts
{
    /// <summary>Name under which a program's assembly carries its packages.lock.json.</summary>
    public const string LockFile = "packages.lock.json";

    /// <summary>Version of an assembly: 0.1.0. "0" when it states none.</summary>
    public static string VersionOf(Assembly assembly) => Split(assembly).Version;

    /// <summary>The commit an assembly was built from, hexadecimal; null when it was not built from a repository.</summary>
    public static string? CommitOf(Assembly assembly) => Split(assembly).Commit;

    /// <summary>The parts of a program, see <see cref="PartsList"/>.</summary>
    /// <param name="program">Its assembly, which carries its lock file.</param>
    /// <exception cref="InvalidOperationException">It carries none.</exception>
    public static byte[] ListOf(Assembly program)
    {
        using Stream stream = program.GetManifestResourceStream(LockFile) ?? throw new InvalidOperationException($"the assembly {program.GetName().Name} does not carry {LockFile}");
        using MemoryStream content = new();
        stream.CopyTo(content);
        return PartsList.Write(program.GetName().Name!, VersionOf(program), content.ToArray());
    }

    // "0.1.0+4f2c…": behind the plus stands the commit.
    private static (string Version, string? Commit) Split(Assembly assembly)
    {
        string text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        int plus = text.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? (text, null) : (text[..plus], text[(plus + 1)..]);
    }
}
