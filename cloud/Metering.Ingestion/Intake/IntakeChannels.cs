using System.Collections.Concurrent;
using System.Text;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion.Intake;

/// <summary>What a field of a series becomes; either a channel's index or the reason why it is refused.</summary>
internal sealed record IntakeBinding(int ChannelIndex, Channel? Channel, bool Rounds, string? Refusal);

/// <summary>
/// The channels of one database. A channel belongs to the series that fed it first, for ever: its profile holds the series' hash, so
/// even after a restart no other series can slip into it.
/// </summary>
internal sealed class IntakeChannels
{
    private readonly IntakeDatabaseOptions _options;
    private readonly int _maximum;
    private readonly Lock _gate = new();
    private readonly List<Channel> _channels = [];
    private readonly Dictionary<string, int> _indexById = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IntakeBinding> _bindings = new(StringComparer.Ordinal);

    public IntakeChannels(IntakeDatabaseOptions options, int maximum, IReadingStore store)
    {
        (_options, _maximum) = (options, maximum);
        foreach (StoredChannel stored in store.Channels())
        {
            if (stored.Gateway == options.Import.Gateway)
            {
                _indexById.Add(stored.Channel.Id, _channels.Count);
                _channels.Add(stored.Channel);
            }
        }
    }

    /// <summary>Every channel so far; indexes never change.</summary>
    public Channel[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _channels];
        }
    }

    /// <summary>The binding of a field.</summary>
    /// <param name="reader">The field.</param>
    /// <param name="buffer">Room for the key, 1 character a byte.</param>
    /// <exception cref="LineProtocolException">The series is not well formed.</exception>
    public IntakeBinding Find(in LineProtocolReader reader, Span<char> buffer)
    {
        ReadOnlySpan<byte> series = reader.Series;
        ReadOnlySpan<byte> field = reader.FieldName;
        int length = series.Length + 2 + field.Length;
        Span<char> key = length <= buffer.Length ? buffer[..length] : new char[length];
        _ = Encoding.Latin1.GetChars(series, key);
        key[series.Length] = '\n';
        key[series.Length + 1] = (char)('0' + (int)reader.FieldType);
        _ = Encoding.Latin1.GetChars(field, key[(series.Length + 2)..]);
        if (_bindings.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out IntakeBinding? known))
        {
            return known;
        }

        IntakeBinding made = Bind(IntakeSeries.Parse(series, field), reader.FieldType);
        if (made.Refusal is null || _bindings.Count < 2 * _maximum)
        {
            _bindings[new string(key)] = made;
        }

        return made;
    }

    private IntakeBinding Bind(IntakeSeries series, FieldType type)
    {
        IntakeRule? rule = _options.Rules.FirstOrDefault(rule => Fits(rule, series));
        if (rule is null && !_options.TakesUnknown)
        {
            return Refuse($"the series '{series.Text}' has no channel in 'intake', and series without one are not taken");
        }

        Channel wanted = rule?.Channel ?? Automatic(series, type);
        wanted = wanted with { Profile = series.Profile };
        lock (_gate)
        {
            if (_indexById.TryGetValue(wanted.Id, out int index))
            {
                return Compare(_channels[index], wanted, index, rule) ?? new(index, _channels[index], rule?.Rounds ?? false, null);
            }

            if (_channels.Count >= _maximum)
            {
                return Refuse($"the database has {_maximum} channels, the limit; the series '{series.Text}' is not taken");
            }

            _indexById.Add(wanted.Id, _channels.Count);
            _channels.Add(wanted);
            return new(_channels.Count - 1, wanted, rule?.Rounds ?? false, null);
        }
    }

    private static IntakeBinding? Compare(Channel stored, Channel wanted, int index, IntakeRule? rule)
    {
        if (stored.Profile != wanted.Profile)
        {
            return Refuse($"channel {stored.Id} is fed by another series. Two series in one channel would mix their readings: name more tags in its rule, or give each series a channel");
        }

        // A value of another type than the first one: taken when the channel's form can hold it, as with any other value.
        bool isSame = stored.Unit == wanted.Unit && stored.Kind == wanted.Kind && (rule is null || stored.DecimalsCode == wanted.DecimalsCode);
        return isSame
            ? new(index, stored, rule?.Rounds ?? false, null)
            : Refuse($"channel {stored.Id} is stored as {stored.Kind} in {stored.Unit} with {stored.DecimalsText} decimals, and its rule says otherwise. Give the changed channel a name of its own");
    }

    // Floats are kept as the doubles they are: which decimals later values will have, nobody can know, and a value that is refused
    // is lost. Integers and booleans are exact without decimals.
    private static Channel Automatic(IntakeSeries series, FieldType type) => new()
    {
        Id = series.ChannelName(),
        Meter = series.MeterName(),
        Unit = "1",
        Kind = ChannelKind.Gauge,
        DecimalPlaces = 0,
        Form = type == FieldType.Float ? ValueForm.Binary64 : ValueForm.Decimal,
        Profile = series.Profile,
    };

    private static bool Fits(IntakeRule rule, IntakeSeries series)
    {
        if (rule.Measurement != series.Measurement || rule.Field != series.Field)
        {
            return false;
        }

        foreach ((string name, string value) in rule.Tags)
        {
            if (!series.Tags.TryGetValue(name, out string? given) || given != value)
            {
                return false;
            }
        }

        return true;
    }

    private static IntakeBinding Refuse(string reason) => new(-1, null, Rounds: false, reason);
}
