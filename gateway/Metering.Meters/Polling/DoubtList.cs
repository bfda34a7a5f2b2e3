namespace Metering.Meters.Polling;

/// <summary>A value that is to be read a second time.</summary>
/// <param name="Register">0-based index into the profile's registers.</param>
/// <param name="Block">The request that stands or falls with it; null when the doubt is of this value alone.</param>
internal readonly record struct Doubt(int Register, PollRequest? Block);

/// <summary>The values of one slot that are to be read a second time; no more than <see cref="MeterGroup.MaximumConfirmations"/>.</summary>
internal sealed class DoubtList
{
    private readonly Doubt[] _doubts = new Doubt[MeterGroup.MaximumConfirmations];

    internal int Count { get; private set; }

    internal Doubt this[int index] => _doubts[index];

    internal void Clear() => Count = 0;

    /// <summary>Adds a doubt, unless there is no room or the value is doubted already.</summary>
    internal void Add(int register, PollRequest? block)
    {
        for (int index = 0; index < Count; index++)
        {
            if (_doubts[index].Register == register)
            {
                return;
            }
        }

        if (Count < _doubts.Length)
        {
            _doubts[Count++] = new(register, block);
        }
    }
}
