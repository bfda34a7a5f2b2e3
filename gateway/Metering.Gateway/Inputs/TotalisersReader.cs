using System.Text;
using Metering.Meters.Totalisers;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Gateway.Inputs;

/// <summary>Reads the totalisers section: what single counters can do, where it is known better than from their readings.</summary>
internal static class TotalisersReader
{
    private static readonly TimeSpan ShortestStandstill = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromDays(365);

    /// <summary>Limits by channel; a counter that is not named has those of its register alone.</summary>
    internal static IReadOnlyDictionary<string, TotaliserLimits> Read(IReadOnlyList<YamlSection> sections, IReadOnlyList<Channel> channels)
    {
        Dictionary<string, TotaliserLimits> limits = new(StringComparer.Ordinal);
        Dictionary<string, Channel> counters = channels.Where(channel => channel.Kind == ChannelKind.Counter).DistinctBy(channel => channel.Id).ToDictionary(channel => channel.Id, StringComparer.Ordinal);
        foreach (YamlSection section in sections)
        {
            string? id = section.Id("channel");
            ExactDecimal? rate = ReadRate(section);
            TimeSpan? standstill = section.Duration("longestStandstill", ShortestStandstill, LongestStandstill, required: false);
            section.Close();
            if (id is null)
            {
                continue;
            }

            if (!counters.TryGetValue(id, out Channel? channel))
            {
                section.Fault("channel", new(es: $"no hay un contador '{id}'", en: $"there is no counter '{id}'"), Suggestion.For(id, counters.Keys));
            }
            else if (!limits.TryAdd(id, TotaliserLimits.For(channel, rate, standstill)))
            {
                section.Fault("channel", new(es: $"'{id}' está dos veces", en: $"'{id}' is there twice"), new(es: "quite uno", en: "remove one"));
            }
        }

        return limits;
    }

    private static ExactDecimal? ReadRate(YamlSection section)
    {
        string? text = section.Text("maximumPerHour", required: false);
        if (text is null)
        {
            return null;
        }

        if (ExactDecimal.TryParse(Encoding.UTF8.GetBytes(text), out ExactDecimal rate) && rate.Mantissa > 0)
        {
            return rate;
        }

        section.Fault("maximumPerHour", new(es: $"'{text}' no es un número mayor que cero", en: $"'{text}' is no number above zero"), new(es: "escriba lo más que puede pasar en una hora, en la unidad del canal: para kWh, los kW de la acometida", en: "write the most that can flow in an hour, in the channel's unit: for kWh the kW of the supply"));
        return null;
    }
}
