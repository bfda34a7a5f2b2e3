using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Diagnosis;

namespace Metering.Gateway.Commands.Scanning;

/// <summary>
/// Looks for devices on a line: one request at a time, reading only. Any whole answer proves a device, an exception as well as a
/// value. The exceptions 10 and 11 are a converter's word that nobody is there.
/// </summary>
/// <param name="plan">What to ask.</param>
/// <param name="transportOf">Makes the transport of a line.</param>
/// <param name="identify">Asks a device what it is.</param>
/// <param name="clock">For the time left.</param>
internal sealed class LineScan(ScanPlan plan, Func<ToolLine, IModbusTransport> transportOf, Func<ModbusClient, ToolLine, byte, DeviceIdentity> identify, TimeProvider clock)
{
    private const int RepeatsOfDamaged = 2;
    private const int QualityReads = 4;
    private const int ClosedBeforeGivingUp = 3;

    private readonly List<(byte Unit, ModbusReply Reply)> _found = [];
    private readonly List<byte> _damagedUnits = [];
    private readonly long _start = clock.GetTimestamp();
    private Action<ScanProgress>? _progress;
    private int _planned = plan.RequestCount;
    private int _asked;
    private int _timeouts;
    private int _echoes;
    private int _closed;
    private int _absent;
    private bool _isDamaged;

    /// <summary>Scans until all is asked or a person has enough.</summary>
    /// <exception cref="FieldbusException">The line did not open.</exception>
    internal ScanResult Run(Action<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        _progress = progress;
        ToolLine last = plan.Steps[0].Line;
        HashSet<ToolLine> refused = [];
        foreach (ScanStep step in plan.Steps)
        {
            if (cancellationToken.IsCancellationRequested || refused.Contains(step.Line))
            {
                continue;
            }

            last = step.Line;
            using ModbusClient client = new(transportOf(step.Line));
            if (!TryOpen(client, refused, step))
            {
                continue;
            }

            _closed = 0;
            AskAll(client, step.Line, step.Units, cancellationToken);
            if (_closed >= ClosedBeforeGivingUp)
            {
                _ = refused.Add(step.Line);
            }

            if (_found.Count > 0)
            {
                return Finish(client, step, cancellationToken);
            }
        }

        return new() { Line = last, Devices = [], IsCancelled = cancellationToken.IsCancellationRequested, Requests = _asked, Symptom = Diagnose(last) };
    }

    // A speed or shape that the adapter does not take is left out; any other fault ends the scan.
    private bool TryOpen(ModbusClient client, HashSet<ToolLine> refused, ScanStep step)
    {
        try
        {
            client.Transport.Open();
            return true;
        }
        catch (FieldbusException e) when (e.Kind == FieldbusProblem.UnsupportedSetting && !step.Line.IsTcp && plan.Steps.Count > 1)
        {
            _ = refused.Add(step.Line);
            _planned -= step.Units.Count;
            return false;
        }
    }

    private void AskAll(ModbusClient client, ToolLine line, IReadOnlyList<byte> units, CancellationToken cancellationToken)
    {
        foreach (byte unit in units)
        {
            if (cancellationToken.IsCancellationRequested || _closed >= ClosedBeforeGivingUp)
            {
                return;
            }

            _progress?.Invoke(new(line, unit, _found.Count, TimeLeft()));
            Take(unit, Ask(client, line, unit));
        }
    }

    private ModbusReply Ask(ModbusClient client, ToolLine line, byte unit)
    {
        Span<ushort> register = stackalloc ushort[1];
        long echoes = client.Transport.Counters.Echoes;
        ModbusReply reply = client.ReadHoldingRegisters(unit, 0, register, line.AnswerTimeout);
        _asked++;
        if (reply.Outcome == ModbusOutcome.Timeout)
        {
            _timeouts++;
            _echoes += client.Transport.Counters.Echoes > echoes ? 1 : 0;
        }

        return reply;
    }

    private void Take(byte unit, ModbusReply reply)
    {
        _closed = reply.Outcome == ModbusOutcome.Disconnected ? _closed + 1 : 0;
        switch (reply.Outcome)
        {
            case ModbusOutcome.Exception when reply.ExceptionCode is ModbusExceptionCode.GatewayPathUnavailable or ModbusExceptionCode.GatewayTargetFailedToRespond:
                _absent++;
                break;
            case ModbusOutcome.Ok or ModbusOutcome.Exception or ModbusOutcome.UnexpectedReply:
                _found.Add((unit, reply));
                break;
            case ModbusOutcome.CrcError:
                _isDamaged = true;
                _damagedUnits.Add(unit);
                break;
            default:
                break;
        }
    }

    private ScanResult Finish(ModbusClient client, ScanStep step, CancellationToken cancellationToken)
    {
        bool answersEveryUnit = step.Line is { IsTcp: true, Framing: TcpFraming.Modbus } && _found.Count == step.Units.Count;
        if (answersEveryUnit)
        {
            _found.RemoveRange(1, _found.Count - 1);
        }
        else
        {
            List<byte> rest = [.. plan.AllUnits.Except(step.Units)];
            _planned = _asked + rest.Count;
            AskAll(client, step.Line, rest, cancellationToken);
        }

        List<byte> overlapping = [.. _damagedUnits.Where(unit => IsAlwaysDamaged(client, step.Line, unit, cancellationToken))];
        (int damaged, int reads) = Measure(client, step.Line, cancellationToken);
        List<FoundDevice> devices = [];
        foreach ((byte unit, ModbusReply reply) in _found.OrderBy(found => found.Unit))
        {
            devices.Add(new(unit, reply, cancellationToken.IsCancellationRequested ? DeviceIdentity.Unknown : identify(client, step.Line, unit)));
        }

        return new()
        {
            Line = step.Line,
            Devices = devices,
            AnswersEveryUnit = answersEveryUnit,
            IsCancelled = cancellationToken.IsCancellationRequested,
            Overlapping = overlapping,
            DamagedPercent = reads > 0 ? (int)Math.Ceiling(100.0 * damaged / reads) : null,
            Requests = _asked,
        };
    }

    private bool IsAlwaysDamaged(ModbusClient client, ToolLine line, byte unit, CancellationToken cancellationToken)
    {
        for (int repeat = 0; repeat < RepeatsOfDamaged && !cancellationToken.IsCancellationRequested; repeat++)
        {
            ModbusReply reply = Ask(client, line, unit);
            if (reply.Outcome is ModbusOutcome.Ok or ModbusOutcome.Exception)
            {
                _found.Add((unit, reply));
                return false;
            }

            if (reply.Outcome != ModbusOutcome.CrcError)
            {
                return false;
            }
        }

        return true;
    }

    private (int Damaged, int Reads) Measure(ModbusClient client, ToolLine line, CancellationToken cancellationToken)
    {
        int damaged = 0;
        int reads = 0;
        foreach ((byte unit, _) in _found)
        {
            for (int repeat = 0; repeat < QualityReads && !cancellationToken.IsCancellationRequested; repeat++)
            {
                damaged += Ask(client, line, unit).Outcome == ModbusOutcome.CrcError ? 1 : 0;
                reads++;
            }
        }

        return (damaged, reads);
    }

    private Symptom Diagnose(ToolLine last)
    {
        if (_isDamaged)
        {
            return Symptom.AlwaysDamaged;
        }

        if (last.IsTcp)
        {
            return _absent > 0 ? Symptom.TargetSilent : _closed >= ClosedBeforeGivingUp ? Symptom.ConnectionClosed : Symptom.SilenceBehindConverter;
        }

        return _closed >= ClosedBeforeGivingUp ? Symptom.PortGone : _timeouts > 0 && _echoes == _timeouts ? Symptom.Echo : Symptom.SilenceOfAllUnits;
    }

    private TimeSpan? TimeLeft() =>
        _asked == 0 ? null : clock.GetElapsedTime(_start) / _asked * Math.Max(0, _planned - _asked);
}
