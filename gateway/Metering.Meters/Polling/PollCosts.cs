namespace Metering.Meters.Polling;

/// <summary>
/// What a request costs on one line: cost = per request + registers x per register + the meter's own time. It decides whether two
/// values are cheaper apart or together with the registers between them.
/// </summary>
/// <param name="PerRequest">Time on the wire that every request takes, whatever it reads.</param>
/// <param name="PerRegister">Time on the wire of one register.</param>
/// <param name="Turnaround">The meter's own time between request and answer: assumed first, then learnt.</param>
public readonly record struct PollCosts(TimeSpan PerRequest, TimeSpan PerRegister, TimeSpan Turnaround)
{
    // Request: unit, function, start, count, CRC. Answer: unit, function, byte count, CRC.
    private const int RequestCharacters = 8;
    private const int AnswerCharacters = 5;
    private const int RegisterCharacters = 2;
    private const double SilentCharacters = 3.5;

    private static readonly TimeSpan ShortestSilence = TimeSpan.FromMicroseconds(1750);
    private static readonly TimeSpan SerialTurnaround = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan TcpTurnaround = TimeSpan.FromMilliseconds(5);

    /// <summary>Silence the meter needs between two requests; others may be asked meanwhile. It speaks for fewer requests, but is no part of <see cref="Of"/>.</summary>
    public TimeSpan Gap { get; init; }

    /// <summary>A TCP line: what a register adds is next to nothing, so that fewer requests are always cheaper.</summary>
    public static PollCosts Tcp => new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMicroseconds(1), TcpTurnaround);

    /// <summary>A serial line: 13 characters and two silences of 3.5 characters, at least 1.75 ms, a request (MODBUS over Serial Line V1.02, 2.5.1.1); two characters a register.</summary>
    /// <param name="characterTime">Time of one character on the wire.</param>
    public static PollCosts Serial(TimeSpan characterTime)
    {
        TimeSpan silence = characterTime * SilentCharacters;
        silence = silence > ShortestSilence ? silence : ShortestSilence;
        return new((characterTime * (RequestCharacters + AnswerCharacters)) + (2 * silence), characterTime * RegisterCharacters, SerialTurnaround);
    }

    /// <summary>Time on the wire of a request for a number of registers.</summary>
    public TimeSpan WireOf(int registers) => PerRequest + (PerRegister * registers);

    /// <summary>Time a request for a number of registers takes in all.</summary>
    public TimeSpan Of(int registers) => WireOf(registers) + Turnaround;

    /// <summary>The most registers that a request may read to stay within a time; at least 1.</summary>
    public int RegistersWithin(TimeSpan time)
    {
        double registers = (time - PerRequest - Turnaround) / PerRegister;
        return registers < 1 ? 1 : (int)Math.Min(registers, ushort.MaxValue);
    }
}
