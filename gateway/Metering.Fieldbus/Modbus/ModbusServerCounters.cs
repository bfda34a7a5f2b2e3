namespace Metering.Fieldbus.Modbus;

/// <summary>
/// What a server has seen since it was made, over all its connections. Any thread may read. The figures behind function 8 (V1.1b3, 6.8.1)
/// are kept beside these, because a client may clear them.
/// </summary>
public sealed class ModbusServerCounters
{
    private const int FunctionCount = 256;
    private readonly long[] _functions = new long[FunctionCount];
    private readonly long[] _diagnostics = new long[(int)ServerDiagnostic.Count];
    private long _requests;
    private long _deviceFaults;

    /// <summary>Requests received, those answered with silence included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests during which the device threw; they were answered with exception 4.</summary>
    public long DeviceFaults => Interlocked.Read(ref _deviceFaults);

    /// <summary>Requests with a function code, known or not.</summary>
    public long RequestsOf(byte function) => Interlocked.Read(ref _functions[function]);

    /// <summary>Every function code that was ever asked for, in rising order: what a master really sends.</summary>
    public IReadOnlyList<byte> FunctionsSeen()
    {
        List<byte> seen = [];
        for (int function = 0; function < FunctionCount; function++)
        {
            if (RequestsOf((byte)function) > 0)
            {
                seen.Add((byte)function);
            }
        }

        return seen;
    }

    internal void CountRequest(byte function)
    {
        _ = Interlocked.Increment(ref _requests);
        _ = Interlocked.Increment(ref _functions[function]);
    }

    internal void CountDeviceFault() => Interlocked.Increment(ref _deviceFaults);

    internal void Count(ServerDiagnostic kind) => Interlocked.Increment(ref _diagnostics[(int)kind]);

    /// <summary>Sixteen bits, as function 8 sends them.</summary>
    internal ushort Diagnostic(ServerDiagnostic kind) => unchecked((ushort)Interlocked.Read(ref _diagnostics[(int)kind]));

    internal void ClearDiagnostics()
    {
        for (int kind = 0; kind < _diagnostics.Length; kind++)
        {
            _ = Interlocked.Exchange(ref _diagnostics[kind], 0);
        }
    }
}

/// <summary>The counters of function 8, in the order of its sub-functions 11 to 18.</summary>
internal enum ServerDiagnostic
{
    BusMessages = 0,
    CommunicationErrors,
    Exceptions,
    ServerMessages,
    NoResponses,
    NegativeAcknowledges,
    Busy,
    CharacterOverruns,
    Count,
}
