using System.Globalization;
using Metering.Fieldbus.Modbus;
using Metering.Gateway.Commands.Lines;
using Metering.Gateway.Diagnosis;
using Metering.Meters.Profiles;
using Metering.Meters.Yaml;
using Metering.Readings;

namespace Metering.Gateway.Commands.Scanning;

/// <summary>
/// Finds the profiles a device fits: those whose identification it answers as expected, and those whose voltages and frequency it
/// answers with values of a usual supply. Profiles with none of these cannot be told by it.
/// </summary>
internal sealed class ProfileMatcher
{
    private const int MaximumProbes = 4;
    private const int IdentifiedScore = 20;
    private readonly List<(DeviceProfile Profile, IReadOnlyList<RegisterDefinition> Probes)> _profiles = [];

    internal ProfileMatcher(IEnumerable<DeviceProfile> profiles)
    {
        foreach (DeviceProfile profile in profiles)
        {
            RegisterDefinition[] probes = [.. profile.Registers.Where(register => register.Unit is "V" or "Hz").Take(MaximumProbes)];
            if (probes.Length > 0 || profile.Identification.Count > 0)
            {
                _profiles.Add((profile, probes));
            }
        }
    }

    /// <summary>The profiles of a folder; faulty ones are left out, since a scan is no check.</summary>
    internal static ProfileMatcher Load(string folder)
    {
        List<DeviceProfile> profiles = [];
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            if (ProfileFile.Load(file, new YamlFaults()) is DeviceProfile profile)
            {
                profiles.Add(profile);
            }
        }

        return new(profiles);
    }

    /// <summary>The profiles that fit, the best first.</summary>
    internal IReadOnlyList<ProfileCandidate> Match(ModbusClient client, ToolLine line, byte unit)
    {
        List<ProfileCandidate> candidates = [];
        foreach ((DeviceProfile profile, IReadOnlyList<RegisterDefinition> probes) in _profiles)
        {
            if (TryMatch(client, line, unit, profile, probes) is ProfileCandidate candidate)
            {
                candidates.Add(candidate);
            }
        }

        return [.. candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Profile, StringComparer.Ordinal)];
    }

    // A meter on a single-phase supply answers 0 V for the phases it has not: possible, and says nothing.
    private static ProfileCandidate? TryMatch(ModbusClient client, ToolLine line, byte unit, DeviceProfile profile, IReadOnlyList<RegisterDefinition> probes)
    {
        int score = 0;
        List<string> evidence = [];
        foreach (Identification way in profile.Identification)
        {
            if (!Holds(client, line, unit, way))
            {
                return null;
            }

            score += IdentifiedScore;
            evidence.Add(way.Expected);
        }

        foreach (RegisterDefinition register in probes)
        {
            if (TryRead(client, line, unit, register) is not double value)
            {
                return null;
            }

            PlausibleValue plausible = register.Unit == "V" ? Plausibility.OfVoltage(value) : Plausibility.OfFrequency(value);
            if (!plausible.IsPlausible && value != 0)
            {
                return null;
            }

            score += plausible.Score;
            if (plausible.IsPlausible)
            {
                evidence.Add(string.Create(CultureInfo.InvariantCulture, $"{register.Quantity} {value} {register.Unit}"));
            }
        }

        return score > 0 ? new(profile.Name, score, string.Join(", ", evidence)) : null;
    }

    private static bool Holds(ModbusClient client, ToolLine line, byte unit, Identification way)
    {
        switch (way.Method)
        {
            case IdentificationMethod.DeviceObject:
                return client.ReadIdentification(unit, IdentificationAccess.Extended, line.AnswerTimeout, out DeviceIdentification? identification).IsOk
                    && identification?.Objects.FirstOrDefault(item => item.Id == way.ObjectId)?.Text.Contains(way.Expected, StringComparison.OrdinalIgnoreCase) == true;
            case IdentificationMethod.ServerId:
                return client.ReadServerId(unit, line.AnswerTimeout, out ServerIdentity? identity).IsOk
                    && identity?.Text.Contains(way.Expected, StringComparison.OrdinalIgnoreCase) == true;
            default:
                RegisterSpan span = way.Span!.Value;
                ushort[] registers = new ushort[span.Count];
                return client.Read(span.Table, unit, span.Address, registers, line.AnswerTimeout).IsOk && way.Matches(registers);
        }
    }

    private static double? TryRead(ModbusClient client, ToolLine line, byte unit, RegisterDefinition register)
    {
        ushort[] registers = new ushort[register.Spans.Sum(span => span.Count)];
        int start = 0;
        foreach (RegisterSpan span in register.Spans)
        {
            if (!client.Read(span.Table, unit, span.Address, registers.AsSpan(start, span.Count), line.AnswerTimeout).IsOk)
            {
                return null;
            }

            start += span.Count;
        }

        ReadingQuality quality = RegisterValue.Decode(register, registers, out long scaled, out bool hasValue);
        return hasValue && quality == ReadingQuality.Good ? new ExactDecimal(scaled, register.Decimals).ToDouble() : null;
    }
}
