using System.Globalization;
using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Evidence.Chain;

/// <summary>
/// Checks the batches of one gateway one after the other: form, segments, signature by the gateway's key, key epoch,
/// numbers without a hole from 1, and that each batch names the hash of the one before it. Every fault is kept, up to a
/// limit; one altered batch gives one fault, not one for every batch after it. Needs memory for one hash per batch of the
/// current key epoch, never for readings.
/// </summary>
public sealed class GatewayChain
{
    /// <summary>How many faults are kept in full; further ones are only counted.</summary>
    public const int MaximumFaults = 1_000;

    private readonly Func<int, ECDsa?> _findKey;
    private readonly List<ChainFault> _faults = [];
    private readonly Dictionary<long, UInt128> _seen = [];
    private long _last;
    private string? _lastHash = BatchManifest.NoPrevious;

    /// <summary>Starts a chain.</summary>
    /// <param name="gateway">The gateway whose batches follow.</param>
    /// <param name="findKey">Its public key in a key epoch, or null when there is none.</param>
    public GatewayChain(string gateway, Func<int, ECDsa?> findKey)
    {
        Gateway = Identifier.Require(gateway, nameof(gateway));
        _findKey = findKey;
    }

    /// <summary>The gateway.</summary>
    public string Gateway { get; }

    /// <summary>Key epoch of the last batch; 0 before the first.</summary>
    public int KeyEpoch { get; private set; }

    /// <summary>Sound batches so far.</summary>
    public long Batches { get; private set; }

    /// <summary>Readings in sound batches so far.</summary>
    public long Readings { get; private set; }

    /// <summary>First scheduled instant in sound batches; null when there is none.</summary>
    public long? FirstUtcMilliseconds { get; private set; }

    /// <summary>Last scheduled instant in sound batches; null when there is none.</summary>
    public long? LastUtcMilliseconds { get; private set; }

    /// <summary>The faults found, in order, the first <see cref="MaximumFaults"/> of them.</summary>
    public IReadOnlyList<ChainFault> Faults => _faults;

    /// <summary>How many faults were found in all.</summary>
    public long FaultCount { get; private set; }

    /// <summary>Takes the next batch.</summary>
    /// <param name="bytes">The envelope.</param>
    /// <param name="place">Key epoch and number that the place it was found in states (such as a file name); null when the place says nothing.</param>
    public void Add(ReadOnlySpan<byte> bytes, BatchPlace? place = null)
    {
        ChainFault? fault = SignedBatch.Check(bytes, Gateway, _findKey, out BatchEnvelope? envelope, out _);
        if (fault is not null)
        {
            Report(fault.Batch == 0 && place is not null ? fault with { KeyEpoch = place.KeyEpoch, Batch = place.Batch } : fault);
            SkipUnsound(place);
            return;
        }

        BatchManifest manifest = envelope!.Manifest;
        if (place is not null && place != new BatchPlace(manifest.KeyEpoch, manifest.Batch))
        {
            Report(manifest, ChainFaultKind.Place, string.Create(CultureInfo.InvariantCulture, $"batch {place.Batch} of key epoch {place.KeyEpoch}"));
            SkipUnsound(place);
            return;
        }

        if (IsNext(manifest, envelope.NoteHash))
        {
            _seen[manifest.Batch] = Shorten(envelope.NoteHash);
            (_last, _lastHash) = (manifest.Batch, envelope.NoteHash);
            Count(manifest);
        }
    }

    private void Count(BatchManifest manifest)
    {
        Batches++;
        Readings += manifest.ReadingCount;
        FirstUtcMilliseconds = Math.Min(FirstUtcMilliseconds ?? long.MaxValue, manifest.FirstUtcMilliseconds);
        LastUtcMilliseconds = Math.Max(LastUtcMilliseconds ?? long.MinValue, manifest.LastUtcMilliseconds);
    }

    // Reports what is wrong with the place of a sound batch; true when the chain goes on from it.
    private bool IsNext(BatchManifest manifest, string noteHash)
    {
        if (manifest.KeyEpoch < KeyEpoch)
        {
            Report(manifest, ChainFaultKind.Epoch, string.Create(CultureInfo.InvariantCulture, $"{manifest.KeyEpoch} after {KeyEpoch}"));
            return false;
        }

        if (manifest.KeyEpoch > KeyEpoch)
        {
            StartEpoch(manifest.KeyEpoch);
        }

        if (manifest.Batch <= _last)
        {
            ReportRepeat(manifest, noteHash);
            return false;
        }

        if (manifest.Batch > _last + 1)
        {
            string which = manifest.Batch == _last + 2
                ? string.Create(CultureInfo.InvariantCulture, $"{_last + 1}")
                : string.Create(CultureInfo.InvariantCulture, $"{_last + 1} to {manifest.Batch - 1}");
            Report(manifest, ChainFaultKind.Missing, which);
        }
        else if (_lastHash is not null && manifest.PreviousHash != _lastHash)
        {
            Report(manifest, ChainFaultKind.Link, "");
        }

        return true;
    }

    private void ReportRepeat(BatchManifest manifest, string noteHash)
    {
        if (!_seen.TryGetValue(manifest.Batch, out UInt128 hash))
        {
            _seen[manifest.Batch] = Shorten(noteHash);
            Report(manifest, ChainFaultKind.Order, _last.ToString(CultureInfo.InvariantCulture));
            Count(manifest);
            return;
        }

        Report(manifest, hash == Shorten(noteHash) ? ChainFaultKind.Duplicate : ChainFaultKind.Fork, "");
    }

    // A place that holds an unsound batch counts as passed, and its link to the next one as unknown: the fault is
    // reported once, at the batch that has it.
    private void SkipUnsound(BatchPlace? place)
    {
        if (place is null || place.KeyEpoch < KeyEpoch)
        {
            return;
        }

        if (place.KeyEpoch > KeyEpoch)
        {
            StartEpoch(place.KeyEpoch);
        }

        if (place.Batch == _last + 1)
        {
            (_last, _lastHash) = (place.Batch, null);
        }
    }

    private void StartEpoch(int keyEpoch)
    {
        (KeyEpoch, _last, _lastHash) = (keyEpoch, 0, BatchManifest.NoPrevious);
        _seen.Clear();
    }

    private void Report(BatchManifest manifest, ChainFaultKind kind, string detail) => Report(new(manifest.KeyEpoch, manifest.Batch, kind, detail));

    private void Report(ChainFault fault)
    {
        FaultCount++;
        if (_faults.Count < MaximumFaults)
        {
            _faults.Add(fault);
        }
    }

    // 128 of the 256 bits tell two batches apart here; only the memory for long chains is at stake.
    private static UInt128 Shorten(string hash) => UInt128.Parse(hash.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

/// <summary>Where a batch belongs in its gateway's chain.</summary>
/// <param name="KeyEpoch">Key epoch, from 1.</param>
/// <param name="Batch">Number, from 1.</param>
public sealed record BatchPlace(int KeyEpoch, long Batch);
