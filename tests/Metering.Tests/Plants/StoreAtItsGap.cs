using System.Reflection;
using Metering.Store;

namespace Metering.Tests.Plants;

/// <summary>
/// A real store at the moment between the commit of a batch and the moment its readings can be read: the journal ends with it already, and nothing of it is read yet.
/// Not sealed: the class that forwards the calls derives from it.
/// </summary>
public class StoreAtItsGap : DispatchProxy
{
    private IReadingStore store = null!;

    /// <summary>Whether the newest batch cannot be read yet.</summary>
    public bool IsInGap { get; set; }

    /// <summary>The store in the gap.</summary>
    public static (IReadingStore Store, StoreAtItsGap Gap) Of(IReadingStore store)
    {
        IReadingStore seen = Create<IReadingStore, StoreAtItsGap>();
        StoreAtItsGap gap = (StoreAtItsGap)(object)seen;
        (gap.store, gap.IsInGap) = (store, true);
        return (seen, gap);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        ArgumentNullException.ThrowIfNull(args);
        return targetMethod.Name switch
        {
            nameof(IReadingStore.Read) when IsInGap => store.Read((string)args[0]!, (string)args[1]!, (long)args[2]!, (long)args[2]!),
            nameof(IReadingStore.StandingAfter) when IsInGap => store.StandingAfter((long)args[0]!) with { Through = store.LastSequence - 1 },
            _ => targetMethod.Invoke(store, args),
        };
    }
}
