using Metering.Gateway.Keys;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>
/// One row of numbers over all key epochs, so that "everything up to here" has one meaning: the batches of the first epoch
/// from 1, then one place for the change of key, then the batches of the next epoch, and so on. Without a change of key the
/// place of a batch is its number.
/// </summary>
internal sealed class BatchPlaces
{
    private readonly IReadOnlyList<RotationStep> _steps;
    private readonly long[] _bases;

    internal BatchPlaces(int keyEpoch, IReadOnlyList<RotationStep> steps)
    {
        _steps = steps;
        FirstEpoch = keyEpoch - steps.Count;
        _bases = new long[steps.Count + 1];
        for (int index = 0; index < steps.Count; index++)
        {
            _bases[index + 1] = _bases[index] + steps[index].Rotation.Through + 1;
        }
    }

    internal int FirstEpoch { get; }

    internal int LastEpoch => FirstEpoch + _steps.Count;

    /// <summary>Place of the last change of key; 0 when there is none.</summary>
    internal long LastBase => _bases[^1];

    /// <summary>The place of a batch, or of the change to an epoch when the number is 0; null when the epoch is not in the row, or had no such batch.</summary>
    internal long? PlaceOf(int keyEpoch, long batch)
    {
        int index = keyEpoch - FirstEpoch;
        bool isThere = index >= 0 && index < _bases.Length && batch >= 0 && (index == _steps.Count || batch <= _steps[index].Rotation.Through);
        return isThere ? _bases[index] + batch : null;
    }

    /// <summary>Key epoch and number of a place; number 0 is the change to that epoch, or the beginning.</summary>
    internal (int KeyEpoch, long Batch) At(long place)
    {
        int index = _bases.Length - 1;
        while (index > 0 && _bases[index] > place)
        {
            index--;
        }

        return (FirstEpoch + index, place - _bases[index]);
    }

    /// <summary>The change of key at a place, or null when a batch stands there.</summary>
    internal RotationStep? StepAt(long place)
    {
        (int epoch, long batch) = At(place);
        return batch == 0 && epoch > FirstEpoch ? _steps[epoch - FirstEpoch - 1] : null;
    }

    /// <summary>Last batch of an epoch that is over, with its hash; null for the epoch that signs now.</summary>
    internal KeyRotation? EndOf(int keyEpoch) => keyEpoch < LastEpoch ? _steps[keyEpoch - FirstEpoch].Rotation : null;
}
