using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.FirmwareSim.Field;

namespace Metering.FirmwareSim;

/// <summary>The one line a starter of the simulator waits for.</summary>
internal static class ReadyLine
{
    /// <summary>The line for a field: control port and plant ids.</summary>
    internal static string Of(FieldHost host)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteBoolean("ready", true);
            json.WriteString("control", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{host.Control.Port}"));
            json.WriteStartArray("plants");
            foreach (ServedPlant served in host.Plants)
            {
                json.WriteStringValue(served.Plant.Id);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Prints the line, then waits for the end (SIGTERM or Ctrl+C).</summary>
    /// <returns>0.</returns>
    internal static async Task<int> PrintAndWaitAsync(FieldHost host, CancellationToken stopping)
    {
        await Console.Out.WriteLineAsync(Of(host).AsMemory(), stopping);
        await Console.Out.FlushAsync(stopping);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stopping.Register(stopped.SetResult);
        await stopped.Task;
        return 0;
    }
}
