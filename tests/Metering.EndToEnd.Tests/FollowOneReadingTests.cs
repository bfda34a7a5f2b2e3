using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Metering.Analytics.Intervals;
using Metering.Cloud.Texts;
using Metering.Fieldbus.Modbus;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Plants;
using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Readings;
using Metering.Readings.Texts;
using Metering.Store;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd;

/// <summary>One register reading, met again at every stop of its way, from the meter's registers to the page.</summary>
[Collection(Paths.Collection)]
public sealed class FollowOneReadingTests
{
    private const string Plant = "silao-automotive";
    private const string Channel = "mains.active-energy-import";
    private const string Project = "pml-002";
    private const string FirstDay = "2026-01-05";
    private const string EndDay = "2026-04-05";
    private const long QuarterHour = 15 * 60 * 1000;

    // A day of the reporting period: its midnight (UTC-6 all year), a quarter of an hour later, and the next midnight.
    private static readonly DateTimeOffset Midnight = new(2026, 3, 25, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset[] Instants = [Midnight, Midnight.AddMinutes(15), Midnight.AddDays(1)];

    [NeedsFact("mosquitto")]
    public async Task The_same_reading_stands_at_every_stop_from_the_register_to_the_page()
    {
        await using WholePath path = await WholePath.StartAsync(Plant, ["run", "--plants", Plant, "--from", FirstDay, "--until", EndDay]);
        path.StartGateway();
        _ = await path.FinishGatewayAsync();
        GatewayConfiguration gateway = ConfigurationFile.Load(Path.Combine(path.GatewayFolder, "gateway.yaml"));
        Stops stops = new(path, gateway);
        long[] scaled = new long[Instants.Length];
        ushort[][] words = new ushort[Instants.Length][];
        for (int index = 0; index < scaled.Length; index++)
        {
            ushort[] registers = stops.Image(Instants[index]);
            Assert.Equal(registers, await stops.ReadCommandAsync(Instants[index]));
            scaled[index] = ((long)registers[0] << 16) | registers[1];
            words[index] = registers;
            Assert.Equal(new Reading(Instants[index].ToUnixTimeMilliseconds(), scaled[index], 0, ReadingQuality.Good, HasValue: true), await stops.MeterReaderAsync(Instants[index]));
            stops.BatchHolds(Instants[index], scaled[index]);
            stops.StoreHolds(Instants[index], scaled[index]);
        }

        double quarter = (scaled[1] - scaled[0]) / 10.0;
        double day = (scaled[2] - scaled[0]) / 10.0;
        Assert.True(quarter > 0 && day > quarter, $"{quarter}, {day}");
        Assert.Equal((quarter, day), stops.Intervals());
        await stops.WebShowsAsync(quarter, day);
        await stops.WebShowsWordsAsync(Instants[1], words[1]);
    }

    /// <summary>The stops of the way.</summary>
    private sealed class Stops(WholePath path, GatewayConfiguration gateway)
    {
        private readonly BusConfiguration _bus = gateway.Buses[0];
        private readonly MeterConfiguration _meter = gateway.Buses[0].Meters.Single(meter => meter.Id == "mains");

        private RegisterDefinition Register => _meter.Profile.Registers.Single(register => $"{_meter.Id}.{register.Quantity}" == Channel);

        /// <summary>The profile says where the register stands; a field of the same seed says what is in it.</summary>
        public ushort[] Image(DateTimeOffset instant)
        {
            SimulationWindow window = new(DateOnly.Parse(FirstDay, CultureInfo.InvariantCulture), DateOnly.Parse(EndDay, CultureInfo.InvariantCulture));
            FieldPlant plant = new(PlantModelBuilder.Build(PlantCatalogue.Choose(Plant)[0], PlantCatalogue.DefaultSeed, window), TimeProvider.System);
            Assert.True(plant.TryShow(instant.ToUnixTimeMilliseconds()));
            ushort[] registers = new ushort[Register.Format.RegisterCount()];
            Assert.Equal(ModbusAnswer.Ok, plant.Read(_meter.Unit, Register.Table, Register.Address, registers));
            return registers;
        }

        /// <summary>`gateway read` asks the running field over Modbus TCP.</summary>
        public async Task<ushort[]> ReadCommandAsync(DateTimeOffset instant)
        {
            await ShowAsync(instant);
            Answer answer = (await Programs.RunOwnAsync(
                "Metering.Gateway", "read", "--tcp", Invariant($"{_bus.Tcp!.Host}:{_bus.Tcp.Port}"), "--unit", Invariant($"{_meter.Unit}"),
                "--holding", Invariant($"{Register.Address}"), "--count", Invariant($"{Register.Format.RegisterCount()}"), "--json")).Expect(0);
            using JsonDocument json = JsonDocument.Parse(answer.Output);
            return [.. json.RootElement.GetProperty("registers").EnumerateArray().Select(register => register.GetUInt16())];
        }

        /// <summary>The poll plan has the register in one request; client and reader make a reading of it.</summary>
        public async Task<Reading> MeterReaderAsync(DateTimeOffset instant)
        {
            int index = _meter.Profile.Registers.ToList().IndexOf(Register);
            PollRequest request = Assert.Single(PollPlan.For(_meter.Profile), request => request.Items.Any(item => item.RegisterIndex == index));
            Assert.Equal(Register.Address, request.Start + request.Items.Single(item => item.RegisterIndex == index).Offset);
            await ShowAsync(instant);
            using ModbusClient client = new(BusLine.TransportOf(_bus, isVirtual: true, TimeProvider.System));
            client.Transport.Open();
            MeterReader reader = new(_meter.Profile, _meter.Unit, 0, _bus.AnswerTimeout);
            Reading[] readings = new Reading[reader.ReadingCount];
            Assert.True(reader.Read(client, instant.ToUnixTimeMilliseconds(), retriesSilence: false, readings).IsOk);
            return readings[index] with { ChannelIndex = 0 };
        }

        /// <summary>One batch of the journal holds it as a line, signed by the gateway, with the same bytes as in the outbox.</summary>
        public void BatchHolds(DateTimeOffset instant, long scaled)
        {
            string line = Invariant($"\n{instant.ToUnixTimeMilliseconds()},{scaled},G\n");
            JournalRecord record = Assert.Single(
                path.Store.Journal(0, int.MaxValue), record => Encoding.ASCII.GetString(SegmentOf(record)).Contains(line, StringComparison.Ordinal));
            Assert.Equal(NoteFault.None, SignedNote.Verify(BatchEnvelope.Open(record.Envelope.Span).Note.Span, Plant, gateway.Key));
            using BatchLog outbox = BatchLog.Open(Path.Combine(gateway.StateDirectory, "batches"), new(gateway.KeyEpoch, []));
            Assert.True(outbox.TryRead(record.Batch, out ReadOnlyMemory<byte> envelope, out _));
            Assert.True(envelope.Span.SequenceEqual(record.Envelope.Span));
            Assert.True(outbox.AckedThrough >= record.Batch);
        }

        /// <summary>The store gives it back.</summary>
        public void StoreHolds(DateTimeOffset instant, long scaled)
        {
            long at = instant.ToUnixTimeMilliseconds();
            ReadingColumns stored = path.Store.Read(Plant, Channel, at, at + 1);
            Assert.Equal([at], stored.UtcMilliseconds);
            Assert.Equal([scaled], stored.ScaledValues);
            Assert.Equal([ReadingQuality.Good], stored.Qualities);
        }

        /// <summary>Differences of the register: the first quarter of an hour of the day, and the day.</summary>
        public (double Quarter, double Day) Intervals()
        {
            ReadingColumns stored = path.Store.Read(Plant, Channel, long.MinValue, long.MaxValue);
            bool[] usable = [.. stored.Qualities.Select((quality, index) => quality.IsUsable && stored.HasValues[index])];
            TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");
            double Value(IntervalStep step)
            {
                IntervalSeries series = IntervalBuilder.FromCounter(stored.UtcMilliseconds, stored.ScaledValues, usable, RegisterIntervals.Options(stored.Channel, step, zone, []));
                return series.Value[series.StartUtcMilliseconds.ToList().IndexOf(Midnight.ToUnixTimeMilliseconds())];
            }

            return (Value(IntervalStep.QuarterHour), Value(IntervalStep.Day));
        }

        /// <summary>Files, JSON and page of the running cloud: the quarter of an hour, the day, the model's day, the saving.</summary>
        public async Task WebShowsAsync(double quarter, double day)
        {
            using HttpClient http = new() { BaseAddress = path.Web, Timeout = TimeSpan.FromSeconds(60) };
            _ = await http.GetStringAsync("/"); // the cloud runs with the demonstration's roles: its address opens as staff
            string until = Invariant($"{Midnight.AddMilliseconds(QuarterHour):yyyy-MM-ddTHH:mm:ssZ}");
            string intervals = await http.GetStringAsync(Invariant($"/api/v1/channels/{Plant}/{Channel}/intervals.csv?step=15m&from={Midnight:yyyy-MM-ddTHH:mm:ssZ}&to={until}"));
            Assert.Equal(["start_utc,start_local,use [kWh]", Invariant($"2026-03-25T06:00:00Z,2026-03-25T00:00:00-06:00,{quarter:R}"), ""], intervals.Split("\r\n"));

            using JsonDocument json = JsonDocument.Parse(await http.GetStringAsync($"/api/v1/projects/{Project}.json"));
            JsonElement project = json.RootElement;
            JsonElement shown = project.GetProperty("days").EnumerateArray().Single(line => line.GetProperty("day").GetString() == "2026-03-25");
            Assert.Equal("reporting", shown.GetProperty("period").GetString());
            Assert.Equal("measured", shown.GetProperty("data").GetString());
            Assert.Equal(day, shown.GetProperty("use").GetDouble());
            string daily = await http.GetStringAsync($"/api/v1/projects/{Project}/daily.csv");
            string line = Assert.Single(daily.Split("\r\n"), line => line.StartsWith("2026-03-25T06:00:00Z,", StringComparison.Ordinal));
            Assert.StartsWith(Invariant($"2026-03-25T06:00:00Z,2026-03-25T00:00:00-06:00,reporting,measured,{day:R},{shown.GetProperty("adjustedBaseline").GetDouble():R},"), line, StringComparison.Ordinal);
            AssertClose(Modelled(project, shown), shown.GetProperty("adjustedBaseline").GetDouble());
            double saving = Saving(project);
            AssertClose(saving, project.GetProperty("saving").GetDouble());

            string page = WebUtility.HtmlDecode(await http.GetStringAsync($"/en/projects/{Project}"));
            Assert.Contains(new Formatter(Language.English).PlusMinus(Math.Abs(saving), project.GetProperty("halfWidth").GetDouble(), "kWh"), page, StringComparison.Ordinal);
        }

        /// <summary>The gateway said where it reads (up/meta), ingestion kept it, and the page of the reading shows the words that stood in the meter.</summary>
        public async Task WebShowsWordsAsync(DateTimeOffset instant, ushort[] words)
        {
            using HttpClient http = new() { BaseAddress = path.Web, Timeout = TimeSpan.FromSeconds(60) };
            _ = await http.GetStringAsync("/");
            string page = WebUtility.HtmlDecode(await http.GetStringAsync(Invariant($"/en/readings/{Plant}/{Channel}/{instant.ToUnixTimeMilliseconds()}")));
            Assert.Contains($"<code id=\"raw-words\">{string.Join(' ', words.Select(word => $"0x{word:X4}"))}</code>", page, StringComparison.Ordinal);
            Assert.Contains(Invariant($"0x{Register.Address:X4}"), page, StringComparison.Ordinal);
        }

        // What the model's terms give for a day's drivers.
        private static double Modelled(JsonElement project, JsonElement day) => project.GetProperty("model").GetProperty("terms").EnumerateArray().Sum(term =>
            term.GetProperty("coefficient").GetDouble()
            * (day.GetProperty("drivers").TryGetProperty(term.GetProperty("name").GetString()!, out JsonElement driver) ? driver.GetDouble() : 1));

        // The saving is the sum of the model less the use, over the days of the reporting period that have both.
        private static double Saving(JsonElement project) => project.GetProperty("days").EnumerateArray()
            .Where(day => day.GetProperty("period").GetString() == "reporting" && day.GetProperty("use").ValueKind == JsonValueKind.Number && day.GetProperty("adjustedBaseline").ValueKind == JsonValueKind.Number)
            .Sum(day => Modelled(project, day) - day.GetProperty("use").GetDouble());

        private static byte[] SegmentOf(JournalRecord record)
        {
            BatchEnvelope envelope = BatchEnvelope.Open(record.Envelope.Span);
            int index = envelope.Manifest.Channels.ToList().FindIndex(channel => channel.Channel == Channel);
            return index < 0 ? [] : envelope.Segments[index];
        }

        private static void AssertClose(double expected, double actual) =>
            Assert.True(Math.Abs(actual - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"{actual:R} is not {expected:R}");

        private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

        private async Task ShowAsync(DateTimeOffset instant)
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPEndPoint.Parse(path.Control));
            using StreamWriter writer = new(client.GetStream(), leaveOpen: true) { NewLine = "\n", AutoFlush = true };
            using StreamReader reader = new(client.GetStream());
            foreach (string command in new[] { $"plant {Plant}", Invariant($"at {instant.ToUnixTimeMilliseconds()}") })
            {
                await writer.WriteLineAsync(command);
                Assert.Equal("ok", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
            }
        }
    }
}
