using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Analytics.Savings;
using Metering.Evidence.Log;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Readings.Parts;
using Metering.Store;

namespace Metering.Cloud.Evidence;

/// <summary>
/// code.json: which program computed a result. A build of the same source gives the same assemblies wherever it is made, so their SHA-256 say whether somebody else's build is the
/// program that spoke.
/// </summary>
internal static class CodeStatement
{
    // From the reading to the sentence: what may change a figure of a result, the core that computes it first.
    private static readonly Type[] TakingPart = [typeof(Reading), typeof(SavingsResult), typeof(ProjectAnalysis), typeof(MerkleTree), typeof(IReadingStore), typeof(RecordStore), typeof(CodeStatement)];

    private static readonly Lazy<byte[]> Written = new(Write);

    /// <summary>The bytes: JSON without white space, a line feed at the end.</summary>
    public static byte[] Bytes => Written.Value;

    /// <summary>Their SHA-256, hexadecimal in lower case.</summary>
    public static string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>Version of the program.</summary>
    public static string Version => ProgramParts.VersionOf(typeof(CodeStatement).Assembly);

    /// <summary>The commit it was built from; null when it was not built from a repository.</summary>
    public static string? Commit => ProgramParts.CommitOf(typeof(CodeStatement).Assembly);

    private static byte[] Write()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("code", 1);
            json.WriteString("version", Version);
            json.WriteString("commit", Commit);
            json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            json.WriteStartArray("assemblies");
            foreach (Assembly assembly in TakingPart.Select(type => type.Assembly))
            {
                json.WriteStartObject();
                json.WriteString("name", assembly.GetName().Name);
                json.WriteString("sha256", HashOf(assembly));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    // A program packed into one file has no assemblies beside it that could be compared.
    private static string? HashOf(Assembly assembly)
    {
        if (assembly.Location.Length == 0)
        {
            return null;
        }

        using FileStream file = File.OpenRead(assembly.Location);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
