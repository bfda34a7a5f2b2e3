namespace Metering.Mqtt.Session;

/// <summary>A number that stands for a topic on one connection.</summary>
/// <param name="Number">1 to the broker's Topic Alias Maximum.</param>
/// <param name="IsNew">Whether the broker must be told the topic with it.</param>
internal readonly record struct TopicAlias(ushort Number, bool IsNew);

/// <summary>
/// The topic aliases of one connection (MQTT 5.0, 3.3.2.3.4): the first topics used get one each, until the broker's maximum.
/// A message that is sent again carries its full topic and no alias, as the new connection knows none of the old. Guarded by
/// the gate of <see cref="ClientState"/>.
/// </summary>
internal sealed class TopicAliases
{
    /// <summary>Most aliases used, whatever the broker allows: a publisher of many topics shall not fill a table here.</summary>
    public const int MaximumAliases = 16;

    private readonly Dictionary<string, ushort> numbers = new(StringComparer.Ordinal);
    private int maximum;

    /// <summary>A connection is there: nothing of the old one holds.</summary>
    public void Connected(ushort brokersMaximum)
    {
        numbers.Clear();
        maximum = Math.Min(brokersMaximum, (ushort)MaximumAliases);
    }

    /// <summary>The alias of a topic; null when there is none left.</summary>
    public TopicAlias? Of(string topic)
    {
        if (numbers.TryGetValue(topic, out ushort number))
        {
            return new(number, IsNew: false);
        }

        if (numbers.Count >= maximum)
        {
            return null;
        }

        number = (ushort)(numbers.Count + 1);
        numbers.Add(topic, number);
        return new(number, IsNew: true);
    }
}
