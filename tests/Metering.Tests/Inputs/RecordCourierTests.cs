using Metering.Gateway.Commissioning;
using Metering.Gateway.Uplink;
using Metering.Readings.Field;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.Inputs;

/// <summary>How what people recorded is offered to the cloud, without a broker.</summary>
public sealed class RecordCourierTests : IDisposable
{
    private const string Cloud = "metering-cloud";
    private readonly GatewayFolder _folder = new();
    private RecordCourier _courier;

    public RecordCourierTests()
    {
        _ = Directory.CreateDirectory(State);
        _courier = Restarted();
    }

    private string State => _folder.StateFile("");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_record_is_sent_until_the_cloud_has_it_and_never_again()
    {
        Assert.Null(_courier.NextToSend());
        Enter("1", 1);
        Commission();
        ReadOnlyMemory<byte> entry = _courier.NextToSend()!.Value;
        Assert.Equal(FieldRecordKind.Manual, FieldRecord.Read(entry.Span).Kind);
        Assert.Null(_courier.NextToSend());
        Assert.True(Answer(entry));
        Assert.False(Answer(entry));
        ReadOnlyMemory<byte> commissioning = _courier.NextToSend()!.Value;
        Assert.Equal(FieldRecordKind.Commissioning, FieldRecord.Read(commissioning.Span).Kind);

        // The process ends before the answer comes: only that one is sent again.
        _courier = Restarted();
        Assert.Equal(commissioning.ToArray(), _courier.NextToSend()!.Value.ToArray());
        Assert.True(Answer(commissioning));
        _courier = Restarted();
        Enter("2", 2);
        Assert.Equal(2, FieldRecord.Read(_courier.NextToSend()!.Value.Span).Entry!.Number);
    }

    [Fact]
    public void A_cloud_that_answers_nothing_is_asked_ever_more_rarely_with_one_note_at_a_time()
    {
        Enter("1", 1);
        Enter("2", 2);
        List<long> numbers = [];
        DateTimeOffset begun = _folder.Clock.GetUtcNow();
        while (_folder.Clock.GetUtcNow() - begun < TimeSpan.FromDays(2))
        {
            if (_courier.NextToSend() is { } note)
            {
                numbers.Add(FieldRecord.Read(note.Span).Entry!.Number);
            }

            _courier.Reconnected();
            _folder.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.InRange(numbers.Count, 14, 40);
        Assert.Equal([1L, 2, 1, 2], numbers.Take(4));
        Assert.Equal(2, _courier.Waiting);
    }

    [Fact]
    public void A_refused_record_stays_here_and_is_not_sent_again()
    {
        Enter("1", 1);
        Assert.True(Answer(_courier.NextToSend()!.Value, FieldReceiptResult.Refused));
        _courier = Restarted();
        Assert.Null(_courier.NextToSend());
        Assert.True(File.Exists(_folder.StateFile("events/00000001.note")));
    }

    [Fact]
    public void A_restored_or_another_cloud_gets_everything_anew()
    {
        Enter("1", 1);
        Assert.True(Answer(_courier.NextToSend()!.Value));
        _courier.ForgetReceipts();
        ReadOnlyMemory<byte> again = _courier.NextToSend()!.Value;
        Assert.True(Answer(again));
        _courier = Restarted("other-cloud");
        Assert.Equal(again.ToArray(), _courier.NextToSend()!.Value.ToArray());
    }

    [Fact]
    public void A_mark_that_a_power_cut_left_short_counts_as_none()
    {
        Enter("1", 1);
        Enter("2", 2);
        Assert.True(Answer(_courier.NextToSend()!.Value));
        string marks = _folder.StateFile(RecordMarks.FileName);
        string whole = File.ReadAllText(marks);
        File.WriteAllText(marks, whole + FieldRecord.HashOf(File.ReadAllBytes(_folder.StateFile("events/00000002.note")))[..40]);
        _courier = Restarted();
        ReadOnlyMemory<byte> second = _courier.NextToSend()!.Value;
        Assert.Equal(2, FieldRecord.Read(second.Span).Entry!.Number);
        Assert.True(Answer(second));
        Assert.Equal($"{whole}{FieldRecord.HashOf(second.Span)} kept\n", File.ReadAllText(marks));
    }

    [Fact]
    public void A_file_that_is_no_record_holds_up_nothing()
    {
        Enter("1", 1);
        Enter("2", 2);
        File.WriteAllText(_folder.StateFile("events/00000001.note"), "spoiled");
        Assert.Equal(2, FieldRecord.Read(_courier.NextToSend()!.Value.Span).Entry!.Number);
        Assert.Equal(1, _courier.Waiting);
    }

    private RecordCourier Restarted(string cloud = Cloud) => new(State, "leon-tannery", new(State, cloud, _folder.Key), _folder.Clock, NullLogger.Instance);

    private bool Answer(ReadOnlyMemory<byte> note, FieldReceiptResult result = FieldReceiptResult.Kept) =>
        _courier.Take(new("leon-tannery", FieldRecord.HashOf(note.Span), result));

    private void Enter(string value, int hour) => _folder.Book.Add(new()
    {
        Channel = "effluent-lab.cod", Value = value, Unit = "mg/L", At = $"2026-03-01T0{hour}:00-06:00", Operator = "Ana Ruiz", Photo = _folder.File($"dial-{value}.jpg", value),
    });

    private void Commission() => new CommissioningFolder(State).Save(
        new()
        {
            Gateway = "leon-tannery", Meter = "mains", Number = 1, Profile = "simulated-energy/1", Way = "switchboard 1", At = DateTimeOffset.FromUnixTimeSeconds(1_772_000_000), ClockState = "S", SerialNumber = "18342078",
            Maker = "Ñ", Channel = "mains.active-energy-import", Unit = "kWh", Decimals = 1, Display = new(100, 1), Register = 100, RegisterLater = 101,
        },
        _folder.Key);
}
