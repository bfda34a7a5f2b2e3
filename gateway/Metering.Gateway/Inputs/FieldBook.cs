using System.Security.Cryptography;
using System.Text;
using Metering.Gateway.Configuration;
using Metering.Readings;
using Metering.Readings.Field;

namespace Metering.Gateway.Inputs;

/// <summary>A value as a person entered it, at the command line or on a page.</summary>
internal sealed record ReadingRequest
{
    public required string Channel { get; init; }

    public required string Value { get; init; }

    public required string Unit { get; init; }

    /// <summary>Instant with its offset, such as 2026-03-01T08:00:00-06:00.</summary>
    public required string At { get; init; }

    public required string Operator { get; init; }

    public string? Method { get; init; }

    /// <summary>Path of a photo of the dial or the laboratory's sheet.</summary>
    public string? Photo { get; init; }

    public string? Note { get; init; }

    /// <summary>Number of the entry this one takes the place of; null for a new one.</summary>
    public long? Corrects { get; init; }
}

/// <summary>A change of meter as a person entered it.</summary>
internal sealed record SwapRequest
{
    public required string Meter { get; init; }

    /// <summary>Which counter, where the meter has several; null for the only one.</summary>
    public string? Channel { get; init; }

    /// <summary>What the old meter showed last; null when nobody wrote it down: the use since its last reading is then unknown.</summary>
    public string? Final { get; init; }

    public required string Initial { get; init; }

    public required string At { get; init; }

    public required string Operator { get; init; }

    public string? Serial { get; init; }

    public string? Photo { get; init; }

    public string? Reason { get; init; }
}

/// <summary>
/// Takes what people enter, for the commands and the page alike: checks it, signs it, makes it durable. Nothing is edited: a
/// correction is a further entry. Any thread, any process; the running gateway finds new entries by itself.
/// </summary>
internal sealed class FieldBook(GatewayConfiguration configuration, int keyEpoch, ECDsa key, Func<int, ECDsa?> keyOf, TimeProvider clock)
{
    private const int LongestWords = 200;
    private const long LargestPhoto = 20 * 1024 * 1024;
    private static readonly TimeSpan LongestPast = TimeSpan.FromDays(400);

    private readonly FieldLog _log = new(configuration.StateDirectory, configuration.Gateway);

    /// <summary>Adds a reading or a correction; durable on return.</summary>
    /// <exception cref="FieldRefusalException">Something in it is wrong; nothing was kept.</exception>
    /// <exception cref="IOException">The disk failed; nothing was kept.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    internal FieldEntry Add(ReadingRequest request)
    {
        ManualChannel manual = configuration.ManualChannels.FirstOrDefault(one => one.Channel.Id == request.Channel)
            ?? throw Refused(ExitCode.Usage, FieldTexts.NoManualChannel, request.Channel, Known(configuration.ManualChannels.Select(one => one.Channel.Id)));
        Channel channel = manual.Channel;
        if (request.Unit != channel.Unit)
        {
            throw Refused(ExitCode.DataError, FieldTexts.WrongUnit, channel.Id, channel.Unit, request.Unit);
        }

        long value = FieldNumbers.Scaled(request.Value, channel.DecimalPlaces);
        if (value < manual.Minimum || value > manual.Maximum)
        {
            throw Refused(ExitCode.DataError, FieldTexts.OutOfRange, request.Value, channel.Unit);
        }

        long at = Instant(request.At);
        IReadOnlyList<FieldEntry> entries = Entries([]);
        FieldEntry? there = FieldEntries.Valid(entries).LastOrDefault(entry => entry.Kind == FieldEntryKind.Reading && entry.Channel == channel.Id && entry.UtcMilliseconds == at);
        CheckCorrection(request, channel, entries, there);
        string person = Person(request.Operator);
        Words(request.Method, "--method");
        Words(request.Note, "--note");
        return Append(NewEntry(FieldEntryKind.Reading, channel, at, person) with
        {
            Value = value,
            Method = request.Method,
            PhotoHash = Photo(request.Photo),
            Supersedes = request.Corrects,
            Note = request.Note,
        });
    }

    /// <summary>Records a change of meter; durable on return.</summary>
    /// <exception cref="FieldRefusalException">Something in it is wrong; nothing was kept.</exception>
    /// <exception cref="IOException">The disk failed; nothing was kept.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    internal FieldEntry Swap(SwapRequest request)
    {
        Channel channel = SwappedChannel(request);
        long? final = request.Final is null ? null : Register(request.Final, channel);
        long initial = Register(request.Initial, channel);
        long at = Instant(request.At);
        if (Entries([]).Any(entry => entry.Kind == FieldEntryKind.Swap && entry.Channel == channel.Id && entry.UtcMilliseconds == at))
        {
            throw Refused(ExitCode.DataError, FieldTexts.SwapThere, channel.Id, request.At);
        }

        string person = Person(request.Operator);
        Words(request.Serial, "--serial");
        Words(request.Reason, "--reason");
        return Append(NewEntry(FieldEntryKind.Swap, channel, at, person) with
        {
            FinalValue = final,
            InitialValue = initial,
            Serial = request.Serial,
            PhotoHash = Photo(request.Photo),
            Note = request.Reason,
        });
    }

    /// <summary>Every entry in order, with those that others took the place of.</summary>
    /// <param name="faults">Takes files that are no entries of this gateway.</param>
    internal IReadOnlyList<FieldEntry> Entries(ICollection<string> faults) => _log.ReadAll(keyOf, faults);

    /// <summary>Whether there is an entry of a number; costs one look at one name.</summary>
    internal bool HasEntry(long number) => File.Exists(_log.PathOf(number));

    // What every entry says; its number is given when it is added.
    private FieldEntry NewEntry(FieldEntryKind kind, Channel channel, long at, string person) => new()
    {
        Gateway = configuration.Gateway,
        KeyEpoch = keyEpoch,
        Number = 0,
        Kind = kind,
        Channel = channel.Id,
        UtcMilliseconds = at,
        Unit = channel.Unit,
        Decimals = channel.DecimalPlaces,
        EnteredUtcMilliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        Operator = person,
    };

    private FieldEntry Append(FieldEntry entry) => _log.Append(entry, key);

    private static void CheckCorrection(ReadingRequest request, Channel channel, IReadOnlyList<FieldEntry> entries, FieldEntry? there)
    {
        if (request.Corrects is not long corrected)
        {
            if (there is not null)
            {
                throw Refused(ExitCode.DataError, FieldTexts.ReadingThere, channel.Id, FieldNumbers.Text(there.Value ?? 0, there.Decimals), there.Unit, FieldNumbers.Text(there.Number, 0));
            }

            return;
        }

        FieldEntry old = FieldEntries.Valid(entries).FirstOrDefault(entry => entry.Number == corrected && entry.Kind == FieldEntryKind.Reading)
            ?? throw Refused(ExitCode.DataError, FieldTexts.NothingToCorrect, FieldNumbers.Text(corrected, 0));
        if (old.Channel != channel.Id || old.UtcMilliseconds != Instant(request.At, DateTimeOffset.MaxValue))
        {
            throw Refused(ExitCode.DataError, FieldTexts.OtherCorrected, FieldNumbers.Text(corrected, 0), old.Channel, FieldNumbers.Instant(old.UtcMilliseconds));
        }
    }

    private Channel SwappedChannel(SwapRequest request)
    {
        Channel[] counters = [.. configuration.Channels.Where(channel => channel.Meter == request.Meter && channel.Kind == ChannelKind.Counter)];
        if (counters.Length == 0)
        {
            throw Refused(ExitCode.Usage, FieldTexts.NoCounter, request.Meter, Known(configuration.Channels.Where(channel => channel.Kind == ChannelKind.Counter).Select(channel => channel.Meter).Distinct(StringComparer.Ordinal)));
        }

        if (request.Channel is null && counters.Length > 1)
        {
            throw Refused(ExitCode.Usage, FieldTexts.WhichCounter, request.Meter, Known(counters.Select(channel => channel.Id)));
        }

        Channel channel = request.Channel is null ? counters[0] : Array.Find(counters, one => one.Id == request.Channel)
            ?? throw Refused(ExitCode.Usage, FieldTexts.NoCounter, request.Channel, Known(counters.Select(one => one.Id)));
        return channel.Profile.StartsWith("pulse/", StringComparison.Ordinal) ? throw Refused(ExitCode.Usage, FieldTexts.PulseSwap, channel.Id) : channel;
    }

    private static long Register(string text, Channel channel)
    {
        long value = FieldNumbers.Scaled(text, channel.DecimalPlaces);
        return value >= 0 && value < (channel.Modulus ?? long.MaxValue) ? value : throw Refused(ExitCode.DataError, FieldTexts.OutOfRange, text, channel.Unit);
    }

    private long Instant(string text) => Instant(text, clock.GetUtcNow());

    private static long Instant(string text, DateTimeOffset now)
    {
        DateTimeOffset at = FieldNumbers.ParseInstant(text);
        return at > now ? throw Refused(ExitCode.DataError, FieldTexts.Future, text)
            : now != DateTimeOffset.MaxValue && now - at > LongestPast ? throw Refused(ExitCode.DataError, FieldTexts.LongAgo, text)
            : at.ToUnixTimeMilliseconds();
    }

    private static string Person(string name)
    {
        Words(name, "--operator");
        return string.IsNullOrWhiteSpace(name) ? throw Refused(ExitCode.Usage, FieldTexts.NoOperator) : name.Trim();
    }

    private static void Words(string? words, string option)
    {
        if (words is not null && (words.Length > LongestWords || words.EnumerateRunes().Any(Rune.IsControl)))
        {
            throw Refused(ExitCode.Usage, FieldTexts.LongWords, option, FieldNumbers.Text(LongestWords, 0));
        }
    }

    private string? Photo(string? path)
    {
        if (path is null)
        {
            return null;
        }

        FileInfo file = new(path);
        return !file.Exists ? throw Refused(ExitCode.Usage, FieldTexts.NoPhoto, path)
            : file.Length > LargestPhoto ? throw Refused(ExitCode.DataError, FieldTexts.LargePhoto, path)
            : _log.KeepPhoto(path);
    }

    private static string Known(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "-";

    private static FieldRefusalException Refused(int exitCode, Text text, params string[] values) => new(exitCode, text, values);
}
