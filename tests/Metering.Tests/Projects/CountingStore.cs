using System.Collections.Concurrent;
using System.Reflection;
using Metering.Store;

namespace Metering.Tests.Projects;

/// <summary>A real store that notes whose readings are asked for. Everything else goes through unseen.</summary>
#pragma warning disable CA1852, MA0053 // The proxy derives from it.
internal class CountingStore : DispatchProxy
#pragma warning restore CA1852, MA0053
{
    private readonly ConcurrentQueue<string> asked = new();

    /// <summary>The store behind; another one is what a restored backup is to whoever keeps what the first one said.</summary>
    public IReadingStore Target { get; set; } = null!;

    /// <summary>A counting store over a real one.</summary>
    public static (IReadingStore Store, CountingStore Counter) Over(IReadingStore target)
    {
        IReadingStore store = Create<IReadingStore, CountingStore>();
        CountingStore counter = (CountingStore)(object)store;
        counter.Target = target;
        return (store, counter);
    }

    /// <summary>The channels ("gateway/channel") that were asked for since the last call, by whatever member, each once, in order.</summary>
    public string[] Take()
    {
        string[] all = [.. asked.Distinct().Order(StringComparer.Ordinal)];
        asked.Clear();
        return all;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (args is [string gateway, string channel, ..])
        {
            asked.Enqueue($"{gateway}/{channel}");
        }

        return targetMethod!.Invoke(Target, BindingFlags.DoNotWrapExceptions, null, args, null);
    }
}
