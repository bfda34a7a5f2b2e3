using System.Text.Json;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.CloudHost;
using Xunit;

namespace Metering.Tests.Import;

public sealed class ImportCsvTests
{
    private const string Hours = "time,kwh,temp\n2024-01-01 00:00,100.5,20\n2024-01-01 01:00,,0\n2024-01-01 02:00,102.25,NA\n";

    [Fact]
    public async Task A_file_is_brought_in_with_gaps_as_gaps_and_the_same_file_again_adds_nothing()
    {
        using CloudFolder folder = Folder(Hours);
        (int exitCode, string output, string error) = await ImportAsync(folder, "--json");
        Assert.Equal((0, ""), (exitCode, error));
        JsonElement first = JsonDocument.Parse(output).RootElement;
        Assert.Equal((3, 4, 0), (Number(first, "rows"), Number(first, "new"), Number(first, "same")));
        (_, output, _) = await ImportAsync(folder, "--json");
        JsonElement second = JsonDocument.Parse(output).RootElement;
        Assert.Equal((0, 0, 4, 0), (Number(second, "new"), Number(second, "changed"), Number(second, "same"), Number(second, "batches")));
        using SqliteStore store = Open(folder);
        ReadingColumns energy = store.Read("import-scada", "mains.energy", 0, long.MaxValue);
        Assert.Equal((2, 2), (energy.Count, energy.Channel.DecimalPlaces));
        Assert.Equal([10050, 10225], energy.ScaledValues);
        Assert.Equal([1_704_067_200_000, 1_704_074_400_000], energy.UtcMilliseconds);
        Assert.Equal([20, 0], store.Read("import-scada", "air.temperature", 0, long.MaxValue).ScaledValues);
        Assert.All(store.Channels(), channel => Assert.Equal('D', Metering.Cloud.Evidence.Grades.Of(store, channel)));
    }

    [Fact]
    public async Task An_import_shows_in_the_list_of_gateways_with_its_origin()
    {
        using CloudFolder folder = Folder(Hours);
        _ = await ImportAsync(folder);
        (_, string output, _) = await folder.RunAsync("gateways", "list", "--config", "@cloud.yaml");
        Assert.StartsWith("import-scada\t1\tleon\t", output, StringComparison.Ordinal);
        Assert.EndsWith("\timport\tin use\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_writes_nothing()
    {
        using CloudFolder folder = Folder(Hours);
        (int exitCode, string output, _) = await ImportAsync(folder, "--dry-run");
        Assert.Equal(0, exitCode);
        Assert.Contains("kwh -> import-scada mains.energy [kWh] counter, 2 decimals: 2 values (0 zero), 1 missing", output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("cloud.pem.import")));
        using SqliteStore store = Open(folder);
        Assert.Equal((0, 0), (store.LastSequence, store.Enrolments().Count));
    }

    [Fact]
    public async Task A_longer_file_adds_only_what_is_new_and_a_contradiction_is_refused_unless_allowed()
    {
        using CloudFolder folder = Folder(Hours);
        _ = await ImportAsync(folder);
        await File.WriteAllTextAsync(folder.At("f.csv"), Hours.Replace("100.5", "100.75", StringComparison.Ordinal) + "2024-01-01 03:00,103,21\n");
        (int exitCode, _, string error) = await ImportAsync(folder);
        Assert.Equal(65, exitCode);
        Assert.Contains("mains.energy at 2024-01-01T00:00:00.000Z is stored as 100.5 and comes as 100.75", error, StringComparison.Ordinal);
        (exitCode, string output, _) = await ImportAsync(folder, "--overwrite");
        Assert.Equal(0, exitCode);
        Assert.Contains("2 readings new, 1 changed, 3 stored already", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gauge_whose_values_no_decimals_hold_is_kept_as_doubles_and_a_counter_is_refused_with_the_remedy()
    {
        using CloudFolder folder = Folder("t,v\n2024-01-01 00:00,0.0003333333333333333\n2024-01-01 01:00,9152.868666666665\n");
        (int exitCode, string output, _) = await RunAsync(folder, "--column", "v=inlet.flow:m3/h:gauge", "--zone", "UTC");
        Assert.Equal(0, exitCode);
        Assert.Contains("doubles, bit by bit", output, StringComparison.Ordinal);
        using (SqliteStore store = Open(folder))
        {
            ReadingColumns flow = store.Read("import-scada", "inlet.flow", 0, long.MaxValue);
            Assert.Equal([0.0003333333333333333, 9152.868666666665], flow.ScaledValues.Select(flow.Channel.ToDouble));
        }

        (exitCode, _, string error) = await RunAsync(folder, "--column", "v=inlet.volume:m3:counter", "--zone", "UTC");
        Assert.Equal(65, exitCode);
        Assert.Contains("':6', and --round", error, StringComparison.Ordinal);
        (exitCode, _, error) = await RunAsync(folder, "--column", "v=inlet.volume:m3:counter:6", "--zone", "UTC");
        Assert.Equal(65, exitCode);
        Assert.Contains("line 2 does not fit 6 decimals", error, StringComparison.Ordinal);
        (exitCode, _, _) = await RunAsync(folder, "--column", "v=inlet.volume:m3:counter:6", "--zone", "UTC", "--round");
        Assert.Equal(0, exitCode);
        using SqliteStore rounded = Open(folder);
        Assert.Equal([333, 9_152_868_667], rounded.Read("import-scada", "inlet.volume", 0, long.MaxValue).ScaledValues);
    }

    [Fact]
    public async Task Stamps_are_read_in_their_zone_and_the_mean_of_an_interval_is_kept_at_its_start()
    {
        using CloudFolder folder = Folder("t,flow\n2024-11-03 00:00,1\n2024-11-03 01:00,2\n2024-11-03 01:00,3\n2024-11-03 02:00,4\n");
        (int exitCode, _, string error) = await RunAsync(folder, "--column", "flow=inlet.flow:m3/h:mean", "--zone", "America/Denver", "--stamp", "end", "--step", "1h");
        Assert.Equal((0, ""), (exitCode, error));
        using SqliteStore store = Open(folder);
        long end = DateTimeOffset.Parse("2024-11-03T00:00:00-06:00", null).ToUnixTimeMilliseconds();
        Assert.Equal([end - 3_600_000, end, end + 3_600_000, end + 7_200_000], store.Read("import-scada", "inlet.flow", 0, long.MaxValue).UtcMilliseconds);
    }

    [Fact]
    public async Task A_factor_converts_exactly_and_a_map_says_the_same_as_options()
    {
        using CloudFolder folder = Folder("stamp;gal\n2024-01-01 00:00;1,5\n2024-01-01 00:01;1.000,5\n");
        await File.WriteAllTextAsync(folder.At("map.yaml"), "time: stamp\nzone: '-06:00'\ncolumns:\n  gal: { channel: water.volume, unit: L, kind: counter, factor: 3.785411784 }\n");
        (int exitCode, _, string error) = await RunAsync(folder, "--map", "@map.yaml", "--decimal-comma");
        Assert.Equal(65, exitCode);
        Assert.Contains("f.csv(3,2): '1.000,5' is not a number.", error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.At("f.csv"), "stamp;gal\n2024-01-01 00:00;1,5\n");
        (exitCode, _, error) = await RunAsync(folder, "--map", "@map.yaml", "--decimal-comma");
        Assert.Equal((0, ""), (exitCode, error));
        using SqliteStore store = Open(folder);
        ReadingColumns volume = store.Read("import-scada", "water.volume", 0, long.MaxValue);
        Assert.Equal((5_678_117_676, 9, 1_704_088_800_000), (volume.ScaledValues[0], volume.Channel.DecimalPlaces, volume.UtcMilliseconds[0]));
    }

    [Theory]
    [InlineData("t,v\n2024-01-01 01:00,1\n2024-01-01 00:00,2\n", "f.csv(3,1): this row lies before the row of line 2")]
    [InlineData("t,v\n2024-01-01 01:00,1\n2024-01-01 01:00,2\n", "f.csv(3,1): this row has the same stamp as line 2")]
    [InlineData("t,v\n2024-01-01 01:00,\"1,5\"\n", "f.csv(2,2): '1,5' is not a number. A decimal comma needs --decimal-comma.")]
    [InlineData("t,v\n2024-01-01 01:00,Infinity\n", "f.csv(2,2): 'Infinity' is not a number")]
    [InlineData("t,v\n", "there is a header but no row")]
    [InlineData("", "the file is empty")]
    [InlineData("t,w\n2024-01-01 01:00,1\n", "there is no column 'v'")]
    [InlineData("t,v\nyesterday,1\n", "f.csv(2,1): 'yesterday' is not a time")]
    [InlineData("PK\u0003\u0004\u0000\u0001", "this is not a text file")]
    public async Task A_file_that_cannot_be_used_is_refused_with_its_line_and_what_to_do(string text, string expected)
    {
        using CloudFolder folder = Folder(text);
        (int exitCode, _, string error) = await RunAsync(folder, "--column", "v=a.b:kWh:gauge", "--zone", "UTC");
        Assert.Equal(65, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_in_any_order_are_sorted_when_that_is_asked_for()
    {
        using CloudFolder folder = Folder("t,v\n2024-01-01 01:00,1\n2024-01-01 00:00,2\n2024-01-01 02:00,3\n");
        Assert.Equal(0, (await RunAsync(folder, "--column", "v=a.b:kWh:gauge", "--zone", "UTC", "--sort")).ExitCode);
        using SqliteStore store = Open(folder);
        Assert.Equal([2, 1, 3], store.Read("import-scada", "a.b", 0, long.MaxValue).ScaledValues);
    }

    [Theory]
    [InlineData("--zone is missing", "--column", "v=a.b:kWh:gauge")]
    [InlineData("no column is named", "--zone", "UTC")]
    [InlineData("expected NAME=channel:unit:kind", "--zone", "UTC", "--column", "v=a.b:kWh")]
    [InlineData("unit 'kwh' is not known", "--zone", "UTC", "--column", "v=a.b:kwh:gauge")]
    [InlineData("there is no such zone", "--zone", "Mars/Olympus", "--column", "v=a.b:kWh:gauge")]
    [InlineData("two columns would become the channel a.b", "--zone", "UTC", "--column", "v=a.b:kWh:gauge", "--column", "w=a.b:kWh:gauge")]
    [InlineData("--round needs the decimals", "--zone", "UTC", "--column", "v=a.b:kWh:gauge", "--round")]
    [InlineData("--step is missing", "--zone", "UTC", "--column", "v=a.b:kWh:mean", "--stamp", "end")]
    public async Task A_command_line_that_cannot_be_meant_exits_with_64(string expected, params string[] args)
    {
        using CloudFolder folder = Folder("t,v\n2024-01-01 01:00,1\n");
        (int exitCode, _, string error) = await RunAsync(folder, args);
        Assert.Equal(64, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_beside_a_process_that_appends_says_to_try_later()
    {
        using CloudFolder folder = Folder(Hours);
        using SqliteStore running = Open(folder);
        running.BecomeWriter();
        (int exitCode, _, string error) = await ImportAsync(folder);
        Assert.Equal(75, exitCode);
        Assert.Contains("another process brings readings into the store", error, StringComparison.Ordinal);
    }

    private static CloudFolder Folder(string csv)
    {
        CloudFolder folder = new();
        File.WriteAllText(folder.At("f.csv"), csv);
        return folder;
    }

    private static SqliteStore Open(CloudFolder folder) => SqliteStore.Open(folder.At("metering.db"), TimeProvider.System);

    private static Task<(int ExitCode, string Output, string Error)> ImportAsync(CloudFolder folder, params string[] more) =>
        RunAsync(folder, ["--column", "kwh=mains.energy:kWh:counter", "--column", "temp=air.temperature:degC:gauge", "--zone", "UTC", .. more]);

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(CloudFolder folder, params string[] args) =>
        folder.RunAsync(["import", "csv", "--config", "@cloud.yaml", "--file", "@f.csv", "--plant", "leon", "--name", "scada", .. args]);

    private static long Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt64();
}
