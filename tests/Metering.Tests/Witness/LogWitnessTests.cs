using System.Security.Cryptography;
using Metering.Gateway.Diagnosis.Health;
using Metering.Gateway.Metrics;
using Metering.Gateway.Status;
using Metering.Gateway.Witness;
using Metering.Readings;
using Metering.Tests.Service;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Metering.Tests.Witness;

public sealed class LogWitnessTests : IDisposable
{
    private const string Cloud = "metering-cloud";
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly EventList _log = new();
    private LogWitness _witness;

    public LogWitnessTests() => _witness = Restarted();

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private WitnessFolder Kept => new(_folder.Path, Cloud, _key);

    [Fact]
    public void A_log_that_grows_is_kept_and_raises_nothing()
    {
        foreach (int size in (int[])[3, 3, 8, 9, 40])
        {
            Answer(since => LogBook.Of(size).Since(since));
            Assert.Equal(size, Kept.Standing().Last?.Size);
            Assert.Null(Kept.Standing().Open);
        }

        Assert.Empty(_log.Ids);
    }

    [Fact]
    public void What_was_seen_outlives_a_restart()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        _witness = Restarted();
        Assert.Equal(9, Ask().Size);
    }

    [Fact]
    public void A_restored_cloud_raises_an_alarm_once_and_nothing_is_forgotten()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        Answer(_ => LogBook.Of(5).Since(0));
        Answer(_ => LogBook.Of(6).Since(0));
        WitnessStanding standing = Kept.Standing();
        Assert.Equal(("went-back", 9L, 5L), (standing.Open!.Kind, standing.Open.KeptSize, standing.Open.SeenSize));
        Assert.Equal((9, 1), (standing.Last!.Size, standing.Alarms));
        Assert.Equal([3050], _log.Ids);
    }

    [Fact]
    public void Another_past_of_the_same_length_is_a_fork()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        Answer(since => LogBook.Of(9, fork: 4).Since(since));
        Assert.Equal("forked", Kept.Standing().Open!.Kind);
    }

    [Fact]
    public void A_longer_log_with_another_past_has_no_proof()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        Answer(since => LogBook.Of(20, fork: 4).Since(since));
        Assert.Equal("unproven", Kept.Standing().Open!.Kind);
    }

    [Fact]
    public void A_wrong_hash_in_a_proof_is_an_alarm()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        Answer(since =>
        {
            LogStanding log = LogBook.Of(20).Since(since);
            return log with { Proof = [.. log.Proof.Select((hash, place) => place == 1 ? [.. hash.Select(one => (byte)(one ^ 0xFF))] : hash)] };
        });
        Assert.Equal("unproven", Kept.Standing().Open!.Kind);
        Assert.Equal(9, Kept.Standing().Last!.Size);
    }

    [Fact]
    public void A_proof_from_another_size_is_no_proof()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        Answer(_ => LogBook.Of(20).Since(8));
        Assert.Equal("unproven", Kept.Standing().Open!.Kind);
    }

    [Fact]
    public void Another_key_of_the_cloud_is_an_alarm()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        WitnessFolder folder = new(_folder.Path, Cloud, other);
        LogWitness witness = new("g", folder, _clock, _log);
        (string ask, long size) = GatewayRequest.ParseLog(witness.NextQuestion()!.Value.Span, "g");
        BatchAck ack = Ack(ask, LogBook.Of(12).Since(size));
        witness.Take(ack, ack.Sign(Cloud, other));
        Assert.Equal((0, LogAlarm.OtherKey), (size, folder.Standing().Open!.Kind));
        Assert.NotNull(folder.Accept("new key of the cloud", 1));
        Assert.Equal(12, folder.Standing().Last!.Size);
    }

    [Fact]
    public void An_answer_to_an_older_question_is_not_judged()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        (string old, _) = Ask();
        (string ask, long size) = Ask();
        Take(old, LogBook.Of(5).Since(0));
        Assert.Null(Kept.Standing().Open);
        Take(ask, LogBook.Of(12).Since(size));
        Take(ask, LogBook.Of(5).Since(0));
        Assert.Equal((12, null), (Kept.Standing().Last!.Size, Kept.Standing().Open));
    }

    [Fact]
    public void The_cloud_is_asked_at_each_connection_and_every_quarter_of_an_hour()
    {
        Assert.NotNull(_witness.NextQuestion());
        Assert.Null(_witness.NextQuestion());
        _clock.Advance(LogWitness.Interval);
        Assert.NotNull(_witness.NextQuestion());
        _witness.AskSoon();
        Assert.NotNull(_witness.NextQuestion());
    }

    [Fact]
    public void An_accepted_past_is_the_one_to_go_on_from_and_the_alarm_stays_on_record()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        Answer(_ => LogBook.Of(5, fork: 3).Since(0));
        (string ask, long size) = Ask();
        using (Kept.Lock())
        {
            Assert.Equal(1, Kept.Accept("backup restored", 7)!.Number);
            Assert.Null(Kept.Accept("twice", 8));
        }

        // Asked before it was accepted, answered after: the proof begins elsewhere, so it is asked anew.
        Take(ask, LogBook.Of(7, fork: 3).Since(size));
        Assert.Equal(5, Kept.Standing().Last!.Size);
        (ask, size) = GatewayRequest.ParseLog(_witness.NextQuestion()!.Value.Span, "g");
        Take(ask, LogBook.Of(7, fork: 3).Since(size));
        WitnessStanding standing = Kept.Standing();
        Assert.Equal((7, null, 1), (standing.Last!.Size, standing.Open, standing.Alarms));
        Assert.Equal([("went-back", ""), ("accepted", "backup restored")], Kept.Record().Select(line => (line.Kind, line.Reason)));

        // The old past is now the wrong one, and both signed words of the first alarm are there to show.
        Answer(since => LogBook.Of(9).Since(since));
        Assert.Equal((2, "unproven"), (Kept.Standing().Open!.Number, Kept.Standing().Open!.Kind));
        string[] notes = [.. Directory.GetFiles(Path.Combine(_folder.Path, "witness"), "alarm-1.*.note").Order(StringComparer.Ordinal)];
        Assert.Equal([9L, 5L], notes.Select(note => BatchAck.Open(File.ReadAllBytes(note), Cloud, _key).Log!.Size));
    }

    [Fact]
    public void A_record_that_was_cut_short_by_a_power_cut_goes_on_in_a_line_of_its_own()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        File.WriteAllText(Path.Combine(_folder.Path, "witness", "alarms.txt"), "1 17672256");
        Assert.Empty(Kept.Record());
        Answer(_ => LogBook.Of(5).Since(0));
        Assert.Equal("went-back", Assert.Single(Kept.Record()).Kind);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_and_the_gateway_goes_on()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "witness"), "a file where the folder should be");
        Answer(_ => LogBook.Of(9).Since(0));
        Assert.Equal([3051], _log.Ids);
        Assert.Equal(WitnessStanding.Nothing, Kept.Standing());
    }

    [Fact]
    public void The_alarm_is_seen_on_the_page_in_health_in_the_figures_and_by_the_doctor()
    {
        Answer(_ => LogBook.Of(9).Since(0));
        Assert.Equal(HealthMark.Good, Assert.Single(LogHealth.Check(Kept)).Mark);
        Answer(_ => LogBook.Of(5).Since(0));
        GatewayStatus status = StatusSample.Of() with { Witness = Kept.Standing() };
        Assert.True(HealthVerdict.Of(status).IsHealthy);
        Assert.Contains("log-does-not-continue", HealthVerdict.Of(status).Warnings);
        Assert.Contains("had seen 9 already", System.Text.Encoding.UTF8.GetString(StatusPage.Draw(status, new(Language.English, new(), _ => true, _ => null)).ToBytes()), StringComparison.Ordinal);
        Assert.Contains("ya había visto 9", System.Text.Encoding.UTF8.GetString(StatusPage.Draw(status, new(Language.Spanish, new(), _ => true, _ => null)).ToBytes()), StringComparison.Ordinal);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(StatusJson.Write(status));
        Assert.Equal("went-back", json.RootElement.GetProperty("log").GetProperty("alarm").GetString());
        Assert.Contains("ya había visto 9", Metering.Gateway.Commands.LiveCommand.AlarmOf(json.RootElement, Language.Spanish), StringComparison.Ordinal);
        using GatewayMetrics metrics = new(() => status);
        Assert.Contains("metering_log_alarm 1", System.Text.Encoding.UTF8.GetString(metrics.Write()), StringComparison.Ordinal);
        Assert.Equal((HealthMark.Bad, 65), Assert.Single(LogHealth.Check(Kept)) is { } check ? (check.Mark, check.ExitCode) : default);
    }

    private LogWitness Restarted() => new("g", Kept, _clock, _log);

    private (string Ask, long Size) Ask()
    {
        _clock.Advance(LogWitness.Interval);
        return GatewayRequest.ParseLog(_witness.NextQuestion()!.Value.Span, "g");
    }

    private void Answer(Func<long, LogStanding> since)
    {
        (string ask, long size) = Ask();
        Take(ask, since(size));
    }

    private void Take(string ask, LogStanding log)
    {
        byte[] note = Ack(ask, log).Sign(Cloud, _key);
        _witness.Take(BatchAck.Open(note, Cloud, _key), note);
    }

    private static BatchAck Ack(string ask, LogStanding log) => new() { Gateway = "g", KeyEpoch = 1, Through = 0, Head = BatchManifest.NoPrevious, Also = [], Answers = ask, Log = log };

    /// <summary>Remembers the numbers of what was logged.</summary>
    private sealed class EventList : ILogger
    {
        internal List<int> Ids { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Ids.Add(eventId.Id);
    }
}
