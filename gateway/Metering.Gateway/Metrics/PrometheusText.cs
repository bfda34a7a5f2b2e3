using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Metering.Gateway.Metrics;

/// <summary>
/// Observable instruments in the text format 0.0.4 of Prometheus (prometheus.io/docs/instrumenting/exposition_formats). Names follow the
/// translation of OpenTelemetry's compatibility specification: dots become underscores, the unit is written out behind the name, counters end in _total.
/// </summary>
internal static class PrometheusText
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Asks every observable instrument of a meter and writes what it says.</summary>
    internal static byte[] Write(Meter meter)
    {
        SortedDictionary<string, Family> families = new(StringComparer.Ordinal);
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, asking) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.IsObservable)
            {
                asking.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(families, instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(families, instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(families, instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        StringBuilder text = new();
        foreach ((string name, Family family) in families)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {EscapeHelp(family.Help)}\n# TYPE {name} {(family.IsCounter ? "counter" : "gauge")}\n").Append(family.Samples);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The name of an instrument as Prometheus wants it.</summary>
    internal static string NameOf(string name, string? unit, bool isCounter)
    {
        StringBuilder text = new(name.Length + 16);
        foreach (char character in name)
        {
            _ = text.Append(char.IsAsciiLetterOrDigit(character) || character is '_' or ':' ? character : '_');
        }

        string suffix = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "1" when !isCounter => "_ratio",

            // Annotations in braces count things and are left out.
            _ => "",
        };
        if (!text.ToString().EndsWith(suffix, StringComparison.Ordinal))
        {
            _ = text.Append(suffix);
        }

        return isCounter ? text.Append("_total").ToString() : text.ToString();
    }

    private static void Take(SortedDictionary<string, Family> families, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        bool isCounter = instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>);
        string name = NameOf(instrument.Name, instrument.Unit, isCounter);
        if (!families.TryGetValue(name, out Family? family))
        {
            families[name] = family = new(instrument.Description ?? "", isCounter);
        }

        StringBuilder samples = family.Samples.Append(name);
        for (int index = 0; index < tags.Length; index++)
        {
            _ = samples.Append(index == 0 ? '{' : ',').Append(tags[index].Key).Append("=\"").Append(EscapeLabel(tags[index].Value?.ToString() ?? "")).Append('"');
        }

        _ = samples.Append(tags.Length > 0 ? "} " : " ").Append(NumberOf(value)).Append('\n');
    }

    private static string NumberOf(double value) => double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string EscapeHelp(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private sealed record Family(string Help, bool IsCounter)
    {
        internal StringBuilder Samples { get; } = new();
    }
}
