using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Workflow;

/// <summary>What the form of a new project proposes: channel, drivers and periods read from what the plant has. A person looks at it and changes what is wrong; nothing is saved by it.</summary>
internal static class SetupDefaults
{
    private const int BaselineDays = 365;
    private const int InstallationDays = 30;
    private const int ReportingDays = 365;
    private const string CoolingBase = "18";

    /// <summary>The proposal, by field of the form; empty without a counter.</summary>
    /// <param name="channels">Channels of the plant.</param>
    /// <param name="zone">The plant's zone.</param>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<StoredChannel> channels, TimeZoneInfo zone)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal) { ["confidencePercent"] = "90", ["driver-workday"] = "workday" };
        if (Use(channels) is not { } use)
        {
            return new Dictionary<string, string>();
        }

        fields["use"] = Name(use);
        fields["resource"] = use.Channel.Unit switch { "m3" or "L" or "gal_us" => "water", "Nm3" or "GJ" => "gas", _ => "electricity" };
        foreach (StoredChannel channel in channels.Where(channel => channel != use))
        {
            if (channel.Channel is { Kind: ChannelKind.Counter, Unit: "pieces" or "vehicles" or "guest-nights" or "bed-days" or "kg" or "t" })
            {
                fields["driver-" + Name(channel)] = "difference";
            }
            else if (channel.Channel is { Kind: ChannelKind.Gauge, Unit: "degC" } && channel.Channel.Id.Contains("outdoor", StringComparison.Ordinal))
            {
                fields["driver-" + Name(channel)] = "above";
                fields["threshold-" + Name(channel)] = CoolingBase;
            }
        }

        // The day of the first reading is seldom whole.
        DateOnly first = PlantCalendar.DayOf(use.FirstUtcMilliseconds, zone).AddDays(1);
        Put(fields, "baseline", first, BaselineDays);
        Put(fields, "installation", first.AddDays(BaselineDays), InstallationDays);
        Put(fields, "reporting", first.AddDays(BaselineDays + InstallationDays), ReportingDays);
        return fields;
    }

    // Electricity at the main meter, else the counter that was read most often.
    private static StoredChannel? Use(IReadOnlyList<StoredChannel> channels) =>
        channels.Where(channel => channel.Channel.Kind == ChannelKind.Counter && channel.Channel.Unit is "kWh" or "m3" or "L" or "gal_us" or "Nm3" or "GJ")
            .OrderByDescending(channel => channel.Channel.Unit == "kWh").ThenByDescending(channel => channel.Channel.Id.StartsWith("mains.", StringComparison.Ordinal))
            .ThenByDescending(channel => channel.Channel.Id.Contains("import", StringComparison.Ordinal)).ThenByDescending(channel => channel.Count).FirstOrDefault();

    private static string Name(StoredChannel channel) => $"{channel.Gateway}/{channel.Channel.Id}";

    private static void Put(Dictionary<string, string> fields, string period, DateOnly first, int days)
    {
        fields[period + "First"] = first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        fields[period + "Last"] = first.AddDays(days - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
