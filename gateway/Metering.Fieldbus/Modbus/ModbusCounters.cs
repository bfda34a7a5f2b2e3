namespace Metering.Fieldbus.Modbus;

/// <summary>What a line has seen. Counted by the line's thread; any thread may read, each figure by itself.</summary>
public sealed class ModbusCounters
{
    private long _requests;
    private long _connections;
    private long _lateReplies;
    private long _discardedBytes;
    private long _echoes;

    /// <summary>Requests sent, repetitions and probes included.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>How often the line was opened.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Whole replies that fitted no open request and were thrown away: late, doubled or foreign ones.</summary>
    public long LateReplies => Volatile.Read(ref _lateReplies);

    /// <summary>Bytes thrown away on a serial line: noise, echo, other units' frames.</summary>
    public long DiscardedBytes => Volatile.Read(ref _discardedBytes);

    /// <summary>Requests of ours that came back on a serial line, damaged or not: a two-wire line without echo suppression.</summary>
    public long Echoes => Volatile.Read(ref _echoes);

    internal void CountRequest() => Volatile.Write(ref _requests, _requests + 1);

    internal void CountConnection() => Volatile.Write(ref _connections, _connections + 1);

    internal void CountLateReply() => Volatile.Write(ref _lateReplies, _lateReplies + 1);

    internal void CountEchoes(int echoes) => Volatile.Write(ref _echoes, _echoes + echoes);

    internal void CountStrays(int lateReplies, int discardedBytes)
    {
        Volatile.Write(ref _lateReplies, _lateReplies + lateReplies);
        Volatile.Write(ref _discardedBytes, _discardedBytes + discardedBytes);
    }
}
