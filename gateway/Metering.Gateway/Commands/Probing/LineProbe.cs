using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;

namespace Metering.Gateway.Commands.Probing;

/// <summary>Where to look on a device.</summary>
/// <param name="Unit">Its unit id.</param>
/// <param name="Tables">The tables to look in.</param>
/// <param name="Register">The register a manual names, 0-based.</param>
internal sealed record ProbePlace(byte Unit, IReadOnlyList<ModbusTable> Tables, ushort Register);

/// <summary>
/// Reads a register with its neighbours, each place by itself: a device that refuses a range that begins in the middle of a value still
/// answers the others. One request at a time, reading only.
/// </summary>
internal static class LineProbe
{
    private const int LastAddress = 65_535;
    private static readonly int[] Lengths = [4, 2, 1];

    /// <summary>Reads each place once.</summary>
    /// <param name="client">The line.</param>
    /// <param name="line">Its answer timeout.</param>
    /// <param name="place">Where to look.</param>
    /// <param name="worst">The reply for the register itself where nothing was read there; Ok otherwise.</param>
    internal static IReadOnlyList<ProbeSpan> Read(ModbusClient client, ToolLine line, ProbePlace place, out ModbusReply worst)
    {
        List<ProbeSpan> spans = [];
        worst = ModbusReply.Ok;
        foreach (ModbusTable table in place.Tables)
        {
            foreach (int shift in new[] { 0, -1, 1 })
            {
                int address = place.Register + shift;
                if (address is < 0 or > LastAddress)
                {
                    continue;
                }

                ModbusReply reply = TryRead(client, line, place.Unit, table, (ushort)address, out ushort[] registers);
                if (reply.IsOk)
                {
                    spans.Add(new(table, (ushort)address, registers, null));
                }
                else if (reply.Outcome != ModbusOutcome.Exception)
                {
                    // Silence or a lost line: asking on would only cost a timeout each.
                    worst = reply;
                    return spans;
                }
                else if (shift == 0)
                {
                    worst = reply;
                }
            }
        }

        worst = spans.Count > 0 ? ModbusReply.Ok : worst;
        return spans;
    }

    /// <summary>Reads the same places again.</summary>
    internal static IReadOnlyList<ProbeSpan> ReadAgain(ModbusClient client, ToolLine line, byte unit, IReadOnlyList<ProbeSpan> spans)
    {
        List<ProbeSpan> again = [];
        foreach (ProbeSpan span in spans)
        {
            ushort[] registers = new ushort[span.First.Length];
            again.Add(client.Read(span.Table, unit, span.Address, registers, line.AnswerTimeout).IsOk ? span with { Second = registers } : span);
        }

        return again;
    }

    private static ModbusReply TryRead(ModbusClient client, ToolLine line, byte unit, ModbusTable table, ushort address, out ushort[] registers)
    {
        ModbusReply reply = default;
        registers = [];
        foreach (int length in Lengths)
        {
            if (address + length > LastAddress + 1)
            {
                continue;
            }

            registers = new ushort[length];
            reply = client.Read(table, unit, address, registers, line.AnswerTimeout);
            if (reply.Outcome != ModbusOutcome.Exception)
            {
                return reply;
            }
        }

        return reply;
    }
}
