using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Plants;

/// <summary>Which counter of a plant stands for which resource: by the register's meters, else by a project that meters it, else by its unit and name.</summary>
internal static class ResourceMeters
{
    /// <summary>The counters that may stand for a resource, those that another meter feeds left out.</summary>
    /// <param name="channels">Channels of the plant.</param>
    /// <param name="plant">The plant.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="projects">Projects of the plant.</param>
    /// <param name="register">The register.</param>
    public static IReadOnlyList<StoredChannel> Of(IReadOnlyList<StoredChannel> channels, Plant plant, Resource resource, IEnumerable<Project> projects, RegisterSnapshot register)
    {
        Dictionary<ChannelName, Programme.Kinds.MeterRecord> known = MetersByChannel(register, plant.Id);
        HashSet<ChannelName> metered = [.. projects.Where(project => project.Resource == resource).Select(project => project.Use)];
        List<StoredChannel> found = [];
        foreach (StoredChannel channel in channels)
        {
            ChannelName name = new(channel.Gateway, channel.Channel.Id);
            if (channel.Channel.Kind == ChannelKind.Counter && UnitFits(channel.Channel.Unit, resource)
                && (known.TryGetValue(name, out Programme.Kinds.MeterRecord? meter) ? meter.FedBy is null && IsOf(meter.Medium, resource) : metered.Contains(name) || IsNamed(channel.Channel, resource)))
            {
                found.Add(channel);
            }
        }

        return found;
    }

    /// <summary>The meters of a plant by the channel of their newest installation.</summary>
    public static Dictionary<ChannelName, Programme.Kinds.MeterRecord> MetersByChannel(RegisterSnapshot register, string plant)
    {
        Dictionary<ChannelName, Programme.Kinds.MeterRecord> known = [];
        foreach (MeterInstallation installation in register.All<MeterInstallation>().Where(one => one.Plant == plant && one.Channel is not null && one.Gateway is not null).OrderBy(one => one.From))
        {
            if (register.Find<Programme.Kinds.MeterRecord>(installation.Meter) is { } meter)
            {
                known[new(installation.Gateway!, installation.Channel!)] = meter;
            }
        }

        return known;
    }

    private static bool IsOf(MeterMedium medium, Resource resource) => resource switch
    {
        Resource.Electricity => medium == MeterMedium.Electricity,
        Resource.Water => medium == MeterMedium.Water,
        Resource.Gas => medium == MeterMedium.Gas,
        _ => medium == MeterMedium.Effluent,
    };

    private static bool UnitFits(string unit, Resource resource) => resource switch
    {
        Resource.Electricity => unit is "kWh" or "MWh" or "Wh",
        Resource.Gas => unit is "Nm3" or "m3" or "GJ" or "kWh",
        _ => unit is "m3" or "L",
    };

    private static bool IsNamed(Channel channel, Resource resource)
    {
        bool isEffluent = Has(channel.Id, "effluent", "discharge", "descarga", "efluente");
        bool isGas = channel.Unit == "Nm3" || Has(channel.Id, "gas");
        return resource switch
        {
            Resource.Electricity => !isGas && !Has(channel.Id, "export", "reactive"),
            Resource.Gas => isGas,
            Resource.Effluent => isEffluent,
            _ => !isEffluent && !isGas && Has(channel.Id, "water", "agua", "supply"),
        };
    }

    private static bool Has(string text, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
