using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Plants;
using Metering.FirmwareSim.Registers;
using Metering.Readings;

namespace Metering.FirmwareSim.Output;

/// <summary>
/// What is true of the simulated history, for self-checks: no other program may take its numbers from here. Totals are exact decimals
/// on the register's resolution.
/// </summary>
internal static class TruthJson
{
    /// <summary>How the file is laid out.</summary>
    internal static readonly JsonWriterOptions Layout = new() { Indented = true };

    /// <summary>The text for plants.</summary>
    internal static string Of(IReadOnlyList<PlantModel> plants, long seed)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Layout))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", seed);
            json.WriteString("from", Iso(plants[0].Window.StartUtcMilliseconds));
            json.WriteString("until", Iso(plants[0].Window.UntilUtcMilliseconds));
            json.WriteStartArray("projects");
            foreach (PlantModel plant in plants)
            {
                Project(json, plant);
            }

            json.WriteEndArray();
            json.WriteStartArray("channels");
            foreach (PlantModel plant in plants)
            {
                Channels(json, plant);
            }

            json.WriteEndArray();
            json.WriteStartArray("faults");
            foreach (PlantModel plant in plants)
            {
                Faults(json, plant);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Use without and with the measure over the reporting period, in register steps.</summary>
    internal static (long Counterfactual, long Actual) ReportingSteps(PlantModel plant)
    {
        long from = SimulationWindow.UtcMilliseconds(plant.Periods.Reporting.First) - plant.FirstUtcMilliseconds;
        long until = SimulationWindow.UtcMilliseconds(plant.Periods.Reporting.Last.AddDays(1)) - plant.FirstUtcMilliseconds;
        CounterSeries actual = plant.Counter(plant.Spec.Measure.Channel);
        CounterSeries without = plant.Counterfactual;
        return (without.TrueSteps(until) - without.TrueSteps(from), actual.TrueSteps(until) - actual.TrueSteps(from));
    }

    /// <summary>What is true of each channel of a source, asked slot by slot.</summary>
    internal static ChannelTruth[] TruthsOf(IFieldSource source, (long From, long Until, long Step) slots)
    {
        long[] values = new long[source.Meters.Sum(meter => meter.Channels.Count)];
        ChannelState[] states = new ChannelState[values.Length];
        ChannelTruth[] truths = new ChannelTruth[values.Length];
        for (long instant = slots.From; instant < slots.Until; instant += slots.Step)
        {
            source.Fill(instant, values, states);
            for (int channel = 0; channel < truths.Length; channel++)
            {
                ChannelTruth truth = truths[channel];
                int lost = states[channel] == ChannelState.Present ? 0 : 1;
                long first = truth.Expected == 0 ? values[channel] : truth.First;
                truths[channel] = new ChannelTruth(truth.Expected + 1, truth.Lost + lost, first, values[channel]);
            }
        }

        return truths;
    }

    /// <summary>A scaled integer as an exact decimal.</summary>
    internal static decimal Exact(long scaled, int decimals)
    {
        decimal value = scaled;
        for (int place = 0; place < decimals; place++)
        {
            value /= 10;
        }

        return value;
    }

    private static void Project(Utf8JsonWriter json, PlantModel plant)
    {
        ChannelMap map = plant.MapOf(plant.Spec.Measure.Channel);
        (long counterfactual, long actual) = ReportingSteps(plant);
        json.WriteStartObject();
        json.WriteString("id", plant.Spec.Measure.Id);
        json.WriteString("gateway", plant.Spec.Id);
        json.WriteString("channel", ProjectsYaml.ChannelId(plant, plant.Spec.Measure.Channel));
        json.WriteString("unit", map.Unit);
        json.WriteNumber("trueSaving", Exact(counterfactual - actual, map.Decimals));
        json.WriteNumber("trueCounterfactual", Exact(counterfactual, map.Decimals));
        json.WriteNumber("trueActual", Exact(actual, map.Decimals));
        json.WriteNumber("trueSavingPercent", Math.Round(100m * (counterfactual - actual) / counterfactual, 3));
        json.WriteString("reportingFrom", plant.Periods.Reporting.First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("reportingLast", plant.Periods.Reporting.Last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void Channels(Utf8JsonWriter json, PlantModel plant)
    {
        int index = 0;
        (long, long, long) slots = (plant.Window.StartUtcMilliseconds, plant.Window.UntilUtcMilliseconds, SimulationWindow.SlotMilliseconds);
        ChannelTruth[] truths = TruthsOf(plant, slots);
        long lastSlot = plant.Window.UntilUtcMilliseconds - plant.Window.StartUtcMilliseconds - SimulationWindow.SlotMilliseconds;
        foreach (MeterMap meter in plant.Meters)
        {
            foreach (ChannelMap map in meter.Channels)
            {
                long? total = map.Kind == ChannelKind.Counter
                    ? plant.Counter((FieldChannel)index).TrueSteps(lastSlot) - plant.Counter((FieldChannel)index).TrueSteps(0)
                    : null;
                Write(json, plant.Id, (meter, map), truths[index], total);
                index++;
            }
        }
    }

    /// <summary>Writes what is true of a channel.</summary>
    internal static void Write(Utf8JsonWriter json, string gateway, (MeterMap Meter, ChannelMap Map) channel, ChannelTruth truth, long? totalSteps)
    {
        json.WriteStartObject();
        json.WriteString("gateway", gateway);
        json.WriteString("channel", channel.Meter.ChannelId(channel.Map));
        json.WriteString("unit", channel.Map.Unit);
        json.WriteNumber("decimals", channel.Map.Decimals);
        json.WriteNumber("expectedReadings", truth.Expected);
        json.WriteNumber("lostReadings", truth.Lost);
        json.WriteNumber("firstRegister", truth.First);
        json.WriteNumber("lastRegister", truth.Last);
        if (totalSteps is { } total)
        {
            json.WriteNumber("trueTotal", Exact(total, channel.Map.Decimals));
        }

        json.WriteEndObject();
    }

    private static void Faults(Utf8JsonWriter json, PlantModel plant)
    {
        foreach (Fault fault in plant.Faults)
        {
            json.WriteStartObject();
            json.WriteString("gateway", plant.Id);
            json.WriteString("meter", plant.MeterOf(fault.Channel).Id);
            if (fault.Kind is FaultKind.Rollover or FaultKind.Reset)
            {
                json.WriteString("channel", ProjectsYaml.ChannelId(plant, fault.Channel));
            }

            json.WriteString("kind", fault.Kind switch
            {
                FaultKind.Gap => "gap",
                FaultKind.Silence => "silence",
                FaultKind.Rollover => "rollover",
                FaultKind.Reset => "reset",
                _ => throw new InvalidOperationException($"unknown fault {fault.Kind}"),
            });
            json.WriteString("from", Iso(fault.FromUtcMilliseconds));
            json.WriteString("until", Iso(fault.UntilUtcMilliseconds));
            json.WriteEndObject();
        }
    }

    /// <summary>An instant as ISO 8601.</summary>
    internal static string Iso(long utcMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What is true of a channel over a history. Registers are scaled integers; those of a lost slot are what the device would have shown.</summary>
/// <param name="Expected">Slots.</param>
/// <param name="Lost">Slots without an answer.</param>
/// <param name="First">Register at the first slot.</param>
/// <param name="Last">Register at the last slot.</param>
internal readonly record struct ChannelTruth(int Expected, int Lost, long First, long Last);
