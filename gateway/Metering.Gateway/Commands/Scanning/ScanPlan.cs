using Metering.Fieldbus.Serial;
using Metering.Gateway.Commands.Lines;

namespace Metering.Gateway.Commands.Scanning;

/// <summary>Units to ask on one line.</summary>
/// <param name="Line">The line with its settings or framing.</param>
/// <param name="Units">The units in the order they are asked.</param>
internal sealed record ScanStep(ToolLine Line, IReadOnlyList<byte> Units);

/// <summary>
/// What a scan asks, in which order. All devices of a line share its settings, so the units most often met are asked at every
/// setting first; at the first setting that anybody answers, all units are asked, and the scan ends.
/// </summary>
internal sealed record ScanPlan
{
    private const byte FirstUnit = 1;
    private const byte LastUnit = 247;
    private const byte LastCommonUnit = 10;

    private static readonly int[] Speeds = [9600, 19200, 38400, 4800, 2400, 57600, 115200, 1200];

    private static readonly (SerialParity Parity, int StopBits)[] Shapes =
        [(SerialParity.None, 1), (SerialParity.Even, 1), (SerialParity.Odd, 1), (SerialParity.None, 2)];

    /// <summary>The steps when nobody answers.</summary>
    public required IReadOnlyList<ScanStep> Steps { get; init; }

    /// <summary>All units that are asked where somebody answers.</summary>
    public required IReadOnlyList<byte> AllUnits { get; init; }

    /// <summary>Requests when nobody answers.</summary>
    internal int RequestCount => Steps.Sum(step => step.Units.Count);

    /// <summary>The units most often met: 1 to 10 and 247.</summary>
    internal static IReadOnlyList<byte> CommonUnits { get; } = [.. Range(FirstUnit, LastCommonUnit), LastUnit];

    /// <summary>A plan for a serial line.</summary>
    /// <param name="line">The device; its settings are tried first when they are known.</param>
    /// <param name="known">Settings to try first.</param>
    /// <param name="isFast">The two usual speeds and the common units only.</param>
    internal static ScanPlan ForSerial(ToolLine line, IReadOnlyList<SerialSettings> known, bool isFast)
    {
        List<SerialSettings> settings = [.. known];
        foreach (SerialSettings usual in Usual(isFast))
        {
            if (!settings.Contains(usual))
            {
                settings.Add(usual);
            }
        }

        return Build([.. settings.Select(setting => line with { Serial = line.Serial! with { Settings = setting } })], CommonUnits, [.. Range(FirstUnit, LastUnit)], isFast);
    }

    /// <summary>A plan for a TCP address: both framings, unless one was asked for.</summary>
    internal static ScanPlan ForTcp(ToolLine line, bool hasFraming, bool isFast)
    {
        IReadOnlyList<ToolLine> lines = hasFraming ? [line] : [line with { Framing = TcpFraming.Modbus }, line with { Framing = TcpFraming.Rtu }];
        return Build(lines, CommonUnits, [.. Range(FirstUnit, LastUnit)], isFast);
    }

    private static ScanPlan Build(IReadOnlyList<ToolLine> lines, IReadOnlyList<byte> common, IReadOnlyList<byte> all, bool isFast)
    {
        List<ScanStep> steps = [.. lines.Select(line => new ScanStep(line, common))];
        if (!isFast)
        {
            steps.AddRange(lines.Select(line => new ScanStep(line, [.. all.Except(common)])));
        }

        return new() { Steps = steps, AllUnits = isFast ? common : all };
    }

    // 9600 8N1, 9600 8E1, 19200 8E1, 19200 8N1 are what most meters leave the factory with; then the other speeds; then the rare shapes.
    private static IEnumerable<SerialSettings> Usual(bool isFast)
    {
        yield return Settings(9600, Shapes[0]);
        yield return Settings(9600, Shapes[1]);
        yield return Settings(19200, Shapes[1]);
        yield return Settings(19200, Shapes[0]);
        if (isFast)
        {
            yield break;
        }

        foreach ((SerialParity Parity, int StopBits)[] shapes in new[] { Shapes[..2], Shapes[2..] })
        {
            foreach (int speed in Speeds)
            {
                foreach ((SerialParity Parity, int StopBits) shape in shapes)
                {
                    yield return Settings(speed, shape);
                }
            }
        }
    }

    private static SerialSettings Settings(int speed, (SerialParity Parity, int StopBits) shape) =>
        new() { BaudRate = speed, Parity = shape.Parity, StopBits = shape.StopBits };

    private static IEnumerable<byte> Range(byte first, byte last) => Enumerable.Range(first, last - first + 1).Select(unit => (byte)unit);
}
