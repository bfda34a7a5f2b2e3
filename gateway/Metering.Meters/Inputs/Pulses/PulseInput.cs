using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Meters.Inputs.Pulses;

/// <summary>
/// A meter that gives pulses. Its index is the dial's value when the counting began plus the pulses since; the count is on the
/// disk before a reading is given out. What came while nobody listened is unknown unless the kernel itself counted on: the first
/// reading after a start then says G.reset, so that no difference is taken across. Pulses that only the kernel's numbering shows are counted,
/// and the reading says U.estimated.
/// </summary>
public sealed class PulseInput : ISlotInput
{
    private const int RecordLength = 49;
    private const byte Version = 1;
    private const string RecordEnding = ".pulses";

    private readonly PulseOptions _options;
    private readonly Func<IPulseLine?> _open;
    private readonly DurableRecord _record;
    private readonly byte[] _boot;
    private readonly string _root;
    private readonly byte[] _bytes = new byte[RecordLength];
    private readonly ReadOnlyMemory<byte> _setup;
    private IPulseLine? _line;
    private KernelCounter? _crossCheck;
    private long _count;
    private long _rawCount = -1;
    private long _crossCount = -1;
    private bool _isUnknown;
    private bool _isEstimated;

    internal PulseInput(PulseOptions options, InputFolders folders, Func<IPulseLine?> open)
    {
        _options = options;
        _open = open;
        _root = folders.Root;
        Channels = [options.Channel];
        _setup = SetupOf(options);
        _ = Directory.CreateDirectory(folders.State);
        _record = DurableRecord.Open(Path.Combine(folders.State, options.Id + RecordEnding));
        _boot = KernelText.TryRead(Path.Combine(_root, "proc/sys/kernel/random/boot_id")) is string id
            ? SHA256.HashData(Encoding.ASCII.GetBytes(id))
            : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
        bool sameBoot = Restore();
        Connect(sameBoot);
    }

    /// <summary>Opens what the configuration names.</summary>
    /// <exception cref="IOException">The count cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder of the counts may not be used.</exception>
    public static PulseInput Open(PulseOptions options, InputFolders folders) => new(options, folders, () => options.Source switch
    {
        PulseSource.Gpio => GpioLine.TryOpen(folders.Root, options.Device, options.Line, options.Shape),
        PulseSource.Counter => KernelCounter.TryOpenCounter(folders.Root, options.Device),
        PulseSource.Pps => KernelCounter.TryOpenPps(folders.Root, options.Device),
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    /// <inheritdoc/>
    public IReadOnlyList<Channel> Channels { get; }

    /// <inheritdoc/>
    public void Read(long slotUtcMilliseconds, int firstChannelIndex, Span<Reading> destination)
    {
        if (_line is null)
        {
            Connect(isKnown: false);
        }

        PulseTake take = _line?.Take() ?? default;
        if (!take.IsPresent)
        {
            _line?.Dispose();
            _line = null;
            _isUnknown = true;
            destination[0] = Reading.Missing(slotUtcMilliseconds, firstChannelIndex, QualityReason.Disconnected);
            return;
        }

        _count += take.Pulses;
        _rawCount = take.RawCount ?? -1;
        _isEstimated |= take.Missed > 0;
        _crossCount = _crossCheck?.Take().RawCount ?? -1;
        if (!TrySave())
        {
            // A count that a power cut would take back is not given out; the next reading has it.
            destination[0] = Reading.Missing(slotUtcMilliseconds, firstChannelIndex, QualityReason.Disconnected);
            return;
        }

        ReadingQuality quality = _isUnknown ? ReadingQuality.Of(QualityClass.Good, QualityReason.Reset)
            : _isEstimated ? ReadingQuality.Uncertain(QualityReason.Estimated)
            : ReadingQuality.Good;
        (_isUnknown, _isEstimated) = (false, false);
        destination[0] = new(slotUtcMilliseconds, _options.InitialIndex + _options.Factor.Steps(_count), firstChannelIndex, quality, HasValue: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PulseTake take = _line?.Take() ?? default;
        if (take.IsPresent)
        {
            _count += take.Pulses;
            _rawCount = take.RawCount ?? -1;
            _ = TrySave();
        }

        _line?.Dispose();
        _crossCheck?.Dispose();
        _record.Dispose();
    }

    private void Connect(bool isKnown)
    {
        _line = _open();
        bool goesOn = isKnown && _rawCount >= 0 && _line?.ContinueFrom(_rawCount) == true;
        _crossCheck ??= _options.CrossCheckDevice is string device ? KernelCounter.TryOpenPps(_root, device) : null;
        if (goesOn)
        {
            _isUnknown = false;
        }
        else if (isKnown && _isUnknown && _crossCount >= 0 && _crossCheck is KernelCounter second)
        {
            _ = second.ContinueFrom(_crossCount);
            _count += second.Take().Pulses;
            (_isUnknown, _isEstimated) = (false, true);
        }
    }

    // Whether the counts of the kernel in the record are of this very start of the computer.
    private bool Restore()
    {
        ReadOnlySpan<byte> bytes = _record.Payload;
        if (bytes.Length != RecordLength || bytes[0] != Version || !bytes.Slice(41, 8).SequenceEqual(_setup.Span[..8]))
        {
            // No record: the count begins at the dial's value. A damaged one, or another dial value or factor: it begins anew, and says so.
            _isUnknown = _record.Payload is not null || _record.WasDamaged;
            return false;
        }

        _count = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        _rawCount = BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]);
        _crossCount = BinaryPrimitives.ReadInt64LittleEndian(bytes[17..]);
        _isUnknown = true;
        return bytes.Slice(25, 16).SequenceEqual(_boot.AsSpan(0, 16));
    }

    private bool TrySave()
    {
        Span<byte> bytes = _bytes;
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], _count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[9..], _rawCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[17..], _crossCount);
        _boot.AsSpan(0, 16).CopyTo(bytes[25..]);
        _setup.Span[..8].CopyTo(bytes[41..]);
        try
        {
            _record.Save(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // With another dial value, factor or source the old count means something else.
    private static byte[] SetupOf(PulseOptions options) => SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(
        null, $"{options.InitialIndex} {options.Factor.Numerator} {options.Factor.Denominator} {options.Source} {options.Device} {options.Line.Offset} {options.Channel.DecimalPlaces}")));
}
