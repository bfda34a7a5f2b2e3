using System.Globalization;
using Metering.Fieldbus.Modbus;
using Metering.FirmwareSim;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Replay;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.FirmwareSim;

public sealed class ReplayTests(ITestOutputHelper output)
{
    private const long QuarterHour = 15 * 60 * 1000;

    private const string Map = """
        gateway: test-plant
        name: { es: "Prueba", en: "Test" }
        time: { column: when, format: "yyyy-MM-dd HH:mm", stamp: interval-end, interval: 15m, zone: Etc/UTC, midnightBelongsToPreviousDay: true }
        columns:
          - { column: kwh, meter: mains, quantity: energy, unit: kWh, decimals: 2, as: counter, width: uint32 }
          - { column: degrees, meter: air, quantity: temperature, unit: degC, decimals: 1, as: value, width: int16, missingValues: [ "-99" ] }
        """;

    [Fact]
    public void Rows_are_put_in_order_and_a_counter_is_the_exact_sum_of_ended_intervals()
    {
        using TemporaryFolder folder = new();
        // 00:00 carries the date of the day it ends; the row of 00:30 is missing.
        ReplaySource source = Load(folder, """
            when,kwh,degrees
            2026-03-01 23:45,0.1,20.04
            2026-03-01 00:00,0.2,-99
            2026-03-02 00:15,0.705,-1.5
            2026-03-02 00:45,1000000.33,3
            """);
        long midnight = Utc("2026-03-02T00:00:00Z");
        Assert.Equal(midnight - (2 * QuarterHour), source.FirstUtcMilliseconds);
        Assert.Equal(midnight + (4 * QuarterHour), source.EndUtcMilliseconds);
        Assert.Equal("0 -", Shown(source, midnight - (2 * QuarterHour)));
        Assert.Equal("10 200", Shown(source, midnight - QuarterHour));
        Assert.Equal("30 -", Shown(source, midnight));
        Assert.Equal("100 -15", Shown(source, midnight + QuarterHour)); // 1.005, less than a step is not shown
        Assert.Equal("100 -15", Shown(source, midnight + (2 * QuarterHour) - 1));
        Assert.Equal("- -", Shown(source, midnight + (2 * QuarterHour)));
        Assert.Equal("100000133 30", Shown(source, midnight + (3 * QuarterHour))); // 1,000,001.335
    }

    [Fact]
    public void A_day_stays_a_day_when_the_clocks_change()
    {
        using TemporaryFolder folder = new();
        string map = Map.Replace("interval-end, interval: 15m, zone: Etc/UTC, midnightBelongsToPreviousDay: true", "interval-start, interval: 1d, zone: Australia/Melbourne", StringComparison.Ordinal)
            .Replace("yyyy-MM-dd HH:mm", "yyyy-MM-dd", StringComparison.Ordinal);
        ReplaySource source = Load(
            folder,
            """
            when,kwh,degrees
            2019-04-06,1,10
            2019-04-07,2,20
            2019-04-08,3,30
            """,
            map);
        // 7 April 2019 had 25 hours in Melbourne.
        long seventh = Utc("2019-04-07T00:00:00+11:00");
        long eighth = Utc("2019-04-08T00:00:00+10:00");
        Assert.Equal("100 200", Shown(source, seventh));
        Assert.Equal("100 200", Shown(source, eighth - 1));
        Assert.Equal("300 300", Shown(source, eighth));
        Assert.Equal("0 100", Shown(source, source.FirstUtcMilliseconds));
    }

    [Theory]
    [InlineData("2026-03-01 00:15,1,1\n2026-03-01 00:15,1,1", 65, ".csv(3): the row overlaps")]
    [InlineData("2026-03-01 00:15,-1,1", 65, ".csv(2): '-1' of 'kwh' is negative")]
    [InlineData("2026-03-01 00:15,abc,1", 65, ".csv(2): 'abc' of 'kwh' is not a number")]
    [InlineData("2026-03-01 00:15,1,9999", 65, "does not fit the register")]
    [InlineData("01/03/2026,1,1", 65, "is not a time of the form")]
    [InlineData("2026-03-01 00:15,1", 65, ".csv(2): the row has 2 cells, the header 3")]
    public void A_file_that_is_not_what_the_map_says_is_refused_with_its_line(string rows, int exitCode, string message)
    {
        using TemporaryFolder folder = new();
        SimulatorException fault = Assert.Throws<SimulatorException>(() => Load(folder, "when,kwh,degrees\n" + rows));
        Assert.Equal(exitCode, fault.ExitCode);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unit: kWh", "unit: kilowatts", "(5,")]
    [InlineData("decimals: 2", "decimals: 12", "must be a whole number")]
    [InlineData("as: counter", "as: total", "known: value, counter, register")]
    [InlineData("zone: Etc/UTC", "zone: Mars/Olympus", "time zone 'Mars/Olympus'")]
    [InlineData("gateway: test-plant", "gateway: test-plant\nspeed: 3", "'speed' is not known here")]
    [InlineData("gateway: test-plant", "gateway: test-plant\ngateway: other", "Duplicate key")]
    [InlineData("interval: 15m", "interval: 15", "write a whole number and ms, s, m, h or d")]
    [InlineData("stamp: interval-end", "stamp: instant", "'register' takes readings")]
    public void A_wrong_map_is_refused_with_line_and_column(string right, string wrong, string message)
    {
        using TemporaryFolder folder = new();
        SimulatorException fault = Assert.Throws<SimulatorException>(() => Load(folder, "when,kwh,degrees\n2026-03-01 00:15,1,1", Map.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Equal(SimulatorException.Configuration, fault.ExitCode);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Matches(@"map\.yaml\(\d+,\d+\): ", fault.Message);
    }

    [Fact]
    public void The_steel_year_ends_at_its_published_total_over_a_real_Modbus_TCP_server()
    {
        if (SharedData.Find("steel_plant_15min_2018.csv.gz", output) is not { } csv)
        {
            return;
        }

        ReplaySource source = ReplayLoader.Load(csv, ReplayMap.Load(SharedData.Replay("steel.yaml")));
        long newYear = Utc("2018-01-01T00:00:00+09:00");
        Assert.Equal(newYear, source.FirstUtcMilliseconds);
        using FieldHost host = new([(source, false)], TimeProvider.System);
        using ControlClient control = new(host.Control);
        using ModbusClient modbus = new(new TcpTransport("127.0.0.1", host.Plants[0].TcpPort!.Value, new TcpTransportOptions()));
        Assert.Equal("ok", control.Ask("plant steel-plant"));
        ushort[] registers = new ushort[6];
        long previous = 0;
        for (int interval = 0; interval <= 35_040; interval++)
        {
            Assert.Equal("ok", control.Ask($"at {newYear + (interval * QuarterHour)}"));
            Assert.True(modbus.ReadHoldingRegisters(1, 0, registers, TimeSpan.FromSeconds(10)).IsOk);
            long energy = ((long)registers[0] << 16) | registers[1];
            Assert.True(energy >= previous);
            Assert.True(interval > 0 || energy == 0);
            previous = energy;
        }

        Assert.Equal(95_963_671, previous); // 959,636.71 kWh
        Assert.Equal(45_675_984, ((long)registers[2] << 16) | registers[3]); // kvarh lagging, 456,759.84
        Assert.Equal(13_563_804, ((long)registers[4] << 16) | registers[5]); // kvarh leading, 135,638.04
        Assert.StartsWith("error", control.Ask($"at {newYear + (35_041 * QuarterHour)}"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_treatment_plant_answers_no_value_on_its_missing_days()
    {
        if (SharedData.Find("melbourne_wwtp_daily.csv", output) is not { } csv)
        {
            return;
        }

        ReplaySource source = ReplayLoader.Load(csv, ReplayMap.Load(SharedData.Replay("melbourne.yaml")));
        long first = Utc("2014-01-01T00:00:00+11:00");
        const long Day = 24 * 60 * 60 * 1000;
        Assert.Equal("175856 93204 105876 2700 7300 60378 193", Shown(source, first));
        Assert.Equal("- - - - - - -", Shown(source, first + (2 * Day)));
        Assert.StartsWith("202016 ", Shown(source, first + (4 * Day)), StringComparison.Ordinal);
        int days = 0;
        for (long instant = source.FirstUtcMilliseconds; instant < source.EndUtcMilliseconds; instant += Day)
        {
            days += Shown(source, instant + (Day / 2)).StartsWith('-') ? 0 : 1;
        }

        Assert.Equal(1382, days);
    }

    private static ReplaySource Load(TemporaryFolder folder, string csv, string map = Map) =>
        ReplayLoader.Load(folder.Write("data.csv", csv), ReplayMap.Load(folder.Write("map.yaml", map)));

    private static long Utc(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Shown(ReplaySource source, long instant)
    {
        long[] values = new long[source.Series.Count];
        ChannelState[] states = new ChannelState[values.Length];
        source.Fill(instant, values, states);
        return string.Join(' ', values.Select((value, index) => states[index] == ChannelState.Present ? $"{value}" : "-"));
    }
}
