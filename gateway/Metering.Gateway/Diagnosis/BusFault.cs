using System.Globalization;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Diagnosis;

/// <summary>What a fault of a running bus means: the rows that doctor and scan tell from, for the log and for the local page.</summary>
internal static class BusFault
{
    /// <summary>Whether a line is a TCP connection; the others are device files.</summary>
    /// <param name="line">host:port or the device file.</param>
    internal static bool IsTcp(string line) => !line.StartsWith('/');

    /// <summary>Why a bus is away.</summary>
    /// <param name="problem">Why it does not open; null when it was open and broke off.</param>
    /// <param name="line">host:port or the device file.</param>
    internal static Symptom SymptomOf(FieldbusProblem? problem, string line) => problem is FieldbusProblem known
        ? Symptoms.Of(known, IsTcp(line))
        : Symptoms.Of(new ModbusReply(ModbusOutcome.Disconnected, 0), IsTcp(line));

    /// <summary>What to do about a bus that is away.</summary>
    /// <param name="line">host:port or the device file.</param>
    /// <param name="symptom">Why it is away.</param>
    /// <param name="words">The fieldbus' own words, told only where the table has none for them.</param>
    /// <param name="language">The language to tell it in.</param>
    internal static Advice Of(string line, Symptom symptom, string? words, Language language) => Advice.For(
        symptom,
        FactsOf(line) with { Detail = symptom == Symptom.PortBusy ? PortHolders.Named(line, language) : words },
        language);

    /// <summary>What to do about a meter's request that failed.</summary>
    internal static Advice Of(string line, byte unit, ModbusReply reply, TimeSpan waited, Language language) => Advice.For(
        Symptoms.Of(reply, IsTcp(line)),
        FactsOf(line) with
        {
            Unit = unit,
            Waited = Duration.ToText(waited),
            Detail = reply.ExceptionCode > 0 ? reply.ExceptionCode.ToString(CultureInfo.InvariantCulture) : null,
        },
        language);

    private static SymptomFacts FactsOf(string line) => new() { Line = line, Target = (IsTcp(line) ? "--tcp " : "--rtu ") + line };
}
