using Metering.Fieldbus.Serial;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// An RTU bus seen from its master, over any line of bytes. A serial reply does not say which request it answers, so a late one can
/// look right and carry another register's values. What keeps such values out: input is drained before each request; a
/// reply counts only with the right unit, function, exact byte count and CRC; after a fault the line is listened to until it is quiet;
/// and while a reply may still be owed, the unit is asked for a quantity that no owed reply fits (a little more), or probed first with a
/// shorter request or one of another table. One call may therefore send up to four requests, each with its own answer timeout.
/// </summary>
internal sealed class RtuBus
{
    private const int MaximumAttempts = 4;
    private const int MaximumLongerSteps = 8;
    private readonly ISerialLine _line;
    private readonly RtuWire _wire;
    private readonly ReconnectBackoff _backoff;
    private readonly OwedReplies _owed;
    private byte _lastUnit;
    private ReadRequest _last;
    private bool _hasLast;
    private bool _isTainted = true; // nobody knows what was on the line before
    private volatile bool _isStopped;

    /// <param name="line">The line; stays the caller's to dispose of.</param>
    /// <param name="timing">Its silences.</param>
    /// <param name="options">How long late replies live, and when to open the line anew.</param>
    /// <param name="lineClock">Tells the time on the line; the system's unless the line is simulated.</param>
    internal RtuBus(ISerialLine line, RtuTiming timing, RtuTransportOptions options, TimeProvider lineClock)
    {
        _line = line;
        _wire = new RtuWire(line, timing, lineClock, Counters);
        _backoff = new ReconnectBackoff(options.Clock, options.FirstReopenDelay, options.ReopenDelayLimit);
        _owed = new OwedReplies(options.LateReplyLifetime, lineClock);
    }

    internal ModbusCounters Counters { get; } = new();

    internal FieldbusException? LastProblem { get; private set; }

    internal void Open()
    {
        if (_isStopped)
        {
            throw new FieldbusException(FieldbusProblem.Other, "The line was stopped.");
        }

        if (_line.IsOpen && Counters.Connections > 0)
        {
            return;
        }

        try
        {
            _line.Open();
        }
        catch (FieldbusException problem)
        {
            LastProblem = problem;
            _backoff.Failed();
            throw;
        }

        LastProblem = null;
        _backoff.Succeeded();
        _isTainted = true;
        Counters.CountConnection();
    }

    /// <summary>From now on nothing is asked any more. The caller wakes the line.</summary>
    internal void Stop() => _isStopped = true;

    internal ModbusReply ReadRegisters(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
    {
        ModbusReply reply = Exchange(unit, ReadRequest.Registers(table, start, destination.Length, answerTimeout), answerTimeout, out ReadOnlySpan<byte> pdu);
        if (reply.IsOk)
        {
            ReadRequest.CopyRegisters(pdu[2..], destination);
        }

        return reply;
    }

    internal ModbusReply ReadBits(byte unit, ModbusTable table, ushort start, Span<bool> destination, TimeSpan answerTimeout)
    {
        ModbusReply reply = Exchange(unit, ReadRequest.Bits(table, start, destination.Length, answerTimeout), answerTimeout, out ReadOnlySpan<byte> pdu);
        if (reply.IsOk)
        {
            ReadRequest.CopyBits(pdu[2..], destination);
        }

        return reply;
    }

    internal ModbusReply ReadIdentity(byte unit, IdentityQuestion question, Span<byte> destination, TimeSpan answerTimeout, out int length)
    {
        ReadRequest.CheckIdentityRoom(destination);
        ModbusReply reply = Exchange(unit, ReadRequest.Identity(question, answerTimeout), answerTimeout, out ReadOnlySpan<byte> pdu);
        pdu.CopyTo(destination);
        length = pdu.Length;
        return reply;
    }

    // The PDU is empty unless the outcome is Ok, and may hold more values than were asked for.
    private ModbusReply Exchange(byte unit, ReadRequest request, TimeSpan answerTimeout, out ReadOnlySpan<byte> pdu)
    {
        ArgumentOutOfRangeException.ThrowIfZero(unit);
        pdu = default;
        if (!EnsureOpen())
        {
            return ModbusReply.Failed(ModbusOutcome.Disconnected);
        }

        _owed.ForgetExpired();
        ModbusReply reply = default;
        for (int attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            reply = Attempt(unit, request, answerTimeout, out pdu, out bool isFinal);
            if (isFinal)
            {
                return reply;
            }
        }

        pdu = default;
        return reply.IsOk ? ModbusReply.Failed(ModbusOutcome.UnexpectedReply) : reply;
    }

    // One request. Not final when it only cleared the way for the request the caller wants.
    private ModbusReply Attempt(byte unit, ReadRequest request, TimeSpan answerTimeout, out ReadOnlySpan<byte> pdu, out bool isFinal)
    {
        isFinal = true;
        pdu = default;
        ModbusOutcome line = MakeQuiet(answerTimeout);
        if (line != ModbusOutcome.Ok)
        {
            return ModbusReply.Failed(line);
        }

        if (!TryChoose(unit, request, out ReadRequest chosen, out bool isProbe))
        {
            // Nothing is left to ask that an owed reply could not answer. The unit has the lifetime of a late reply to become quiet.
            return ModbusReply.Failed(ModbusOutcome.Timeout);
        }

        _lastUnit = unit;
        _last = chosen;
        _hasLast = true;
        ModbusReply reply = _wire.Ask(unit, chosen, answerTimeout, out pdu, out bool hasMore);
        if (reply.IsOk)
        {
            _owed.ForgetUnit(unit); // answered in order: whatever was owed before will not come any more
            isFinal = !isProbe;
            if (hasMore)
            {
                Taint(unit, chosen); // a doubled reply, it may have a third copy
            }

            return reply;
        }

        // An exception may belong to an earlier request that is still owed one. Then ask again; this request's own reply is owed now.
        bool isException = reply.Outcome == ModbusOutcome.Exception && reply.ExceptionCode != ModbusExceptionCode.Acknowledge;
        if (isException && chosen.Function != request.Function)
        {
            _owed.ForgetUnit(unit); // nothing of this function was owed, so it is the probe's own: the device has got this far
            isFinal = false;
            return reply;
        }

        if (isException && !_owed.DischargeOldest(unit, chosen.Function))
        {
            return reply;
        }

        isFinal = !isException;
        Taint(unit, chosen);
        return reply;
    }

    // A request no owed reply fits: the wanted one, a few steps more, else a probe. False when there is none.
    private bool TryChoose(byte unit, ReadRequest request, out ReadRequest chosen, out bool isProbe)
    {
        isProbe = false;
        chosen = request;
        if (_owed.IsEmpty || !_owed.Contains(unit, request))
        {
            return true;
        }

        for (int step = 0; step < MaximumLongerSteps && chosen.Count > 0; step++)
        {
            chosen = chosen.Longer();
            if (chosen.Count > 0 && !_owed.Contains(unit, chosen))
            {
                return true;
            }
        }

        isProbe = true;
        for (chosen = request.Shorter(); chosen.Count > 0; chosen = chosen.Shorter())
        {
            if (!_owed.Contains(unit, chosen))
            {
                return true;
            }
        }

        for (ModbusTable table = ModbusTable.InputRegisters; table > ModbusTable.None; table--)
        {
            chosen = request.InTable(table);
            if (chosen.Function != request.Function && !_owed.ContainsFunction(unit, chosen.Function))
            {
                return true;
            }
        }

        return false;
    }

    private ModbusOutcome MakeQuiet(TimeSpan patience)
    {
        bool wasTainted = _isTainted;
        ModbusOutcome outcome = _wire.MakeQuiet(wasTainted, patience, out bool hasDrained);
        if (hasDrained && !wasTainted && _hasLast)
        {
            _owed.Add(_lastUnit, _last); // nobody asked for these bytes: the last reply may be coming twice
        }

        _isTainted = outcome != ModbusOutcome.Ok;
        return outcome;
    }

    private void Taint(byte unit, ReadRequest request)
    {
        _owed.Add(unit, request);
        _isTainted = true;
    }

    private bool EnsureOpen()
    {
        if (_isStopped)
        {
            return false;
        }

        if (_line.IsOpen && Counters.Connections > 0)
        {
            return true;
        }

        if (!_backoff.MayTry)
        {
            return false;
        }

        try
        {
            Open();
            return true;
        }
        catch (FieldbusException)
        {
            return false; // kept in LastProblem
        }
    }
}
