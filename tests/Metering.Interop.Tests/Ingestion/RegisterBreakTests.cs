using Metering.Analytics.Intervals;
using Metering.Cloud.Projects;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>A register that began anew, on its way through ingestion and store to the intervals of a plant and a project.</summary>
public sealed class RegisterBreakTests : IDisposable
{
    private const long Hour = 3_600_000;
    private const int Days = 6;
    private const int LastBefore = 58;
    private const int FirstAfter = 62;

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-break-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NeedsTheory("mosquitto")]
    [InlineData(ClockState.Synchronised)]
    [InlineData(ClockState.Relative)]
    public async Task What_was_used_across_a_good_reading_with_the_reason_reset_is_not_known(ClockState clock)
    {
        using BatchFactory other = new();
        using StoreGateway gateway = new() { Clock = clock };
        await using IngestionRig rig = await IngestionRig.StartAsync(other);
        rig.Store.Enrol(gateway.Enrolment);
        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(other);
        foreach (Reading[] day in Readings().Chunk(24))
        {
            await uplink.PublishAsync(gateway.Next(day), Topics.Batch(GatewayName));
        }

        await IngestionRig.UntilAsync(() => rig.Store.Head(GatewayName, 1).Through == gateway.LastBatch);
        ReadingColumns columns = rig.Store.Read(GatewayName, Energy, long.MinValue, long.MaxValue);
        (IReadOnlyList<long> starts, IReadOnlyList<double> values) = ChannelSeries.Of(columns, IntervalStep.Hour, TimeZoneInfo.Utc);
        for (int index = 0; index < starts.Count; index++)
        {
            long hour = (starts[index] - Start) / Hour;
            bool isAcross = hour is >= LastBefore and < FirstAfter;
            Assert.True(isAcross ? double.IsNaN(values[index]) : values[index] == 1.0, $"hour {hour}: {values[index]}");
        }

        // Without the break the same register would say that the rise was use.
        bool[] usable = RegisterIntervals.Usable(columns.Channel, columns.UtcMilliseconds, columns.Qualities, columns.HasValues, out IReadOnlyList<MeterReplacement> breaks);
        Assert.Equal([new(Start + (FirstAfter * Hour), null, null)], breaks);
        IntervalSeries bridged = IntervalBuilder.FromCounter(columns.UtcMilliseconds, columns.ScaledValues, usable, RegisterIntervals.Options(columns.Channel, IntervalStep.Hour, TimeZoneInfo.Utc, []));
        Assert.All(bridged.Value, value => Assert.True(double.IsFinite(value)));

        ProjectBoard board = new(new ProjectSource(ProjectRegister.Load(await ProjectsAsync())), rig.Store, TimeProvider.System);
        ChannelEvidence evidence = board.ResultOf(Assert.Single(board.Register.Projects)).Evidence.Single(channel => channel.Name.Channel == Energy);
        IntervalFinding finding = Assert.Single(evidence.Findings, found => found.Kind == FindingKind.RecordedReplacement);
        Assert.Equal(Start + (FirstAfter * Hour), finding.UtcMilliseconds);
    }

    // One kWh an hour; four hours without a reading, and then a register that shows a little more than it could have counted.
    private static IEnumerable<Reading> Readings()
    {
        for (int hour = 0; hour < 24 * Days; hour++)
        {
            if (hour is > LastBefore and < FirstAfter)
            {
                continue;
            }

            long value = 100_000 + (10 * hour) + (hour >= FirstAfter ? 20 : 0);
            Reading reading = Good(Start + (hour * Hour), value);
            yield return hour == FirstAfter ? reading with { Quality = ReadingQuality.Of(QualityClass.Good, QualityReason.Reset) } : reading;
        }
    }

    private async Task<string> ProjectsAsync()
    {
        string file = Path.Combine(_folder, "projects.yaml");
        await File.WriteAllTextAsync(file, $$"""
            plants:
              - { id: leon-tannery, name: { es: "Curtiduría", en: "Tannery" }, sector: tannery, state: Guanajuato, zone: America/Mexico_City, simulated: true }
            projects:
              - id: pml-001
                plant: leon-tannery
                title: { es: "Variadores", en: "Drives" }
                measure: { es: "Variadores de velocidad.", en: "Variable-speed drives." }
                resource: electricity
                use: { gateway: {{GatewayName}}, channel: {{Energy}} }
                drivers:
                  - { id: workday, calendar: workday }
                step: 1d
                baseline: 2023-11-01..2024-01-31
                installation: 2024-02-01..2024-02-10
                reporting: 2024-02-11..2024-04-30
                confidence: 90
            """);
        return file;
    }
}
