using System.Globalization;
using System.Text;
using Metering.Gateway.Inputs;
using Metering.Gateway.Polling;

namespace Metering.Gateway.Bundling;

/// <summary>The statistics of the lines as text, for a person who was not there: faults, times, meters in quarantine.</summary>
internal static class LineReport
{
    /// <summary>One paragraph a bus, one line a meter.</summary>
    internal static string Of(PollingSnapshot polling)
    {
        StringBuilder text = new();
        Line(text, $"at {Utc(polling.AtUtcMilliseconds)}, running {polling.Running}, {polling.ReadingCount} readings, {polling.PassedSlots} slots passed unread");
        foreach (BusSnapshot bus in polling.Buses)
        {
            Line(text, $"");
            Line(text, $"bus {bus.Id} at {bus.Line}: {bus.State}{(bus.Problem is string problem ? $" ({problem})" : "")}");
            Line(text, $"  busy {bus.UtilisationPercent} %, opened {bus.Connections} times, late replies {bus.LateReplies}, bytes thrown away {bus.DiscardedBytes}");
            Line(text, $"  requests: {Counts(bus.Outcomes)}");
            foreach (RateSnapshot rate in bus.Rates)
            {
                Line(text, $"  every {rate.Interval}: {rate.Requests} requests, {rate.Registers} registers; cycle predicted {Milliseconds(rate.Predicted)}, {Times(rate.Cycle)}; slots {rate.Slots}, missed {rate.MissedSlots}");
            }

            foreach (MeterSnapshot meter in bus.Meters)
            {
                Line(text, $"  meter {meter.Id} unit {meter.Unit} ({meter.Profile}): {meter.State}, last {meter.LastOutcome}{(meter.ExceptionCode > 0 ? $" {meter.ExceptionCode}" : "")}, last good {Utc(meter.LastGoodUtcMilliseconds)}");
                Line(text, $"    requests: {Counts(meter.Outcomes)}; retries {meter.Retries}, confirmations {meter.Confirmations}, contradictions {meter.Contradictions}, splits {meter.Splits}");
                Line(text, $"    turnaround {Times(meter.Turnaround)}; failures in a row {meter.ConsecutiveFailures}, quarantined until {Utc(meter.NextProbeUtcMilliseconds)}");
            }
        }

        return text.ToString();
    }

    private static string Counts(OutcomeCounts counts) =>
        string.Create(CultureInfo.InvariantCulture, $"ok {counts.Ok}, timeout {counts.Timeouts}, crc {counts.CrcError}, exception {counts.Exception}, unexpected {counts.UnexpectedReply}, disconnected {counts.Disconnected}");

    private static string Times(TimingSnapshot times) =>
        string.Create(CultureInfo.InvariantCulture, $"measured {times.Count}: last {Milliseconds(times.Last)}, median {Milliseconds(times.P50)}, p99 {Milliseconds(times.P99)}, longest {Milliseconds(times.Maximum)}");

    private static string Milliseconds(TimeSpan? time) => time is TimeSpan known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:0.#} ms") : "-";

    private static string Utc(long? milliseconds) => milliseconds is long at ? FieldNumbers.Instant(at) : "-";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
