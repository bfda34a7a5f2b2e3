using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion.Import;

/// <summary>
/// Brings unsigned readings (files, other databases, line protocol) into the same journal as those of gateways: as batches of a
/// chain that the cloud signs with its own import key, so that idempotence, mirror, rebuild and evidence work unchanged. The
/// enrolment says that it is an import, and whoever reads the readings sees it. The chain's head is taken from the store, so a
/// process that is killed leaves no fork behind: what was durable is there, the rest comes again. May be called from any thread;
/// calls wait for each other.
/// </summary>
public sealed class ImportWriter : IDisposable
{
    private const int MaximumAttempts = 8;
    private const int BootLength = 8;

    private readonly IReadingStore _store;
    private readonly ImportOptions _options;
    private readonly TimeProvider _clock;
    private readonly int _keyEpoch;
    private readonly long _started;
    private readonly string _boot = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BootLength));
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Null: not known, the store is asked.
    private ChainHead? _head;

    private ImportWriter(IReadingStore store, ImportOptions options, TimeProvider clock, int keyEpoch)
    {
        (_store, _options, _clock, _keyEpoch) = (store, options, clock, keyEpoch);
        _started = clock.GetTimestamp();
    }

    /// <summary>The gateway identifier the readings stand under, such as "import-scada-2019".</summary>
    public string Gateway => _options.Gateway;

    /// <summary>Number of the key the batches are signed with: 1, and one more whenever the import key is a new one.</summary>
    public int KeyEpoch => _keyEpoch;

    /// <summary>Makes the import known to the store, if it is not yet.</summary>
    /// <param name="store">The store; nobody else may append to it unless it takes several appending processes.</param>
    /// <param name="options">Name, plant and key.</param>
    /// <param name="clock">Where the time that batches are signed with comes from.</param>
    /// <exception cref="ArgumentException">Name or plant is no <see cref="Identifier"/>, or a limit is outside its range.</exception>
    /// <exception cref="ImportException">The name belongs to another plant or to a gateway.</exception>
    /// <exception cref="StoreException">The store fails, or another process appends to it (75).</exception>
    public static ImportWriter Open(IReadingStore store, ImportOptions options, TimeProvider clock)
    {
        _ = Identifier.Require(options.Gateway, nameof(options));
        _ = Identifier.Require(options.Plant, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReadingsPerBatch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReadingsPerBatch, BatchLimits.MaximumReadings, nameof(options));
        store.BecomeWriter();
        return new(store, options, clock, Enrol(store, options));
    }

    /// <summary>Brings readings in; every one is durable when the task ends.</summary>
    /// <param name="channels">The channels; <see cref="Reading.ChannelIndex"/> points into it.</param>
    /// <param name="readings">The readings, in any order; of two of one channel at one instant the later one stands.</param>
    /// <param name="cancellationToken">Ends the work between two batches; what was durable stays.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="ArgumentException">A channel is not sound, or a reading points outside the list.</exception>
    /// <exception cref="ImportException">A channel has another unit, kind or number of decimals in the store, or a stored reading would change and may not; nothing was written.</exception>
    /// <exception cref="StoreException">The store fails; what was durable stays, and the same call again adds the rest.</exception>
    public async Task<ImportCounts> WriteAsync(IReadOnlyList<Channel> channels, ReadOnlyMemory<Reading> readings, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ImportSelection selection = ImportSelection.Of(_store, _options, channels, readings.Span);
            long batches = 0;
            foreach (ReadOnlyMemory<Reading> batch in selection.Batches(_options.ReadingsPerBatch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await AppendAsync(channels, batch, cancellationToken);
                batches++;
            }

            return new(selection.New, selection.Changed, selection.Same, batches);
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>Lets go of what it holds; the store and the key stay open.</summary>
    public void Dispose() => _turn.Dispose();

    // The epoch under which our key is enrolled; a key that is new to the store gets the next one.
    private static int Enrol(IReadingStore store, ImportOptions options)
    {
        string publicKey = SigningKey.PublicPem(options.Key);
        int newest = 0;
        foreach (GatewayEnrolment enrolment in store.Enrolments())
        {
            if (enrolment.Gateway != options.Gateway)
            {
                continue;
            }

            if (enrolment.Origin != options.Origin)
            {
                throw enrolment.Origin == ReadingOrigin.Gateway
                    ? new ImportException("{0} es un gateway con llave propia. Dé otro nombre a la importación.", $"{options.Gateway} is a gateway with a key of its own. Give another name to the import.")
                    : new ImportException("la importación {0} tiene lecturas de otro grado de evidencia ({1}, no {2}). Dé otro nombre a esta.", $"the import {options.Name} holds readings of another evidence grade ({enrolment.Origin}, not {options.Origin}). Give another name to this one.");
            }

            if (enrolment.Plant != options.Plant)
            {
                throw new ImportException("la importación {0} trae lecturas a la planta {1}, no a {2}. Dé otro nombre a la importación, o la planta correcta.", $"the import {options.Name} brings readings into plant {enrolment.Plant}, not {options.Plant}. Give another name to the import, or the right plant.");
            }

            if (enrolment.PublicKeyPem == publicKey)
            {
                return enrolment.KeyEpoch;
            }

            newest = Math.Max(newest, enrolment.KeyEpoch);
        }

        store.Enrol(new(options.Gateway, newest + 1, options.Plant, publicKey, options.Origin));
        return newest + 1;
    }

    private async Task AppendAsync(IReadOnlyList<Channel> channels, ReadOnlyMemory<Reading> readings, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= MaximumAttempts; attempt++)
        {
            ChainHead head = _head ?? _store.Head(Gateway, _keyEpoch);

            // Until the outcome is known: a cancelled or failed append may have been stored all the same.
            _head = null;
            (byte[] bytes, string noteHash) = BatchBuilder.Build(IdentityAfter(head), channels, readings.Span, [], _options.Key);
            BatchEnvelope envelope = BatchEnvelope.Open(bytes);
            AppendOutcome outcome = await AppendAsync(envelope, bytes, cancellationToken);
            if (outcome is AppendOutcome.Stored or AppendOutcome.Duplicate)
            {
                _head = new(head.Through + 1, noteHash);
                return;
            }

            // Somebody else wrote under this name meanwhile: behind them, then.
        }

        throw new ImportException("otro proceso sigue escribiendo con la importación {0}. Deténgalo, o dé a esta un nombre propio.", $"another process keeps writing under the import {_options.Name}. Stop it, or give this import a name of its own.");
    }

    private async Task<AppendOutcome> AppendAsync(BatchEnvelope envelope, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.AppendAsync(envelope, bytes, envelope.ReadSegments(), cancellationToken);
        }
        catch (WireFormatException e)
        {
            throw new ImportException("el almacén rechaza las lecturas: {0}", $"the store refuses the readings: {e.Message}", e);
        }
    }

    private BatchIdentity IdentityAfter(ChainHead head) => new()
    {
        Gateway = Gateway,
        KeyEpoch = _keyEpoch,
        Boot = _boot,
        Batch = head.Through + 1,
        PreviousHash = head.NoteHash,
        ConfigHash = _options.SourceHash,
        Software = _options.Software,

        // Nothing is known of the clock that stamped these readings.
        Clock = ClockState.Unknown,
        MonotonicMilliseconds = (long)_clock.GetElapsedTime(_started).TotalMilliseconds,
        AnchorUtcMilliseconds = _clock.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}
