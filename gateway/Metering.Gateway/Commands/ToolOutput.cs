using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metering.Gateway.Diagnosis;

namespace Metering.Gateway.Commands;

/// <summary>How a tool ends: its result on standard output, its talk on standard error, with --json exactly one object.</summary>
internal sealed record ToolOutput(Language Language, bool IsJson)
{
    // Accents and Ω stay readable: the output is UTF-8 and goes into no web page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ends a command line that cannot be carried out.</summary>
    internal int FailUsage(string message) => Fail("usage", message, ExitCode.Usage);

    /// <summary>Ends with what the advice table says.</summary>
    internal int Fail(Advice advice) => Fail(Symptoms.KindOf(advice.Symptom), advice.ToText(), Symptoms.ExitCodeOf(advice.Symptom));

    /// <summary>Ends with a sentence.</summary>
    internal int Fail(string kind, string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        if (IsJson)
        {
            WriteJson(writer =>
            {
                writer.WriteStartObject("error");
                writer.WriteString("kind", kind);
                writer.WriteString("message", message);
                writer.WriteEndObject();
            });
        }

        return exitCode;
    }

    /// <summary>Writes one object to standard output.</summary>
    internal static void WriteJson(Action<Utf8JsonWriter> write) => Console.Out.WriteLine(ToJson(write));

    /// <summary>One object as text.</summary>
    internal static string ToJson(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
